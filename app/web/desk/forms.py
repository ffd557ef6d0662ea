"""The two forms of a document: what was typed, as the rooms take it and as the page shows it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.clock import SHANGHAI
from app.documents import content, fields
from app.documents.models import Document
from app.documents.text import stored

Values = dict[str, Any]
"""Texts and lists of texts by the names of the fields; times as ``datetime-local`` has them."""

EMPTY_OUTGOING: Mapping[str, Any] = {
    "process": "outgoing",
    "urgency": "none",
    "main_recipients": [],
    "copy_recipients": [],
    "joint_issuers": [],
    "countersigners": [],
}


def outgoing(form: MultiDict[str, str]) -> Values:
    """What was typed into 拟稿. Choices that were not made are left out."""
    values: Values = {name: _text(form, name) for name in ("title", "body", "note")}
    values["urgency"] = form.get("urgency", "none")
    values["letterhead"] = form.get("letterhead", "")
    for name in ("main_recipients", "copy_recipients", "joint_issuers"):
        values[name] = [line.strip() for line in _text(form, name).split("\n") if line.strip()]
    values.update({name: form[name] for name in ("direction", "kind") if form.get(name)})
    if form.get("behind"):
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


def incoming(form: MultiDict[str, str]) -> Values:
    """What was typed into 收文登记."""
    names = ("from_unit", "number", "title", "body", "received_at", "source")
    values: Values = {name: _text(form, name) for name in names}
    values["urgency"] = form.get("urgency", "none")
    values["kind"] = form.get("kind") or None
    values["document_date"] = form.get("document_date") or None
    return values


def of_document(document: Document) -> Values:
    """The present elements of a document, as its form shows them."""
    values = {name: _shown(value) for name, value in content.entered(document).items()}
    return {**values, "body": document.body}


def local(at: datetime) -> str:
    """``2026-11-23T08:40``, the office's own clock, as the field for a time takes it."""
    here = at.astimezone(SHANGHAI).replace(tzinfo=None)
    return here.isoformat(timespec="seconds" if here.second else "minutes")


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(form: MultiDict[str, str], name: str) -> str:
    """Browsers send line ends as CR LF; documents keep LF."""
    return re.sub("\r\n?", "\n", form.get(name, ""))
