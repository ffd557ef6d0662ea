"""Tables of 核查接收情况: one check for each document that was sent, and what it found."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base

ANSWERS = {"received": "已收到", "not_received": "未收到", "phoned": "已电话联系"}
KINDS = {"main": "主送", "copy": "抄送"}
CHANNELS = {"sms": "短信", "phone": "电话"}


class ReceiptCheck(Base):
    """核查接收情况 of one dispatched document: whose it is, by when, and whether it is complete.

    owner_id       the drafter or who sent it, as the unit's policy said then
    limit_steps    the arithmetic of the limit in Chinese sentences
    overdue_since  that the sweep saw it open past its time; lateness follows from the times
    done_at        when every recipient had an answer; answers may be set right afterwards
    """

    __tablename__ = "receipt_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), unique=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    limit_steps: Mapped[list[str]] = mapped_column(sa.JSON)
    limit_provisional: Mapped[bool]
    calendar_version: Mapped[str]
    limit_revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    overdue_since: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class ReceiptAnswer(Base):
    """What was found out about one recipient; the newest one counts, none is ever changed.

    recipient    as the document names it; ``kind``: main or copy recipient
    answered_by  who said so on the other side; ``note``: whatever else
    """

    __tablename__ = "receipt_answer"
    __table_args__ = (
        sa.CheckConstraint(f"answer IN {tuple(ANSWERS)}", "answer"),
        sa.CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt_check.id"), index=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    answer: Mapped[str]
    answered_by: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class ReceiptNotice(Base):
    """通知记录: that a recipient of an urgent document was told to sign for it (TRN-05).

    channel      of ``CHANNELS``; ``number`` called or written to; ``told``: who was reached
    message_key  of the SMS that the system wrote; None where a person told them himself
    by_id        who told them, or whose act had the system do it; None where a timer sent it
    """

    __tablename__ = "receipt_notice"
    __table_args__ = (
        sa.CheckConstraint(f"channel IN {tuple(CHANNELS)}", "channel"),
        sa.CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt_check.id"), index=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    channel: Mapped[str]
    number: Mapped[str]
    told: Mapped[str]
    message_key: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


append_only(ReceiptAnswer.__table__)
append_only(ReceiptNotice.__table__)
