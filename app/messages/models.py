"""Tables of what goes out to people: where they are reached, what is on its way, the digests."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base

WAITING = sa.text("state = 'waiting'")
HELD = sa.text("state = 'held'")
STATES = {
    "waiting": "待发",
    "held": "并入下次汇总",
    "folded": "已并入汇总",
    "sent": "已发出",
    "given_up": "未能发出",
}
KINDS = {
    "alarm": "紧急公文",
    "amber": "临近到期",
    "overdue": "超时",
    "urged": "催办",
    "checkin": "登录查收",
    "arrived": "新到公文",
    "receipt": "核查接收",
    "security": "账号安全",
    "certificate": "证书到期",
    "digest": "每日汇总",
}


class Contact(Base):
    """Where a person is reached outside the application, and whether he wants it.

    Without a row, or without an address, he is told in the application only.
    """

    __tablename__ = "contact"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    email: Mapped[str | None]
    phone: Mapped[str | None]
    by_mail: Mapped[bool] = mapped_column(default=False)
    by_sms: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class Outbox(Base):
    """One message to one person by one channel: waiting, under way, and afterwards the log of it.

    message_key  what it is about, once for ever: what is said again under the same key is not sent
    address      where it goes, as it was known when it was written
    next_try_at  when it is tried (again); while a process has it in hand, when that hand is empty
    lease_token  of the process that has it in hand; another one's result is dropped
    state        held: not urgent and out of hours, or late; the next digest takes its place
    attempts     how often a channel was asked; ``last_error``: what it said
    dropped_at   given up, and an administrator has seen to it: nobody is warned of it any more
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("message_key", "channel", "person_id"),
        sa.CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        sa.CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        sa.Index("outbox_ready", "next_try_at", sqlite_where=WAITING, postgresql_where=WAITING),
        sa.Index("outbox_held", "person_id", sqlite_where=HELD, postgresql_where=HELD),
        sa.Index("ix_outbox_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_key: Mapped[str]
    channel: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str]
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_try_at: Mapped[datetime]
    lease_token: Mapped[str | None]
    last_error: Mapped[str | None]
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class Digest(Base):
    """That a person's digest of a day was written, also one that had nothing to say.

    number  1 in the morning; further ones only where something was late, as after a standstill
    """

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    at: Mapped[datetime]


cleared(Outbox.__table__)
