"""Search over the whole record (SRC-01): each condition narrows, hits are shown from their entries.

Words are looked for anywhere in what an entry says, several of them each; see ``grams``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry
from app.documents import kinds
from app.documents.models import Document
from app.errors import FieldError, Invalid
from app.handling.inspection import deviations, grams, indexing, words
from app.handling.inspection.models import RecordIndex
from app.handling.views.history import ACTIONS
from app.organization.models import Unit

LONGEST = 100
"""Characters of a field."""


@dataclass(frozen=True)
class Wanted:
    """What is searched for; "" and None leave a condition out.

    words      each of them, separated by spaces, in what the entry says
    person     login or part of a name, of who acted or for whom
    unit       key of the unit
    number     part of a 文号
    kind       of the document
    action     of the entry
    deviation  key of ``deviations.KEYS``, or ``any``
    upto       only entries up to this one, for a sample that can be drawn again
    """

    words: str = ""
    person: str = ""
    unit: str = ""
    number: str = ""
    kind: str = ""
    action: str = ""
    deviation: str = ""
    since: date | None = None
    until: date | None = None
    case: int | None = None
    upto: int | None = None

    def as_asked(self) -> dict[str, Any]:
        """The conditions that are there, for the record and for an address."""
        given = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in given.items()
        }


@dataclass(frozen=True)
class Hit:
    """An entry that was found, as the entry itself says it."""

    seq: int
    at: datetime
    action: str
    label: str
    outcome: str
    actor: str
    principal: str | None
    authority: str
    step: str
    said: str
    deviations: Sequence[str]
    case_id: int | None
    document_id: int | None
    title: str
    number: str


def read(given: Mapping[str, str]) -> Wanted:
    """What the fields of a form or an address say. Raises Invalid by field."""
    typed = {each.name: str(given.get(each.name) or "").strip() for each in fields(Wanted)}
    said = {name: words.plain(text) for name, text in typed.items()}
    errors = [
        FieldError(name, "查找的内容只有不能显示的符号，请改填文字。")
        for name, text in typed.items()
        if text and not said[name]
    ]
    errors += [
        FieldError(name, f"查找的内容不能超过 {LONGEST} 个字。")
        for name, text in said.items()
        if len(text) > LONGEST
    ]
    days: dict[str, date | None] = dict.fromkeys(("since", "until"))
    for name in ("since", "until"):
        try:
            days[name] = words.day(name, said.pop(name))
        except Invalid as error:
            errors += error.errors
    case, upto = (_number(name, said.pop(name), errors) for name in ("case", "upto"))
    errors += _unknown(said)
    if errors:
        raise Invalid.of(errors)
    found = Wanted(since=days["since"], until=days["until"], case=case, upto=upto)
    texts: dict[str, Any] = {name: text for name, text in said.items() if text}
    return replace(found, **texts)


def search(session: Session, wanted: Wanted, most: int, before: int | None = None) -> list[Hit]:
    """The newest first; ``before``: only entries of a smaller number."""
    found = sa.select(RecordIndex).where(*conditions(session, wanted))
    if before is not None:
        found = found.where(RecordIndex.seq < before)
    rows = session.scalars(found.order_by(RecordIndex.seq.desc()).limit(most)).all()
    return _hits(session, rows)


def count(session: Session, wanted: Wanted) -> int:
    query = sa.select(sa.func.count()).select_from(RecordIndex)
    return session.scalar(query.where(*conditions(session, wanted))) or 0


def numbers_of(session: Session, wanted: Wanted, of: str) -> list[int]:
    """Numbers of all cases (``case``) or entries (``entry``) that are found, in order."""
    column = RecordIndex.case_id if of == "case" else RecordIndex.seq
    query = sa.select(column).distinct().where(*conditions(session, wanted), column.is_not(None))
    return sorted(session.scalars(query))


def conditions(session: Session, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for word in grams.folded(wanted.words).split():
        terms = grams.matching(session, word)
        if terms is not None:
            found.append(RecordIndex.seq.in_(terms))
        found.append(RecordIndex.text.contains(word, autoescape=True))
    if wanted.person:
        people = words.people_called(session, wanted.person)
        found.append(
            sa.or_(
                RecordIndex.actor_id.in_([each.id for each in people]),
                RecordIndex.principal.in_([each.login for each in people]),
            )
        )
    if wanted.number:
        found.append(RecordIndex.document_id.in_(words.documents_numbered(session, wanted.number)))
    if wanted.unit:
        of_unit = sa.select(Unit.id).where(Unit.key == wanted.unit).scalar_subquery()
        found.append(RecordIndex.unit_id == of_unit)
    if wanted.kind:
        of_kind = sa.select(Document.id).where(Document.kind == wanted.kind)
        found.append(RecordIndex.document_id.in_(of_kind))
    return [*found, *_of_entry(wanted)]


def _of_entry(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.action:
        found.append(RecordIndex.action == wanted.action)
    if wanted.deviation:
        found.append(RecordIndex.deviations != 0)
    if wanted.deviation in deviations.KEYS:
        bit = deviations.KEYS[wanted.deviation]
        found.append(RecordIndex.deviations.bitwise_and(bit) != 0)
    if wanted.since:
        found.append(RecordIndex.at >= words.starts(wanted.since))
    if wanted.until:
        found.append(RecordIndex.at < words.ends(wanted.until))
    if wanted.case is not None:
        found.append(RecordIndex.case_id == wanted.case)
    if wanted.upto is not None:
        found.append(RecordIndex.seq <= wanted.upto)
    return found


def _number(name: str, text: str, errors: list[FieldError]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    errors.append(FieldError(name, "编号应为数字，例如 128。"))
    return None


def _unknown(said: Mapping[str, str]) -> list[FieldError]:
    """A condition that names nothing would find nothing, and be taken for an answer."""
    known = {
        "kind": ("公文种类", kinds.KINDS),
        "action": ("动作", ACTIONS),
        "deviation": ("偏差", {**deviations.KEYS, "any": 0}),
    }
    return [
        FieldError(name, f"没有这种{label}，请从列表中选择。")
        for name, (label, choices) in known.items()
        if said[name] and said[name] not in choices
    ]


def _hits(session: Session, rows: Sequence[RecordIndex]) -> list[Hit]:
    found = sa.select(AuditEntry).where(AuditEntry.seq.in_([each.seq for each in rows]))
    entries = {each.seq: indexing.read(each) for each in session.scalars(found)}
    documents = sa.select(
        Document.id, Document.title, Document.number, Document.source_number
    ).where(Document.id.in_([each.document_id for each in rows]))
    about = {row.id: row for row in session.execute(documents)}
    return [
        _hit(each, entries[each.seq], about.get(each.document_id or 0))
        for each in rows
        if each.seq in entries
    ]


def _hit(row: RecordIndex, body: Mapping[str, Any] | None, about: Any) -> Hit:
    if body is None:
        return _spoilt(row)
    detail = body["detail"]
    outcome = detail.get("outcome_label")
    opinion = detail.get("opinion") or body["reason"] or ""
    return Hit(
        seq=body["seq"],
        at=datetime.fromisoformat(body["at"]),
        action=body["action"],
        label=ACTIONS.get(body["action"], body["action"]),
        outcome=body["outcome"],
        actor=body["actor"]["name"],
        principal=body["principal"],
        authority=body["authority"],
        step=detail.get("step_name") or body["step"] or "",
        said=f"（{outcome}）{opinion}" if outcome else opinion,
        deviations=deviations.labels(deviations.of_entry(body)),
        case_id=row.case_id,
        document_id=row.document_id,
        title=" ".join(about.title.split()) if about else "",
        number=(about.number or about.source_number or "") if about else "",
    )


def _spoilt(row: RecordIndex) -> Hit:
    """Of an entry whose body says nothing any more."""
    return Hit(
        seq=row.seq,
        at=row.at,
        action=row.action,
        label=f"{ACTIONS.get(row.action, row.action)}（{indexing.SPOILT}）",
        outcome=row.outcome,
        actor="不明",
        principal=None,
        authority="",
        step="",
        said="记录的内容被破坏，读不出来，请先核验整条记录。",
        deviations=deviations.labels(row.deviations),
        case_id=row.case_id,
        document_id=None,
        title="",
        number="",
    )
