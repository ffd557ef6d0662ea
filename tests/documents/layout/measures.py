"""What the standard says in millimetres, and where it stands on the page that was set.

Each function yields what its part of the document allows to be measured. Clauses are those of
GB/T 9704-2012.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.documents.layout import FontBook, Rendered, Sheet
from app.documents.layout.sheet import long_date
from app.documents.layout.units import CLOSING
from app.documents.text import plain

from .read_back import CELL, Piece, ReadBack

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
TWO, THREE, FOUR = (points * 25.4 / 72 for points in (22, 16, 14))
NOMINAL_PITCH = 225 / 22
ROW = 5.6  # height of the rows of number and 签发人
TITLE_ROW = 11.5


@dataclass(frozen=True)
class Measure:
    """``wanted`` and ``measured`` in mm unless the item says otherwise."""

    item: str
    clause: str
    wanted: float
    measured: float
    tolerance: float = 0.1

    @property
    def holds(self) -> bool:
        return abs(self.measured - self.wanted) <= self.tolerance


@dataclass(frozen=True)
class Specimen:
    """A sheet, what was made of it, and what is read from the file."""

    sheet: Sheet
    rendered: Rendered
    read: ReadBack
    fonts: FontBook

    @property
    def pitch(self) -> float:
        return self.rendered.pitch

    @property
    def text(self) -> Piece:
        """First line of the text."""
        return self.first_of(plain(self.sheet.text).split("\n")[0])

    @property
    def title_lines(self) -> list[Piece]:
        place = self.rendered.positions["title"]
        return [
            line
            for line in self.read.lines[0]
            if line.face == "biaosong" and place.top < line.baseline < place.bottom
        ]

    def first_of(self, text: str) -> Piece:
        return self.read.find(text.replace(" ", "")[:12], size=CELL)


def of_page(its: Specimen) -> Iterator[Measure]:
    for width, height in its.read.sizes[:1]:
        yield Measure("纸张宽", "5.1", 210, width)
        yield Measure("纸张高", "5.1", 297, height)
    body = [line for page in range(1, its.read.pages + 1) for line in its.read.body(page)]
    yield Measure("版心左边缘", "5.2.1", LEFT, min(line.left for line in body), 0.05)
    yield Measure("正文字号（一字宽）", "5.2.2", CELL, its.text.size, 0.01)
    yield from _edges(its)
    yield from _full_pages(its)


def _edges(its: Specimen) -> Iterator[Measure]:
    """A line goes on where the next one of its page begins flush left in the same paragraph."""
    ends, counts = [], []
    for page in range(1, its.read.pages + 1):
        for line, following in pairwise(its.read.body(page)):
            if _goes_on(line, following, its.pitch):
                mark = line.text[-1] in CLOSING
                ends.append(line.right - (CELL / 2 if mark else 0))
                counts += _cells(line, following)
    if ends:
        yield Measure("满行右端齐版心（最短者）", "5.2.3", RIGHT, min(ends), 0.3)
        yield Measure("满行右端齐版心（最长者）", "5.2.3", RIGHT, max(ends), 0.3)
    if counts:
        yield Measure("满行字数（字）", "5.2.3", 28, sum(counts) / len(counts), 0.01)


def _goes_on(line: Piece, following: Piece, pitch: float) -> bool:
    next_line = abs(following.baseline - line.baseline - pitch) < 0.1
    flush = abs(following.left - LEFT) < 0.05 and line.right > RIGHT - 4 * CELL
    return next_line and flush and not line.text.endswith(("：", "号"))


def _cells(line: Piece, following: Piece) -> list[float]:
    """Characters of a line of nothing but whole cells that fills the width unspaced."""
    whole = all(
        abs(b.left - a.left - CELL) < 0.005 and abs(a.right - a.left - CELL) < 0.005
        for a, b in pairwise(line.chars)
    )
    flush = abs(line.left - LEFT) < 0.05
    return [float(len(line.chars))] if whole and flush else []


def _full_pages(its: Specimen) -> Iterator[Measure]:
    """Pages between the first and the last of the covering text are full."""
    for page in range(2, its.rendered.positions["text-end"].page):
        lines = its.read.body(page)
        if not lines or its.read.grid(page):  # a page with a table is off the grid
            continue
        steps = [b.baseline - a.baseline for a, b in pairwise(lines)]
        nominal = abs(its.pitch - NOMINAL_PITCH) < 0.001
        yield Measure("版心上边缘", "5.2.1", TOP, its.read.top(lines[0], its.pitch), 0.05)
        yield Measure("行距", "5.2.3", its.pitch, median(steps), 0.02)
        last = its.read.top(lines[-1], its.pitch) + its.pitch
        if nominal and last > BOTTOM - its.pitch / 2:  # a heading goes over to the next page
            count = (lines[-1].baseline - lines[0].baseline) / its.pitch + 1
            yield Measure("满页行数（行，含空行）", "5.2.3", 22, count, 0.01)
            yield Measure("版心下边缘", "5.2.1", BOTTOM, last, 0.05)


def of_page_numbers(its: Specimen) -> Iterator[Measure]:
    """A blank page has none, nor has the 版记 alone after it (7.5)."""
    first = 2 if its.sheet.format == "信函" else 1
    blank = [page for page, lines in enumerate(its.read.lines, start=1) if not lines]
    for page in range(first, min([*blank, its.read.pages + 1])):
        number = its.read.find(f"—{page}—", page)
        yield Measure("页码字号", "7.5", FOUR, number.size, 0.01)
        dash = Piece(page, number.chars[:1])
        top, bottom = its.read.ink(dash)
        yield Measure("页码一字线距版心下边缘", "7.5", 7, (top + bottom) / 2 - BOTTOM)
        if page % 2:
            yield Measure("单页码右空一字", "7.5", FOUR, RIGHT - number.right)
        else:
            yield Measure("双页码左空一字", "7.5", FOUR, number.left - LEFT)


def of_title(its: Specimen, above: float) -> Iterator[Measure]:
    """``above``: end of the last thing before it."""
    lines = its.title_lines
    yield Measure("标题字号（2号）", "7.3.1", TWO, lines[0].size, 0.01)
    yield Measure("标题上空二行", "7.3.1", 2 * its.pitch, its.read.top(lines[0], TITLE_ROW) - above)
    for line in lines:
        yield Measure("标题居中（距版心中线）", "7.3.1", 0, line.middle - (LEFT + RIGHT) / 2, 0.15)
    below = its.text
    if its.sheet.main_recipients:
        below = its.read.find(its.sheet.main_recipients[0][:6], 1)
        yield Measure("主送机关顶格", "7.3.2", LEFT, below.left, 0.05)
    end = its.read.top(lines[-1], TITLE_ROW) + TITLE_ROW
    yield Measure("标题下空一行", "7.3.2", its.pitch, its.read.top(below, its.pitch) - end)


def of_text(its: Specimen) -> Iterator[Measure]:
    yield Measure("正文首行左空二字", "7.3.3", 2 * CELL, its.text.left - LEFT, 0.05)
    yield Measure("首页显示正文（页）", "7.3.3", 1, its.text.page, 0)
    if its.sheet.attachments:
        label = its.read.find("附件：")
        yield Measure("附件说明左空二字", "7.3.4", 2 * CELL, label.left - LEFT, 0.05)
        before = max(
            (line for line in its.read.body(label.page) if line.baseline < label.baseline - 1),
            key=lambda line: line.baseline,
        )
        step = label.baseline - before.baseline
        yield Measure("附件说明上空一行", "7.3.4", 2 * its.pitch, step)
    for n, name in enumerate(its.sheet.attachments, start=1):
        if f"# {name}" in its.sheet.paragraphs:
            label = its.read.find(f"附件{n}", last=True)
            page = label.page
            title = its.read.find(name[:6], page)
            yield Measure("附件序号顶格", "7.3.7", LEFT, label.left, 0.05)
            yield Measure("附件序号在第一行", "7.3.7", TOP, its.read.top(label, its.pitch), 0.05)
            top = its.read.top(title, its.pitch)
            yield Measure("附件标题在第三行", "7.3.7", TOP + 2 * its.pitch, top, 0.05)


def of_colophon(its: Specimen) -> Iterator[Measure]:
    sheet, read = its.sheet, its.read
    page = read.pages
    if sheet.copy_recipients:
        copies = read.find("抄送：", page)
        yield Measure("抄送字号（4号）", "7.4.2", FOUR, copies.size, 0.01)
        yield Measure("抄送左空一字", "7.4.2", FOUR, copies.left - LEFT)
    black = [rule for rule in read.rules(page) if not rule.red]
    if sheet.format == "信函":
        yield Measure("信函版记线数（条）", "10.1", 0, len(black), 0)
        return
    outer, inner = black[0], black[1]
    yield Measure("版记首条分隔线粗", "7.4.1", 0.35, inner.top - outer.top, 0.02)
    yield Measure("版记末条分隔线粗", "7.4.1", 0.35, outer.bottom - inner.bottom, 0.02)
    yield Measure("版记末条分隔线与版心下边缘重合", "7.4.1", BOTTOM, outer.bottom, 0.05)
    yield Measure("版记分隔线长", "7.4.1", 156, outer.right - outer.left)
    if sheet.copy_recipients:
        tops = sorted(rule.top for rule in black)
        yield Measure("版记中间分隔线粗", "7.4.1", 0.25, tops[-1] - tops[-2], 0.02)
    office = read.find(sheet.printed_by, page, last=True)
    yield Measure("印发机关左空一字", "7.4.3", FOUR, office.left - LEFT)
    if sheet.printed_on:
        day = read.find(f"{long_date(sheet.printed_on)}印发", page)
        yield Measure("印发日期右空一字", "7.4.3", FOUR, RIGHT - day.right)
