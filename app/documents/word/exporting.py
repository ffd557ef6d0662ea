"""A document as a Word file, set like its paper as far as Word sets by itself.

The PDF is the paper; this is for people and programs that go on working with the words.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.shared import Mm

from app.documents.errors import FileMissing
from app.documents.layout.settable import ensure_settable
from app.documents.layout.sheet import Sheet
from app.documents.paragraphs import Paragraph as Shown
from app.documents.paragraphs import paragraphs
from app.documents.text import Block, Image, PageBreak, Paragraph, Table, Title
from app.documents.word import names
from app.documents.word.heads import add_head
from app.documents.word.margins import add_margins
from app.documents.word.paper import add_closing, add_colophon
from app.documents.word.styles import HEI, KAI, add_styles, child, set_page
from app.documents.word.writing import Run, add, add_table, describe

GetPicture = Callable[[str], bytes]
"""Bytes of a picture by its hash; raises FileMissing."""

_FACES = {1: HEI, 2: KAI}


def word_file(sheet: Sheet, text: Sequence[Block], get_picture: GetPicture) -> bytes:
    """The .docx of a document: ``sheet`` without its paragraphs, and ``text`` in their place.

    Raises SheetTooLarge where the paper cannot be set either.
    """
    ensure_settable(sheet)
    document = docx.Document()
    set_page(document)
    add_styles(document)
    properties = document.core_properties
    properties.title, properties.author = sheet.plain_title, "、".join(sheet.signing_units)
    properties.comments = "非正式稿" if sheet.draft else ""
    add_margins(document, sheet)
    add_head(document, sheet)
    appended = next((i for i, block in enumerate(text) if isinstance(block, Title)), len(text))
    shown = _shown(text)
    for block, line in shown[:appended]:
        _add_block(document, sheet, block, line, get_picture)
    add_closing(document, sheet)
    for block, line in shown[appended:]:
        _add_block(document, sheet, block, line, get_picture)
    add_colophon(document, sheet)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _shown(text: Sequence[Block]) -> list[tuple[Block, Shown | None]]:
    """Each block with what stands out in it; None of a blank line."""
    found = iter(paragraphs(text))
    return [
        (block, None if isinstance(block, Paragraph) and not block.text.strip() else next(found))
        for block in text
    ]


def _add_block(
    document: WordDocument,
    sheet: Sheet,
    block: Block,
    line: Shown | None,
    get_picture: GetPicture,
) -> None:
    if isinstance(block, Title):
        _add_title(document, sheet, block)
    elif isinstance(block, Table):
        add_table(document, block)
    elif isinstance(block, Image):
        _add_picture(document, block, get_picture)
    elif isinstance(block, PageBreak):
        child(add(document, names.BREAK).add_run()._r, "w:br", type="page")
    else:
        _add_paragraph(document, block, line)


def _add_title(document: WordDocument, sheet: Sheet, block: Title) -> None:
    """附件N stands over the title where the 附件说明 names it (7.3.7)."""
    labelled = block.text in sheet.attachments
    if labelled:
        number = sheet.attachments.index(block.text) + 1
        add(document, names.LABEL, f"附件{number}" if len(sheet.attachments) > 1 else "附件")
    title = add(document, names.APPENDED, block.text)
    if labelled:
        title.paragraph_format.page_break_before = False


def _add_picture(document: WordDocument, block: Image, get_picture: GetPicture) -> None:
    try:
        content = get_picture(block.sha256)
    except FileMissing:
        add(document, names.PICTURE, f"［图片：{block.alt}］")
        return
    run = add(document, names.PICTURE).add_run()
    describe(run.add_picture(BytesIO(content), width=Mm(block.width)), block.alt)


def _add_paragraph(document: WordDocument, block: Paragraph, line: Shown | None) -> None:
    if block.level is not None:
        add(document, names.LEVELS[block.level], block.text)
    elif line is None:
        add(document, names.TEXT, block.text)
    else:
        style = names.CHAPTER if line.part == "chapter" else names.TEXT
        add(document, style, *_runs(block.text, line))


def _runs(typed: str, line: Shown) -> tuple[Run, Run]:
    """The heading in its face and the rest, with the blanks around the line as typed."""
    start = len(typed) - len(typed.lstrip()) + len(line.head)
    article = line.part == "article"
    face = HEI if article else _FACES.get(line.level, "") if line.head else ""
    return (typed[:start], face), (typed[start:], "")
