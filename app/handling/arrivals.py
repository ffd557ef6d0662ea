"""新到公文: who is told at once outside the application that something has come.

Who travels gets an SMS for each new task (DDL-16). Where the unit wants it, whoever has not been
there in the present working period is told by his own ways (DDL-13). Looked for every few
seconds, so that no act has to ask for it; the key of a message keeps it from going out twice.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines, messages
from app.deadlines.policy import Offline
from app.deadlines.workdays import local_date
from app.documents.models import Document
from app.handling.checkins.models import Visit
from app.handling.models import Case, Task, TaskCandidate
from app.handling.stays.reminding import lines, step_line
from app.messages.channels import in_use
from app.messages.models import Contact, Outbox
from app.messages.timing import LATE
from app.organization import Person, Unit
from app.organization.models import Absence

KIND = "arrived"
AT_ONCE = 50
"""Messages that are written in one transaction; the rest waits for the next look."""
Sessions = Callable[[], Session]
Arrivals = sa.Select[Task, Document, int]


def tell_arrivals(sessions: Sessions, stopping: Callable[[], bool] = lambda: False) -> int:
    """Write to whom something new has come; how many messages that were."""
    if stopping() or not in_use().open:
        return 0
    with sessions() as session:
        now = clock.now(session)
        written = 0
        if "sms" in in_use().open:
            written += _tell(session, _to_travellers(now), now, only="sms")
        for unit_id in session.scalars(sa.select(Unit.id).order_by(Unit.id)).all():
            written += _tell_absentees(session, unit_id, now)
        session.commit()
    return written


def _tell_absentees(session: Session, unit_id: int, now: datetime) -> int:
    """In working time only: at night nobody is expected to be there."""
    calendar = deadlines.load(session, unit_id)
    if calendar.policy.offline is not Offline.REMIND:
        return 0
    spans = [span for span in calendar.spans(local_date(now)) if span.start <= now < span.end]
    if not spans:
        return 0
    return _tell(session, _to_absentees(unit_id, spans[0].start), now)


def _tell(session: Session, query: Arrivals, now: datetime, only: str | None = None) -> int:
    written = 0
    for task, document, person_id in session.execute(query.limit(AT_ONCE)).all():
        message = messages.Message(
            f"{KIND}:{task.id}",
            KIND,
            f"【新到公文】{document.title}",
            "\n".join(lines(document, step_line(task), task.due_at)),
            f"/tasks/{task.id}",
        )
        written += messages.queue(session, message, [person_id], now, only=only)
    return written


def _to_travellers(now: datetime) -> Arrivals:
    """What came while he was travelling, and not so long ago that it is news no more."""
    return _new([Contact.phone.is_not(None)], "sms").where(
        Task.arrived_at > now - LATE,
        sa.exists().where(
            Absence.person_id == TaskCandidate.person_id,
            Absence.travelling,
            Absence.ended_at.is_(None),
            Absence.since <= Task.arrived_at,
            Absence.until > Task.arrived_at,
        ),
    )


def _to_absentees(unit_id: int, begun: datetime) -> Arrivals:
    """What came in this working period to who has not been there in it."""
    reached = sa.or_(*(messages.wanted_by(channel) for channel in in_use().open))
    there = sa.exists().where(Visit.person_id == TaskCandidate.person_id, Visit.at >= begun)
    return _new([reached]).where(
        Task.arrived_at >= begun, Task.opened_at.is_(None), Person.unit_id == unit_id, ~there
    )


def _new(reached: list[sa.ColumnElement[bool]], channel: str | None = None) -> Arrivals:
    """Open stays that somebody else has sent to a person, and that he was not told of like this.

    reached  conditions on his :class:`Contact`: who cannot be told must not stand in the way
    """
    told = sa.exists().where(
        Outbox.message_key == sa.literal(f"{KIND}:").concat(sa.cast(Task.id, sa.Text)),
        Outbox.person_id == TaskCandidate.person_id,
        *([Outbox.channel == channel] if channel else []),
    )
    return (
        sa.select(Task, Document, TaskCandidate.person_id)
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .join(Person, Person.id == TaskCandidate.person_id)
        .join(Contact, Contact.person_id == Person.id)
        .where(
            *reached,
            Person.active,
            Task.state == "open",
            Task.blocked.is_(None),
            Case.state == "running",
            sa.or_(Task.sent_by_id.is_(None), Task.sent_by_id != TaskCandidate.person_id),
            ~told,
        )
        .order_by(Task.id, TaskCandidate.person_id)
    )
