"""A seal of our own, drawn: ring, five-pointed star, name on the arc (国发〔1999〕25号).

The national emblem is never drawn; a seal that carries it comes as a picture.
"""

import math
from collections.abc import Iterator

from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen

from app.documents.layout import FontBook
from app.seals.papers.outlines import Operators, outlines
from app.seals.papers.pictures import MM, RED, STAMP_HEIGHT, STAMP_WIDTH, Picture, inked

RING = 0.027  # of the diameter
STAR = 0.15
LETTER = 0.145
CLEAR = 0.02  # between ring and letters
WIDEST_ARC, STEP = 250.0, 25.0  # degrees
NAME_FACE = "kai"
INNER = math.sin(math.radians(18)) / math.sin(math.radians(54))  # of a regular star


def drawn_seal(wording: str, diameter: float, fonts: FontBook) -> Picture:
    """A round seal with a star; ``wording`` stands on the arc in 宋体. Diameter in mm.

    Raises GlyphMissing.
    """
    middle, line = diameter / 2, diameter * RING
    pen = Operators(MM)
    pen.circle(middle, middle, middle)
    pen.circle(middle, middle, middle - line)
    pen.fill(even_odd=True)
    pen.polygon(_star(middle, diameter * STAR))
    pen.fill()
    letter = diameter * LETTER
    radius = middle - line - letter * 0.5 - diameter * CLEAR
    _on_arc(pen, wording, middle, radius, letter, fonts)
    return Picture(diameter, diameter, inked(RED, pen.content))


def drawn_name(wording: str, fonts: FontBook) -> Picture:
    """A 签名章 without a picture: the name in 楷体, as large as its place allows.

    Raises GlyphMissing.
    """
    letter = min(STAMP_HEIGHT * 0.8, STAMP_WIDTH / max(1, len(wording)))
    left = (STAMP_WIDTH - letter * len(wording)) / 2
    pen = Operators(MM)
    drawn = outlines(wording, fonts, NAME_FACE)
    for i, char in enumerate(wording):
        place = Transform().translate(left + letter * (i + 0.5), STAMP_HEIGHT / 2).scale(letter)
        drawn[char].replay(TransformPen(pen, place))
        pen.fill()
    return Picture(STAMP_WIDTH, STAMP_HEIGHT, inked(RED, pen.content))


def _star(middle: float, radius: float) -> Iterator[tuple[float, float]]:
    for i in range(10):
        angle = math.pi / 2 + i * math.pi / 5
        reach = radius * (INNER if i % 2 else 1.0)
        yield middle + reach * math.cos(angle), middle + reach * math.sin(angle)


def _on_arc(
    pen: Operators, wording: str, middle: float, radius: float, letter: float, fonts: FontBook
) -> None:
    """Letters from left to right over the star, each upright to its radius."""
    count = len(wording)
    arc = min(WIDEST_ARC, STEP * count) if count > 1 else 0.0
    step = arc / max(1, count - 1)
    room = 2 * radius * math.sin(math.radians(step) / 2) if count > 1 else letter
    narrow = min(1.0, room / letter)
    drawn = outlines(wording, fonts)
    for i, char in enumerate(wording):
        turn = math.radians(arc / 2 - step * i)
        x, y = middle - radius * math.sin(turn), middle + radius * math.cos(turn)
        place = Transform().translate(x, y).rotate(turn).scale(letter * narrow, letter)
        drawn[char].replay(TransformPen(pen, place))
        pen.fill()
