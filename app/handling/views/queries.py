"""The boxes of a person, and the stays of a case: 待办, 待阅, 草稿, 已办, 我发起的, 已阅."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.documents import kinds
from app.documents.models import Document
from app.handling.access import has_before_him, visible
from app.handling.models import Case, Circulation, Notice, Task, TaskCandidate
from app.handling.receipts.models import ReceiptCheck
from app.handling.receipts.sheet import still_open
from app.handling.views.rows import TaskRow, rows
from app.organization import Actor

ENDED_BY_ONESELF = ("done", "returned", "withdrawn", "handed_over", "consulting", "waiting")
URGENCY_RANK = {"extra_urgent": 0, "urgent": 1, "none": 2}


def todo(session: Session, actor: Actor) -> list[TaskRow]:
    """待办 of one person, all of it: what runs out first on top, then by urgency and arrival."""
    found = rows(session, Task.state == "open", Case.state == "running", _mine(actor))
    return sorted(found, key=_what_runs_out_first)


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        TaskCandidate.task_id == Task.id, TaskCandidate.person_id == actor.person_id
    )


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
    return rows(session, *_drafting(actor), order=Task.id.desc())


def _drafting(actor: Actor) -> list[sa.ColumnElement[bool]]:
    unsent = sa.and_(Document.state == "draft", ~Task.returned)
    return [Task.state == "open", Case.state == "running", unsent, _mine(actor)]


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
    conditions = [Task.done_by_id == actor.person_id, his, *about(words)]
    if before is not None:
        conditions.append(Task.id < before)
    return rows(session, *conditions, order=Task.id.desc(), limit=limit, skip=skip)


def started(
    session: Session,
    actor: Actor,
    limit: int,
    before: int | None = None,
    *,
    words: str = "",
    skip: int = 0,
) -> list[TaskRow]:
    """我发起的: the latest stay of each document that is the actor's, newest case first."""
    conditions = [_his_own(actor), Document.flow != "request", _latest(), *about(words)]
    if before is not None:
        conditions.append(Task.case_id < before)
    return rows(session, *conditions, order=Task.case_id.desc(), limit=limit, skip=skip)


def requested(
    session: Session,
    actor: Actor,
    limit: int,
    before: int | None = None,
    *,
    words: str = "",
    skip: int = 0,
) -> list[TaskRow]:
    """我的申请: the same of requests, which are no documents."""
    conditions = [_his_own(actor), Document.flow == "request", _latest(), *about(words)]
    if before is not None:
        conditions.append(Task.case_id < before)
    return rows(session, *conditions, order=Task.case_id.desc(), limit=limit, skip=skip)


def _his_own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(Case.starter_id == actor.person_id, Case.caretaker_id == actor.person_id)


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
    read = sa.exists().where(
        Circulation.case_id == Task.case_id,
        Circulation.reader_id == actor.person_id,
        Circulation.read_at.is_not(None),
    )
    conditions = [read, _latest(), *about(words)]
    if before is not None:
        conditions.append(Task.case_id < before)
    return rows(session, *conditions, order=Task.case_id.desc(), limit=limit, skip=skip)


def _latest() -> sa.ColumnElement[bool]:
    """Condition on :class:`Task`: no stay of its case is later."""
    later = aliased(Task)
    return ~sa.exists().where(later.case_id == Task.case_id, later.id > Task.id)


ESCAPES = re.compile(r'[0-9a-f\[\]", u\\]+', re.IGNORECASE)
"""How keywords look in the database: \\u65b0. What is looked for in that is found everywhere."""


def about(words: str) -> list[sa.ColumnElement[bool]]:
    """What :func:`matches` finds, as a condition."""
    wanted = words.strip()
    if not wanted:
        return []
    columns = (Document.title, Document.number, Document.from_unit, Document.source_number)
    natures = [key for key, label in kinds.NATURES.items() if wanted in label]
    keywords = sa.func.coalesce(Document.amended_keywords, Document.keywords)
    found = [column.icontains(wanted, autoescape=True) for column in columns]
    if not ESCAPES.fullmatch(wanted):
        escaped = json.dumps(wanted)[1:-1]
        found.append(sa.cast(keywords, sa.Text).icontains(escaped, autoescape=True))
    return [sa.or_(*found, Document.nature.in_(natures))]


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
    found = rows(session, Task.case_id.in_(notices), _latest(), notices=notices)
    return sorted(found, key=lambda row: row.notice_id or 0, reverse=True)


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
    return rows(session, Task.case_id == case_id, Task.state == "open", visible(actor))


def tasks_by_id(session: Session, identities: Sequence[int]) -> list[TaskRow]:
    """The stays that an act has just opened; its actor may see them by having acted."""
    return rows(session, Task.id.in_(identities)) if identities else []


def matches(row: TaskRow, words: str | None, lamp: str | None) -> bool:
    """Whether a row fits a search, and a lamp.

    Looked through are title, number, sending unit, 公文性质 (DRF-17) and 主题词 (DRF-18).
    """
    if lamp is not None and row.lamp.key != lamp:
        return False
    texts = (row.title, row.number, row.from_unit, row.source_number, row.nature, *row.keywords)
    wanted = (words or "").strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in texts if text)


@dataclass(frozen=True)
class Counts:
    """What waits for a person; shown beside the boxes. ``todo``: receipt checks included."""

    todo: int
    read: int
    drafts: int = 0


def alarms(session: Session, actor: Actor) -> int:
    """Cases with something urgent that is announced to him and that he has not opened (DDL-02)."""
    query = (
        sa.select(sa.func.count(sa.distinct(Notice.case_id)))
        .join(Case, Case.id == Notice.case_id)
        .where(*_unread(actor), Notice.kind == "alarm")
    )
    return session.scalar(query) or 0


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
    check_count = (
        sa.select(sa.func.count())
        .select_from(ReceiptCheck)
        .where(*still_open(actor))
        .scalar_subquery()
    )
    row = session.execute(sa.select(todo_count, check_count, read_count, draft_count)).one()
    return Counts(todo=row[0] + row[1], read=row[2], drafts=row[3])
