"""What is open to everybody: certificates of issuers and their newest lists, by key identifier."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.seals.authority.issuing import key_id
from app.seals.certificates.publishing import newest
from app.seals.models import Certificate


@dataclass(frozen=True)
class Published:
    """DER, since when it stands, and until when it is good."""

    der: bytes
    since: datetime
    until: datetime


def issuer(session: Session, identifier: str) -> Published:
    """Certificate of an authority of this office. Raises NotFound."""
    row = _row(session, identifier)
    return Published(row.der, row.issued_at, row.not_after)


def revocation_list(session: Session, identifier: str) -> Published:
    """The newest list of an authority. Raises NotFound."""
    found = newest(session, _row(session, identifier).id)
    if found is None:
        raise NotFound("没有这份撤销清单。")
    return Published(found.der, found.this_update, found.next_update)


def address_of(row: Certificate) -> str:
    """Name of an issuer in public addresses."""
    return _key_id(row.der)


def _row(session: Session, identifier: str) -> Certificate:
    query = sa.select(Certificate).where(
        Certificate.role.in_(("root", "issuing")), Certificate.unit_id.is_not(None)
    )
    for row in session.scalars(query):
        if _key_id(row.der) == identifier:
            return row
    raise NotFound("没有这个签发机构。")


@lru_cache(maxsize=64)
def _key_id(der: bytes) -> str:
    return key_id(x509.load_der_x509_certificate(der))
