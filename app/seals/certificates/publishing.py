"""Revocation lists and answers on status, out of the table: acts of the authority's process."""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.seals.authority import answers, lists
from app.seals.authority.issuing import Issuer
from app.seals.certificates import office as at_hand
from app.seals.certificates import status
from app.seals.certificates.office import Office
from app.seals.models import Certificate, RevocationList

DAILY = timedelta(hours=20)
"""A list older than this is made anew though nothing has changed: at least daily."""


def renew_lists(session: Session, office: Office, at: datetime) -> list[RevocationList]:
    """New lists of the issuing authorities whose list says too little or is a day old."""
    made = []
    for row, issuer in office.issuers(session, at):
        wanted, last = _entries(session, row.id), newest(session, row.id)
        fresh = last is not None and at - last.this_update < DAILY
        if not (fresh and last and _said(last.der) == _as_said(wanted)):
            made.append(publish(session, row, issuer, wanted, at, lists.LIFE))
    return made


def publish(
    session: Session,
    row: Certificate,
    issuer: Issuer,
    entries: list[lists.Revoked],
    at: datetime,
    life: timedelta,
) -> RevocationList:
    """Sign and keep the next list of this issuer."""
    last = newest(session, row.id)
    number = last.number + 1 if last else 1
    der = lists.revocation_list(issuer, number, entries, at=at, life=life)
    this = at.replace(microsecond=0)
    made = RevocationList(
        issuer_id=row.id, number=number, this_update=this, next_update=this + life, der=der
    )
    session.add(made)
    session.flush()
    return made


def publish_root_list(
    session: Session, row: Certificate, root: Issuer, at: datetime
) -> RevocationList:
    """The root's list, once a year and when an issuing authority is revoked: by two people."""
    return publish(session, row, root, _entries(session, row.id), at, lists.ROOT_LIFE)


def newest(session: Session, issuer_id: int) -> RevocationList | None:
    query = (
        sa.select(RevocationList)
        .where(RevocationList.issuer_id == issuer_id)
        .order_by(RevocationList.number.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def answer(session: Session, office: Office, request: bytes, at: datetime) -> bytes:
    """OCSP answer (DER) to a request (DER) from anybody. Raises NoAuthority."""
    for issuer in at_hand.issuing_rows(session, at):
        row, reference = at_hand.service_row(session, "status", at, issuer.id)
        key = office.keys.open(reference).private
        responder = answers.Responder.of(key, row.der, issuer.der)
        standing = partial(status.standing, session, issuer.id)
        answered = answers.answer(request, responder, standing, at=at)
        if not answers.unauthorized(answered):
            break
    return answered


def _entries(session: Session, issuer_id: int) -> list[lists.Revoked]:
    query = sa.select(Certificate.serial, Certificate.revoked_at, Certificate.revocation).where(
        Certificate.issuer_id == issuer_id, Certificate.revoked_at.is_not(None)
    )
    return [
        lists.Revoked(serial, at, reason or "unspecified")
        for serial, at, reason in session.execute(query)
        if at is not None
    ]


def _said(der: bytes) -> set[tuple[int, datetime, str]]:
    return {
        (entry.serial_number, entry.revocation_date_utc, _reason(entry))
        for entry in x509.load_der_x509_crl(der)
    }


def _reason(entry: x509.RevokedCertificate) -> str:
    for extension in entry.extensions:
        if isinstance(extension.value, x509.CRLReason):
            return extension.value.reason.value
    return "unspecified"


def _as_said(entries: list[lists.Revoked]) -> set[tuple[int, datetime, str]]:
    return {(int(each.serial, 16), each.at.replace(microsecond=0), each.reason) for each in entries}
