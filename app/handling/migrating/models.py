"""Plans to move cases to another version of their process, and what became of each case."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

STATES = {
    "proposed": "待确认",
    "done": "已迁移",
    "refused": "未同意",
    "withdrawn": "已撤回",
    "undone": "已撤销迁移",
}
CASE_STATES = {
    "planned": "待迁移",
    "moved": "已迁移",
    "refused": "没有迁移",
    "undone": "已恢复原版本",
    "dropped": "方案未执行",
}


class Migration(Base):
    """One plan of one process administrator; another one confirms it as a whole.

    clause       the rule or instruction that it rests on
    with_limits  limits of open stays are counted again where the versions differ
    decided_by_id  who agreed or did not; of one that was taken back, the proposer
    """

    __tablename__ = "migration"
    __table_args__ = (sa.CheckConstraint(f"state IN {tuple(STATES)}", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    process_id: Mapped[str]
    to_sha256: Mapped[str] = mapped_column(sa.ForeignKey("definition.sha256"))
    with_limits: Mapped[bool]
    reason: Mapped[str]
    clause: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str | None]


class MigrationCase(Base):
    """One case of a plan.

    revision  of the engine's row and
    stays     (id, revision) of the open stays when the case was planned; after it was moved, then
    foreseen  what the plan says of it, in sentences
    why       why it was not moved, or not moved back
    kept      what is needed to move it back: the state row, tokens, limits
    """

    __tablename__ = "migration_case"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(CASE_STATES)}", "state"),
        sa.Index(
            "uq_migration_case_planned",
            "case_id",
            unique=True,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        ),
    )

    migration_id: Mapped[int] = mapped_column(sa.ForeignKey("migration.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(
        sa.ForeignKey("handling_case.id"), primary_key=True, index=True
    )
    from_sha256: Mapped[str] = mapped_column(sa.ForeignKey("definition.sha256"))
    from_version: Mapped[int] = mapped_column(sa.Integer)
    revision: Mapped[int] = mapped_column(sa.Integer)
    stays: Mapped[list[list[int]]] = mapped_column(sa.JSON)
    foreseen: Mapped[list[str]] = mapped_column(sa.JSON)
    state: Mapped[str] = mapped_column(default="planned")
    why: Mapped[str] = mapped_column(default="")
    kept: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
