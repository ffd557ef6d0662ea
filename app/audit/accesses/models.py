"""The table of 查阅记录. Its rows wait for no lock of the chain; ``sealing`` binds them to it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base

KINDS = {"read": "查看", "download": "下载", "print": "打印件", "export": "导出"}


class Access(Base):
    """One look (REC-01): who, when, from which device, at what, and what of it.

    subject, number  what it is about, such as ("document", 7); a page about no single thing has
                     the name of its room and no number
    what             endpoint of the page or operation
    part             what of it: the attachment, the version, the words that were searched for
    address, device  network address, and what the program called itself
    by_program       with a personal token, not in a browser session
    """

    __tablename__ = "access_entry"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        sa.Index("ix_access_entry_person", "person_id", "at"),
        sa.Index("ix_access_entry_subject", "subject", "number", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int]
    login: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    number: Mapped[int | None]
    what: Mapped[str]
    part: Mapped[str]
    address: Mapped[str]
    device: Mapped[str]
    by_program: Mapped[bool]


append_only(Access.__table__)
