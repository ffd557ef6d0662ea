"""Reads for pages and the API: frozen rows made for what is shown, no model objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from app import clock
from app.deadlines import lamps, load
from app.documents.models import Document
from app.handling.access import has_before_him, visible
from app.handling.act import outcomes_at
from app.handling.models import Case, Circulation, Notice, Opinion, Task, TaskCandidate
from app.organization import Actor, Person
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase

ENDED_BY_ONESELF = ("done", "returned", "withdrawn", "handed_over", "consulting", "waiting")
URGENCY_RANK = {"extra_urgent": 0, "urgent": 1, "none": 2}


@dataclass(frozen=True)
class Principal:
    """For whom an agent stands at a stay (代)."""

    login: str
    name: str


@dataclass(frozen=True)
class Holder:
    """Somebody who may act at a stay, or could while it was open."""

    login: str
    name: str
    stands_for: Principal | None = None

    @property
    def words(self) -> str:
        """``李丽``, or ``李丽（代王建军）``."""
        return f"{self.name}（代{self.stands_for.name}）" if self.stands_for else self.name


@dataclass(frozen=True)
class TaskRow:
    """One stay as lists and the API show it; times are aware, ``lamp`` is computed from now.

    agents  by the login of who may act, or acted, here in somebody's stead
    batch  the diagram lets it be done together with others
    """

    id: int
    case_id: int
    document_id: int
    process: str
    process_name: str
    process_version: int
    step: str
    step_name: str
    state: str
    revision: int
    title: str
    kind: str
    number: str | None
    flow: str
    from_unit: str | None
    source_number: str | None
    urgency: str
    arrived_at: datetime
    opened_at: datetime | None
    due_at: datetime | None
    limit_steps: Sequence[str]
    limit_provisional: bool
    done_at: datetime | None
    outcome_label: str | None
    kind_of_stay: str
    returned: bool
    blocked: str | None
    sent_by: str | None
    sent_opinion: str | None
    starter: str
    case_state: str
    lamp: lamps.Lamp
    outcomes: Sequence[Any]
    candidates: Sequence[tuple[str, str]]
    rules: Sequence[str]
    opened_by_id: int | None = None
    batch: bool = False
    notice: str | None = None
    notice_id: int | None = None
    agents: Mapping[str, Principal] = field(default_factory=dict)
    notice_kind: str | None = None
    notice_task_id: int | None = None

    @property
    def assignee(self) -> str | None:
        """The login of the one person who can act here; None while several can."""
        return self.candidates[0][0] if len(self.candidates) == 1 else None


def todo(session: Session, actor: Actor) -> list[TaskRow]:
    """待办 of one person, all of it: what runs out first on top, then by urgency and arrival."""
    mine = sa.exists().where(
        TaskCandidate.task_id == Task.id, TaskCandidate.person_id == actor.person_id
    )
    rows = _rows(session, Task.state == "open", Case.state == "running", mine)
    return sorted(rows, key=_what_runs_out_first)


def _what_runs_out_first(row: TaskRow) -> tuple[Any, ...]:
    return (
        row.due_at is None,
        row.due_at or row.arrived_at,
        URGENCY_RANK[row.urgency],
        row.arrived_at,
        row.id,
    )


def drafts(session: Session, actor: Actor) -> list[TaskRow]:
    """草稿: what the actor is drafting and has not sent to anybody yet, the newest first."""
    return _rows(session, *_drafting(actor), order=Task.id.desc())


def _drafting(actor: Actor) -> list[sa.ColumnElement[bool]]:
    mine = sa.exists().where(
        TaskCandidate.task_id == Task.id, TaskCandidate.person_id == actor.person_id
    )
    unsent = sa.and_(Document.state == "draft", ~Task.returned)
    return [Task.state == "open", Case.state == "running", unsent, mine]


def done(
    session: Session,
    actor: Actor,
    limit: int,
    before: int | None = None,
    *,
    words: str = "",
    skip: int = 0,
) -> list[TaskRow]:
    """已办, the latest act first.

    before  id of the last row of the page before; programs go on from there
    skip    rows of the pages before; pages with numbers count them
    """
    his = Task.state.in_(ENDED_BY_ONESELF)  # others end when he ends his own
    conditions = [Task.done_by_id == actor.person_id, his, *_about(words)]
    if before is not None:
        conditions.append(Task.id < before)
    return _rows(session, *conditions, order=Task.id.desc(), limit=limit, skip=skip)


def started(
    session: Session,
    actor: Actor,
    limit: int,
    before: int | None = None,
    *,
    words: str = "",
    skip: int = 0,
) -> list[TaskRow]:
    """我发起的: the latest stay of each case that is the actor's, newest case first."""
    later = aliased(Task)
    latest = ~sa.exists().where(later.case_id == Task.case_id, later.id > Task.id)
    his = sa.or_(Case.starter_id == actor.person_id, Case.caretaker_id == actor.person_id)
    conditions = [his, latest, *_about(words)]
    if before is not None:
        conditions.append(Task.case_id < before)
    return _rows(session, *conditions, order=Task.case_id.desc(), limit=limit, skip=skip)


