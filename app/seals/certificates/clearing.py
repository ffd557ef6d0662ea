"""清理过期档案: what has been kept long enough goes, on record; the database refuses the rest."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.seals.certificates.models import Application, CarrierReturn
from app.seals.models import Certificate, CertificateChange, Key, Signature

BATCH = 100
_CLEARED = ("person", "seal", "timestamp", "status", "transport")


def clearable(session: Session, at: datetime) -> Sequence[Certificate]:
    """Certificates past their time that no signed paper rests on, the oldest first (SIG-22).

    Those of roots and issuing authorities stay, and so do those with a successor that stays:
    the history of a holder is not torn in the middle.
    """
    newer = sa.orm.aliased(Certificate)
    query = (
        sa.select(Certificate)
        .where(
            Certificate.role.in_(_CLEARED),
            Certificate.keep_until <= at,
            ~sa.exists().where(Signature.certificate_id == Certificate.id),
            ~sa.exists().where(newer.replaces_id == Certificate.id, newer.keep_until > at),
        )
        .order_by(Certificate.id)
        .limit(BATCH)
    )
    return session.scalars(query).all()


def clear(session: Session, by: audit.Signature, at: datetime, reason: str) -> list[str]:
    """Delete a batch of them with all that belongs to them; their serials."""
    found = clearable(session, at)
    if not found:
        return []
    ids = [each.id for each in found]
    serials = [each.serial for each in found]
    keys = [each.key_id for each in found if each.key_id]
    about = sa.or_(Application.certificate_id.in_(ids), Application.result_id.in_(ids))
    _unlink(session, ids)
    for statement in (
        sa.delete(Application).where(about),
        sa.delete(CarrierReturn).where(CarrierReturn.certificate_id.in_(ids)),
        sa.delete(CertificateChange).where(CertificateChange.certificate_id.in_(ids)),
        sa.delete(Certificate).where(Certificate.id.in_(ids)),
        sa.delete(Key).where(Key.id.in_(keys), ~_used()),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()
    audit.record(
        session,
        "certificate.records_cleared",
        by,
        at=at,
        reason=reason,
        detail={"serials": serials},
    )
    return serials


def _unlink(session: Session, ids: list[int]) -> None:
    """Successors that go too, or whose keeping is over, name them no longer."""
    session.execute(
        sa.update(Certificate)
        .where(Certificate.replaces_id.in_(ids))
        .values(replaces_id=None)
        .execution_options(synchronize_session=False)
    )


def _used() -> sa.ColumnElement[bool]:
    certified = sa.exists().where(Certificate.key_id == Key.id)
    return sa.or_(certified, sa.exists().where(Application.key_id == Key.id))
