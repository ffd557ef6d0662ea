"""What the authority's process has at hand: its keys, and the address that certificates name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.seals.authority.issuing import Issuer
from app.seals.keys import SoftwareKeys
from app.seals.models import Certificate, Key


class NoAuthority(Conflict):
    """The authority has not been founded, or its certificate has run out or was revoked."""

    code = "no_authority"

    def __init__(self) -> None:
        super().__init__(
            "证书签发机构尚未建立，或者它的证书已经失效。请系统管理员运行 gongwen authority found。"
        )


@dataclass(frozen=True)
class Office:
    """keys: of the authority alone; base: public address of the office, no slash at its end."""

    keys: SoftwareKeys
    base: str

    def issuer(self, session: Session, at: datetime) -> tuple[Certificate, Issuer]:
        """The issuing authority's row, and its key with the certificate. Raises NoAuthority."""
        return self.issuers(session, at)[0]

    def issuers(self, session: Session, at: datetime) -> list[tuple[Certificate, Issuer]]:
        """All in force, the newest first: the older ones still answer for what they issued."""
        return [
            (row, Issuer.of(self.keys.open(reference).private, row.der))
            for row, reference in _in_force(session, "issuing", at)
        ]


def issuing_rows(session: Session, at: datetime) -> list[Certificate]:
    """Certificates of the issuing authorities in force, the newest first. Raises NoAuthority."""
    return [row for row, _ in _in_force(session, "issuing", at)]


def service_row(
    session: Session, role: str, at: datetime, issuer_id: int | None = None
) -> tuple[Certificate, str]:
    """Certificate and key reference of role ``timestamp`` or ``status``. Raises NoAuthority."""
    return _in_force(session, role, at, issuer_id)[0]


def _in_force(
    session: Session, role: str, at: datetime, issuer_id: int | None = None
) -> Sequence[tuple[Certificate, str]]:
    query = (
        sa.select(Certificate, Key.reference)
        .join(Key, Key.id == Certificate.key_id)
        .where(
            Certificate.role == role,
            Certificate.issuer_id.is_not(None),
            Certificate.state == "valid",
            Certificate.not_before <= at,
            Certificate.not_after > at,
            Key.destroyed_at.is_(None),
            Certificate.issuer_id == issuer_id if issuer_id else sa.true(),
        )
        .order_by(Certificate.id.desc())
    )
    found = [(row[0], row[1]) for row in session.execute(query)]
    if not found:
        raise NoAuthority
    return found
