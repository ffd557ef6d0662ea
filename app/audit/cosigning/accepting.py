"""见证: checking what the log of another system sends, and cosigning it (C2SP tlog-witness).

Each log may only grow. What is checked and what is kept stand in one transaction under the lock
of its row, so that of two requests at once the later one sees what the earlier one left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.audit import tree
from app.audit.cosigning import alarms, notes
from app.audit.cosigning.models import WitnessedLog
from app.audit.cosigning.notes import LOG, NoNote, Note, VerifierKey
from app.audit.operations import record, signed_by_rule

MOST_BYTES = 64 << 10
"""Of one request: 63 hashes, and a checkpoint with sixteen signatures of any kind."""
MOST_HASHES = 63
MOST_ROOTS = 16
"""Of one size that are told; the log has contradicted itself often enough by then."""
KEPT_CHARACTERS = 4000
"""Of a checkpoint, in the record."""
BY = signed_by_rule("见证")


@dataclass(frozen=True)
class Answer:
    """HTTP status with what it is about: a cosignature (200), a size (409), or a sentence."""

    status: int
    text: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Submission:
    """``old``: how many entries the log believes were cosigned; ``proof``: that it only grew."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def read(cls, body: bytes) -> "Submission":
        """Raises NoNote."""
        try:
            before, empty, note = body.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise NoNote("no UTF-8") from None
        first, *lines = before.split("\n")
        if not empty or not first.startswith("old ") or len(lines) > MOST_HASHES:
            raise NoNote("no old size, or more hashes than a proof has")
        old = notes.number(first.removeprefix("old "))
        return cls(old, tuple(notes.hash_of(line) for line in lines), Note.read(note))


def accept(
    session: Session,
    body: bytes,
    name: str,
    key: Callable[[], Ed25519PrivateKey],
    at: datetime,
) -> Answer:
    """Cosign a checkpoint of a known log that goes on where the last one ended.

    name  of this witness
    key   its own, not that of its checkpoints; asked for only where something is cosigned
    Statuses are those of tlog-witness: 200, 400, 403, 404, 409 with the size that is due, 422.
    Another root for the size that was cosigned last is a contradiction that the log itself has
    signed: it is recorded, once, and the auditors are told; the caller commits whatever the status.
    A proof is signed by nobody, so one that does not hold is refused and says nothing of the log.
    """
    try:
        given = Submission.read(body)
    except NoNote as fault:
        return Answer(400, sentence=f"这不是送交见证的检查点（{fault}），请核对格式。")
    head = given.note.head
    log = session.scalar(
        sa.select(WitnessedLog)
        .where(WitnessedLog.origin == head.origin, WitnessedLog.ended_at.is_(None))
        .with_for_update()
    )
    if log is None:
        return Answer(404, sentence="没有登记过这个日志，请先由见证方的系统管理员登记其公钥。")
    if not given.note.signed_by(_key_of(log)):
        return Answer(403, sentence="检查点没有所登记密钥的签名，请核对日志的公钥。")
    if given.old > head.size:
        return Answer(400, sentence="起点多于检查点的记录数，请核对。")
    refusal = _refused(session, log, given, at)
    if refusal:
        return refusal
    line = notes.cosign(given.note.text, name, key(), at)
    log.size, log.root, log.cosigned_at = head.size, head.root, at
    log.note = notes.whole(given.note, line)
    session.flush()
    return Answer(200, line.line)


def _key_of(log: WitnessedLog) -> VerifierKey:
    return VerifierKey(log.origin, LOG, bytes.fromhex(log.public_key))


def _refused(session: Session, log: WitnessedLog, given: Submission, at: datetime) -> Answer | None:
    """What the log may not do. Only what no honest log signs is an alarm."""
    head = given.note.head
    due = Answer(409, f"{log.size}\n")
    if log.size and head.size == log.size and head.root != log.root:
        _tell(session, log, given.note, at)
        return due
    if given.old != log.size:
        return due
    if _follows(log, given):
        return None
    return Answer(422, sentence="证明不成立：这个检查点没有接在已经副署的检查点之后。")


def _follows(log: WitnessedLog, given: Submission) -> bool:
    head = given.note.head
    if not log.size:
        return not given.proof and (head.size > 0 or head.root == tree.EMPTY.hex())
    roots = bytes.fromhex(log.root), bytes.fromhex(head.root)
    return tree.extends(log.size, roots[0], head.size, roots[1], given.proof)


def _tell(session: Session, log: WitnessedLog, note: Note, at: datetime) -> None:
    """Once for each other root of this size: sent again, it says nothing new.

    Only roots of the size that was cosigned last are kept, since another one is never told; and
    no more than ``MOST_ROOTS``, so that a log cannot fill the record of its witness.
    """
    size, *told = log.refused.split(" ")
    if size != str(log.size):
        told = []
    if note.head.root in told or len(told) >= MOST_ROOTS:
        return
    log.refused, log.refused_at = " ".join([str(log.size), *told, note.head.root]), at
    record(
        session,
        "witness.refused",
        BY,
        at=at,
        subject=("witnessed_log", log.id),
        outcome="refused",
        reason="同样条数的检查点，根散列与已经副署的不同：该日志签署了两份不同的记录。",
        detail={
            "log": log.origin,
            "size": log.size,
            "root": log.root,
            "offered_size": note.head.size,
            "offered_root": note.head.root,
            "cosigned_note": _evidence(log, Note.read(log.note)),
            "note": _evidence(log, note),
        },
    )
    alarm = alarms.Alarm(
        key=f"witness-refused:{log.id}:{log.size} {note.head.root}",
        subject=f"审计记录告警：{log.origin} 的记录前后不一",
        sentence=(
            f"{log.origin} 为第 {log.size} 条签署了另一个检查点，签名属实，内容却与本系统已经副署的"
            "不同：它的记录被整体改写过，或者同时存有两份。已拒绝副署。"
            "请联系该单位的安全审计员，并保存本系统最近的副署（gongwen witness note）。"
        ),
    )
    alarms.sound(session, alarm, at)


def _evidence(log: WitnessedLog, note: Note) -> str:
    """The checkpoint with nothing but the signature of its log, which anybody can check."""
    own = tuple(each for each in note.signatures if each.is_by(_key_of(log)))
    return notes.whole(Note(note.head, note.text, own))[:KEPT_CHARACTERS]
