"""Outlines as operators of PDF: of characters of a font, and of whatever draws with a pen."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from app.documents.layout import FontBook, GlyphMissing

ROUND = 0.5522847498  # a quarter of a circle as one curve
FACE = "song"


def outlines(wording: str, fonts: FontBook, face: str = FACE) -> dict[str, RecordingPen]:
    """The outline of each character in em, the middle of its square at the origin."""
    found: dict[Path, str] = {}
    for char in dict.fromkeys(wording):
        file = fonts.pick(char, face)
        if file is None:
            raise GlyphMissing([char])
        found[file.path] = found.get(file.path, "") + char
    drawn: dict[str, RecordingPen] = {}
    for path, chars in found.items():
        drawn |= _of_font(path, chars)
    return drawn


@lru_cache(maxsize=64)
def _of_font(path: Path, chars: str) -> dict[str, RecordingPen]:
    pens = {char: RecordingPen() for char in chars}
    with TTFont(path, lazy=True) as font:
        names, glyphs, units = font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm
        for char, pen in pens.items():
            name = names[ord(char)]
            middle = (-font["hmtx"][name][0] / 2, -_centre(font))
            place = Transform().scale(1 / units).translate(*middle)
            glyphs[name].draw(TransformPen(pen, place))
    return pens


def _centre(font: Any) -> float:
    """Half-way up the square of a Chinese character, in the units of the font."""
    up, down = abs(font["hhea"].ascent), abs(font["hhea"].descent)
    return float(up - down) / 2


class Operators(BasePen):  # type: ignore[misc]  # fontTools has no type information
    """Writes outlines as operators of PDF, in points where the caller says mm."""

    def __init__(self, scale: float) -> None:
        super().__init__(None)
        self._scale = scale
        self._written: list[str] = []

    @property
    def content(self) -> bytes:
        return " ".join(self._written).encode()

    def fill(self, *, even_odd: bool = False) -> None:
        self._written.append("f*" if even_odd else "f")

    def circle(self, x: float, y: float, radius: float) -> None:
        k = radius * ROUND
        self.moveTo((x + radius, y))
        self.curveTo((x + radius, y + k), (x + k, y + radius), (x, y + radius))
        self.curveTo((x - k, y + radius), (x - radius, y + k), (x - radius, y))
        self.curveTo((x - radius, y - k), (x - k, y - radius), (x, y - radius))
        self.curveTo((x + k, y - radius), (x + radius, y - k), (x + radius, y))
        self.closePath()

    def polygon(self, points: Iterator[tuple[float, float]]) -> None:
        self.moveTo(next(points))
        for point in points:
            self.lineTo(point)
        self.closePath()

    def _put(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = (f"{part * self._scale:.3f}" for point in points for part in point)
        self._written.append(" ".join((*numbers, operator)))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  names of fontTools
        self._put("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._put("l", pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._put("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._written.append("h")