def seen(
    session: Session,
    actor: Actor,
    limit: int,
    before: int | None = None,
    *,
    words: str = "",
    skip: int = 0,
) -> list[TaskRow]:
    """已阅: the latest stay of each case that was circulated to the actor and that he has read."""
    later = aliased(Task)
    latest = ~sa.exists().where(later.case_id == Task.case_id, later.id > Task.id)
    read = sa.exists().where(
        Circulation.case_id == Task.case_id,
        Circulation.reader_id == actor.person_id,
        Circulation.read_at.is_not(None),
    )
    conditions = [read, latest, *_about(words)]
    if before is not None:
        conditions.append(Task.case_id < before)
    return _rows(session, *conditions, order=Task.case_id.desc(), limit=limit, skip=skip)


def _about(words: str) -> list[sa.ColumnElement[bool]]:
    """What :func:`matches` finds, as a condition: in title, number and sending unit."""
    wanted = words.strip()
    if not wanted:
        return []
    columns = (Document.title, Document.number, Document.from_unit, Document.source_number)
    return [sa.or_(*(column.icontains(wanted, autoescape=True) for column in columns))]


def to_read(session: Session, actor: Actor, limit: int, before: int | None = None) -> list[TaskRow]:
    """待阅: the latest stay of each case with unread notices, the one told last on top.

    before  ``notice_id`` of the last row of the page before; programs go on from there
    """
    newest = sa.func.max(Notice.id)
    query = (
        sa.select(newest)
        .join(Case, Case.id == Notice.case_id)
        .where(*_unread(actor))
        .group_by(Notice.case_id)
        .order_by(newest.desc())
        .limit(limit)
    )
    told = session.scalars(query if before is None else query.having(newest < before)).all()
    notices = {each.case_id: each for each in session.scalars(_notices(told))}
    later = aliased(Task)
    latest = ~sa.exists().where(later.case_id == Task.case_id, later.id > Task.id)
    rows = _rows(session, Task.case_id.in_(notices), latest, notices=notices)
    return sorted(rows, key=lambda row: row.notice_id or 0, reverse=True)


