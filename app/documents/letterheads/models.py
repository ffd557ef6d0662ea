"""Tables of the letterheads of units."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base


class Letterhead(Base):
    """A template by the name under which drafters know it; the name is never another's again."""

    __tablename__ = "letterhead"
    __table_args__ = (sa.UniqueConstraint("unit_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    name: Mapped[str]


class LetterheadVersion(Base):
    """One save of a template, or its withdrawal; the database refuses to change it.

    A document keeps the version of its sign-off, so what was offered then is history too.

    offered        whether drafters may pick it
    words          发文机关标志, as it is printed in red
    kinds          文种 for which it is offered; none: for all that have no template of their own
    signature      署名 under the text; printed_by the 印发机关 of the 版记
    seal_diameter  mm
    """

    __tablename__ = "letterhead_version"
    __table_args__ = (
        sa.UniqueConstraint("letterhead_id", "number"),
        sa.CheckConstraint("format IN ('文件', '信函', '命令', '纪要')", name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letterhead_id: Mapped[int] = mapped_column(sa.ForeignKey("letterhead.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    offered: Mapped[bool]
    description: Mapped[str]
    format: Mapped[str]
    words: Mapped[str]
    kinds: Mapped[list[str]]
    signature: Mapped[str]
    printed_by: Mapped[str]
    seal_diameter: Mapped[int] = mapped_column(sa.Integer)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    author_name: Mapped[str]
    at: Mapped[datetime]


append_only(LetterheadVersion.__table__)
