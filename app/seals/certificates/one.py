"""One certificate as its page shows it: what is in it, what became of it, what it was used on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.organization import Actor, Person, roles
from app.seals.authority.lists import REASONS
from app.seals.certificates import causes, queries, rights, status
from app.seals.certificates.models import CarrierReturn
from app.seals.models import CERTIFICATE_VERBS, Certificate, CertificateChange, Signature

MOST_USES = 200


@dataclass(frozen=True)
class Change:
    """One verb of the history with who asked and who checked."""

    words: str
    reason: str
    cause: str
    asked_by: str | None
    checked_by: str | None
    at: datetime


@dataclass(frozen=True)
class Use:
    """A signature that rests on the certificate: what has to be looked at when its key leaked."""

    document_id: int
    number: str
    kind: str
    person: str
    stamped_at: datetime


@dataclass(frozen=True)
class Page:
    """verbs: of ``holding`` that this person may do now, as far as can be said beforehand."""

    row: queries.Row
    subject: str
    issuer: str
    purposes: str
    sha256: str
    history: Sequence[Change]
    returned: CarrierReturn | None
    verbs: Sequence[str]


def page(session: Session, actor: Actor, certificate_id: int, at: datetime) -> Page:
    """Raises NoSuchCertificate."""
    row = queries.row(session, actor, certificate_id, at)
    certificate = session.get_one(Certificate, certificate_id)
    above = session.get(Certificate, certificate.issuer_id) if certificate.issuer_id else None
    returned = session.get(CarrierReturn, certificate_id)
    return Page(
        row=row,
        subject=certificate.subject,
        issuer=above.subject if above else "外部机构",
        purposes=queries.purposes_of(certificate),
        sha256=certificate.sha256,
        history=history(session, certificate_id),
        returned=returned,
        verbs=_verbs(session, actor, certificate, returned, at),
    )


def history(session: Session, certificate_id: int) -> list[Change]:
    """Every verb, the newest first (SIG-17)."""
    asked, checked = sa.orm.aliased(Person), sa.orm.aliased(Person)
    query = (
        sa.select(CertificateChange, asked.name.label("asked"), checked.name.label("checked"))
        .outerjoin(asked, asked.id == CertificateChange.asked_by_id)
        .outerjoin(checked, checked.id == CertificateChange.checked_by_id)
        .where(CertificateChange.certificate_id == certificate_id)
        .order_by(CertificateChange.id.desc())
    )
    return [
        Change(
            words=CERTIFICATE_VERBS[row.CertificateChange.verb],
            reason=row.CertificateChange.reason,
            cause=_cause(row.CertificateChange),
            asked_by=row.asked,
            checked_by=row.checked,
            at=row.CertificateChange.at,
        )
        for row in session.execute(query)
    ]


def uses(session: Session, certificate_id: int, since: datetime | None = None) -> list[Use]:
    """Signatures made with it, the newest first; ``since`` when its key may have leaked."""
    query = (
        sa.select(
            Signature.document_id,
            sa.func.coalesce(Document.number, "未编号").label("number"),
            Signature.kind,
            Person.name,
            Signature.stamped_at,
        )
        .join(Document, Document.id == Signature.document_id)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.certificate_id == certificate_id)
        .order_by(Signature.id.desc())
        .limit(MOST_USES)
    )
    if since:
        query = query.where(Signature.stamped_at >= since)
    return [Use(*row) for row in session.execute(query)]


def state_at(session: Session, certificate_id: int, at: datetime) -> status.Status:
    return status.then(session, session.get_one(Certificate, certificate_id), at)


def _verbs(
    session: Session,
    actor: Actor,
    certificate: Certificate,
    returned: CarrierReturn | None,
    at: datetime,
) -> list[str]:
    holds = rights.is_holder(session, actor, certificate.person_id, certificate.seal_id)
    serves = certificate.unit_id in rights.units_served(session, actor)
    issues = certificate.unit_id in rights.units_served(session, actor, roles.CERTIFICATE_ISSUER)
    alive = certificate.state == "valid" and certificate.not_after > at
    possible = {
        "accept": holds and alive and certificate.accepted_at is None,
        "suspend": (holds or serves) and alive,
        "resume": serves and not holds and certificate.state == "suspended",
        "revoke": issues and certificate.state == "suspended",
        "return": serves and returned is not None and returned.confirmed_at is None,
    }
    return [verb for verb, yes in possible.items() if yes]


def _cause(change: CertificateChange) -> str:
    code = change.details.get("cause") or ""
    for known in causes.CAUSES.values():
        if code in known:
            return known[code]
    return REASONS.get(change.details.get("revocation", ""), "")
