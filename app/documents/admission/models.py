"""The table of what units have chosen about their attachments."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

IN_FORCE = sa.text("superseded_at IS NULL")


class AttachmentPolicy(Base):
    """Which types and sizes a unit and those below it take (附件规则).

    own            texts by key, ``types`` and ``megabytes``, only of what the unit has chosen
    reason         why, and ``source`` the document that it rests on
    superseded_at  when the next choice took its place; rows are never erased
    """

    __tablename__ = "attachment_policy"
    __table_args__ = (
        sa.Index(
            "uq_attachment_policy",
            "unit_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        sa.Index("ix_attachment_policy_unit_id", "unit_id", "entered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    own: Mapped[dict[str, Any]]
    reason: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
