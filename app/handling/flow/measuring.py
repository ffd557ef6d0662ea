"""Frequency, working time, waits and returns of one version of a process in a period.

Stays are read some thousands at a time and only numbers are kept, so that many cases fill no
memory and on SQLite nobody waits long.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.handling.flow.versions import ended_under
from app.handling.flow.worktime import Worktime
from app.handling.models import Case, Task

STAYS = 5000
"""Stays read in one transaction."""
ENDED = ("done", "returned")
"""Stays that count: ended by an act of their people; nothing taken back or handed to another."""
LONGEST = 10
HEATS = 5


@dataclass(frozen=True)
class Wanted:
    """A version; stays that ended in the period, its end not included; units, None for all.

    A stay counts for the version under which it ended, an open one for the present version of its
    case: a case that was moved (迁移) counts in part for each.
    """

    process: str
    version: int
    since: datetime | None = None
    until: datetime | None = None
    units: Collection[int] | None = None


@dataclass(frozen=True)
class Wait:
    """One long stay; ``minutes`` of working time."""

    task_id: int
    case_id: int
    step: str
    minutes: int


@dataclass(frozen=True)
class StepFigures:
    """Of one step. Times are minutes of working time, None where nothing was measured.

    passes    stays that ended in the period
    returned  those of them that ended with a return to an earlier step
    again     those of them that were opened by a return: work done once more
    skipped   passed by a rule
    open      stays that are open now, and how long they have waited (``waiting``, the median)
    heat      0 where nothing passed, 1 to 5 by its share in all working time of the version
    """

    step: str
    name: str
    passes: int
    total: int
    median: int | None
    longest: int | None
    returned: int
    again: int
    skipped: int
    open: int
    waiting: int | None
    heat: int

    @property
    def return_rate(self) -> int:
        """Percent of the passes that ended with a return."""
        return round(100 * self.returned / self.passes) if self.passes else 0


@dataclass(frozen=True)
class Flow:
    """Of the whole version. ``reworked``: cases with at least one return in the period."""

    steps: Sequence[StepFigures]
    cases: int
    reworked: int
    waits: Sequence[Wait]

    @property
    def rework_rate(self) -> int:
        return round(100 * self.reworked / self.cases) if self.cases else 0


@dataclass
class _Counting:
    """What is kept of the stays of one step."""

    minutes: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    returned: int = 0
    again: int = 0
    skipped: int = 0


def measure(
    session: Session, wanted: Wanted, steps: Sequence[tuple[str, str]], now: datetime
) -> Flow:
    """Every step of the version in the order given, with those that only the stays name after it.

    steps  (id, name) as the diagram has them. Ends the session's transaction as it goes.
    """
    counted: dict[str, _Counting] = {step: _Counting() for step, _ in steps}
    names, works = dict(steps), dict[int, Worktime]()
    cases, reworked, waits = set[int](), set[int](), list[Wait]()
    for row in _stays(session, wanted):
        work = works.get(row.unit_id)
        if work is None:
            work = works[row.unit_id] = Worktime(deadlines.load(session, row.unit_id))
        kept = counted.setdefault(row.step, _Counting())
        names.setdefault(row.step, row.step_name)
        minutes = work.minutes(row.arrived_at, row.done_at or now)
        if row.state == "open":
            kept.waiting.append(minutes)
        elif row.state == "skipped":
            kept.skipped += 1
        else:
            kept.minutes.append(minutes)
            kept.returned += row.state == "returned"
            kept.again += row.returned
            cases.add(row.case_id)
            if row.state == "returned":
                reworked.add(row.case_id)
            waits.append(Wait(row.id, row.case_id, row.step, minutes))
            if len(waits) > 50 * LONGEST:
                waits = _longest(waits)
    return Flow(_figures(counted, names), len(cases), len(reworked), _longest(waits))


def _longest(waits: list[Wait]) -> list[Wait]:
    return sorted(waits, key=lambda each: -each.minutes)[:LONGEST]


def _stays(session: Session, wanted: Wanted) -> Iterator[Any]:
    last = 0
    while True:
        query = (
            sa.select(
                *(Task.id, Task.case_id, Task.step, Task.step_name, Task.state, Task.returned),
                *(Task.arrived_at, Task.done_at, Case.unit_id),
            )
            .join(Case, Case.id == Task.case_id)
            .where(Task.id > last, *conditions(wanted))
            .order_by(Task.id)
            .limit(STAYS)
        )
        rows = session.execute(query).all()
        session.rollback()
        yield from rows
        if len(rows) < STAYS:
            return
        last = rows[-1].id


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """On stays joined with their cases: those that ended in the period, and those open now."""
    ended: list[sa.ColumnElement[bool]] = [Task.state.in_((*ENDED, "skipped"))]
    if wanted.since is not None:
        ended.append(Task.done_at >= wanted.since)
    if wanted.until is not None:
        ended.append(Task.done_at < wanted.until)
    live = (Task.state == "open") & (Case.state == "running")
    found = [
        Case.process_id == wanted.process,
        ended_under(wanted.version),
        Task.kind == "step",
        sa.or_(sa.and_(*ended), live),
    ]
    if wanted.units is not None:
        found.append(Case.unit_id.in_(wanted.units))
    return found


def _figures(counted: dict[str, _Counting], names: dict[str, str]) -> list[StepFigures]:
    most = max((sum(each.minutes) for each in counted.values()), default=0)
    return [_of_step(step, names[step], kept, most) for step, kept in counted.items()]


def _of_step(step: str, name: str, kept: _Counting, most: int) -> StepFigures:
    total = sum(kept.minutes)
    heat = min(HEATS, 1 + HEATS * total // (most + 1)) if kept.minutes else 0
    return StepFigures(
        step=step,
        name=name,
        passes=len(kept.minutes),
        total=total,
        median=int(median(kept.minutes)) if kept.minutes else None,
        longest=max(kept.minutes, default=None),
        returned=kept.returned,
        again=kept.again,
        skipped=kept.skipped,
        open=len(kept.waiting),
        waiting=int(median(kept.waiting)) if kept.waiting else None,
        heat=heat,
    )
