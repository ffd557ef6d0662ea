"""流转记录: what happened to a case, from the record itself, and where its steps stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.deadlines import load, working_minutes
from app.documents.models import Document
from app.errors import NotFound
from app.handling.access import visible
from app.handling.models import Case, Opinion, Task, TaskCandidate
from app.organization import Actor, Person
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase

ACTIONS = {
    "case.started": "发起",
    "case.blocked": "停下：无人可办",
    "case.cancelled": "撤销",
    "task.opened": "打开",
    "task.completed": "办理",
    "task.returned": "退回",
    "task.withdrawn": "撤回",
    "task.assigned": "指定办理人",
    "task.overdue": "超时",
    "document.created": "建立公文",
    "document.registered": "登记来文",
    "document.revised": "修改公文",
    "document.signed": "写入签发人",
    "document.numbered": "编号",
    "document.sealed": "用印",
    "document.dispatched": "发送",
    "document.closed": "办结",
    "document.cancelled": "撤销公文",
    "document.marks_taken_back": "签发、用印失效",
    "attachment.added": "添加附件",
    "attachment.replaced": "替换附件",
    "attachment.removed": "移除附件",
}


@dataclass(frozen=True)
class Line:
    """One act. ``minutes`` counts working minutes from arrival to the act."""

    entry: audit.Entry
    label: str
    step_name: str | None
    outcome: str | None
    outcome_label: str | None
    opinion: str | None
    minutes: int | None
    self_review: bool


@dataclass(frozen=True)
class StepState:
    """Where a step stands: open now, done, or gone back over; with who was there last."""

    step: str
    state: str
    passes: int
    people: Sequence[str]
    at: datetime


def case_of(session: Session, actor: Actor, case_id: int) -> Case:
    """A case that the actor may see; NotFound otherwise."""
    case = session.scalars(sa.select(Case).where(Case.id == case_id, visible(actor))).first()
    if case is None:
        raise NotFound
    return case


def document_of(session: Session, actor: Actor, document_id: int) -> tuple[Document, Case]:
    """A document that the actor may see, with its case; NotFound otherwise."""
    query = (
        sa.select(Document, Case)
        .join(Case, Case.document_id == Document.id)
        .where(Document.id == document_id, visible(actor))
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def lines(session: Session, case: Case) -> list[Line]:
    """Every act of the case in order, automatic ones signed by their rule."""
    calendar = load(session, case.unit_id)
    found = []
    for entry in audit.case_entries(session, case.id, case.document_id):
        detail = entry.detail
        arrived = detail.get("arrived_at")
        minutes = None
        if arrived:
            minutes = working_minutes(datetime.fromisoformat(arrived), entry.at, calendar)
        found.append(
            Line(
                entry=entry,
                label=ACTIONS.get(entry.action, entry.action),
                step_name=detail.get("step_name"),
                outcome=detail.get("outcome"),
                outcome_label=detail.get("outcome_label"),
                opinion=detail.get("opinion"),
                minutes=minutes,
                self_review=bool(detail.get("self_review")),
            )
        )
    return found


@dataclass(frozen=True)
class StayLine:
    """One stay for the column beside the paper: who, what, how long."""

    task: Task
    person: str | None
    people: Sequence[str]
    opinion: str | None
    minutes: int


def stays(session: Session, case: Case) -> list[StayLine]:
    """The stays of a case, oldest first, each with its opinion and the working time it took."""
    query = (
        sa.select(Task, Person.name, Opinion.text)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .outerjoin(Opinion, Opinion.task_id == Task.id)
        .where(Task.case_id == case.id)
        .order_by(Task.id)
    )
    found = session.execute(query).all()
    people = _people_of_open(session, case.id)
    calendar = load(session, case.unit_id)
    now = clock.now(session)
    return [
        StayLine(
            task=task,
            person=name,
            people=people.get(task.id, []),
            opinion=text,
            minutes=working_minutes(task.arrived_at, task.done_at or now, calendar),
        )
        for task, name, text in found
    ]


def step_states(session: Session, case: Case) -> list[StepState]:
    """One state per step that was ever open; the open ones win over the finished ones."""
    now = clock.now(session)
    found: dict[str, StepState] = {}
    for line in stays(session, case):
        task = line.task
        before = found.get(task.step)
        passes = before.passes + 1 if before else 1
        if task.state == "open":
            late = task.due_at is not None and task.due_at < now
            state, people = "overdue" if late else "present", line.people
        else:
            state = "done" if task.state == "done" else "returned"
            people = [line.person] if line.person else []
        found[task.step] = StepState(
            task.step, state, passes, people, task.done_at or task.arrived_at
        )
    return list(found.values())


@dataclass(frozen=True)
class Drawn:
    """The diagram of a case: its own file, and those of the processes that it calls by id."""

    xml: str
    called: Mapping[str, str]
    sha256: str


def diagram(session: Session, case: Case) -> Drawn:
    """The files of the very version that the case runs on."""
    run = session.get_one(WorkflowCase, case.id)
    files = {name: data.decode() for name, data in routes.case_diagram(session, run).items()}
    own = next(name for name, text in files.items() if f'id="{case.process_id}"' in text)
    return Drawn(files.pop(own), files, run.sha256)


def _people_of_open(session: Session, case_id: int) -> dict[int, list[str]]:
    query = (
        sa.select(TaskCandidate.task_id, Person.name)
        .join(Person, Person.id == TaskCandidate.person_id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(Task.case_id == case_id, Task.state == "open")
        .order_by(TaskCandidate.task_id, Person.id)
    )
    found: dict[int, list[str]] = {}
    for task_id, name in session.execute(query):
        found.setdefault(task_id, []).append(name)
    return found
