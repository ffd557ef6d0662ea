"""Writing messages in the transaction of the act or sweep that they tell of (outbox)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.messages.channels import in_use
from app.messages.models import Contact, Outbox
from app.organization import Person


@dataclass(frozen=True)
class Message:
    """What a person is told; no more of a document than title, step, due time and address.

    key   what it is about: a second message under it is not written
    path  of the page where something can be done about it
    """

    key: str
    kind: str
    subject: str
    body: str
    path: str = "/"


def queue(
    session: Session,
    message: Message,
    people: Collection[int],
    at: datetime,
    *,
    hold: bool = False,
    only: str | None = None,
) -> int:
    """One row for each person and channel that he wants and that is open; how many there are new.

    hold  leave it to the next digest
    only  by this channel alone, also to who does not want it for everything else
    Nothing is written, and nothing asked, where no channel is open.
    """
    channels = in_use()
    if not channels.open or not people:
        return 0
    body = f"{message.body}\n\n办理：{channels.link}{message.path}\n"
    written = 0
    for contact in session.scalars(_reached(people, only)):
        for channel, address in addresses(contact, only):
            values = {
                "message_key": message.key,
                "channel": channel,
                "person_id": contact.person_id,
                "kind": message.kind,
                "address": address,
                "subject": " ".join(message.subject.split()),
                "body": body,
                "state": "held" if hold else "waiting",
                "attempts": 0,
                "next_try_at": at,
                "at": at,
            }
            written += insert_once(session, Outbox, values)
    return written


def addresses(contact: Contact, only: str | None = None) -> list[tuple[str, str]]:
    """(channel, address) of every way that is open and that a person wants, or of this one."""
    known = (
        ("mail", contact.email, contact.by_mail),
        ("sms", contact.phone, contact.by_sms),
    )
    ways = in_use()
    chosen = [
        (name, address) for name, address, wanted in known if (name == only if only else wanted)
    ]
    return [
        (name, address)
        for name, address in chosen
        if address and name in ways.open and ways.may_reach(name, address)
    ]


def wanted_by(channel: str) -> sa.ColumnElement[bool]:
    """Condition on :class:`Contact`: wants this channel, and has an address this office writes to.

    Who has none must not stand, errand for errand, before those who have.
    """
    if channel == "sms":
        return sa.and_(Contact.by_sms, Contact.phone.is_not(None))
    known = sa.and_(Contact.by_mail, Contact.email.is_not(None))
    domains = in_use().domains
    if not domains:
        return known
    ends = (sa.func.lower(Contact.email).endswith(f"@{each}", autoescape=True) for each in domains)
    return sa.and_(known, sa.or_(*ends))


def _reached(people: Collection[int], only: str | None) -> sa.Select[Contact]:
    wanted = sa.true() if only else sa.or_(Contact.by_mail, Contact.by_sms)
    return (
        sa.select(Contact)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.person_id.in_(people), Person.active, wanted)
        .order_by(Contact.person_id)
    )
