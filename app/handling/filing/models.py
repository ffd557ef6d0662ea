"""Tables of filing and transfer: items, lists with their lines, and what counts up numbers."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base
from app.handling.filing import keeping

CLASSES = {"WS": "文书"}
"""门类 by its code in the 档号; official documents are all of one."""
RETENTIONS = {"permanent": "永久", "d30": "定期30年", "d10": "定期10年"}
STATES = {"proposed": "待接收", "accepted": "已接收", "returned": "已退回", "withdrawn": "已撤回"}
"""Of a list."""
RESULTS = {"waiting": "待接收", "accepted": "已接收", "returned": "已退回", "withdrawn": "已撤回"}
"""Of one line of a list."""


class ArchiveItem(Base):
    """档案件: one finished document as it was filed (ARC-12, ARC-15).

    department_id  形成部门: who answers for it until the archive accepts it (REC-07)
    title, number, kind, formed_on   as they were at filing; ``number`` is "" where it bears none
    year           归档年度, of the day on which it was formed (成文日期)
    proposed       the retention that the table proposes; ``reason``: why another one, "" if none
    reference      档号, given at the acceptance and never again; ``sequence`` is its 件号
    """

    __tablename__ = "archive_item"
    __table_args__ = (
        sa.CheckConstraint("class_code IN ('WS')", "class_code"),
        sa.CheckConstraint(f"retention IN {tuple(RETENTIONS)}", "retention"),
        sa.CheckConstraint("retention = proposed OR reason <> ''", "reason"),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (reference IS NULL)"
            " AND (accepted_at IS NULL) = (sequence IS NULL)"
            " AND (accepted_at IS NULL) = (accepted_by_id IS NULL)",
            "accepted",
        ),
        sa.UniqueConstraint("unit_id", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    title: Mapped[str]
    number: Mapped[str]
    kind: Mapped[str]
    formed_on: Mapped[date]
    class_code: Mapped[str]
    year: Mapped[int] = mapped_column(sa.Integer)
    proposed: Mapped[str]
    retention: Mapped[str]
    reason: Mapped[str]
    filed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    filed_at: Mapped[datetime]
    sequence: Mapped[int | None] = mapped_column(sa.Integer)
    reference: Mapped[str | None]
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]


class ArchiveTransfer(Base):
    """移交清单: what one department hands over to the archive of its unit (ARC-15).

    year, number  running in each year of the unit, without a gap
    state         accepted: with at least one line; returned: with none
    reason        why the whole list was returned, "" otherwise
    """

    __tablename__ = "archive_transfer"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", "decided"),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'returned') OR decided_by_id <> made_by_id", "two"
        ),
        sa.UniqueConstraint("unit_id", "year", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    year: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[int] = mapped_column(sa.Integer)
    note: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="proposed")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")

    @property
    def name(self) -> str:
        """``2026-3``."""
        return f"{self.year}-{self.number}"


class TransferLine(Base):
    """One item on a list; ``retention`` as the list named it, ``reason`` why it was returned."""

    __tablename__ = "archive_transfer_line"
    __table_args__ = (
        sa.CheckConstraint(f"result IN {tuple(RESULTS)}", "result"),
        sa.CheckConstraint("(result = 'returned') = (reason <> '')", "reason"),
        sa.Index(
            "uq_archive_transfer_line_item",
            "item_id",
            unique=True,
            sqlite_where=sa.text("result IN ('waiting', 'accepted')"),
            postgresql_where=sa.text("result IN ('waiting', 'accepted')"),
        ),
        sa.Index("ix_archive_transfer_line_item_id", "item_id", "transfer_id"),
    )

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("archive_transfer.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("archive_item.id"), primary_key=True)
    retention: Mapped[str]
    result: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")


class ArchiveSeries(Base):
    """What counts up 件号 of one group and numbers of lists; its row lock makes takers queue.

    name  a 档号 without its 件号, such as ``江水-WS·2026-Y-OFFICE``, or ``2026`` for lists
    last  the highest number given
    """

    __tablename__ = "archive_series"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(sa.Integer)


append_only(ArchiveItem.__table__, keeping.of_items, keeping.FIXED)
append_only(TransferLine.__table__, keeping.of_lines, keeping.LINE_FIXED)
