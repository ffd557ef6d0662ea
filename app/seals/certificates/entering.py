"""Entering certificates and what happens to them: rows of the table and of its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy.orm import Session

from app import audit
from app.seals.authority import issuing, profiles
from app.seals.certificates import policy
from app.seals.certificates.models import CarrierReturn
from app.seals.digests import digests
from app.seals.models import Certificate, CertificateChange


@dataclass(frozen=True)
class People:
    """Who asked for a verb and who checked it; the case it belongs to, if any."""

    asked_by_id: int | None = None
    checked_by_id: int | None = None
    case_id: int | None = None


def enter(
    session: Session,
    der: bytes,
    role: str,
    at: datetime,
    *,
    issuer_id: int | None = None,
    key_id: int | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    seal_id: int | None = None,
    replaces_id: int | None = None,
) -> Certificate:
    """A new row, kept from deletion as long as its unit's kind demands (SIG-22)."""
    found = x509.load_der_x509_certificate(der)
    both = digests(der)
    kind = policy.in_force(session, unit_id)["kind"]
    certificate = Certificate(
        role=role,
        issuer_id=issuer_id,
        key_id=key_id,
        unit_id=unit_id,
        person_id=person_id,
        seal_id=seal_id,
        subject=found.subject.rfc4514_string({NameOID.SERIAL_NUMBER: "serialNumber"}),
        serial=issuing.serial(der),
        der=der,
        sha256=both.sha256,
        sm3=both.sm3,
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        state="valid",
        replaces_id=replaces_id,
        issued_at=at,
        keep_until=policy.keep_until(kind, found.not_valid_after_utc),
    )
    session.add(certificate)
    session.flush()
    return certificate


def change(
    session: Session,
    certificate: Certificate,
    verb: str,
    by: audit.Signature,
    at: datetime,
    *,
    reason: str,
    people: People | None = None,
    **details: Any,
) -> None:
    """One verb: a row of the history and an entry of the record."""
    people = people or People(asked_by_id=by.person_id)
    details = {"rules": profiles.RULES, **details}
    session.add(
        CertificateChange(
            certificate_id=certificate.id,
            verb=verb,
            reason=reason,
            details=details,
            case_id=people.case_id,
            asked_by_id=people.asked_by_id,
            checked_by_id=people.checked_by_id,
            at=at,
        )
    )
    audit.record(
        session,
        f"certificate.{verb}",
        by,
        at=at,
        subject=("certificate", certificate.id),
        case_id=people.case_id,
        reason=reason or None,
        detail={"serial": certificate.serial, **details},
    )


def end(
    session: Session,
    certificate: Certificate,
    by: audit.Signature,
    at: datetime,
    *,
    revocation: str,
    reason: str,
    people: People | None = None,
    **details: Any,
) -> None:
    """Revoke for good. One that was suspended stays invalid from the suspension on."""
    certificate.revoked_at = certificate.revoked_at or at
    certificate.state, certificate.revocation = "revoked", revocation
    ended = max(certificate.not_after, certificate.revoked_at)
    kind = policy.in_force(session, certificate.unit_id)["kind"]
    certificate.keep_until = max(certificate.keep_until, policy.keep_until(kind, ended))
    change(
        session,
        certificate,
        "revoke",
        by,
        at,
        reason=reason,
        people=people,
        revocation=revocation,
        **details,
    )


def want_back(session: Session, certificate: Certificate, reason: str, at: datetime) -> None:
    """Open the return of the carrier, once (SIG-15, SIG-38, SIG-40)."""
    if session.get(CarrierReturn, certificate.id) is None:
        session.add(CarrierReturn(certificate_id=certificate.id, reason=reason, opened_at=at))
        session.flush()
