"""紧急公文发送以后: who told the recipients to sign for it, by which number, and when (TRN-05).

A recipient that works here too is told by SMS within the act that sends the document. Everybody
else somebody has to call or write to, and say so: until then the check is not complete.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import messages
from app.documents.models import Document
from app.errors import Invalid
from app.handling import remarks
from app.handling.act import Act
from app.handling.receipts.models import CHANNELS, ReceiptCheck, ReceiptNotice
from app.handling.receipts.opening import Recipient, recipients
from app.handling.recording import record_act
from app.messages.models import Contact, Outbox
from app.organization import Person, Unit, roles
from app.organization.models import Appointment

NUMBER = re.compile(r"\+?[0-9][0-9 \-]{2,29}")


@dataclass(frozen=True)
class Told:
    """What somebody says about telling a recipient; ``channel`` "" for nothing."""

    channel: str = ""
    number: str = ""


def is_urgent(document: Document) -> bool:
    return document.urgency != "none"


def tell_units(act: Act, check: ReceiptCheck) -> None:
    """An SMS to the 收发员 of every recipient that has its own desk in this office system."""
    if not is_urgent(act.document):
        return
    for recipient, contacts in _desks(act.session, recipients(act.document)).items():
        for contact, name in contacts:
            key = f"urgent-sent:{check.id}:{recipient[0]}:{recipient[1]}:{contact.person_id}"
            if _write_sms(act, key, contact):
                told = Told("sms", contact.phone or "")
                _add(act, check, recipient, told, name, key)


def note(act: Act, check: ReceiptCheck, recipient: Recipient, told: Told, name: str) -> None:
    """Somebody says that he told the recipient himself; on record."""
    _add(act, check, recipient, told, name, None)
    said = f"{recipient[1]}：{CHANNELS[told.channel]} {told.number}"
    record_act(act, "receipt_check.notified", whom=f"{said}（{name}）" if name else said)


def read(field: str, channel: str, number: str) -> Told:
    """Raises Invalid naming the field: a channel and a number belong together."""
    number = remarks.read(f"{field}number", "通知号码", number, 30)
    if not channel and not number:
        return Told()
    if channel not in CHANNELS:
        message = f"填了通知号码的，请选择通知方式：{'、'.join(CHANNELS.values())}。"
        raise Invalid.at(f"{field}channel", message)
    if not NUMBER.fullmatch(number):
        message = "登记通知的，请填写拨打或者发送的号码（数字，可加区号和短横）。"
        raise Invalid.at(f"{field}number", message)
    return Told(channel, number)


def notices(session: Session, check_ids: Collection[int]) -> Sequence[ReceiptNotice]:
    """Those that count, the earliest first: an SMS that could not be sent tells nobody."""
    lost = sa.exists().where(
        Outbox.message_key == ReceiptNotice.message_key, Outbox.state == "given_up"
    )
    query = (
        sa.select(ReceiptNotice)
        .where(ReceiptNotice.check_id.in_(check_ids), ~lost)
        .order_by(ReceiptNotice.at, ReceiptNotice.id)
    )
    return session.scalars(query).all()


def first_notices(session: Session, check_id: int) -> Mapping[Recipient, ReceiptNotice]:
    """When each recipient was told first."""
    found: dict[Recipient, ReceiptNotice] = {}
    for each in notices(session, [check_id]):
        found.setdefault((each.kind, each.recipient), each)
    return found


def _add(
    act: Act, check: ReceiptCheck, recipient: Recipient, told: Told, name: str, key: str | None
) -> None:
    row = ReceiptNotice(
        check_id=check.id,
        kind=recipient[0],
        recipient=recipient[1],
        channel=told.channel,
        number=told.number,
        told=name,
        message_key=key,
        by_id=act.actor.person_id or None,
        at=act.at,
    )
    act.session.add(row)


def _write_sms(act: Act, key: str, contact: Contact) -> int:
    document = act.document
    words = f"{document.number}已向贵单位发出，请立即签收。"
    message = messages.Message(key, "arrived", f"【紧急公文】{document.title}", words)
    return messages.queue(act.session, message, [contact.person_id], act.at, only="sms")


def _desks(
    session: Session, among: Sequence[Recipient]
) -> Mapping[Recipient, Sequence[tuple[Contact, str]]]:
    """The 收发员 with a mobile number, with their names, of recipients that are units here."""
    named = {name for _, name in among}
    query = (
        sa.select(Unit.name, Unit.short_name, Contact, Person.name)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .join(Person, Person.id == Appointment.person_id)
        .join(Contact, Contact.person_id == Person.id)
        .where(
            sa.or_(Unit.name.in_(named), Unit.short_name.in_(named)),
            Appointment.role_key == roles.DISPATCHER,
            Appointment.until.is_(None),
            Person.active,
            Contact.phone.is_not(None),
        )
        .order_by(Person.id)
    )
    found: dict[Recipient, list[tuple[Contact, str]]] = {}
    for unit, short, contact, person in session.execute(query):
        for recipient in among:
            if recipient[1] in (unit, short):
                found.setdefault(recipient, []).append((contact, person))
    return found
