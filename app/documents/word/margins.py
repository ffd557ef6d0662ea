"""What stands in the margins of every page: its number, and that a draft is one."""

from typing import Any

from docx.document import Document
from docx.text.paragraph import Paragraph as WordParagraph

from app.documents.layout.sheet import Sheet
from app.documents.word import names
from app.documents.word.styles import CELL, RED, child
from app.documents.word.writing import indent

DRAFT = "非正式稿　未经签发，仅供审核修改"


def add_margins(document: Document, sheet: Sheet) -> None:
    """Page numbers outside (7.5), and over each page of a draft that it is one (DRF-21)."""
    section = document.sections[0]
    for foot, align in ((section.footer, 2), (section.even_page_footer, 0)):
        line = line_of(foot, document)
        line.paragraph_format.alignment = align
        indent(line, left=CELL, right=CELL)
        line.add_run("— ")
        _add_page_number(line)
        line.add_run(" —")
    for head in (section.header, section.even_page_header):
        line = line_of(head, document)
        if sheet.draft:
            line.paragraph_format.alignment = 1
            child(line.add_run(DRAFT)._r.get_or_add_rPr(), "w:color", val=RED)


def line_of(margin: Any, document: Document) -> WordParagraph:
    """The one line of a header or footer of its own."""
    margin.is_linked_to_previous = False
    line: WordParagraph = margin.paragraphs[0]
    line.style = document.styles[names.MARGIN]
    return line


def _add_page_number(line: WordParagraph) -> None:
    for kind in ("begin", "", "end"):
        run = line.add_run()._r
        if kind:
            child(run, "w:fldChar", fldCharType=kind)
        else:
            child(run, "w:instrText").text = " PAGE "
