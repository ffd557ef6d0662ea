"""Text cut into pieces that no line end may divide. Widths are in em (1 em = 1 cell)."""

import re
from typing import NamedTuple, Protocol

# 避头 and 避尾: what no line begins with and none ends with.
NO_LINE_START = frozenset("，。、；：？！）》〉】〕」』”’％℃·～") | frozenset(",.;:?!)]}%")
NO_LINE_END = frozenset("（《〈【〔「『“‘") | frozenset("([{")
CLOSING = frozenset("，。、；：）》〉】〕」』”’")  # ink in the left half of the cell
OPENING = frozenset("（《〈【〔「『“‘")  # ink in the right half of the cell
HALF = 0.5
LONGEST_RUN = 10.0  # em; a longer run may be divided, or it would tear the line before it open
CELL = "\u3000"

_TOKEN = re.compile(r"[!-~]+|——|……|[^\S\u3000]+|.", re.DOTALL)
_SEPARATORS = re.compile(r"(?<=[/\-_.@:?&=+,;])")
_DASH = re.compile("[—–～]")
_YEARS = re.compile(r"[—–～-]\d")


class Measure(Protocol):
    """What the composer has to know of fonts."""

    def width(self, text: str, face: str) -> float: ...


class Run(NamedTuple):
    """Text in one face."""

    text: str
    face: str


class Unit(NamedTuple):
    """One character, or a Latin or number run, or a two-cell dash or ellipsis."""

    text: str
    face: str
    width: float

    @property
    def is_space(self) -> bool:
        return self.text.isspace()


def units_of(runs: list[Run], measure: Measure) -> list[Unit]:
    """The runs as units, without the spaces that nobody sees.

    A typed space between two hanzi is one cell, between two Latin words a word space. Next to a
    mark, or between a hanzi and a number, it is a habit of typing and is not set.
    """
    tokens = [(token, run.face) for run in runs for token in _tokens(run.text)]
    units: list[Unit] = []
    for i, (token, face) in enumerate(tokens):
        if token.isspace() and token != CELL:
            before = tokens[i - 1][0][-1] if i else ""
            after = tokens[i + 1][0][0] if i + 1 < len(tokens) else ""
            token = _space(before, after)
        if token:
            units.extend(_divided(Unit(token, face, measure.width(token, face)), measure))
    return units


def saving(before: Unit | None, unit: Unit) -> float:
    """Two full-width marks side by side share one blank half cell."""
    if before is None:
        return 0.0
    a, b = before.text[-1], unit.text[0]
    blank_between = a in CLOSING and (b in CLOSING or b in OPENING)
    return HALF if blank_between or (a in OPENING and b in OPENING) else 0.0


def _tokens(text: str) -> list[str]:
    joined: list[str] = []
    for token in _TOKEN.findall(text):
        if joined and _belongs(joined, token):
            joined[-1] += token
        elif len(joined) > 1 and joined[-1] == " " and _designation(joined[-2], token):
            joined.pop()
            joined[-1] += f" {token}"
        else:
            joined.append(token)
    return joined


def _belongs(joined: list[str], token: str) -> bool:
    """The 2012 of GB/T 9704—2012: a dash after a digit, and the digits after that dash."""
    last = joined[-1]
    if _DASH.fullmatch(token):
        return last[-1].isdigit() and last.isascii()
    return bool(_YEARS.fullmatch(last[-1] + token[0])) and len(last) > 1 and token.isascii()


def _designation(before: str, token: str) -> bool:
    """The space of GB/T 9704 and K4 120: letters, then a number."""
    return before[0].isascii() and before[0].isupper() and token[0].isdigit() and token.isascii()


def _space(before: str, after: str) -> str:
    if not before or not after:
        return ""
    if before.isascii() and after.isascii():
        return " "
    return CELL if _is_hanzi(before) and _is_hanzi(after) else ""


def _is_hanzi(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "〇" or ord(char) >= 0x20000


def _divided(unit: Unit, measure: Measure) -> list[Unit]:
    """A run too long for the composer, cut after its separators, or else anywhere."""
    if unit.width <= LONGEST_RUN:
        return [unit]
    pieces: list[str] = [""]
    for part in _SEPARATORS.split(unit.text):
        for char in part if measure.width(part, unit.face) > LONGEST_RUN else [part]:
            if pieces[-1] and measure.width(pieces[-1] + char, unit.face) > LONGEST_RUN:
                pieces.append("")
            pieces[-1] += char
    return [Unit(piece, unit.face, measure.width(piece, unit.face)) for piece in pieces if piece]
