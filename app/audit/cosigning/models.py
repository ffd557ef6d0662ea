"""Tables of witnesses: who cosigns for us, what they cosigned, and whose logs we cosign."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base

FAULTS = {
    "": "",
    "unreachable": "联系不上",
    "busy": "要求稍后再送",
    "unknown_log": "没有登记本系统的日志公钥",
    "not_signed": "不认本系统的签名公钥",
    "refused": "没有接受送交的格式",
    "bad_answer": "答复的副署不成立",
    "disagrees": "不认可本系统的记录",
}
"""Why a witness has not cosigned the newest checkpoint, in the words of the page."""


class Witness(Base):
    """见证方: another system that cosigns our checkpoints; the row stays when it is ended.

    address     submission prefix, to which ``/add-checkpoint`` is added
    name        as it stands in its signature lines
    public_key  raw Ed25519 key in hexadecimal, pinned by an administrator
    size        what it has accepted, as far as we know; 0: nothing
    fault       of the last try; see FAULTS
    retry_at    not before this time; attempts: how often in a row it went wrong
    """

    __tablename__ = "audit_witness"
    __table_args__ = (
        sa.UniqueConstraint("name", "public_key"),
        sa.CheckConstraint(f"fault IN {tuple(FAULTS)}", "fault"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    name: Mapped[str]
    public_key: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(default="")
    fault_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    retry_at: Mapped[datetime]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Cosignature(Base):
    """副署: what a witness answered. It is over ``text``, the body of the checkpoint sent to it.

    signature  the line as it came; ``note_signature``: ours, below the same body
    at         when we had the answer; ``cosigned_at``: when the witness says it signed
    """

    __tablename__ = "audit_cosignature"
    __table_args__ = (sa.UniqueConstraint("witness_id", "size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    witness_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_witness.id"))
    size: Mapped[int]
    text: Mapped[str]
    note_signature: Mapped[str]
    signature: Mapped[str]
    cosigned_at: Mapped[datetime]
    at: Mapped[datetime]


class WitnessedLog(Base):
    """The record of another system, whose checkpoints are cosigned here; its key is pinned.

    size, root  of the last checkpoint that was cosigned, ``note`` the whole of it
    refused     a size and the other roots that were offered for it, so that each is told once
    """

    __tablename__ = "witnessed_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)
    root: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    cosigned_at: Mapped[datetime | None]
    refused: Mapped[str] = mapped_column(default="")
    refused_at: Mapped[datetime | None]
    trusted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


append_only(Cosignature.__table__)
