"""Drafting, registering and revising. Acts on the way, such as the sign-off, are in ``marks``.

Who may do it is decided by the route, in ``handling``; here stands what the paper allows.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents import content, fields, history, kinds, numbering, pictures, scans, versions
from app.documents.errors import WrongState
from app.documents.fields import IncomingFields, OutgoingFields, RequestFields, ScanFields
from app.documents.letterheads import ensure_chosen
from app.documents.models import Document, DocumentVersion
from app.documents.text import of_stored, stored
from app.errors import Invalid
from app.organization import Actor, Unit

CLOCKS_DIFFER = timedelta(minutes=5)


def create_outgoing(
    session: Session, by: Actor, at: datetime, given: OutgoingFields, *, step: str = "draft"
) -> Document:
    """A new draft of the caller's unit and department; its drafter is its handler (DRF-01).

    Raises Invalid for a letterhead that is not offered for the kind (DRF-09) or a series that does
    not fit it (OUT-29), for the own unit among those that join it, or for a picture in the text
    that is not the drafter's.
    """
    ensure_chosen(session, by.unit_id, given.letterhead, given.kind)
    _ensure_series(session, by.unit_id, given.kind, given.series)
    _ensure_others_join(session, by.unit_id, given.joint_issuers)
    new = pictures.ensure_usable(session, by.unit_id, by, given.body, None)
    document = Document(
        unit_id=by.unit_id,
        department_id=by.department_id,
        drafter_id=by.person_id,
        flow="outgoing",
        state="draft",
        created_at=at,
        text=stored(given.body),
        **given.model_dump(include=set(content.OUTGOING) - {"body"}),
    )
    history.begin(session, document, by, at, step)
    pictures.link(session, document, new)
    history.record(session, document, "document.created", by, at, step=step)
    return document


def register_incoming(
    session: Session, by: Actor, at: datetime, given: IncomingFields, *, step: str = "register"
) -> Document:
    """Register a received document; it gets the next receipt number of the year (NUM-04).

    Raises Invalid when it would have been received in the future.
    """
    _ensure_received(given, at)
    new = pictures.ensure_usable(session, by.unit_id, by, given.body, None)
    year = at.astimezone(SHANGHAI).year
    document = Document(
        unit_id=by.unit_id,
        department_id=by.department_id,
        drafter_id=by.person_id,
        flow="incoming",
        direction=kinds.INCOMING,
        kind=given.kind,
        state="registered",
        created_at=at,
        main_recipients=[],
        copy_recipients=[],
        joint_issuers=[],
        note="",
        source_number=given.number,
        receipt_year=year,
        receipt_number=numbering.receipt(session, by.unit_id, year),
        text=stored(given.body),
        **given.model_dump(exclude={"number", "kind", "classification", "body"}),
    )
    history.begin(session, document, by, at, step)
    pictures.link(session, document, new)
    history.record(
        session, document, "document.registered", by, at, step=step, receipt=document.receipt_number
    )
    return document


def revise(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    step: str | None,
    changes: Mapping[str, Any],
    *,
    seen: int | None = None,
) -> DocumentVersion:
    """Save changed fields as a new version of the step at hand (OUT-36); the newest when none.

    changes  fields of the form by their API names; any other name is refused (OUT-13)
    seen     version that the editor started from; Stale when somebody saved since
    Raises WrongState from the sign-off on: the text that was signed is what goes out (S11).
    """
    _hold_open(session, document, seen)
    _write(session, document, by, changes, at)
    before = document.version
    version = history.save(session, document, by, at, step)
    if version.number != before:
        history.record(session, document, "document.revised", by, at, step=step)
    return version


def restore(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    step: str | None,
    number: int,
    reason: str,
    *,
    seen: int | None = None,
) -> DocumentVersion:
    """Bring the elements of version ``number`` back as a new version, with the reason on record.

    Attachments stay as they are: they are never changed in place (ATT-03).
    Raises WrongState from the sign-off on, Stale, NotFound without such a version, and Invalid
    when it says what the document says already.
    """
    _hold_open(session, document, seen)
    changes = _back_to(document, history.version(session, document, number))
    if not changes:
        raise Invalid(f"第 {number} 版的要素和正文与现在的相同，不需要恢复。")
    _write(session, document, by, changes, at)
    said = versions.Change(versions.RESTORED, str(number), reason)
    found = history.save(session, document, by, at, step, restored=said)
    history.record(
        session, document, "document.restored", by, at, step=step, reason=reason, restored=number
    )
    return found


def _back_to(document: Document, earlier: DocumentVersion) -> dict[str, Any]:
    """The elements in which an earlier version differs; what it did not have yet stays."""
    elements = json.loads(earlier.elements)
    elements["body"] = stored(of_stored(elements.get("body", "")))
    present = content.content(document)
    names = [name for name in content.entered(document) if name in elements]
    return {name: elements[name] for name in names if elements[name] != present[name]}


def _write(
    session: Session, document: Document, by: Actor, changes: Mapping[str, Any], at: datetime
) -> None:
    """Check the document as it would be, and write it."""
    given = _ensure_fields(session, document, changes, at)
    new = pictures.ensure_usable(session, document.unit_id, by, given.body, document)
    pictures.link(session, document, new)
    for name in content.entered(document):
        value = getattr(given, name)
        setattr(
            document, content.column(document, name), stored(value) if name == "body" else value
        )
    drafted = document.flow == "outgoing" and not document.scanned
    if drafted and not {"letterhead", "kind"}.isdisjoint(changes):
        ensure_chosen(session, document.unit_id, document.letterhead, document.kind or "")
    if drafted and not {"series", "kind"}.isdisjoint(changes):
        _ensure_series(session, document.unit_id, document.kind or "", document.series)
    if "joint_issuers" in changes:
        _ensure_others_join(session, document.unit_id, document.joint_issuers)


def _hold_open(session: Session, document: Document, seen: int | None) -> None:
    history.hold(session, document)
    if document.state not in history.EDITABLE:
        raise WrongState(
            f"此件{kinds.STATES[document.state]}，内容不能再改。确需修改的，请退回后重新签发。"
        )
    history.ensure_seen(session, document, seen)


def _ensure_fields(
    session: Session, document: Document, changes: Mapping[str, Any], at: datetime
) -> OutgoingFields | IncomingFields | ScanFields | RequestFields:
    """The document as it would be, checked."""
    present = content.entered(document)
    unknown = [name for name in changes if name not in (*present, "classification")]
    if unknown:
        raise Invalid.at(unknown[0], f"没有“{unknown[0][:40]}”这一栏，不能修改。")
    merged = {**present, **changes}
    given: OutgoingFields | IncomingFields | ScanFields | RequestFields
    if document.scanned:
        given = fields.read(ScanFields, merged, before=document.blocks)
        scans.ensure_plausible(session, document.unit_id, at, given)
    elif document.flow == "outgoing":
        given = fields.read(OutgoingFields, merged, before=document.blocks)
        if given.direction != document.direction and document.state != "draft":
            raise Invalid.at("direction", "已送审的公文不能改变行文方向，请退回拟稿人重新拟稿。")
    elif document.flow == "request":
        given = fields.read(RequestFields, merged, before=document.blocks)
    else:
        given = fields.read(IncomingFields, merged, before=document.blocks)
        _ensure_received(given, at)
    return given


def _ensure_series(session: Session, unit_id: int, kind: str, code: str) -> None:
    """A series that is proposed takes numbers for this 文种 (OUT-29)."""
    if code:
        numbering.ensure_fits(session, unit_id, kind, code, "series")


def _ensure_others_join(session: Session, unit_id: int, joint: Sequence[str]) -> None:
    """The own unit leads: it signs first, and the document bears its number (条例 9(五))."""
    unit = session.get_one(Unit, unit_id) if joint else None
    if unit is not None and {unit.name, unit.short_name} & set(joint):
        raise Invalid.at("joint_issuers", "本机关是主办机关，不用写在联合发文机关里。")


def _ensure_received(given: IncomingFields, at: datetime) -> None:
    if given.received_at > at + CLOCKS_DIFFER:
        raise Invalid.at("received_at", "收文时间不能晚于现在，请核对。")