def _unread(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Conditions on :class:`Notice` and its case: not yet read, and his to read.

    Of a case that stopped the process administrators see the stay alone, and what is told of it.
    """
    stopped = sa.exists().where(
        Task.id == Notice.task_id, Task.blocked.is_not(None), has_before_him(actor)
    )
    return [
        Notice.person_id == actor.person_id,
        Notice.read_at.is_(None),
        sa.or_(visible(actor), stopped.correlate(Notice)),
    ]


def _notices(identities: Sequence[int]) -> sa.Select[Notice]:
    return sa.select(Notice).where(Notice.id.in_(identities))


def open_tasks(session: Session, actor: Actor, case_id: int) -> list[TaskRow]:
    """The open stays of a visible case, oldest first."""
    return _rows(session, Task.case_id == case_id, Task.state == "open", visible(actor))


def tasks_by_id(session: Session, identities: Sequence[int]) -> list[TaskRow]:
    """The stays that an act has just opened; its actor may see them by having acted."""
    return _rows(session, Task.id.in_(identities)) if identities else []


def matches(row: TaskRow, words: str | None, lamp: str | None) -> bool:
    """Whether a row fits a search in title, number and sending unit, and a lamp."""
    if lamp is not None and row.lamp.key != lamp:
        return False
    texts = (row.title, row.number, row.from_unit, row.source_number)
    wanted = (words or "").strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in texts if text)


@dataclass(frozen=True)
class Counts:
    """What waits for a person; shown beside the boxes."""

    todo: int
    read: int
    drafts: int = 0


def counts(session: Session, actor: Actor) -> Counts:
    """One count-only statement for the column on the left."""
    todo_count = (
        sa.select(sa.func.count())
        .select_from(TaskCandidate)
        .join(Task, Task.id == TaskCandidate.task_id)
        .join(Case, Case.id == Task.case_id)
        .where(
            TaskCandidate.person_id == actor.person_id,
            Task.state == "open",
            Case.state == "running",
        )
        .scalar_subquery()
    )
    read_count = (
        sa.select(sa.func.count(sa.distinct(Notice.case_id)))
        .join(Case, Case.id == Notice.case_id)
        .where(*_unread(actor))
        .scalar_subquery()
    )
    draft_count = (
        sa.select(sa.func.count())
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(*_drafting(actor))
        .scalar_subquery()
    )
    row = session.execute(sa.select(todo_count, read_count, draft_count)).one()
    return Counts(todo=row[0], read=row[1], drafts=row[2])


def _rows(
    session: Session,
    *conditions: sa.ColumnElement[bool],
    order: Any = None,
    limit: int | None = None,
    skip: int = 0,
    notices: Mapping[int, Notice] | None = None,
) -> list[TaskRow]:
    sender, starter = aliased(Person), aliased(Person)
    query = (
        sa.select(
            Task, Case, Document, WorkflowCase.sha256, sender.name, Opinion.text, starter.name
        )
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .join(starter, starter.id == Case.starter_id)
        .outerjoin(sender, sender.id == Task.sent_by_id)
        .outerjoin(Opinion, Opinion.task_id == Task.sent_from_id)
        .where(*conditions)
        .order_by(Task.id if order is None else order)
        .options(defer(Document.body))  # long, and no list shows it
        .offset(skip or None)
    )
    found = session.execute(query.limit(limit) if limit else query).all()
    people = holders_at(session, [row[0].id for row in found])
    now = clock.now(session) if found else None
    return [_row(session, row, people, now, notices or {}) for row in found]


def _row(
    session: Session,
    found: Any,
    people: Mapping[int, Sequence[Holder]],
    now: Any,
    notices: Mapping[int, Notice],
) -> TaskRow:
    task, case, document, sha256, sender, opinion, starter = found
    step = definition(session, sha256).step(task.step)
    calendar = load(session, case.unit_id)
    notice = notices.get(case.id)
    return TaskRow(
        id=task.id,
        case_id=case.id,
        document_id=document.id,
        process=case.process_id,
        process_name=case.process_name,
        process_version=case.process_version,
        step=task.step,
        step_name=task.step_name,
        state=task.state,
        revision=task.revision,
        title=document.title,
        kind=document.kind,
        number=document.number,
        flow=document.flow,
        from_unit=document.from_unit,
        source_number=document.source_number,
        urgency=document.urgency,
        arrived_at=task.arrived_at,
        opened_at=task.opened_at,
        due_at=task.due_at,
        limit_steps=task.limit_steps,
        limit_provisional=task.limit_provisional,
        done_at=task.done_at,
        outcome_label=task.outcome_label,
        kind_of_stay=task.kind,
        returned=task.returned,
        blocked=task.blocked,
        sent_by=sender,
        sent_opinion=opinion,
        starter=starter,
        case_state=case.state,
        lamp=lamps.lamp(
            task.due_at,
            task.done_at or now,
            calendar,
            task.arrived_at,
            suspended=case.state == "suspended",
        ),
        outcomes=outcomes_at(task, step),
        candidates=[(each.login, each.words) for each in people.get(task.id, [])],
        rules=step.properties.get("rule", "").split(),
        opened_by_id=task.opened_by_id,
        batch=step.properties.get("batch") == "yes" and task.kind == "step" and not task.blocked,
        notice=notice.text if notice else None,
        notice_id=notice.id if notice else None,
        agents={each.login: each.stands_for for each in people.get(task.id, []) if each.stands_for},
        notice_kind=notice.kind if notice else None,
        notice_task_id=(notice.task_id or None) if notice else None,
    )


def people_at(session: Session, identities: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(login, name) of who may act at each of these stays, by its id; an agent with 代 whom."""
    found = holders_at(session, identities)
    return {
        task_id: [(each.login, each.words) for each in people] for task_id, people in found.items()
    }


def holders_at(session: Session, identities: Sequence[int]) -> dict[int, list[Holder]]:
    """Who may act at each of these stays, in their own right first; one statement."""
    if not identities:
        return {}
    principal = aliased(Person)
    query = (
        sa.select(TaskCandidate.task_id, Person.login, Person.name, principal.login, principal.name)
        .join(Person, Person.id == TaskCandidate.person_id)
        .outerjoin(principal, principal.id == TaskCandidate.principal_id)
        .where(TaskCandidate.task_id.in_(identities))
        .order_by(TaskCandidate.task_id, TaskCandidate.principal_id.is_not(None), Person.id)
    )
    found: dict[int, list[Holder]] = {}
    for task_id, login, name, of_login, of_name in session.execute(query):
        stands_for = Principal(of_login, of_name) if of_login else None
        found.setdefault(task_id, []).append(Holder(login, name, stands_for))
    return found
