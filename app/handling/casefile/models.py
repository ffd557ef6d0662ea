"""The table of case files that were asked for."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

STATES = {"waiting": "正在制作", "made": "可以下载", "failed": "没有制成"}
WAITING = sa.text("state = 'waiting'")


class CaseFile(Base):
    """卷宗包 of a case, asked for on a page and made by who holds the key: the scheduler.

    sha256  of the archive, which lies in the store under it; None until it is made
    size    bytes of it; ``entries``: size of the checkpoint it goes up to
    reason  why it could not be made
    """

    __tablename__ = "case_file"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        sa.Index(
            "uq_case_file_waiting",
            "case_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    made_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(sa.Integer)
    entries: Mapped[int | None] = mapped_column(sa.Integer)
    reason: Mapped[str] = mapped_column(default="")
