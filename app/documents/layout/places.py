"""A page for signature: what acts write on it later is left blank, and where that goes is told.

The leader signs the page that is issued, but number and 印发日期 exist only afterwards (OUT-09):
``for_signature`` leaves them blank, ``places`` says where they and the signatures go, and
``written`` draws one of them as the layout would have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.documents.layout.colophon import FOUR
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.fonts import FontBook
from app.documents.layout.markup import element
from app.documents.layout.pen import Pen
from app.documents.layout.printing import printed
from app.documents.layout.seals import CELL
from app.documents.layout.sheet import DOCUMENT, LETTER, MINUTES, ORDER, Box, Sheet

LEFT, CENTRE, RIGHT = "left", "center", "right"
TYPE_AREA = (28.0, 184.0)
"""mm from the left edge of the paper to the edges of the text."""


@dataclass(frozen=True)
class Line:
    """A line that is written later, in 仿宋.

    box      all the room that it has; nothing else stands there
    align    left, center or right: from where in the box it is written
    size     mm of a character
    """

    box: Box
    align: str
    size: float


@dataclass(frozen=True)
class Signature:
    """Where one agency signs.

    issuer  its 署名, or the 职务 of who signs with a 签名章
    name    where that is printed
    date    成文日期, where it stands below this name; of several agencies below the last alone
    mark    the square of the seal, or the 40 x 20 mm of the 签名章; None for a page without
    """

    issuer: str
    name: Box
    date: Box | None
    mark: Box | None

    @property
    def box(self) -> Box:
        """Name and date together."""
        if self.date is None:
            return self.name
        boxes = (self.name, self.date)
        return Box(
            self.name.page,
            min(each.left for each in boxes),
            min(each.top for each in boxes),
            max(each.right for each in boxes),
            max(each.bottom for each in boxes),
        )


@dataclass(frozen=True)
class Places:
    """Where acts write on a page. ``Box.page`` counts from 1, ``Box.points`` is for PDF.

    number      发文字号, 令号, or the number of an issue of 纪要
    printed_on  印发日期 with 印发 after it; None where the 版记 has none, as in 信函
    signatures  one for each agency, the lead's first; none in 纪要
    """

    number: Line
    printed_on: Line | None
    signatures: tuple[Signature, ...]


def for_signature(sheet: Sheet, signatories: tuple[str, ...], day: date, post: str = "") -> Sheet:
    """The sheet as it is signed on ``day``: final, its number and 印发日期 blank.

    post  职务 of who signs, for the first of the sheet's posts where it has any (7.3.5.3)
    """
    posts = (post, *sheet.posts[1:]) if sheet.posts and post else sheet.posts
    blank = replace(sheet, number=None, printed_on=None, posts=posts)
    return replace(blank, signatories=signatories, date=day, draft=False)


def places(sheet: Sheet, positions: Mapping[str, Box]) -> Places:
    """Where acts write on a page; ``positions`` are those of the page ``for_signature``.

    Raises ValueError for a sheet whose number or 印发日期 is on the page already.
    """
    if sheet.number or sheet.printed_on:
        raise ValueError("the page is not one for signature")
    printed_on = positions.get("printed-on")
    return Places(
        number=_number(sheet, positions["number"]),
        printed_on=Line(printed_on, RIGHT, FOUR) if printed_on else None,
        signatures=_signatures(sheet, positions) if sheet.signed else (),
    )


def written(text: str, line: Line, fonts: FontBook) -> bytes:
    """The text in its box as a PDF page of that size, to be laid over it; fonts are embedded.

    Raises DoesNotFit where it is wider than the box, GlyphMissing.
    """
    return written_lines([(text, line)], fonts)


def written_lines(lines: Sequence[tuple[str, Line]], fonts: FontBook) -> bytes:
    """The same for several at once, a page for each: starting the renderer is what takes time."""
    pen = Pen(fonts)
    rules = [_rule(f"line-{i}", text, line, pen) for i, (text, line) in enumerate(lines)]
    body = "".join(
        element(pen.spans(text, "fangsong"), classes=f"line-{i}")
        for i, (text, _) in enumerate(lines)
    )
    style = (
        "body{margin:0;font-family:fangsong-0;white-space:pre;font-kerning:none}span{line-height:0}"
    )
    return printed("、".join(text for text, _ in lines), "", body, style + "".join(rules), pen)


def _rule(name: str, text: str, line: Line, pen: Pen) -> str:
    """Style of one line and its page."""
    width, height = line.box.right - line.box.left, line.box.bottom - line.box.top
    if pen.width(text, "fangsong") * line.size > width:
        raise DoesNotFit(f"“{text}”过长，版面上为它留的位置写不下。请改用较短的发文字号形式。")
    return (
        f"@page {name}{{size:{width:.4f}mm {height:.4f}mm;margin:0}}"
        f".{name}{{page:{name};font-size:{line.size:.4f}mm;line-height:{height:.4f}mm;"
        f"text-align:{line.align};height:{height:.4f}mm}}"
    )


def _number(sheet: Sheet, box: Box) -> Line:
    """Centred where it has its row to itself: such a row is all its own."""
    if sheet.format in (ORDER, MINUTES) or (sheet.format == DOCUMENT and not sheet.upward):
        left, right = TYPE_AREA
        return Line(replace(box, left=left, right=right), CENTRE, CELL)
    return Line(box, RIGHT if sheet.format == LETTER else LEFT, CELL)


def _signatures(sheet: Sheet, found: Mapping[str, Box]) -> tuple[Signature, ...]:
    names, key = (sheet.posts, "post") if sheet.posts else (sheet.signing_units, "unit")
    mark = "stamp" if sheet.posts else "seal"
    several = len(names) > 1 or bool(sheet.posts)
    return tuple(
        Signature(
            issuer=name,
            name=found[f"{key}-{i}" if several else key],
            date=found["date"] if i == len(names) else None,
            mark=found[f"{mark}-{i}" if several else mark] if sheet.sealed else None,
        )
        for i, name in enumerate(names, start=1)
    )
