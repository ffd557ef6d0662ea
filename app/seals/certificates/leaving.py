"""人员和单位变动: the change is opened by itself, and nothing more is signed meanwhile."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import Person, Unit
from app.seals.certificates.applying import OPEN, record
from app.seals.certificates.entering import want_back
from app.seals.certificates.holding import freeze
from app.seals.certificates.models import Application
from app.seals.models import Certificate, Seal

MOVED = audit.signed_by_rule("人员变动后办理证书变更（SIG-38）")
RENAMED = audit.signed_by_rule("单位更名、撤销后停用印章证书（SIG-15）")


def follow_people(session: Session, unit_id: int, at: datetime) -> None:
    """Whoever has left, or has moved to another unit: certificate frozen, change opened (SIG-38).

    Called whenever posts of the unit have changed (``organization.changes``).
    """
    query = (
        sa.select(Certificate, Person)
        .join(Person, Person.id == Certificate.person_id)
        .where(
            Certificate.unit_id == unit_id,
            Certificate.role == "person",
            Certificate.state != "revoked",
            Certificate.not_after > at,
            sa.or_(~Person.active, Person.unit_id != Certificate.unit_id),
        )
        .with_for_update(of=Certificate, key_share=True)
    )
    for certificate, person in session.execute(query).all():
        left = "离职" if not person.active else "调动"
        _open_change(session, certificate, MOVED, "transfer", f"{person.name}{left}", at)


def follow_unit(session: Session, unit_id: int, at: datetime, what: str) -> int:
    """A unit was renamed or abolished: the certificates of its seals are disabled at once.

    what  in words, such as ``单位更名``; returns how many there were
    """
    query = (
        sa.select(Certificate)
        .join(Seal, Seal.id == Certificate.seal_id)
        .where(Seal.unit_id == unit_id, Certificate.state != "revoked", Certificate.not_after > at)
        .with_for_update(of=Certificate, key_share=True)
    )
    found = session.scalars(query).all()
    name = session.get_one(Unit, unit_id).name
    for certificate in found:
        _open_change(session, certificate, RENAMED, "data", f"{name}：{what}", at)
    return len(found)


def _open_change(
    session: Session,
    certificate: Certificate,
    by: audit.Signature,
    cause: str,
    reason: str,
    at: datetime,
) -> None:
    """Freeze, want the carrier back, and lay the change before the office; once."""
    if certificate.state == "valid":
        freeze(session, certificate, by, at, reason)
    want_back(session, certificate, reason, at)
    already = sa.select(Application.id).where(
        Application.certificate_id == certificate.id, Application.state.in_(OPEN)
    )
    if session.scalar(already.limit(1)):
        return
    application = Application(
        verb="change",
        purpose="seal" if certificate.seal_id else "sign",
        unit_id=certificate.unit_id,
        person_id=certificate.person_id,
        seal_id=certificate.seal_id,
        certificate_id=certificate.id,
        cause=cause,
        reason=reason,
        form="",
        asked_at=at,
    )
    session.add(application)
    session.flush()
    record(session, "certificate.asked", by, application, at)
