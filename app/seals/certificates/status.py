"""What the table says of a serial number, now or at a given time (SIG-18)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.seals.authority.answers import Standing
from app.seals.models import Certificate, CertificateChange

WORDS = {
    "valid": "有效",
    "suspended": "冻结",
    "revoked": "已撤销",
    "expired": "已过期",
    "not_yet_valid": "尚未生效",
}


@dataclass(frozen=True)
class Status:
    """state of ``WORDS`` at the time asked for; ``since`` when it is suspended or revoked."""

    state: str
    since: datetime | None = None
    revocation: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.state]


def now(row: Certificate, at: datetime) -> Status:
    """State of a certificate at this moment; a revoked one stays revoked when it has expired."""
    if row.state != "valid":
        return Status(row.state, row.revoked_at, row.revocation)
    return Status(_by_period(row, at))


def then(session: Session, row: Certificate, at: datetime) -> Status:
    """State as it was at a time gone by, out of the history."""
    query = (
        sa.select(CertificateChange)
        .where(
            CertificateChange.certificate_id == row.id,
            CertificateChange.verb.in_(("suspend", "resume", "revoke")),
            CertificateChange.at <= at,
        )
        .order_by(CertificateChange.at, CertificateChange.id)
    )
    state, since, revocation = "valid", None, ""
    for each in session.scalars(query):
        if each.verb == "resume":
            state, since, revocation = "valid", None, ""
            continue
        state = "suspended" if each.verb == "suspend" else "revoked"
        since = since or each.at
        revocation = each.details.get("revocation", "certificateHold")
    if state != "valid":
        return Status(state, since, revocation)
    return Status(_by_period(row, at))


def standing(session: Session, issuer_id: int, serial: str) -> Standing | None:
    """For answers on status (OCSP): what is known of a serial of this issuer; None: nothing."""
    query = sa.select(Certificate.revoked_at, Certificate.revocation).where(
        Certificate.issuer_id == issuer_id, Certificate.serial == serial
    )
    found = session.execute(query).first()
    if found is None:
        return None
    return Standing(found.revoked_at, found.revocation or "unspecified")


def _by_period(row: Certificate, at: datetime) -> str:
    if at >= row.not_after:
        return "expired"
    return "valid" if at >= row.not_before else "not_yet_valid"
