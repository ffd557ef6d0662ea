"""What a version would mean for each case on the way; nothing is locked and nothing is written.

A few hundred cases at a time, so that ten thousand need not be held at once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.documents.models import Document
from app.handling.migrating import limits, people, times
from app.handling.migrating.limits import Moved, Stay
from app.handling.migrating.people import Restaffed
from app.handling.models import Case, Task
from app.handling.views.trace import SET_BY_TOPICS
from app.workflow.definitions import Definition, Step
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase
from app.workflow.rehearsing import Comparison, Foreseen
from app.workflow.versions import Obstacle

AT_ONCE = 500
LIVE = ("running", "suspended")
KINDS = {
    "same": "照常",
    "more": "多环节",
    "fewer": "少环节",
    "people": "办理人变动",
    "limit": "时限变动",
    "timers": "定时器变动",
    "rules": "规则增减",
    "gone": "所在环节已取消",
    "cannot": "无法迁移",
}
"""What may become of a case; of several, each counts. Whose step is gone cannot be moved either."""


@dataclass(frozen=True)
class Outlook:
    """What the version means for one case.

    steps   names of the steps at which it stands
    kinds   keys of :data:`KINDS`
    limits  of its open stays, that the version sets otherwise; of a case that stands still none
    people  open stays that the version gives to others
    """

    case_id: int
    unit_id: int
    title: str
    number: str | None
    version: int
    state: str
    steps: Sequence[str]
    foreseen: Foreseen
    limits: Sequence[Moved]
    people: Sequence[Restaffed] = ()

    @property
    def obstacles(self) -> list[str]:
        """Why it cannot be moved, in sentences."""
        stranded = [each.sentence for each in self.people if each.problem]
        drawn = [each.sentence for each in (*self.foreseen.obstacles, *self.standstill)]
        return [*drawn, *stranded]

    @property
    def nameless(self) -> tuple[Obstacle, ...]:
        """Why it cannot be moved, for who is not to know whose it is or what it is about.

        Sentences of the drawing only: why nobody may act at a step can name people and units.
        """
        stranded = (
            Obstacle(each.step, f"“{each.step_name}”按新版本没有人可以办理")
            for each in self.people
            if each.problem
        )
        return (*self.foreseen.obstacles, *self.standstill, *stranded)

    @property
    def standstill(self) -> tuple[Obstacle, ...]:
        """A case that stands still is not moved where its timers differ."""
        stopped = self.state == "suspended" and self.timed
        return (Obstacle("", times.STANDS_STILL),) if stopped else ()

    @property
    def timed(self) -> bool:
        """Whether any timer of it begins, ends, or waits for another time."""
        seen = self.foreseen
        return bool(seen.renewed or seen.retimed or seen.untimed)

    @property
    def retimed(self) -> list[str]:
        """Drawn timers that wait on for another time, in sentences."""
        return [times.sentence(*each) for each in self.foreseen.retimed]

    @property
    def kinds(self) -> tuple[str, ...]:
        seen = self.foreseen
        if self.obstacles:
            gone = any(each.gone for each in seen.obstacles)
            return ("gone", "cannot") if gone else ("cannot",)
        holds = {
            "more": seen.more,
            "fewer": seen.fewer,
            "people": self.people,
            "limit": self.limits,
            "timers": self.timed,
            "rules": seen.gained or seen.lost,
        }
        return tuple(kind for kind, found in holds.items() if found) or ("same",)

    @property
    def movable(self) -> bool:
        return not self.obstacles


def outlooks(
    session: Session,
    comparison: Comparison,
    now: datetime,
    *,
    units: Collection[int],
    only: Sequence[int] | None = None,
) -> Iterator[Outlook]:
    """One after the other by their ids; ``only`` these where it is given.

    comparison  of :func:`comparing`
    units       ids of those whose cases are looked at; who may see them is for the caller to say
    """
    looking = people.Looking(session, comparison.new, now)
    conditions = [Case.unit_id.in_(units)]
    if only is not None:
        conditions.append(Case.id.in_(only))
    last = 0
    while True:
        query = _cases(comparison.new).where(Case.id > last, *conditions)
        rows = session.execute(query.order_by(Case.id).limit(AT_ONCE)).all()
        yield from _batch(session, comparison, looking, rows, now)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def comparing(new: Definition) -> Comparison:
    """Older versions against this one; remembers the places that it has played."""
    return Comparison(new, SET_BY_TOPICS)


def on_others(new: Definition) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions: cases on the way that run on another version of the process."""
    return (
        Case.process_id == new.process_id,
        Case.state.in_(LIVE),
        WorkflowCase.sha256 != new.sha256,
    )


def _batch(
    session: Session,
    comparison: Comparison,
    looking: people.Looking,
    rows: Sequence[Any],
    now: datetime,
) -> Iterator[Outlook]:
    """Two statements for all of them, one more each where limits or roles differ."""
    new, stays = comparison.new, _stays(session, [row.id for row in rows])
    olds = {row.sha256: definition(session, row.sha256) for row in rows}
    both = [(olds[row.sha256], stay) for row in rows for stay in stays.get(row.id, ())]
    limited = {stay.task_id for old, stay in both if _differ(limits.differs, old, new, stay)}
    given = {stay.task_id for old, stay in both if _differ(people.differs, old, new, stay)}
    present = looking.present(given) if given else {}
    known = {
        each.subject_id: each
        for each in deadlines.limits_of(session, "task", sorted(limited))
        if each.kind == "overdue"
    }  # the last has the highest revision
    for row in rows:
        foreseen = comparison.foresee(row.text, olds[row.sha256])
        mine = stays.get(row.id, [])
        calendar = deadlines.load(session, row.unit_id)
        runs = row.state == "running" and not foreseen.obstacles
        ends = [
            limits.moved(each, known.get(each.task_id), new.step(each.step), calendar, now)
            for each in mine
            if runs and each.task_id in limited
        ]
        others = [
            looking.restaffed(row, each, olds[row.sha256], present.get(each.task_id, {}))
            for each in mine
            if not foreseen.obstacles and each.task_id in given
        ]
        yield Outlook(
            row.id,
            row.unit_id,
            row.title,
            row.number,
            row.process_version,
            row.state,
            [each.step_name for each in mine],
            foreseen,
            [each for each in ends if each is not None],
            [each for each in others if each is not None],
        )


def _differ(differs: Any, old: Definition, new: Definition, stay: Stay) -> bool:
    before: Step | None = old.by_id.get(stay.step)
    after: Step | None = new.by_id.get(stay.step)
    return before is not None and after is not None and differs(before, after)


def _cases(new: Definition) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Case.id,
            Case.unit_id,
            Case.department_id,
            Case.state,
            Case.process_version,
            Document.title,
            Document.number,
            sa.func.coalesce(Case.caretaker_id, Document.drafter_id).label("drafter_id"),
            WorkflowCase.sha256,
            WorkflowCase.state.label("text"),
        )
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(*on_others(new))
    )


def _stays(session: Session, case_ids: Sequence[int]) -> Mapping[int, list[Stay]]:
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Task.case_id,
            Task.id,
            Task.step,
            Task.step_name,
            Document.urgency,
            Task.arrived_at,
            Task.due_at,
            Task.named,
            Task.given_by,
            Task.blocked,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(Task.case_id.in_(case_ids), Task.state == "open")
        .order_by(Task.id)
    )
    found: dict[int, list[Stay]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(Stay(*row[1:]))
    return found
