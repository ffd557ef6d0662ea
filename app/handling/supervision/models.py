"""Tables of 督办: what was asked of whom until when, what was reported, what was put off."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base

STATES = {"open": "在督", "closed": "办结"}
EXTENSION_STATES = {
    "asked": "待审批",
    "granted": "同意",
    "refused": "不同意",
    "lapsed": "随督办办结",
}
OPEN, ASKED = sa.text("state = 'open'"), sa.text("state = 'asked'")


class Supervision(Base):
    """One department has to do one thing about one document by a target date (督办件).

    reason          what the supervision rests on, such as the instruction of a leader
    first_due_at    as it was set at first; ``due_at`` moves only by an extension that was granted
    limit_revision  raised with it; due rows of an older one are void
    overdue_since   that the sweep saw it open past its time; lateness follows from the times
    paused_at       since when it stands still with its case
    """

    __tablename__ = "supervision"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        sa.Index(
            "uq_supervision_open",
            "case_id",
            "department_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    requirement: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    first_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    limit_revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    overdue_since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None]


class SupervisionReport(Base):
    """反馈: what the responsible department says of its progress, never changed."""

    __tablename__ = "supervision_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class SupervisionUrge(Base):
    """催办: a supervisor asked the department to hurry, never changed."""

    __tablename__ = "supervision_urge"

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]


class SupervisionExtension(Base):
    """延期: asked for by the department, consented to or refused by a supervisor; one at a time.

    old_due_at  what the limit was when it was asked for; ``due_at`` is what is wanted
    """

    __tablename__ = "supervision_extension"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(EXTENSION_STATES)}", "state"),
        sa.Index(
            "uq_supervision_extension_asked",
            "supervision_id",
            unique=True,
            sqlite_where=ASKED,
            postgresql_where=ASKED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision.id"), index=True)
    old_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]


append_only(SupervisionReport.__table__)
append_only(SupervisionUrge.__table__)
