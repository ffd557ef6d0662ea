"""What people are told of a stay outside the application, beside its notice (DDL-01, DDL-02).

Title, step, due time and the address of the page: nothing else of a document leaves the system.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import deadlines, messages
from app.clock import SHANGHAI
from app.deadlines.limits import URGENCIES
from app.documents.models import Document
from app.handling.act import Act
from app.handling.models import Case, Task

HEADS = {
    "alarm": "紧急公文待办",
    "amber": "公文临近到期",
    "overdue": "公文已超时",
    "urged": "公文催办",
}


def remind(
    session: Session,
    kind: str,
    key: str,
    task: Task,
    people: Collection[int],
    at: datetime,
    since: datetime | None = None,
) -> None:
    """Write a message to each of these people, in this transaction, once for each ``key``.

    since  from when it holds, where that is not now: what is told late is told in the digest
    """
    case = session.get_one(Case, task.case_id)
    what, due_at, path = step_line(task), task.due_at, f"/tasks/{task.id}"
    remind_of(session, kind, key, case, people, at, since, what=what, due_at=due_at, path=path)


def remind_of(
    session: Session,
    kind: str,
    key: str,
    case: Case,
    people: Collection[int],
    at: datetime,
    since: datetime | None = None,
    *,
    what: str,
    due_at: datetime | None,
    path: str,
) -> None:
    """The same of anything about a case.

    what  the line that says what waits there
    path  of the page where something can be done about it
    """
    document = session.get_one(Document, case.document_id)
    at_once = messages.goes_at_once(
        deadlines.load(session, case.unit_id),
        at,
        since or at,
        urgent=document.urgency != "none",
        again=kind == "alarm",
    )
    message = messages.Message(
        key,
        kind,
        f"【{HEADS[kind]}】{document.title}",
        "\n".join(lines(document, what, due_at)),
        path,
    )
    messages.queue(session, message, people, at, hold=not at_once)


def reminders(
    act: Act, limits: Sequence[tuple[int, deadlines.Deadline]]
) -> list[tuple[int, datetime]]:
    """When to say of stays that open now that their limits draw near; not of what is near already.

    The lamp turns amber then (DDL-20).
    """
    calendar = deadlines.load(act.session, act.case.unit_id)
    ends = ((task_id, limit.due_at) for task_id, limit in limits)
    found = [(task_id, deadlines.amber_from(due_at, act.at, calendar)) for task_id, due_at in ends]
    return [(task_id, at) for task_id, at in found if at is not None]


def until(due_at: datetime) -> str:
    """``应于 11-24 18:00 前办理``."""
    return f"应于 {due_at.astimezone(SHANGHAI):%m-%d %H:%M} 前办理"


def step_line(task: Task) -> str:
    return f"环节：{task.step_name}"


def lines(document: Document, what: str, due_at: datetime | None) -> list[str]:
    """All that is said of a document outside the application, besides its address."""
    urgency = URGENCIES[document.urgency]
    return [
        f"标题：{' '.join(document.title.split())}",
        what,
        *([f"缓急：{urgency}"] if urgency else []),
        *([f"时限：{until(due_at)}"] if due_at else []),
    ]
