"""The pages of the three forms, new or of a document at hand, with whatever was typed kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import render_template, request

from app import organization
from app.database import current_session
from app.documents import admission, kinds, letterheads, numbering, queries
from app.documents.content import BY_MAIL
from app.documents.models import Document
from app.documents.refusals import LABELS
from app.documents.scans import FLAG
from app.documents.text import Stored
from app.errors import DomainError, FieldError, Invalid
from app.handling.acts import editing
from app.handling.acts.requesting import Offer
from app.handling.preflight import findings_of_form
from app.handling.views import received
from app.handling.writing.drafts import Kept
from app.handling.writing.locks import Held
from app.organization.actors import Actor
from app.web.desk import forms
from app.web.desk.forms import Values
from app.web.desk.likeness import likeness
from app.web.desk.preflight import panel

PROCESSES = {"outgoing": "固定流程", "outgoing_free": "自由流转"}
SOURCES = (
    *("上级来文", "平级来文", "下级来文", "企业来文", "群众来信", "电话记录", "会议材料"),
    BY_MAIL,
)
"""Usual sources of received documents; others may be typed (INC-05)."""


@dataclass(frozen=True)
class Page:
    """One drawing of a form.

    document  the document being changed; None for a new one
    offer     the kind of request that is begun
    error     why the last try was refused
    closed    the person may no longer save it, but may copy what was typed
    newest    the newest elements that differ from what was typed, after somebody else's save
    reading   what a Word file that was read in has lost and brought
    kept      what was typed before and not saved, where the form shows that
    held      who has the text in hand; None of a new document
    """

    actor: Actor
    values: Values
    document: Document | None = None
    task_id: int | None = None
    error: DomainError | None = None
    closed: bool = False
    newest: Sequence[tuple[str, str]] = ()
    reading: Any = None
    kept: Kept | None = None
    held: Held | None = None
    offer: Offer | None = None

    @property
    def begun(self) -> bool:
        """Whether there is anything to check: an empty form only lacks everything."""
        return self.document is not None or bool(self.values.get("title"))

    @property
    def errors(self) -> list[FieldError]:
        if not isinstance(self.error, Invalid):
            return []
        return self.error.errors or [FieldError("", self.error.message)]

    @property
    def body(self) -> str:
        return forms.lines_of(self.values.get("body", ""))

    @property
    def blocks(self) -> Stored:
        """With the tables that stand behind lines; as they were typed where these do not fit."""
        try:
            return forms.blocks_of(forms.elements(self.values).get("body", ""))
        except Invalid:
            return forms.blocks_of(self.values.get("body", ""))


def outgoing(page: Page) -> str:
    session, unit_id = current_session(), page.actor.unit_id
    files = _files(page.document)
    designs = letterheads.of_unit(session, unit_id)
    found = findings_of_form(session, unit_id, page.values, page.document) if page.begun else ()
    names = [each.name for each in files]
    return render_template(
        "desk/drafting.html",
        page=page,
        values=page.values,
        errors=page.errors,
        files=files,
        originals=received.sources(session, page.actor, [each.received_id for each in files]),
        admitted=admission.in_force(session, unit_id),
        sheet=likeness(_design(page, designs), page.values, names),
        letterheads=[each for each in designs if each.offered],
        panel=panel(found),
        processes=PROCESSES,
        directions=kinds.DIRECTIONS,
        kinds=list(kinds.KINDS.values()),
        urgencies=kinds.URGENCIES,
        natures=[("", "未定"), *kinds.NATURES.items()],
        series=numbering.in_use(session, unit_id),
        signers=[] if page.document else editing.signers(session, page.actor),
    )


def held(page: Page) -> str:
    """For whoever comes while a colleague writes: the text to read, and how to come by it."""
    names = [each.name for each in _files(page.document)]
    sheet = likeness(_design(page), page.values, names)
    return render_template("desk/held.html", page=page, held=page.held, sheet=sheet)


def incoming(page: Page) -> str:
    return render_template(
        "desk/registering.html",
        page=page,
        values=page.values,
        errors=page.errors,
        files=_files(page.document),
        originals={},
        admitted=admission.in_force(current_session(), page.actor.unit_id),
        kinds=[("", "按标题识别"), *((name, name) for name in (*kinds.KINDS, kinds.OTHER))],
        urgencies=kinds.URGENCIES,
        sources=SOURCES,
    )


def scanned(page: Page) -> str:
    return render_template(
        "desk/scanning.html",
        page=page,
        values=page.values,
        errors=page.errors,
        files=_files(page.document),
        originals={},
        flag=FLAG,
        directions=[("", "请选择"), *kinds.DIRECTIONS.items()],
        kinds=[("", "请选择"), *((name, name) for name in kinds.KINDS)],
        urgencies=kinds.URGENCIES,
    )


def requested(page: Page) -> str:
    return render_template(
        "desk/requesting.html",
        page=page,
        values=page.values,
        errors=page.errors,
        files=_files(page.document),
        originals={},
        admitted=admission.in_force(current_session(), page.actor.unit_id),
        urgencies=kinds.URGENCIES,
    )


def differing(document: Document, typed: Values) -> list[tuple[str, str]]:
    """(label, newest text) of each element that is not as it was typed."""
    present = {**forms.of_document(document), "body": document.body}
    typed = {**typed, "body": forms.lines_of(typed.get("body"))}
    return [
        (LABELS[name], _in_words(name, value))
        for name, value in present.items()
        if (value or "") != (typed.get(name) or "") and (value or typed.get(name))
    ]


def uploads() -> list[tuple[str, BinaryIO]]:
    """The files that came with the request, under the names their sender gave them."""
    chosen = [each for each in request.files.getlist("file") if each.filename]
    return [(each.filename or "", cast(BinaryIO, each.stream)) for each in chosen]


def _design(page: Page, designs: Any = None) -> Any:
    """The letterhead that the values choose, or the unit's plain one."""
    session, kind = current_session(), page.values.get("kind", "")
    offered = letterheads.of_unit(session, page.actor.unit_id) if designs is None else designs
    chosen = letterheads.chosen(offered, page.values.get("letterhead", ""), kind)
    return chosen or letterheads.default(organization.unit(session, page.actor.unit_id), kind)


def _files(document: Document | None) -> list[Any]:
    if document is None:
        return []
    return [each for each in queries.attachments(current_session(), document.id) if each.in_force]


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    named = {"direction": kinds.DIRECTIONS, "urgency": kinds.URGENCIES, "nature": kinds.NATURES}
    words = named.get(name, {})
    return str(words.get(value, value) or "（空）")
