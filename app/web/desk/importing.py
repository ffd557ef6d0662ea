"""导入 Word on 拟稿 and 修改公文: the form again with what the file says, and nothing saved."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

from flask import Response, make_response, request

from app import clock
from app.database import current_session
from app.documents import kinds, word
from app.documents.refusals import LABELS
from app.documents.text import Block, Paragraph, Title, plain, stored
from app.documents.word import Imported, Note
from app.errors import Invalid
from app.handling.acts import illustrating, importing
from app.web.desk import saving
from app.web.desk.forms import Values
from app.web.desk.pages import Page
from app.web.desk.saving import Draw

HEADINGS = {"lost": "没有保留的内容", "changed": "改了形式的内容", "found": "公文要素"}


@dataclass(frozen=True)
class Reading:
    """What a person is told about the file.

    notes   by heading, without empty ones
    former  the text that stood in the form before
    """

    name: str
    notes: Sequence[tuple[str, Sequence[str]]]
    former: str


def asked() -> bool:
    return request.form.get("do") == "import"


def into_form(page: Page, draw: Draw) -> Response:
    """The page with the text of the file in it; on a refusal as it was typed.

    The caller has found that the person may change the document.
    """
    upload = request.files.get(importing.FIELD)
    current_session().rollback()  # the file is read while nothing is held
    try:
        if upload is None or not upload.filename:
            raise Invalid.at(importing.FIELD, "请先选择 .docx 文档，再导入。")
        found, taken = importing.read_word(upload.filename, cast(BinaryIO, upload.stream))
    except Invalid as error:
        return saving.again(draw, page, error)
    session = current_session()
    illustrating.add_pictures(session, page.actor, taken, clock.now(session))
    session.commit()
    values, notes = _merged(page.values, found)
    former = page.body
    shown = former if former.strip() and former != values["body"] else ""
    reading = Reading(upload.filename, _grouped([*found.notes, *notes]), shown)
    return make_response(draw(replace(page, values=values, reading=reading)))


def _merged(typed: Values, found: Imported) -> tuple[Values, list[Note]]:
    """The text of the file, and its elements where the form has none yet."""
    values = {**typed, "body": plain(found.blocks), "behind": _behind(found.blocks)}
    notes = []
    for name, value in found.elements.items():
        label, words = LABELS[name], word.in_words(name, value)
        present = typed.get(name)
        if not present or present == "none":
            values[name] = value
            notes.append(Note("found", f"{label}“{words}”已填入该栏。"))
        elif present != value:
            notes.append(Note("found", f"文件里的{label}是“{words}”；该栏已有内容，没有改动。"))
    named = kinds.kind_of_title(values.get("title") or "")
    if named and not typed.get("kind"):
        values["kind"] = named.name
        notes.append(Note("found", f"文种按标题选为“{named.name}”，请选择行文方向。"))
    return values, notes


def _behind(blocks: Sequence[Block]) -> str:
    """JSON of what lines alone do not say; "" of a text of lines."""
    simple = all(
        isinstance(block, Title) or (isinstance(block, Paragraph) and block.level is None)
        for block in blocks
    )
    return "" if simple else json.dumps(stored(blocks), ensure_ascii=False)


def _grouped(notes: Sequence[Note]) -> list[tuple[str, Sequence[str]]]:
    groups: dict[str, Any] = {
        heading: [note.text for note in notes if note.kind == kind]
        for kind, heading in HEADINGS.items()
    }
    return [(heading, texts) for heading, texts in groups.items() if texts]
