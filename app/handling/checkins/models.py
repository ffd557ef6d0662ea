"""Tables of 登录查收: what a unit is watched by, the last visit of each person, what was missed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base


class CheckWatch(Base):
    """That a unit is watched, by which rule, and up to when everything missed is on record.

    rule              in words; another one begins anew
    begun_at          since when it holds here: nothing before it is counted
    swept_at          up to here the sweep has looked
    limit_revision    of the one due row of the unit
    calendar_version  with which the next look was computed
    """

    __tablename__ = "check_watch"

    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False
    )
    rule: Mapped[str]
    begun_at: Mapped[datetime]
    swept_at: Mapped[datetime]
    limit_revision: Mapped[int] = mapped_column(sa.Integer)
    calendar_version: Mapped[str]


class Visit(Base):
    """The last visit of a person to the lists, to the minute.

    counted_at and visits as in ``deadlines.checkins.Visited``
    """

    __tablename__ = "visit"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    counted_at: Mapped[datetime]
    visits: Mapped[int] = mapped_column(sa.Integer)


class MissedCheck(Base):
    """未按时查收: no visit, or too few, from ``opens_at`` to ``closes_at``. Never changed.

    rule  in words, as it held then; ``at``: when it was recorded
    """

    __tablename__ = "missed_check"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "closes_at"),
        sa.Index("ix_missed_check_unit", "unit_id", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    rule: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    at: Mapped[datetime]


append_only(MissedCheck.__table__)
