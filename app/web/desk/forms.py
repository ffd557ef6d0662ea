"""The forms of a document: what was typed, as the rooms take it and as the page shows it."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from app.clock import SHANGHAI
from app.documents import content, fields
from app.documents.models import Document
from app.documents.text import Stored, of_stored, plain, stored

Values = dict[str, Any]
"""Texts and lists of texts by the names of the fields; times as ``datetime-local`` has them.

``body`` is plain lines, or blocks where the editor has sent them; ``behind`` is what lines alone do
not say of a text that was read in from Word.
"""

EMPTY_OUTGOING: Mapping[str, Any] = {
    "process": "outgoing",
    "urgency": "none",
    "main_recipients": [],
    "copy_recipients": [],
    "joint_issuers": [],
    "present": [],
    "excused": [],
    "observers": [],
    "keywords": [],
    "countersigners": [],
}
_ATTENDANCE = ("present", "excused", "observers")

EMPTY_SCAN: Mapping[str, Any] = {
    "urgency": "none",
    "main_recipients": [],
    "copy_recipients": [],
}


def outgoing(form: MultiDict[str, str]) -> Values:
    """What was typed into 拟稿. Choices that were not made are left out."""
    values: Values = {name: _text(form, name) for name in ("title", "note")}
    values["body"] = _body(form)
    values["urgency"] = form.get("urgency", "none")
    for name in ("letterhead", "nature", "series"):
        values[name] = form.get(name, "")
    for name in ("main_recipients", "copy_recipients", "joint_issuers"):
        values[name] = _parted(form, name, "\n")
    for name in _ATTENDANCE:
        values[name] = _parted(form, name, r"\n|、(?![^（]*）)")
    values["keywords"] = _parted(form, "keywords", r"[\s、，,；;]+")
    values.update({name: form[name] for name in ("direction", "kind") if form.get(name)})
    if form.get("behind") and "blocks" not in form:
        values["behind"] = form["behind"]
    return values


def elements(values: Values) -> Values:
    """What was typed as an operation takes it: lines that have blocks behind them become blocks.

    Raises Invalid where the lines of a table or a picture were changed.
    """
    given = {name: value for name, value in values.items() if name != "behind"}
    if values.get("behind"):
        before = fields.blocks_of_json(values["behind"])
        given["body"] = stored(fields.retype(values["body"], before))
    return given


def drafting(form: MultiDict[str, str]) -> Values:
    """The same of a new document, with what belongs to its case."""
    signers, process = form.getlist("countersigners"), form.get("process", "outgoing")
    return {**outgoing(form), "countersigners": signers, "process": process}


def incoming(form: MultiDict[str, str]) -> Values:
    """What was typed into 收文登记."""
    names = ("from_unit", "number", "title", "received_at", "source")
    values: Values = {name: _text(form, name) for name in names}
    values["body"] = _body(form)
    values["urgency"] = form.get("urgency", "none")
    values["kind"] = form.get("kind") or None
    values["document_date"] = form.get("document_date") or None
    return values


def scanned(form: MultiDict[str, str]) -> Values:
    """What was typed into 扫描件发文. Choices that were not made are left out."""
    names = ("title", "body", "paper_number", "paper_signatory")
    values: Values = {name: _text(form, name) for name in names}
    values["urgency"] = form.get("urgency", "none")
    values["paper_date"] = form.get("paper_date") or ""
    for name in ("main_recipients", "copy_recipients"):
        values[name] = _parted(form, name, "\n")
    values.update({name: form[name] for name in ("direction", "kind") if form.get(name)})
    return values


def requested(form: MultiDict[str, str]) -> Values:
    """What was typed into 审批事项."""
    values: Values = {name: _text(form, name) for name in ("title", "body")}
    return {**values, "urgency": form.get("urgency", "none")}


def of_document(document: Document) -> Values:
    """The present elements of a document, as its form shows them."""
    return {name: _shown(value) for name, value in content.entered(document).items()}


def lines_of(body: Any) -> str:
    """A body of either kind as plain lines; "" for blocks that cannot be read."""
    try:
        return plain(of_stored(body))
    except ValidationError:
        return ""


def blocks_of(body: Any) -> Stored:
    """A body of either kind for the editor; what was refused comes back as the editor sent it."""
    try:
        return stored(of_stored(body))
    except ValidationError:
        return body if isinstance(body, list) else []


def changed(values: Values, document: Document) -> Values:
    """What differs from the document; a body typed as lines is compared as lines."""
    shown = of_document(document)
    if isinstance(values.get("body"), str):
        shown["body"] = document.body
    return {name: value for name, value in values.items() if value != shown[name]}


def local(at: datetime) -> str:
    """``2026-11-23T08:40``, the office's own clock, as the field for a time takes it."""
    here = at.astimezone(SHANGHAI).replace(tzinfo=None)
    return here.isoformat(timespec="seconds" if here.second else "minutes")


def number(text: str) -> int:
    """An id or a version as the page wrote it; 0, which none has, for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def version(text: str) -> int:
    """A version as the page wrote it; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(form: MultiDict[str, str], name: str) -> str:
    """Browsers send line ends as CR LF; documents keep LF."""
    return re.sub("\r\n?", "\n", form.get(name, ""))


def _parted(form: MultiDict[str, str], name: str, mark: str) -> list[str]:
    """What stands between the marks, without the blanks around it."""
    return [each.strip() for each in re.split(mark, _text(form, name)) if each.strip()]


def _body(form: MultiDict[str, str]) -> Any:
    """The blocks of the editor; whatever else was sent in their name is refused as no text."""
    sent = form.get("blocks")
    if sent is None:
        return _text(form, "body")
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        return None
