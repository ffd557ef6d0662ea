"""HTML of single lines. Every text is escaped here or in the pen; nothing else builds tags."""

import html
from collections.abc import Iterator

from app.documents.layout.composer import Line, end_saving
from app.documents.layout.pen import Pen
from app.documents.layout.units import saving

Piece = tuple[float, float, str, str]
"""Em from the left edge, em of width, HTML, name of its place."""


def element(content: str, *, classes: str, name: str = "", style: str = "") -> str:
    """A block; ``name`` makes its place known after rendering."""
    attributes = f' class="{classes}"'
    attributes += f' id="{name}"' if name else ""
    attributes += f' style="{style}"' if style else ""
    return f"<div{attributes}>{content}</div>"


def blank(lines: int = 1) -> str:
    return element("", classes="blank") * lines


def line_html(line: Line, pen: Pen, *, name: str = "", classes: str = "line") -> str:
    """One block per line: a paragraph's lines are never broken again by the renderer."""
    indent = f"padding-left:{line.indent:.4f}em" if line.indent else ""
    content = "".join(_spans(line, pen))
    return element(content, classes=classes, name=name, style=indent)


def placed(text: str, pen: Pen, face: str, left: float, width: float, name: str = "") -> str:
    """A line at ``left`` em from the left edge; its block is ``width`` em wide."""
    style = f"margin-left:{left:.4f}em;width:{width:.4f}em"
    return element(pen.spans(text, face), classes="line", name=name, style=style)


def side_by_side(pieces: list[Piece]) -> str:
    """Pieces on one row in reading order; each stands where it says, not where the last ended."""
    out, end = "", 0.0
    for left, width, text, name in pieces:
        style = f"margin-left:{left - end:.4f}em;width:{width:.4f}em"
        out += element(text, classes="piece", name=name, style=style)
        end = left + width
    return out


def spread_name(name: str, pen: Pen) -> str:
    """A person's name in 楷体; one of two characters is spread to the width of three."""
    if len(name) != 2:
        return pen.spans(name, "kai")
    first, second = (pen.spans(char, "kai") for char in name)
    return f'<span class="spread">{first}</span>{second}'


def spread_width(name: str, pen: Pen) -> float:
    return pen.width(name, "kai") + (1.0 if len(name) == 2 else 0.0)


def _spans(line: Line, pen: Pen) -> Iterator[str]:
    """Neighbours with one font and one gap share an element; a Latin run keeps its own spacing."""
    letters, family, space = "", "", 0.0
    for text, own_family, own_space, is_run in _pieces(line, pen):
        same = not is_run and (own_family, own_space) == (family, space)
        if letters and not same:
            yield _span(letters, family, f"letter-spacing:{space:.5f}em")
            letters = ""
        if is_run:
            yield _span(text, own_family, f"margin-right:{own_space:.5f}em")
        else:
            letters, family, space = letters + text, own_family, own_space
    if letters:
        yield _span(letters, family, f"letter-spacing:{space:.5f}em")


def _pieces(line: Line, pen: Pen) -> Iterator[tuple[str, str, float, bool]]:
    """(text, family, em after it, is a run) for each stretch of one font inside one unit."""
    for i, unit in enumerate(line.units):
        if i + 1 < len(line.units):
            space = round(line.gap - saving(unit, line.units[i + 1]), 5)
        else:
            space = -end_saving(line.units)
        segments = pen.segments(unit.text, unit.face)
        for text, family in segments[:-1]:
            yield text, family, 0.0, True
        text, family = segments[-1]
        yield text, family, space, len(unit.text) > 1


def _span(text: str, family: str, style: str) -> str:
    return f'<span class="{family}" style="{style}">{html.escape(text)}</span>'
