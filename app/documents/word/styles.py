"""Paper and styles of a Word file as GB/T 9704-2012 has them, with the fonts that offices have."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from app.documents.word import names

FANG, HEI, KAI, SONG, BIAO = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"

PITCH = 579
"""Twentieths of a point from line to line: 28.95 pt, 22 lines in 225 mm (5.2.3)."""

CELL = 316
"""Twentieths of a point of a cell, 28 in 156 mm."""

TIGHTER = -843
"""What the grid takes off each character of 16 pt, in 4096ths of a point (156 mm / 28)."""

RED = "FF0000"
TWO, THREE, FOUR = 22.0, 16.0, 14.0
"""2号, 3号 and 4号 in points."""


@dataclass(frozen=True)
class Look:
    """One style. Indents in cells; ``before`` in lines; ``pitch`` None leaves it to the type.

    grid  whether lines and characters keep to those of the page
    """

    name: str
    face: str = FANG
    size: float = THREE
    align: str = "both"
    first: float = 0
    before: float = 0
    pitch: int | None = PITCH
    color: str = ""
    outline: int | None = None
    grid: bool = True
    new_page: bool = False


LOOKS = (
    Look(names.TEXT, first=2),
    Look(names.NO_HEADING, first=2),
    Look(names.LEVELS[1], HEI, first=2, outline=0),
    Look(names.LEVELS[2], KAI, first=2, outline=1),
    Look(names.LEVELS[3], first=2, outline=2),
    Look(names.LEVELS[4], first=2, outline=3),
    Look(names.CHAPTER, HEI, align="center"),
    Look(names.APPENDED, BIAO, TWO, "center", pitch=PITCH + 60, new_page=True, outline=0),
    Look(names.PICTURE, align="center", pitch=None),
    Look(names.BREAK),
    Look(names.CELL, size=FOUR, align="left", pitch=400, grid=False),
    Look(names.TITLE, BIAO, TWO, "center", before=2, pitch=PITCH + 60),
    Look(names.RECIPIENTS, before=1),
    Look(names.NOTE, first=2),
    Look(names.URGENCY, HEI, align="left"),
    Look(names.LETTERHEAD, BIAO, align="center", pitch=None, color=RED, grid=False),
    Look(names.NUMBER, align="center", before=2),
    Look(names.ATTACHMENTS, align="left"),
    Look(names.LABEL, HEI, align="left", new_page=True),
    Look(names.ATTENDANCE, first=2),
    Look(names.UNIT, align="right"),
    Look(names.DATE, align="right"),
    Look(names.MARGIN, SONG, FOUR, "left", pitch=None),
    Look(names.GAP, size=1, pitch=20, grid=False),
)


def set_page(document: Document) -> None:
    """A4 with the type area of 156 by 225 mm, 22 lines of 28 characters (5.2)."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = child(section._sectPr, "w:docGrid")
    for name, value in (("type", "linesAndChars"), ("linePitch", PITCH), ("charSpace", TIGHTER)):
        grid.set(qn(f"w:{name}"), str(value))
    document.settings.odd_and_even_pages_header_footer = True


def add_styles(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for look in LOOKS:
        style = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = None
        style.quick_style = True
        _set_characters(style.element.get_or_add_rPr(), look)
        _set_paragraph(style.element.get_or_add_pPr(), look)
    _add_table_style(document, names.TABLE, {"all": 4})
    _add_table_style(document, names.PLAIN_COLOPHON, {})
    _add_table_style(document, names.COLOPHON, {"top": 8, "bottom": 8, "insideH": 6})


def child(parent: Any, name: str, **attributes: object) -> Any:
    """A new element at the end of ``parent``, with attributes of the same namespace."""
    found = OxmlElement(name)
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), str(value))
    parent.append(found)
    return found


def set_face(properties: Any, face: str) -> None:
    child(properties, "w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=face)


def _set_characters(properties: Any, look: Look) -> None:
    set_face(properties, look.face)
    if not look.grid:
        child(properties, "w:snapToGrid", val=0)
    if look.color:
        child(properties, "w:color", val=look.color)
    half_points = round(look.size * 2)
    child(properties, "w:sz", val=half_points)
    child(properties, "w:szCs", val=half_points)


def _set_paragraph(properties: Any, look: Look) -> None:
    """In the order that the schema asks for."""
    if look.new_page:
        child(properties, "w:pageBreakBefore")
    child(properties, "w:widowControl", val=0)
    if not look.grid:
        child(properties, "w:snapToGrid", val=0)
    spacing: dict[str, object] = {"before": round(look.before * PITCH), "after": 0}
    if look.pitch is not None:
        spacing |= {"line": look.pitch, "lineRule": "exact"}
    child(properties, "w:spacing", **spacing)
    if look.first:
        cells = round(look.first * 100)
        child(properties, "w:ind", firstLineChars=cells, firstLine=round(look.first * CELL))
    child(properties, "w:jc", val=look.align)
    if look.outline is not None:
        child(properties, "w:outlineLvl", val=look.outline)


def _add_table_style(document: Document, name: str, lines: dict[str, int]) -> None:
    """``lines``: eighths of a point of each border; ``all`` of them, or by side."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.TABLE)
    style.base_style = None
    properties = child(style.element, "w:tblPr")
    borders = child(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        width = lines.get(side, lines.get("all"))
        if width:
            child(borders, f"w:{side}", val="single", sz=width, space=0, color="000000")
    margins = child(properties, "w:tblCellMar")
    for side in ("left", "right"):
        child(margins, f"w:{side}", w=85, type="dxa")
