"""Who cosigns for us and whose logs we cosign: set by administrators, with every key on record."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.cosigning import transport
from app.audit.cosigning.errors import KeyPinned, NoKey, NoSuchLog, NoSuchWitness
from app.audit.cosigning.models import Witness, WitnessedLog
from app.audit.cosigning.notes import LOG, WITNESS, NoNote, VerifierKey
from app.audit.operations import Signature, record


def add_witness(
    session: Session, by: Signature, at: datetime, *, address: str, key: str, demo: bool
) -> Witness:
    """Send checkpoints to this witness from now on; known already: to this address.

    Raises NoKey, BadAddress.
    """
    found = _key(key, WITNESS, "见证方")
    transport.place(address, demo=demo)
    public = found.public.hex()
    row = session.scalar(sa.select(Witness).filter_by(name=found.name, public_key=public))
    if row is None:
        row = Witness(name=found.name, public_key=public, size=0, fault="", attempts=0)
        session.add(row)
        row.added_at = at
    row.address, row.retry_at, row.ended_at = address.rstrip("/"), at, None
    session.flush()
    detail = {"name": row.name, "address": row.address, "key": str(found)}
    record(session, "witness.added", by, at=at, subject=("audit_witness", row.id), detail=detail)
    return row


def end_witness(session: Session, by: Signature, at: datetime, name: str) -> None:
    """Send it nothing more; what it has cosigned is kept and verified. Raises NoSuchWitness."""
    rows = session.scalars(sa.select(Witness).filter_by(name=name, ended_at=None)).all()
    if not rows:
        raise NoSuchWitness(name)
    for row in rows:
        row.ended_at = at
        detail = {"name": row.name, "address": row.address}
        about = ("audit_witness", row.id)
        record(session, "witness.ended", by, at=at, subject=about, detail=detail)


def trust_log(session: Session, by: Signature, at: datetime, key: str) -> WitnessedLog:
    """Cosign the checkpoints of this log from now on, where it ended. Raises NoKey, KeyPinned."""
    found = _key(key, LOG, "日志")
    row = session.scalar(sa.select(WitnessedLog).filter_by(origin=found.name).with_for_update())
    if row is not None and row.public_key != found.public.hex():
        raise KeyPinned(found.name)
    if row is None:
        row = WitnessedLog(origin=found.name, public_key=found.public.hex(), size=0, root="")
        row.note = row.refused = ""
        row.trusted_at = at
        session.add(row)
    row.ended_at = None
    session.flush()
    detail = {"log": row.origin, "key": str(found)}
    about = ("witnessed_log", row.id)
    record(session, "witness.log_trusted", by, at=at, subject=about, detail=detail)
    return row


def end_log(session: Session, by: Signature, at: datetime, origin: str) -> None:
    """Cosign nothing of this log any more; where it ended is kept. Raises NoSuchLog."""
    row = session.scalar(
        sa.select(WitnessedLog).filter_by(origin=origin, ended_at=None).with_for_update()
    )
    if row is None:
        raise NoSuchLog(origin)
    row.ended_at = at
    detail = {"log": row.origin, "size": row.size, "root": row.root}
    about = ("witnessed_log", row.id)
    record(session, "witness.log_ended", by, at=at, subject=about, detail=detail)


def last_note(session: Session, origin: str) -> str:
    """The last checkpoint of a log with our cosignature, to be handed out. Raises NoSuchLog."""
    row = session.scalar(sa.select(WitnessedLog).filter_by(origin=origin))
    if row is None or not row.note:
        raise NoSuchLog(origin)
    return row.note


def _key(text: str, kind: int, of: str) -> VerifierKey:
    try:
        found = VerifierKey.read(text)
    except NoNote:
        raise NoKey(of) from None
    if found.kind != kind:
        raise NoKey(of)
    return found
