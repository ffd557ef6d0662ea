"""Tables of applications for certificates, of carriers to be returned, and of what units choose."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.organization.choices import UnitChoice
from app.seals.certificates.causes import VERBS

APPLICATION_STATES = {
    "asked": "待审核",
    "reviewed": "待签发",
    "granted": "签发中",
    "done": "已办结",
    "refused": "未通过",
}


class Application(Base):
    """证书申请, refused ones too: who asked, who checked, who granted, and what came of it.

    purpose        ``sign`` or ``login`` for a person, ``seal`` for a seal (SIG-36)
    certificate_id the one it is about; None where the first is applied for
    cause          of ``causes.CAUSES``, "" for verbs that need none
    evidence       name and SHA-256 of each proof (SIG-24)
    form           SHA-256 of the form with the unit's seal on it (SIG-34)
    key_id         the key that the signer has made for it
    result_id      the certificate that was issued on it
    """

    __tablename__ = "certificate_application"
    __table_args__ = (
        sa.CheckConstraint(f"verb IN {tuple(VERBS)}", "verb"),
        sa.CheckConstraint(f"state IN {tuple(APPLICATION_STATES)}", "state"),
        sa.CheckConstraint("purpose IN ('sign', 'login', 'seal')", "purpose"),
        sa.CheckConstraint("(person_id IS NULL) <> (seal_id IS NULL)", "holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str]
    purpose: Mapped[str]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    seal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seal.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    cause: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    form: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="asked", index=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(default="")
    key_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signing_key.id"))
    result_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), index=True)


class CarrierReturn(Base):
    """载体交回: open until somebody of the office has confirmed it (SIG-15, SIG-38, SIG-40)."""

    __tablename__ = "carrier_return"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), primary_key=True)
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")


class CertificatePolicy(UnitChoice, Base):
    """What units choose about certificates; keys and texts are in ``policy``."""

    __tablename__ = "certificate_policy"
