"""署名, 成文日期, 签名章, 附注 and the room of the seals (7.3.5, 7.3.6)."""

from app.documents.layout.composer import CELLS, compose
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.markup import (
    element,
    line_html,
    placed,
    side_by_side,
    spread_name,
    spread_width,
)
from app.documents.layout.pen import Pen
from app.documents.layout.seals import columns, rows
from app.documents.layout.sheet import Sheet, long_date, note_text
from app.documents.layout.units import Run

SEALED_CLEAR = 4.0  # em clear to the right of the date under a seal
UNSEALED_CLEAR = 2.0
UNIT_MOST = 24.0  # em of a 署名 line; a longer name turns over
DATE_ROOM = 7.0  # em kept for a date that is not known yet
RIGHT_CLEAR = 1.0
STAMP_WIDTH = 40 / (156 / CELLS)  # em of a 签名章
POST_CLEAR = 2.0  # em between 职务 and 签名章
NAME_ROOM = 3.0


def signature(sheet: Sheet, pen: Pen) -> str:
    """The block from the blank lines to the 附注, which no page end divides."""
    content = element("", classes="before-unit")
    if not sheet.signed:
        content = ""
    elif sheet.posts:
        content += _stamps(sheet, pen)
    elif len(sheet.signing_units) == 1:
        content += _single(sheet, pen)
    elif sheet.sealed:
        content += _joint_sealed(sheet, pen)
    else:
        content += _joint_unsealed(sheet, pen)
    return content + element(_note(sheet, pen), classes="after-date")


def _single(sheet: Sheet, pen: Pen) -> str:
    unit = compose([Run(sheet.signing_units[0], "fangsong")], pen, width=UNIT_MOST, indent=0)
    unit_width = max((line.width for line in unit), default=0.0)
    day, day_width = _date(sheet, pen)
    unit_left, day_left = _places(sheet.sealed, unit_width, day_width)
    lines = "".join(line_html(line, pen, classes="line centred") for line in unit)
    style = f"margin-left:{unit_left:.4f}em;width:{unit_width:.4f}em"
    content = element(lines, classes="unit", name="unit", style=style)
    return content + placed(day, pen, "fangsong", day_left, day_width, "date")


def _date(sheet: Sheet, pen: Pen) -> tuple[str, float]:
    day = long_date(sheet.date) if sheet.date else ""
    return day, pen.width(day, "fangsong") if day else DATE_ROOM


def _places(sealed: bool, unit: float, day: float) -> tuple[float, float]:
    """Em from the left edge to 署名 and to the date.

    Without a seal the date begins two cells right of the 署名 and neither comes nearer than two
    cells to the right edge; under a seal the 署名 is centred over the date.
    """
    if not sealed:
        unit_left = CELLS - UNSEALED_CLEAR - max(unit, day + 2)
        return unit_left, unit_left + 2
    centre = min(CELLS - SEALED_CLEAR - day / 2, CELLS - RIGHT_CLEAR - unit / 2)
    return centre - unit / 2, centre - day / 2


def _joint_sealed(sheet: Sheet, pen: Pen) -> str:
    """Rows of names, each under its seal; the date under the last name, at the last column."""
    names = _joint_names(sheet, pen)
    day, day_width = _date(sheet, pen)
    centres = columns([width for _, width in names], day_width, sheet.seal_diameter)
    out, first = [], 1
    for row in rows(names, len(centres)):
        at = centres[len(centres) - len(row) :]
        pieces = [
            (centre - width / 2, width, pen.spans(name, "fangsong"), f"unit-{i}")
            for i, (centre, (name, width)) in enumerate(zip(at, row, strict=True), start=first)
        ]
        first += len(row)
        out.append(element(side_by_side(pieces), classes="line units-row"))
    content = element("".join(out), classes="unit", name="unit")
    return content + placed(day, pen, "fangsong", centres[-1] - day_width / 2, day_width, "date")


def _joint_unsealed(sheet: Sheet, pen: Pen) -> str:
    """One name below the other, the lead's first, all beginning in one place."""
    names = _joint_names(sheet, pen)
    day, day_width = _date(sheet, pen)
    widest = max(width for _, width in names)
    unit_left, day_left = _places(False, widest, day_width)
    lines = "".join(
        placed(name, pen, "fangsong", unit_left, width, f"unit-{i}")
        for i, (name, width) in enumerate(names, start=1)
    )
    content = element(lines, classes="unit", name="unit")
    return content + placed(day, pen, "fangsong", day_left, day_width, "date")


def _joint_names(sheet: Sheet, pen: Pen) -> list[tuple[str, float]]:
    """Names and their widths. Raises DoesNotFit for one that a line cannot hold."""
    names = [(name, pen.width(name, "fangsong")) for name in sheet.signing_units]
    for name, width in names:
        if width > UNIT_MOST:
            raise DoesNotFit(
                f"联合行文的署名“{name}”超过 {UNIT_MOST:g} 字，一行排不下。请改用规范化简称。"
            )
    return names


def _stamps(sheet: Sheet, pen: Pen) -> str:
    """职务 two cells left of the 签名章, one row for each agency; typed names without a seal."""
    names = [*sheet.signatories, *("" for _ in sheet.posts)][: len(sheet.posts)]
    room = STAMP_WIDTH if sheet.sealed else max(NAME_ROOM, *(spread_width(n, pen) for n in names))
    left = CELLS - SEALED_CLEAR - room
    out = []
    for i, (post, name) in enumerate(zip(sheet.posts, names, strict=True), start=1):
        width = pen.width(post, "fangsong")
        if width > left - POST_CLEAR:
            raise DoesNotFit(f"签发人职务“{post}”过长，与签名章排不进一行。请核对职务名称。")
        mark = "" if sheet.sealed else spread_name(name, pen)
        pieces = [
            (left - POST_CLEAR - width, width, pen.spans(post, "fangsong"), f"post-{i}"),
            (left, room, mark, f"stamp-{i}"),
        ]
        out.append(element(side_by_side(pieces), classes="stamp-row" if sheet.sealed else "line"))
    day, day_width = _date(sheet, pen)
    content = element("".join(out), classes="unit", name="unit") + element("", classes="blank")
    day_left = CELLS - SEALED_CLEAR - day_width
    return content + placed(day, pen, "fangsong", day_left, day_width, "date")


def _note(sheet: Sheet, pen: Pen) -> str:
    if not sheet.note:
        return ""
    lines = compose([Run(note_text(sheet.note), "fangsong")], pen)
    content = "".join(line_html(line, pen) for line in lines)
    return element(content, classes="note", name="note")
