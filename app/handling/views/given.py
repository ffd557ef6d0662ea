"""交办: what a leader has passed on, how many, who has it in hand, and how far it is (SRC-06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.errors import NotAllowed
from app.handling.access import visible
from app.handling.models import Case, Task, TaskCandidate
from app.handling.views.rows import TaskRow, rows
from app.organization import Actor, Person, roles

GIVES = (roles.UNIT_HEAD, roles.LEADER_IN_CHARGE, roles.OFFICE_HEAD, roles.DEPT_HEAD)
"""Who has the board; it shows what he himself has passed on, and nothing of others."""
MOST = 200
"""Cases listed on the board, those passed on last; the counts are of all."""
UNDER_WAY = ("running", "suspended")
NOBODY = "尚未领取"
Conditions = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Given:
    """An open stay behind an act of the leader.

    step_given, given_at  the step that he ended last in this case, and when
    taken_by  who has opened it, None while nobody has
    steps     that others have ended since
    """

    row: TaskRow
    step_given: str
    given_at: datetime
    taken_by: str | None
    steps: int

    @property
    def progress(self) -> str:
        done = f"此后已办 {self.steps} 个环节，" if self.steps else ""
        return f"{done}现在{self.row.step_name}"


@dataclass(frozen=True)
class Board:
    """``open`` cases are under way, ``ended`` closed; ``people``: what each has in hand.

    given   open stays of the ``listed`` cases that he passed on last; all else counts every case
    people  (name, stays in hand, those of them past their limit), the most first
    """

    open: int
    ended: int
    listed: int
    given: Sequence[Given]
    people: Sequence[tuple[str, int, int]]


def board(session: Session, actor: Actor) -> Board:
    """Cases of others in which he has ended a stay and which now lie with somebody else.

    What an agent ended in his stead is his, and not the agent's.
    Raises NotAllowed for who holds none of the roles in ``GIVES``.
    """
    if not any(actor.holds(role) for role in GIVES):
        raise NotAllowed("交办的公文由领导和部门负责人查看。您办过的公文请看“已办”。")
    elsewhere = _elsewhere(actor)
    last = _last_acts(session, actor, elsewhere)
    found = rows(session, Task.case_id.in_(last), *elsewhere)
    takers = _names(session, {row.opened_by_id for row in found if row.opened_by_id})
    since = _steps_since(session, {each.id for each in last.values()})
    given = [
        Given(
            row=row,
            step_given=last[row.case_id].step_name,
            given_at=last[row.case_id].done_at or row.arrived_at,
            taken_by=takers.get(row.opened_by_id or 0),
            steps=since.get(row.case_id, 0),
        )
        for row in found
    ]
    given.sort(key=lambda each: each.given_at, reverse=True)
    return Board(
        open=_open(session, actor, elsewhere),
        ended=_ended(session, actor),
        listed=len(last),
        given=given,
        people=_people(session, actor, elsewhere),
    )


def _his(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Stays that he, or an agent for him, ended by going on, in cases that are not his own."""
    himself = sa.and_(Task.done_for_id.is_(None), Task.done_by_id == actor.person_id)
    return [
        sa.or_(Task.done_for_id == actor.person_id, himself),  # each by its index
        Task.state == "done",
        Case.starter_id != actor.person_id,
    ]


def _elsewhere(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Open stays that are not before him, in cases that he may see."""
    before = sa.exists().where(
        TaskCandidate.task_id == Task.id, TaskCandidate.person_id == actor.person_id
    )
    return [Task.state == "open", Case.state.in_(UNDER_WAY), ~before, visible(actor)]


def _passed_on(actor: Actor) -> sa.Select[int]:
    """Ids of the cases in which he has ended a stay."""
    query = sa.select(Task.case_id).join(Case, Case.id == Task.case_id).where(*_his(actor))
    return query.correlate(None)


def _last_acts(session: Session, actor: Actor, elsewhere: Conditions) -> dict[int, Task]:
    """His latest such stay, by the case, in those passed on last of what is under way elsewhere."""
    lying = sa.select(Task.case_id).join(Case, Case.id == Task.case_id).where(*elsewhere)
    newest = (
        sa.select(sa.func.max(Task.id))
        .join(Case, Case.id == Task.case_id)
        .where(*_his(actor), Task.case_id.in_(lying.correlate(None)))
        .group_by(Task.case_id)
        .order_by(sa.func.max(Task.id).desc())
        .limit(MOST)
    )
    found = session.scalars(sa.select(Task).where(Task.id.in_(newest.scalar_subquery())))
    return {task.case_id: task for task in found}


def _open(session: Session, actor: Actor, elsewhere: Conditions) -> int:
    query = (
        sa.select(sa.func.count(sa.distinct(Task.case_id)))
        .join(Case, Case.id == Task.case_id)
        .where(Task.case_id.in_(_passed_on(actor)), *elsewhere)
    )
    return session.scalar(query) or 0


def _people(session: Session, actor: Actor, elsewhere: Conditions) -> list[tuple[str, int, int]]:
    """Past its limit is what has a red lamp; what stands still has none."""
    late = sa.and_(Task.due_at < clock.now(session), Case.state != "suspended")
    query = (
        sa.select(Task.opened_by_id, sa.func.count(), sa.func.sum(sa.case((late, 1), else_=0)))
        .join(Case, Case.id == Task.case_id)
        .where(Task.case_id.in_(_passed_on(actor)), *elsewhere)
        .group_by(Task.opened_by_id)
    )
    found = session.execute(query).all()
    names = _names(session, {taker for taker, _, _ in found if taker})
    people = [(names.get(taker or 0, NOBODY), held, past) for taker, held, past in found]
    return sorted(people, key=lambda each: (-each[1], each[0]))


def _ended(session: Session, actor: Actor) -> int:
    query = (
        sa.select(sa.func.count(sa.distinct(Case.id)))
        .join(Task, Task.case_id == Case.id)
        .where(*_his(actor), Case.state == "closed")
    )
    return session.scalar(query) or 0


def _names(session: Session, identities: set[int]) -> Mapping[int, str]:
    query = sa.select(Person.id, Person.name).where(Person.id.in_(identities))
    return {row.id: row.name for row in session.execute(query)}


def _steps_since(session: Session, acts: set[int]) -> Mapping[int, int]:
    """How many stays of the case were ended after each of these, by the case."""
    act = aliased(Task)
    query = (
        sa.select(Task.case_id, sa.func.count().label("steps"))
        .join(act, act.case_id == Task.case_id)
        .where(act.id.in_(acts), Task.id > act.id, Task.state == "done")
        .group_by(Task.case_id)
    )
    return {row.case_id: row.steps for row in session.execute(query)}
