"""检索目录 kept up with the record: entries are read in order, once, after they are committed.

No act pays for it. The scheduler follows within seconds, and a search first looks whether it has.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry, entries
from app.documents.models import Document
from app.handling.inspection import deviations, grams
from app.handling.inspection.models import RecordIndex
from app.handling.models import Case
from app.handling.views.history import ACTIONS
from app.organization.models import Person

MOST = 200
"""Entries at once: a fifth of a second, during which nobody else writes on SQLite."""
TICK = 2000
"""Entries of one errand of the scheduler: about two seconds, during which no other errand runs."""
LONGEST = 4000
"""Characters of an entry that are searched."""
TITLED = ("case.started", "document.", "number.taken")
"""Beginnings of the actions beside which the title and number of the document are searched."""
INDEXING = 0x67775F69
"""Key of the advisory lock under which the directory grows (PostgreSQL)."""

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What a body raises that somebody has spoilt: one such entry must not keep the others waiting."""
SPOILT = "读不出"
"""What is searched of such an entry."""
NOT_SAID = {"after", "before"}
"""Parts of a detail that hold the state of the case, candidates and times: nobody said them."""
FIRST = ("opinion", "outcome_label")
"""Parts of a detail that are never cut off."""

_DIGEST = 40
"""A word without spaces of this many ASCII characters is a digest or a key, which nobody types."""

Sessions = Callable[[], Session]


def indexed(session: Session) -> int:
    """How far the directory goes."""
    return session.scalar(sa.select(sa.func.max(RecordIndex.seq))) or 0


def behind(session: Session) -> int:
    """How many entries it lacks."""
    return entries(session) - indexed(session)


def catch_up(session: Session, most: int = MOST) -> int:
    """Index the next entries; how many there were. The caller commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(INDEXING)))
    query = sa.select(AuditEntry).where(AuditEntry.seq > indexed(session))
    found = session.scalars(query.order_by(AuditEntry.seq).limit(most)).all()
    if not found:
        return 0
    bodies = {each.seq: read(each) for each in found}
    rows = {row["seq"]: row for row in _rows(session, [body for body in bodies.values() if body])}
    kept = [rows.get(each.seq) or _spoilt(each) for each in found]
    session.execute(sa.insert(RecordIndex), kept)
    grams.keep(session, [(each["seq"], each["text"]) for each in kept])
    return len(kept)


def read(entry: AuditEntry) -> dict[str, Any] | None:
    """The body of an entry; None where it says nothing that this system could have written."""
    try:
        body: dict[str, Any] = json.loads(entry.body)
        numbers = (body["actor"]["id"], case_of(body), body["document"])
        texts = (body["action"], body["outcome"], body["principal"] or "", *_said(body))
        datetime.fromisoformat(body["at"])
        whole = body["seq"] == entry.seq and all(map(_is_number, numbers))
    except UNREADABLE:
        return None
    return body if whole and all(isinstance(each, str) for each in texts) else None


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int) and 0 <= value < 2**63)


def _spoilt(entry: AuditEntry) -> dict[str, Any]:
    """Found under 故障 and by its time; everything else is for the verification of the record."""
    nothing = ("actor_id", "principal", "unit_id", "case_id", "document_id")
    return {
        "seq": entry.seq,
        "at": entry.at,
        "action": entry.action,
        "outcome": entry.outcome,
        **dict.fromkeys(nothing),
        "case_id": entry.case_id,
        "deviations": deviations.FAILED,
        "text": grams.folded(SPOILT),
    }


def follow(sessions: Sessions, stopping: Callable[[], bool], most: int | None = None) -> int:
    """Index what has come, in batches; not more than about ``most`` entries where it is given."""
    done, some = 0, MOST
    while some == MOST and not stopping() and (most is None or done < most):
        with sessions() as session:
            some = catch_up(session, MOST) if behind(session) else 0
            session.commit()
        done += some
    return done


def follow_a_while(sessions: Sessions, stopping: Callable[[], bool]) -> int:
    """An errand of the scheduler: others have their turn, and the rest comes at the next tick."""
    return follow(sessions, stopping, TICK)


def rebuild(session: Session) -> None:
    """Empty the directory: the scheduler makes it anew."""
    session.execute(sa.delete(RecordIndex))
    grams.forget(session)


def _rows(session: Session, bodies: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    cases = _cases(session, bodies)
    of_document = {case.document_id: case for case in cases.values()}
    documents, units = _documents(session, bodies, cases), _units(session, bodies)
    for body in bodies:
        case = cases.get(case_of(body) or 0) or of_document.get(body["document"])
        document_id = body["document"] or (case.document_id if case else None)
        yield {
            "seq": body["seq"],
            "at": datetime.fromisoformat(body["at"]),
            "action": body["action"],
            "outcome": body["outcome"],
            "actor_id": body["actor"]["id"],
            "principal": body["principal"],
            "unit_id": case.unit_id if case else units.get(body["actor"]["id"]),
            "case_id": case_of(body) or (case.id if case else None),
            "document_id": document_id,
            "deviations": deviations.of_entry(body),
            "text": text_of(body, documents.get(document_id)),
        }


def text_of(body: Mapping[str, Any], about: tuple[str, str | None] | None = None) -> str:
    """What is searched of an entry, folded; ``about``: title and number of its document."""
    said = _said(body)
    if about and body["action"].startswith(TITLED):
        said += [about[0], about[1] or ""]
    return grams.folded(" ".join(said))[:LONGEST]


def _said(body: Mapping[str, Any]) -> list[str]:
    """What may be cut off last."""
    detail = body["detail"]
    said = [ACTIONS.get(body["action"], body["action"]), body["actor"]["name"], body["authority"]]
    said += [body["reason"] or "", *_texts([detail.get(each) for each in FIRST])]
    said += _texts({name: detail[name] for name in detail if name not in {*NOT_SAID, *FIRST}})
    return said


def case_of(body: Mapping[str, Any]) -> int | None:
    """The case that an entry belongs to, or is about without being part of its record."""
    number: int | None = body["case"]
    if number is None and body["subject"] and body["subject"][0] == "case":
        number = body["subject"][1]
    return number


def _texts(value: Any) -> Iterator[str]:
    """Every text in the detail of an entry, but for digests."""
    if isinstance(value, str):
        if not (len(value) >= _DIGEST and value.isascii() and " " not in value):
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def _cases(session: Session, bodies: Sequence[Mapping[str, Any]]) -> Mapping[int, Case]:
    """The cases of these entries, and of the documents that they name without a case."""
    ids = {case_of(body) for body in bodies} - {None}
    documents = {body["document"] for body in bodies if case_of(body) is None} - {None}
    query = sa.select(Case).where(sa.or_(Case.id.in_(ids), Case.document_id.in_(documents)))
    return {each.id: each for each in session.scalars(query)}


def _documents(
    session: Session, bodies: Sequence[Mapping[str, Any]], cases: Mapping[int, Case]
) -> Mapping[int | None, tuple[str, str | None]]:
    ids = {body["document"] for body in bodies} | {each.document_id for each in cases.values()}
    query = sa.select(Document.id, Document.title, Document.number, Document.source_number)
    found = session.execute(query.where(Document.id.in_(ids - {None})))
    return {row.id: (row.title, row.number or row.source_number) for row in found}


def _units(session: Session, bodies: Sequence[Mapping[str, Any]]) -> Mapping[int | None, int]:
    ids = {body["actor"]["id"] for body in bodies} - {None}
    found = session.execute(sa.select(Person.id, Person.unit_id).where(Person.id.in_(ids)))
    return {row.id: row.unit_id for row in found}
