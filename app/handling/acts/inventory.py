"""岗位交接: all that would move if somebody left now, and who may see a hand-over (ORG-13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.handling.models import Case, PostHandover, Task, TaskCandidate
from app.handling.stays import taking_over
from app.handling.stays.staffing import LEADERS
from app.organization import Actor, Person, roles, standing
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Item:
    """One thing that moves. Titles are not shown: who administers accounts reads no documents.

    task_id  of a stay that the successor is to get
    """

    words: str
    task_id: int | None = None


def supervises(actor: Actor) -> bool:
    return any(actor.holds(role, unit_id=actor.unit_id) for role in LEADERS)


def administers(actor: Actor) -> bool:
    return actor.holds(roles.SYSTEM_ADMIN, unit_id=actor.unit_id)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Both sides and who prepared it; all of the unit for leaders and the system administrator."""
    parties = sa.or_(
        PostHandover.person_id == actor.person_id,
        PostHandover.successor_id == actor.person_id,
        PostHandover.prepared_by_id == actor.person_id,
    )
    if not administers(actor) and not supervises(actor):
        return parties
    of_unit = sa.select(Person.id).where(Person.unit_id == actor.unit_id)
    return sa.or_(parties, PostHandover.person_id.in_(of_unit))


def items(session: Session, person_id: int) -> list[Item]:
    """All that would move, or that others are told of, if the person left now (ORG-13)."""
    return [
        *_stays(session, person_id),
        *_cases(session, person_id),
        *_signings(session, person_id),
        *_asked(session, person_id),
        *_checks(session, person_id),
        *_unread(session, person_id),
        *_delegations(session, person_id),
        *_diagrams(session, person_id),
    ]


def _stays(session: Session, person_id: int) -> Iterable[Item]:
    rows = session.execute(taking_over.stays_of(person_id)).all()
    alone = _alone(session, [row[0].id for row in rows])
    for task, case, _run, _document in rows:
        what = "征求意见" if task.kind == "consult" else "待办"
        his = task.id in alone and task.blocked is None
        to = "由接替人接办" if his else "由同岗位其他人办理"
        words = f"{what}：{case.process_name}“{task.step_name}”，办件 {case.id}，{to}"
        yield Item(words, task.id if his else None)


def _alone(session: Session, task_ids: Sequence[int]) -> set[int]:
    """Stays that lie with one person only in his own right."""
    query = (
        sa.select(TaskCandidate.task_id)
        .where(TaskCandidate.task_id.in_(task_ids), TaskCandidate.principal_id.is_(None))
        .group_by(TaskCandidate.task_id)
        .having(sa.func.count() == 1)
    )
    return set(session.scalars(query))


def _cases(session: Session, person_id: int) -> Iterable[Item]:
    for case, _run, _document in session.execute(taking_over.cases_of(person_id)):
        words = f"发起的办件：{case.process_name}，办件 {case.id}，由接替人接管"
        yield Item(words)


def _signings(session: Session, person_id: int) -> Iterable[Item]:
    """Signings that go on and for which the person is named; his turn goes to the successor."""
    person = session.get_one(Person, person_id)
    came = sa.exists().where(Task.case_id == Case.id, Task.named == person.login)
    query = (
        sa.select(Case, WorkflowCase)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .where(Case.unit_id == person.unit_id, Case.state.in_(taking_over.GOING), ~came)
        .order_by(Case.id)
    )
    for case, run in session.execute(query):
        named = [
            value
            for value in routes.variables(run).values()
            if isinstance(value, list) and person.login in value
        ]
        if named:
            words = (
                f"会签、传阅名单中有本人：{case.process_name}，办件 {case.id}，轮到时由接替人办理"
            )
            yield Item(words)


def _asked(session: Session, person_id: int) -> Iterable[Item]:
    """Opinions that the person has asked for and not got."""
    asked = aliased(Task)
    query = (
        sa.select(Task.step_name, Case.id, Case.process_name)
        .join(asked, asked.id == Task.asked_from_id)
        .join(Case, Case.id == Task.case_id)
        .where(Task.state == "open", asked.done_by_id == person_id)
        .order_by(Task.id)
    )
    for step_name, case_id, process in session.execute(query):
        words = f"征求意见未回：{process}“{step_name}”，办件 {case_id}，回复后由现任办理"
        yield Item(words)


def _checks(session: Session, person_id: int) -> Iterable[Item]:
    for _check, case, _run, _document in session.execute(taking_over.checks_of(person_id)):
        yield Item(f"发文后核查接收情况：{case.process_name}，办件 {case.id}，由接替人核查")


def _unread(session: Session, person_id: int) -> Iterable[Item]:
    for each in session.scalars(taking_over.unread_of(person_id)):
        yield Item(f"传阅未读：办件 {each.case_id}，转接替人阅")


def _delegations(session: Session, person_id: int) -> Iterable[Item]:
    at = clock.now(session)
    for each in standing.given(session, person_id):
        if not each.over(at):
            yield Item(f"委托{each.agent}代办（{each.days}），随交接结束")
    for each in standing.received(session, person_id):
        if not each.over(at):
            yield Item(f"代{each.principal}办理（{each.days}），随交接结束")


def _diagrams(session: Session, person_id: int) -> Iterable[Item]:
    """Diagrams that name the person: what opens there later would have nobody (ORG-14)."""
    login = session.get_one(Person, person_id).login
    for definition, step in routes.steps_naming(session, login):
        words = (
            f"流程图“{definition.name}”第 {definition.version} 版的“{step.name}”指定由本人办理，"
        )
        yield Item(f"{words}须由流程管理员改图；改图之前到此的件停下，由流程管理员指定办理人")
