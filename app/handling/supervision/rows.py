"""Reading what waits with departments: supervisions, stays with a limit, checks of receipt."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.deadlines import lamps
from app.deadlines.workdays import local_date
from app.documents.models import Document
from app.handling.access import visible
from app.handling.models import Case, Task, TaskCandidate
from app.handling.receipts.models import ReceiptCheck
from app.handling.supervision import rights
from app.handling.supervision.models import Supervision, SupervisionExtension
from app.handling.supervision.waiting import Waiting, Wanted
from app.organization import Actor, Department, Person

NUMBER = sa.func.coalesce(Document.number, Document.source_number)
NO_DEPARTMENT = "单位领导"
"""Where leaders stand who belong to no department."""


def waiting(session: Session, actor: Actor, wanted: Wanted) -> list[Waiting]:
    """What the actor may see of what waits, the longest overdue first.

    Raises NotAllowed for who neither supervises nor leads a department.
    """
    now = clock.now(session)
    found = [
        *_supervisions(session, actor, now),
        *_stays(session, actor, now),
        *_receipts(session, actor, now),
    ]
    kept = [row for row in found if wanted.fits(row) and (not wanted.today or ends_today(row, now))]
    return sorted(kept, key=lambda row: (row.due_at, row.kind, row.id))


def counts(session: Session, actor: Actor) -> tuple[int, int]:
    """Open supervisions that concern the actor, and how many of them wait for consent."""
    query = sa.select(sa.func.count(), sa.func.sum(sa.cast(_is_asked(), sa.Integer))).where(
        Supervision.state == "open", rights.concerned(actor)
    )
    found, asked = session.execute(query).one()
    return found, asked or 0


def ends_today(row: Waiting, now: datetime) -> bool:
    """Whether it is in time yet and will be late today if nobody ends it (预计超时)."""
    return not row.paused and now <= row.due_at and local_date(row.due_at) == local_date(now)


def _supervisions(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    query = (
        sa.select(Supervision, Department, Document.title, NUMBER, _is_asked())
        .join(Department, Department.id == Supervision.department_id)
        .join(Case, Case.id == Supervision.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(Supervision.state == "open", rights.concerned(actor))
    )
    found = []
    heads: dict[int, list[str]] = {}
    for each, department, title, number, is_asked in session.execute(query):
        if department.id not in heads:
            people = rights.responsible(session, each.unit_id, department.id)
            heads[department.id] = [person.name for person in people]
        found.append(
            Waiting(
                kind="supervision",
                id=each.id,
                case_id=each.case_id,
                unit_id=each.unit_id,
                department_id=department.id,
                department=department.name,
                position=department.position,
                title=title,
                number=number,
                what=each.requirement,
                people=heads[department.id],
                since=each.opened_at,
                due_at=each.due_at,
                lamp=lamp_of(session, each, now),
                asked=is_asked,
                paused=each.paused_at is not None,
            )
        )
    return found


def _is_asked() -> sa.ColumnElement[bool]:
    waits = (SupervisionExtension.supervision_id == Supervision.id) & (
        SupervisionExtension.state == "asked"
    )
    return sa.exists().where(waits).correlate(Supervision)


def lamp_of(session: Session, supervision: Supervision, now: datetime) -> lamps.Lamp:
    """As it looks now; of one that is closed or stands still, as it looked at that moment."""
    calendar = deadlines.load(session, supervision.unit_id)
    seen = supervision.closed_at or supervision.paused_at or now
    return lamps.lamp(supervision.due_at, seen, calendar, supervision.opened_at)


def _stays(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    query = (
        sa.select(Task, Case.unit_id, Document.title, NUMBER)
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(
            Task.state == "open",
            Case.state == "running",
            Task.due_at.is_not(None),
            visible(actor),
        )
    )
    read = session.execute(query).all()
    people = _people(session, [row[0].id for row in read])
    found = []
    for task, unit_id, title, number in read:
        calendar = deadlines.load(session, unit_id)
        department, names = people.get(task.id, (None, []))
        row = Waiting(
            kind="stay",
            id=task.id,
            case_id=task.case_id,
            unit_id=unit_id,
            department_id=department.id if department else None,
            department=department.name if department else NO_DEPARTMENT,
            position=department.position if department else -1,
            title=title,
            number=number,
            what=task.step_name,
            people=names,
            since=task.arrived_at,
            due_at=task.due_at or now,
            lamp=lamps.lamp(task.due_at, now, calendar, task.arrived_at),
        )
        if rights.answers_for(actor, unit_id, row.department_id):
            found.append(row)
    return found


def _receipts(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    query = (
        sa.select(ReceiptCheck, Case.unit_id, Document.title, NUMBER, Person.name, Department)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .join(Document, Document.id == Case.document_id)
        .join(Person, Person.id == ReceiptCheck.owner_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(ReceiptCheck.done_at.is_(None), visible(actor))
    )
    found = []
    for check, unit_id, title, number, owner, department in session.execute(query):
        calendar = deadlines.load(session, unit_id)
        row = Waiting(
            kind="receipt",
            id=check.id,
            case_id=check.case_id,
            unit_id=unit_id,
            department_id=department.id if department else None,
            department=department.name if department else NO_DEPARTMENT,
            position=department.position if department else -1,
            title=title,
            number=number,
            what="核查接收情况",
            people=[owner],
            since=check.opened_at,
            due_at=check.due_at,
            lamp=lamps.lamp(check.due_at, now, calendar, check.opened_at),
        )
        if rights.answers_for(actor, unit_id, row.department_id):
            found.append(row)
    return found


def _people(
    session: Session, task_ids: Sequence[int]
) -> dict[int, tuple[Department | None, list[str]]]:
    """Who has a stay, and the department of the first of them who stands in for nobody."""
    query = (
        sa.select(TaskCandidate.task_id, Person.name, Department)
        .join(Person, Person.id == TaskCandidate.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(TaskCandidate.task_id.in_(task_ids))
        .order_by(TaskCandidate.principal_id.is_not(None), Person.id)
    )
    found: dict[int, tuple[Department | None, list[str]]] = {}
    for task_id, name, department in session.execute(query):
        found.setdefault(task_id, (department, []))[1].append(name)
    return found
