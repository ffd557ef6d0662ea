"""Tables of time limits (时限) and of the working calendar (工作日历)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.organization.choices import UnitChoice

PENDING = sa.text("state = 'pending'")
IN_FORCE = sa.text("superseded_at IS NULL")


class Due(Base):
    """One thing that happens when a time comes, unless its subject is finished before (到期).

    kind               overdue, remind, escalate, alarm, receipt_check, checkin, or timer (drawn on
                       a route)
    subject_type, _id  what it is about; the room that owns the subject brings the effect
    deadline_revision  raised when the limit of the stay is set anew; rows of an older one are void
    occurrence         1, 2, 3 … of what repeats, such as the alarm of DDL-02
    due_at             the instant that counts, and from which a mark holds
    next_try_at        when the sweep looks at it (again)
    handled_at         when it took effect or was cancelled
    started_at, rule, pause, provisional, calendar_version
                       what ``due_at`` was computed from, so that the sum can be repeated
    """

    __tablename__ = "due"
    __table_args__ = (
        sa.UniqueConstraint(
            "kind", "subject_type", "subject_id", "deadline_revision", "occurrence", name="uq_due"
        ),
        sa.CheckConstraint(
            "kind IN ('overdue', 'remind', 'escalate', 'alarm', 'receipt_check', 'checkin',"
            " 'timer')",
            name="kind",
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'cancelled', 'incident')",
            name="state",
        ),
        # Only what still waits is in this index: it stays small however much is finished.
        sa.Index("due_ready", "next_try_at", "id", postgresql_where=PENDING, sqlite_where=PENDING),
        sa.Index("due_subject", "subject_type", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    deadline_revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    occurrence: Mapped[int] = mapped_column(sa.Integer, default=1)
    due_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    last_error: Mapped[str | None]
    handled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    rule: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    pause: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[str | None]


class Effect(Base):
    """That a due row took effect. The key is the promise "once"; ``at`` is database time."""

    __tablename__ = "effect"

    effect_key: Mapped[str] = mapped_column(primary_key=True)
    due_id: Mapped[int] = mapped_column(sa.ForeignKey("due.id"))
    at: Mapped[datetime]


class Heartbeat(Base):
    """End of the last sweep of a host. A sweep that hangs writes none.

    handled    due rows that took effect or were cancelled in that sweep
    lasted_ms  how long it took
    skew_ms    the host's clock minus the database's; beyond 30 s the host does not sweep
    jump_ms    the database's clock minus where it should be by the host's steady clock
    boot, steady_ms, believed_at
               at this reading of the steady clock since that start of the machine the database's
               clock was believed last (clockwatch); None until then
    """

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    handled: Mapped[int] = mapped_column(sa.Integer)
    lasted_ms: Mapped[int] = mapped_column(sa.Integer)
    skew_ms: Mapped[int]
    jump_ms: Mapped[int] = mapped_column(default=0, server_default="0")
    boot: Mapped[str | None]
    steady_ms: Mapped[int | None]
    believed_at: Mapped[datetime | None]


class WorkdayOverride(Base):
    """A day that differs from the calendar: a notice's, a local day off, a half day (DDL-34).

    unit_id        None for every unit
    hours          working hours of that day such as ``08:30-12:00``; None for the usual ones
    superseded_at  when another entry for the same day took its place; rows are never erased
    """

    __tablename__ = "workday_override"
    __table_args__ = (
        sa.Index(
            "uq_workday_override_unit",
            "unit_id",
            "day",
            unique=True,
            postgresql_where=IN_FORCE,
            sqlite_where=IN_FORCE,
        ),
        sa.Index(  # NULLs are distinct in a unique index, so "every unit" needs one of its own
            "uq_workday_override_all",
            "day",
            unique=True,
            postgresql_where=sa.text("superseded_at IS NULL AND unit_id IS NULL"),
            sqlite_where=sa.text("superseded_at IS NULL AND unit_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    day: Mapped[date]
    is_workday: Mapped[bool]
    hours: Mapped[str | None]
    reason: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class CalendarYear(Base):
    """The notice of a year (放假安排); a year without a row or a library's data is provisional.

    state    proposed until a second person confirms it, then official
    periods  [[first day, last day, name], …] off, ISO dates
    make_up  ISO dates of weekend days worked (调休上班)
    """

    __tablename__ = "calendar_year"
    __table_args__ = (sa.CheckConstraint("state IN ('proposed', 'official')", name="state"),)

    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    state: Mapped[str]
    source: Mapped[str]
    periods: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    make_up: Mapped[list[str]]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]


class WorkingHours(Base):
    """Working hours (作息时间) of a unit from a day on; ``unit_id`` None for every unit.

    hours  ``08:30-12:00 14:00-18:00``, Asia/Shanghai
    """

    __tablename__ = "working_hours"
    __table_args__ = (sa.Index("ix_working_hours_unit", "unit_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    since: Mapped[date]
    hours: Mapped[str]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class UnitPolicy(UnitChoice, Base):
    """What a unit has chosen about its time limits (时限规则), by ``policy_keys.KEYS``."""

    __tablename__ = "unit_policy"


class CalendarVersion(Base):
    """One row, raised by every change of calendar or policy; processes compare it with theirs."""

    __tablename__ = "calendar_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime]
