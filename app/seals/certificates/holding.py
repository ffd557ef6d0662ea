"""What holder and office do with a certificate at once: accept, freeze, release, revoke, return."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid, NotAllowed
from app.organization import Actor, roles
from app.seals.authority.lists import HOLD
from app.seals.certificates import causes, rights
from app.seals.certificates.entering import People, change, end, want_back
from app.seals.certificates.errors import NoSuchCertificate, WrongCertificateState
from app.seals.certificates.models import CarrierReturn
from app.seals.models import Certificate, CertificateChange

AGREEMENT = "1"
"""Version of the service agreement (docs/certificates.md) that holders accept (SIG-43)."""


def accept(session: Session, actor: Actor, certificate_id: int, at: datetime) -> Certificate:
    """签收, with the present version of the service agreement; before it nothing is signed."""
    certificate = locked(session, certificate_id)
    if not rights.is_holder(session, actor, certificate.person_id, certificate.seal_id):
        raise NotAllowed("证书由持有人本人签收，印章证书由印章保管人签收。")
    if certificate.accepted_at is not None:
        raise WrongCertificateState("证书已经签收。")
    _ensure_in_use(certificate, at)
    certificate.accepted_at = at
    change(session, certificate, "accept", actor.signature(), at, reason="", agreement=AGREEMENT)
    return certificate


def suspend(
    session: Session, actor: Actor, certificate_id: int, at: datetime, reason: str
) -> Certificate:
    """冻结 (挂失) by holder or office: nothing is signed from this moment on (SIG-23)."""
    certificate = locked(session, certificate_id)
    by = rights.holder_or_office(session, actor, certificate)
    freeze(session, certificate, by, at, _reason(reason, "冻结的原因，例如载体丢失"))
    return certificate


def freeze(
    session: Session, certificate: Certificate, by: audit.Signature, at: datetime, reason: str
) -> None:
    """The same for a rule, which has no person to ask. The certificate is locked."""
    _ensure_in_use(certificate, at)
    certificate.state, certificate.revoked_at, certificate.revocation = "suspended", at, HOLD
    change(session, certificate, "suspend", by, at, reason=reason)


def resume(
    session: Session, actor: Actor, certificate_id: int, at: datetime, reason: str
) -> Certificate:
    """解冻 by a second person of the office, who has checked (SIG-17); only what is frozen."""
    certificate = locked(session, certificate_id)
    by = rights.signed(session, actor, certificate.unit_id)
    if certificate.state != "suspended":
        raise WrongCertificateState("只有冻结中的证书可以解冻，已撤销的不能恢复。")
    frozen_by = _frozen_by(session, certificate)
    rights.ensure_other(actor, frozen_by, certificate.person_id)
    if rights.is_holder(session, actor, certificate.person_id, certificate.seal_id):
        rights.ensure_other(actor, actor.person_id)
    if certificate.not_after <= at:
        raise WrongCertificateState("证书已过期，解冻也不能使用，请重新申请证书。")
    certificate.state, certificate.revoked_at, certificate.revocation = "valid", None, ""
    people = People(asked_by_id=frozen_by, checked_by_id=actor.person_id)
    reason = _reason(reason, "核实的情况")
    change(session, certificate, "resume", by, at, reason=reason, people=people)
    return certificate


def revoke(
    session: Session, actor: Actor, certificate_id: int, at: datetime, cause: str, reason: str
) -> Certificate:
    """撤销 what somebody else has frozen before, for one of six causes, for good (SIG-40).

    Without a freeze it is applied for: two people answer for it either way.
    """
    certificate = locked(session, certificate_id)
    by = rights.signed(session, actor, certificate.unit_id, roles.CERTIFICATE_ISSUER)
    if cause not in causes.REVOKE:
        raise Invalid.at("cause", "请从六种情形中选择撤销的原因（SIG-40）。")
    if certificate.state != "suspended":
        raise WrongCertificateState("请先由另一人冻结证书，或者走撤销申请。")
    frozen_by = _frozen_by(session, certificate)
    rights.ensure_other(actor, frozen_by)
    people = People(asked_by_id=frozen_by, checked_by_id=actor.person_id)
    reason = _reason(reason, "撤销的事由")
    revocation = causes.reason("revoke", cause)
    end(session, certificate, by, at, revocation=revocation, reason=reason, people=people,
        cause=cause)  # fmt: skip
    want_back(session, certificate, causes.REVOKE[cause], at)
    return certificate


def confirm_return(
    session: Session, actor: Actor, certificate_id: int, at: datetime, note: str
) -> CarrierReturn:
    """载体已交回: closes the return that was open since the certificate ended."""
    certificate = locked(session, certificate_id)
    by = rights.signed(session, actor, certificate.unit_id)
    found = session.get(CarrierReturn, certificate_id)
    if found is None or found.confirmed_at is not None:
        raise WrongCertificateState("这张证书没有待交回的载体。")
    found.confirmed_at, found.confirmed_by_id, found.note = at, actor.person_id, note.strip()
    audit.record(
        session,
        "certificate.carrier_returned",
        by,
        at=at,
        subject=("certificate", certificate.id),
        reason=note.strip() or None,
        detail={"serial": certificate.serial},
    )
    return found


def locked(session: Session, certificate_id: int) -> Certificate:
    found = session.get(
        Certificate, certificate_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None or found.role not in ("person", "seal"):
        raise NoSuchCertificate
    return found


def _ensure_in_use(certificate: Certificate, at: datetime) -> None:
    if certificate.state == "suspended":
        raise WrongCertificateState("证书已经冻结。")
    if certificate.state == "revoked":
        raise WrongCertificateState("证书已经撤销。")
    if certificate.not_after <= at:
        raise WrongCertificateState("证书已过期，请重新申请证书。")


def _frozen_by(session: Session, certificate: Certificate) -> int | None:
    query = (
        select(CertificateChange.asked_by_id)
        .where(
            CertificateChange.certificate_id == certificate.id,
            CertificateChange.verb == "suspend",
        )
        .order_by(CertificateChange.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def _reason(text: str, what: str) -> str:
    if not text.strip():
        raise Invalid.at("reason", f"请写明{what}。")
    return text.strip()
