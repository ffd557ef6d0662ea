"""接收情况 as pages and the API show it: one check with its recipients, and those to be done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.deadlines import lamps
from app.documents.models import Document
from app.errors import NotFound
from app.handling.act import Act, look_at_case
from app.handling.models import Case
from app.handling.receipts import notifying, rights
from app.handling.receipts.answering import latest, received_since
from app.handling.receipts.liability import WHO, who_answers
from app.handling.receipts.models import (
    ANSWERS,
    CHANNELS,
    KINDS,
    ReceiptCheck,
    ReceiptNotice,
)
from app.handling.receipts.opening import recipients
from app.organization import Actor, Person


@dataclass(frozen=True)
class Line:
    """One recipient; ``answer`` is "" until somebody has found out.

    seen      id of that answer, 0 without one
    notified  how he was first told of an urgent document, "" when nobody has (TRN-05)
    liable    who answers for a late reception of it, "" while it is not late (TRN-06)
    """

    kind: str
    recipient: str
    answer: str = ""
    answered_by: str = ""
    note: str = ""
    by: str = ""
    at: datetime | None = None
    seen: int = 0
    notified: str = ""
    liable: str = ""

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def words(self) -> str:
        return ANSWERS.get(self.answer, "未核查")

    @property
    def liable_words(self) -> str:
        return WHO.get(self.liable, "")


@dataclass(frozen=True)
class Sheet:
    """``mine``: the person who looks may write down answers; ``urgent``: and has to tell them."""

    id: int
    case_id: int
    document_id: int
    title: str
    number: str | None
    owner: str
    opened_at: datetime
    due_at: datetime
    done_at: datetime | None
    lamp: lamps.Lamp
    lines: Sequence[Line]
    mine: bool
    urgent: bool

    @property
    def untold(self) -> int:
        """Recipients of an urgent document whom nobody has told of it."""
        return sum(not each.notified for each in self.lines) if self.urgent else 0

    @property
    def answered(self) -> int:
        return sum(bool(each.answer) for each in self.lines)

    @property
    def late(self) -> bool:
        return self.done_at is not None and self.done_at > self.due_at


@dataclass(frozen=True)
class Waiting:
    """A check that is still to be done, as a list shows it."""

    id: int
    case_id: int
    title: str
    number: str | None
    sent_at: datetime
    due_at: datetime
    lamp: lamps.Lamp


def of_case(act: Act) -> Sheet | None:
    """The check of a case that the actor has before him; None where there is none."""
    query = sa.select(ReceiptCheck).where(ReceiptCheck.case_id == act.case.id)
    found = act.session.scalars(query).first()
    return _sheet(act, found) if found else None


def sheet(session: Session, actor: Actor, check_id: int) -> Sheet:
    """Raises NotFound for who may not see its document."""
    found = session.get(ReceiptCheck, check_id)
    if found is None:
        raise NotFound
    return _sheet(look_at_case(session, actor, found.case_id), found)


def to_do(session: Session, actor: Actor) -> list[Waiting]:
    """What the person has to ask about, what runs out first on top."""
    now = clock.now(session)
    query = (
        sa.select(ReceiptCheck, Case.unit_id, Document.title, Document.number)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(*still_open(actor))
        .order_by(ReceiptCheck.due_at, ReceiptCheck.id)
    )
    return [
        Waiting(
            each.id,
            each.case_id,
            title,
            number,
            each.opened_at,
            each.due_at,
            _lamp(session, each, unit_id, now),
        )
        for each, unit_id, title, number in session.execute(query)
    ]


def still_open(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Conditions on :class:`ReceiptCheck`: his, and not complete."""
    return [ReceiptCheck.done_at.is_(None), rights.his(actor.person_id, clock.nearby())]


def _sheet(act: Act, check: ReceiptCheck) -> Sheet:
    session = act.session
    right = rights.his(act.actor.person_id, act.at)
    mine = session.scalar(sa.select(sa.exists().where(ReceiptCheck.id == check.id, right)))
    owner = session.get_one(Person, check.owner_id).name
    return Sheet(
        id=check.id,
        case_id=act.case.id,
        document_id=act.document.id,
        title=act.document.title,
        number=act.document.number,
        owner=owner,
        opened_at=check.opened_at,
        due_at=check.due_at,
        done_at=check.done_at,
        lamp=_lamp(session, check, act.case.unit_id, act.at),
        lines=_lines(act, check),
        mine=bool(mine),
        urgent=notifying.is_urgent(act.document),
    )


def _lines(act: Act, check: ReceiptCheck) -> list[Line]:
    answers = latest(act.session, check.id)
    told = notifying.first_notices(act.session, check.id)
    people = {each.by_id for each in answers.values()}
    query = sa.select(Person.id, Person.name).where(Person.id.in_(people))
    names = {row.id: row.name for row in act.session.execute(query)} if people else {}
    urgent = notifying.is_urgent(act.document)
    received = received_since(act.session, [check.id]) if urgent else {}
    found = []
    for recipient in recipients(act.document):
        given, notice = answers.get(recipient), told.get(recipient)
        line = Line(*recipient)
        if given is not None:
            said = (given.answer, given.answered_by, given.note)
            line = Line(*recipient, *said, names[given.by_id], given.at, given.id)
        came = received.get((check.id, recipient))
        found.append(_with_notice(act, check, line, notice, came) if urgent else line)
    return found


def _with_notice(
    act: Act,
    check: ReceiptCheck,
    line: Line,
    notice: ReceiptNotice | None,
    came: datetime | None,
) -> Line:
    """The line of an urgent document: who was told of it, and who answers for a delay."""
    liable = who_answers(check.due_at, came, notice.at if notice else None, act.at)
    return replace(line, notified=_notified(notice) if notice else "", liable=liable)


def _notified(notice: ReceiptNotice) -> str:
    """``电话 0570-1234567（李四）``."""
    told = f"（{notice.told}）" if notice.told else ""
    return f"{CHANNELS[notice.channel]} {notice.number}{told}"


def _lamp(session: Session, check: ReceiptCheck, unit_id: int, now: datetime) -> lamps.Lamp:
    """Of a complete one as it was when it was completed."""
    return lamps.lamp(
        check.due_at,
        check.done_at or now,
        deadlines.load(session, unit_id),
        check.opened_at,
        steps=check.limit_steps,
        provisional=check.limit_provisional,
    )
