"""What the last check of each case found; the next check makes it anew from the record."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base


class ConformanceCheck(Base):
    """One case as it was last checked.

    entries  how long the record was then, in entries: what came after was not looked at
    wrong    how many of its ``deviations`` no act of the system explains
    """

    __tablename__ = "conformance_check"

    case_id: Mapped[int] = mapped_column(
        sa.ForeignKey("handling_case.id"), primary_key=True, autoincrement=False
    )
    entries: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    deviations: Mapped[int] = mapped_column(sa.Integer)
    wrong: Mapped[int] = mapped_column(sa.Integer)


class ConformanceDeviation(Base):
    """One deviation that the check found; fields as :class:`kinds.Deviation`."""

    __tablename__ = "conformance_deviation"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    kind: Mapped[str]
    wrong: Mapped[bool]
    seq: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(index=True)
    step: Mapped[str]
    step_name: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str]
    authority: Mapped[str]
    said: Mapped[str]


cleared(ConformanceCheck.__table__, ConformanceDeviation.__table__)
