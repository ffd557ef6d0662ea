"""What a reader has of a circulated document: his copies, and the one notice they add up to."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.handling.act import Act
from app.handling.models import Case, Circulation, Notice
from app.handling.stays.notices import tell
from app.organization import Actor, Person

KINDS = {"circulate": "传阅", "direct": "专送"}
"""Whether the reader may pass it on; 专送 he may not (CIR-01)."""


def unread() -> sa.ColumnElement[bool]:
    """Condition on :class:`Circulation`: not yet opened by its reader, nor taken back."""
    return sa.and_(Circulation.read_at.is_(None), Circulation.recalled_at.is_(None))


def announce(act: Act, readers: Sequence[int], added: str = "") -> None:
    """Tell readers, by id, of all their unread copies of the case; without one the notice goes.

    added  a sentence after the words of the senders
    """
    waiting = _words(act, readers)
    at_case = {"case_id": act.case.id, "task_id": 0, "kind": "circulated", "read_at": None}
    for reader in sorted(readers):
        if reader in waiting:
            text = " ".join([*waiting[reader], added]).strip()
            tell(act.session, [reader], "circulated", act.case.id, None, text, act.at)
        else:
            of_reader = sa.delete(Notice).filter_by(person_id=reader, **at_case)
            act.session.execute(of_reader)


def _words(act: Act, readers: Sequence[int]) -> dict[int, list[str]]:
    act.session.flush()
    query = (
        sa.select(Circulation.reader_id, Person.name, Circulation.kind, Circulation.words)
        .join(Person, Person.id == Circulation.sender_id)
        .where(Circulation.case_id == act.case.id, Circulation.reader_id.in_(readers), unread())
        .order_by(Circulation.id.desc())
    )
    found: dict[int, list[str]] = {}
    for reader, sender, kind, words in act.session.execute(query):
        sentence = f"{sender}{KINDS[kind]}：{words}" if words else f"{sender}{KINDS[kind]}。"
        found.setdefault(reader, []).append(sentence)
    return found


def has_unread(session: Session, actor: Actor, case_id: int) -> bool:
    his = (Circulation.case_id == case_id, Circulation.reader_id == actor.person_id)
    return bool(session.scalar(sa.select(sa.exists().where(*his, unread()))))


def note_read(session: Session, actor: Actor, case_id: int, at: datetime) -> None:
    """The person has opened the case: his copies are read, once, on record (CIR-18).

    A copy that its sender takes back at this very moment is either read first or gone.
    """
    read = session.scalars(
        sa.update(Circulation)
        .where(Circulation.case_id == case_id, Circulation.reader_id == actor.person_id, unread())
        .values(read_at=at)
        .returning(Circulation.id),
        execution_options={"synchronize_session": False},
    ).all()
    if not read:
        return
    document_id = session.scalar(sa.select(Case.document_id).where(Case.id == case_id))
    for copy_id in sorted(read):
        audit.record(
            session,
            "circulation.read",
            actor.signature(),
            at=at,
            subject=("circulation", copy_id),
            case_id=case_id,
            document_id=document_id,
        )
