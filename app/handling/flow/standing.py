"""Where the open cases of an administrator's units stand, by process, version and step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.deadlines import working_days_before
from app.handling.administering import administered
from app.handling.flow.worktime import Worktime
from app.handling.models import Case, Task
from app.handling.views import faults
from app.handling.views.narrowing import LIVE
from app.organization import Actor

LONG_OPEN_DAYS = 10
"""Working days at one step from which a case counts as open for long; the longest of the list."""


@dataclass(frozen=True)
class Line:
    """Open stays at one step of one version; times are minutes of working time since arrival."""

    process: str
    process_name: str
    version: int
    step: str
    step_name: str
    stays: int
    median: int
    longest: int


@dataclass(frozen=True)
class Standing:
    """``open``: cases that have not ended; ``long_open``: those that have waited for days."""

    open: int
    suspended: int
    blocked: int
    incidents: int
    long_open: int
    lines: Sequence[Line]


def standing(session: Session, actor: Actor) -> Standing:
    now, mine = clock.now(session), administered(actor)
    states = dict.fromkeys(LIVE, 0)
    counted = sa.select(Case.state, sa.func.count()).where(Case.state.in_(LIVE), mine)
    for state, number in session.execute(counted.group_by(Case.state)):
        states[state] = number
    query = (
        sa.select(
            *(Task.case_id, Task.step, Task.step_name, Task.arrived_at, Task.blocked),
            *(Case.process_id, Case.process_name, Case.process_version, Case.unit_id, Case.state),
        )
        .join(Case, Case.id == Task.case_id)
        .where(Task.state == "open", Case.state.in_(LIVE), mine)
        .order_by(Case.process_id, Case.process_version.desc(), Task.step)
    )
    works: dict[int, Worktime] = {}
    long_ago: dict[int, datetime] = {}
    waits: dict[tuple[str, str, int, str, str], list[int]] = {}
    blocked, long_open = set[int](), set[int]()
    for row in session.execute(query):
        work = works.get(row.unit_id)
        if work is None:
            calendar = deadlines.load(session, row.unit_id)
            work = works[row.unit_id] = Worktime(calendar)
            long_ago[row.unit_id] = working_days_before(now, LONG_OPEN_DAYS, calendar)
        key = (row.process_id, row.process_name, row.process_version, row.step, row.step_name)
        waits.setdefault(key, []).append(work.minutes(row.arrived_at, now))
        if row.blocked is not None:
            blocked.add(row.case_id)
        if row.arrived_at <= long_ago[row.unit_id]:
            long_open.add(row.case_id)
    return Standing(
        open=sum(states.values()),
        suspended=states["suspended"],
        blocked=len(blocked),
        incidents=faults.count(session, actor),
        long_open=len(long_open),
        lines=[Line(*key, len(each), int(median(each)), max(each)) for key, each in waits.items()],
    )
