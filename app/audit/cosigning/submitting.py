"""送交见证: the scheduler sends the newest checkpoint to every witness, and keeps the answers.

Nothing is held while a witness is asked: what is sent is read in one transaction, the answer is
written in another. The newest checkpoint stands for all before it, so a witness that was away
gets one, not all that it missed; an answer that was lost is asked for again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import clock
from app.audit import proofs
from app.audit.cosigning import alarms, notes, transport
from app.audit.cosigning.models import Cosignature, Witness
from app.audit.cosigning.notes import WITNESS, NoNote, Note, Signature, TreeHead, VerifierKey
from app.audit.cosigning.transport import Place, Reply, Unreachable
from app.audit.models import AuditCheckpoint
from app.audit.operations import record, signed_by_rule
from app.database import insert_once, reading

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
BY = signed_by_rule("见证")
OF_STATUS = {403: "not_signed", 404: "unknown_log", 429: "busy", 503: "busy"}

Sessions = Callable[[], Session]
Post = Callable[[Place, str], Reply]
Errand = Callable[[Sessions, Callable[[], bool]], int]


@dataclass(frozen=True)
class Parcel:
    """What goes to one witness. ``proof`` leads from the first ``old`` entries to the note."""

    witness: int
    key: VerifierKey
    address: str
    note: Note
    old: int
    proof: tuple[bytes, ...]

    @property
    def body(self) -> str:
        return f"old {self.old}\n{notes.hash_lines(self.proof)}\n{notes.whole(self.note)}"

    @property
    def size(self) -> int:
        return self.note.head.size


def submitter(
    key: Ed25519PrivateKey, origin: str, *, demo: bool, post: Post = transport.post
) -> Errand:
    """An errand of the scheduler; how many cosignatures came.

    origin  the name of our log; ``key``: that of our checkpoints
    """

    def send_checkpoints(sessions: Sessions, stopping: Callable[[], bool]) -> int:
        came = 0
        for witness in _due(sessions):
            if stopping():
                break
            came += _send(sessions, witness, key, origin, demo=demo, post=post)
        return came

    return send_checkpoints


def _due(sessions: Sessions) -> list[int]:
    """Witnesses that have not cosigned the newest checkpoint, and may be asked again now."""
    with reading(), sessions() as session:
        newest = _newest(session)
        query = sa.select(Witness.id).where(
            Witness.ended_at.is_(None),
            Witness.retry_at <= clock.now(session),
            sa.or_(Witness.size != newest, Witness.fault != ""),
        )
        return list(session.scalars(query.order_by(Witness.id))) if newest else []


def _newest(session: Session) -> int:
    return session.scalar(sa.select(sa.func.max(AuditCheckpoint.size))) or 0


def _send(
    sessions: Sessions, witness: int, key: Ed25519PrivateKey, origin: str, *, demo: bool, post: Post
) -> bool:
    """Once more where the witness says that it has seen another part of the record than we knew."""
    with reading(), sessions() as session:
        parcel = _pack(session, witness, key, origin)
    reply = _ask(parcel, demo=demo, post=post)
    size = _size_due(reply)
    if size is not None and size != parcel.old and size <= parcel.size:
        with reading(), sessions() as session:
            proof = tuple(_proof(session, size, parcel.size))
        parcel = replace(parcel, old=size, proof=proof)
        reply = _ask(parcel, demo=demo, post=post)
    with sessions() as session:
        came = _settle(session, parcel, reply, clock.now(session))
        session.commit()
    return came


def _pack(session: Session, witness: int, key: Ed25519PrivateKey, origin: str) -> Parcel:
    row = session.get_one(Witness, witness)
    query = sa.select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc())
    newest = session.scalars(query.limit(1)).one()
    note = notes.sign(TreeHead(origin, newest.size, newest.root), key)
    old = min(row.size, newest.size)
    proof = tuple(_proof(session, old, newest.size))
    return Parcel(row.id, key_of(row), row.address, note, old, proof)


def key_of(row: Witness) -> VerifierKey:
    return VerifierKey(row.name, WITNESS, bytes.fromhex(row.public_key))


def _proof(session: Session, old: int, size: int) -> list[bytes]:
    return [bytes.fromhex(each) for each in proofs.grown(session, old, size)] if old else []


def _ask(parcel: Parcel, *, demo: bool, post: Post) -> Reply:
    """Status 0: no answer."""
    try:
        return post(transport.place(parcel.address, demo=demo), parcel.body)
    except Unreachable as failure:
        log.info("the witness %s did not answer: %s", parcel.key.name, failure)
        return Reply(0, "")


def _size_due(reply: Reply) -> int | None:
    """What the witness has cosigned last, where it says so."""
    try:
        return notes.number(reply.text.removesuffix("\n")) if reply.status == 409 else None
    except NoNote:
        return None


def _settle(session: Session, parcel: Parcel, reply: Reply, at: datetime) -> bool:
    row = session.get_one(Witness, parcel.witness, with_for_update=True, populate_existing=True)
    line = _cosignature(parcel, reply)
    if line is None:
        _note_fault(session, row, parcel, _fault(session, parcel, reply), at)
        return False
    (own,) = parcel.note.signatures
    values = {
        "witness_id": row.id,
        "size": parcel.size,
        "text": parcel.note.text,
        "note_signature": own.line,
        "signature": line.line,
        "cosigned_at": notes.cosigned_at(parcel.note.text, line, parcel.key),
        "at": at,
    }
    came = insert_once(session, Cosignature, values)
    row.size, row.fault, row.fault_at, row.attempts, row.retry_at = parcel.size, "", None, 0, at
    return came


def _cosignature(parcel: Parcel, reply: Reply) -> Signature | None:
    """The line of the pinned key; lines of keys that we do not know are ignored."""
    if reply.status != 200:
        return None
    try:
        lines = notes.signatures(reply.text)
    except NoNote:
        return None
    held = (each for each in lines if notes.cosigned_at(parcel.note.text, each, parcel.key))
    return next(held, None)


def _fault(session: Session, parcel: Parcel, reply: Reply) -> str:
    if reply.status == 409:
        size = _size_due(reply)
        if size is None:
            return "refused"
        contradicted = size == parcel.old or size > _newest(session)
        return "disagrees" if contradicted else "busy"
    if reply.status == 422:
        return "disagrees"
    if reply.status == 200:
        return "bad_answer"
    if reply.status in OF_STATUS:
        return OF_STATUS[reply.status]
    return "refused" if 300 <= reply.status < 500 else "unreachable"


def _note_fault(session: Session, row: Witness, parcel: Parcel, fault: str, at: datetime) -> None:
    """Told when it begins; tried again ever more seldom, at least once an hour.

    That a witness does not agree stands until it cosigns: an answer that fails to come, or another
    refusal, takes nothing of it back, and must not hide it from whoever verifies the record.
    """
    if row.fault == "disagrees":
        fault = row.fault
    wait = LONGEST_WAIT if fault == "disagrees" else FIRST_WAIT * 2 ** min(row.attempts, 10)
    row.attempts, row.retry_at = row.attempts + 1, at + min(wait, LONGEST_WAIT)
    if row.fault == fault:
        return
    log.warning("the witness %s did not cosign: %s", row.name, fault)
    row.fault, row.fault_at = fault, at
    if fault == "disagrees":
        _tell(session, row, parcel, at)


def _tell(session: Session, row: Witness, parcel: Parcel, at: datetime) -> None:
    head = parcel.note.head
    record(
        session,
        "witness.disagreed",
        BY,
        at=at,
        subject=("audit_witness", row.id),
        outcome="failed",
        reason="见证方不认可本系统的检查点：记录与其见过的不相接。",
        detail={"name": row.name, "size": head.size, "root": head.root, "old": parcel.old},
    )
    alarm = alarms.Alarm(
        key=f"witness-disagrees:{row.id}:{at.isoformat()}",
        subject=f"审计记录告警：见证方 {row.name} 不认可本系统的记录",
        sentence=(
            f"见证方 {row.name} 拒绝为第 {head.size} 条的检查点副署：记录与它见过的不相接，"
            "可能被整体改写、截去，或者数据库恢复到了较早的备份。"
            "请停止改动数据库，保留现场，并向见证方索取最近的副署核对（gongwen verify-audit）。"
        ),
    )
    alarms.sound(session, alarm, at)
