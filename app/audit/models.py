"""Tables of the record. ``body`` is the evidence; the other columns are copies to search by."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base


class AuditEntry(Base):
    """One act. ``seq`` is gapless; ``hash`` is SHA-256 over 0x00 and the bytes of ``body``.

    The leading zero byte makes it a leaf hash of RFC 6962, so that a tree over the entries can be
    built later without touching them. ``sm3`` is a second digest of the same bytes.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_case", "case_id", "seq"),
        sa.Index("ix_audit_entry_document", "document_id", "seq"),
        sa.Index("ix_audit_entry_action", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str]
    hash: Mapped[str]
    sm3: Mapped[str]
    at: Mapped[datetime]
    action: Mapped[str]
    outcome: Mapped[str]
    actor_id: Mapped[int | None]
    case_id: Mapped[int | None]
    document_id: Mapped[int | None]


class AuditHead(Base):
    """End of the chain; its row lock is the last one taken before a commit."""

    __tablename__ = "audit_head"

    log: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


class AuditCheckpoint(Base):
    """检查点: the root of the tree over the first ``size`` entries, signed by the scheduler.

    edge        hexadecimal roots of the complete subtrees, from which the tree goes on growing
    public_key  raw Ed25519 key in hexadecimal; who trusts it has it from elsewhere
    """

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    edge: Mapped[list[str]] = mapped_column(sa.JSON)
    at: Mapped[datetime]
    public_key: Mapped[str]
    signature: Mapped[str]


append_only(AuditEntry.__table__)
append_only(AuditCheckpoint.__table__)
