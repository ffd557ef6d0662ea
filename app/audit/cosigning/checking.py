"""Cosignatures as the verification of the record reads them, from the database or a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.cosigning import notes
from app.audit.cosigning.models import Cosignature, Witness
from app.audit.cosigning.notes import NoNote, Note, VerifierKey
from app.audit.cosigning.submitting import key_of


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint by a key that should have cosigned it. ``size`` and ``root`` are what it says.

    holds  whether the cosignature is that of the key over the checkpoint
    """

    key: VerifierKey
    size: int
    root: str
    holds: bool


def kept(session: Session) -> list[Cosigned]:
    """Everything that witnesses have answered, those that were ended too."""
    query = sa.select(Witness, Cosignature).join(Cosignature).order_by(Cosignature.size)
    return [_of_row(row, each) for row, each in session.execute(query)]


def _of_row(row: Witness, given: Cosignature) -> Cosigned:
    key = key_of(row)
    try:
        note = Note.read(f"{given.text}\n{given.signature}")
    except NoNote:
        return Cosigned(key, given.size, "", holds=False)
    holds = note.head.size == given.size and _cosigned(note, key)
    return Cosigned(key, given.size, note.head.root, holds)


def of_text(text: str, origin: str, keys: Iterable[VerifierKey]) -> list[Cosigned]:
    """A checkpoint that a witness hands out, for each of these keys that stands below it.

    Raises NoNote for anything else, for the checkpoint of another log, and without such a key.
    """
    note = Note.read(text)
    if note.head.origin != origin:
        raise NoNote("the checkpoint of another log")
    own = [key for key in keys if any(each.is_by(key) for each in note.signatures)]
    if not own:
        raise NoNote("no cosignature of these keys")
    return [Cosigned(key, note.head.size, note.head.root, _cosigned(note, key)) for key in own]


def _cosigned(note: Note, key: VerifierKey) -> bool:
    own = [each for each in note.signatures if each.is_by(key)]
    return bool(own) and all(notes.cosigned_at(note.text, each, key) for each in own)


def fault(given: Sequence[Cosigned], required: Sequence[VerifierKey]) -> tuple[int, str] | None:
    """(entry, sentence) about the first that does not hold, or a witness that is not among them."""
    for each in sorted(given, key=lambda each: each.size):
        if not each.holds:
            said = f"见证方 {each.key.name} 对第 {each.size} 条检查点的副署不成立，副署被改动。"
            return each.size, said
    for key in required:
        if all(each.key != key for each in given):
            return 1, f"没有见证方 {key.name} 的副署：从未送到，或者被删去。"
    return None
