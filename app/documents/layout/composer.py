"""Line composer for the 28-cell grid. Widths are in em (1 em = 1 cell).

CSS does not stretch Chinese lines and does not compress punctuation, so paragraphs are broken
here and each line is set as a block of its own with its own letter spacing.
"""

from dataclasses import dataclass

from app.documents.layout.units import (
    CLOSING,
    HALF,
    NO_LINE_END,
    NO_LINE_START,
    Measure,
    Run,
    Unit,
    saving,
    units_of,
)

CELLS = 28.0
INDENT = 2.0
MAX_SQUEEZE = 0.5  # em by which a line may be tightened to pull a mark in (推入)
LOOSE_GAP = 0.25  # em of a gap above which a line is reported as loose
LONGEST_SINGLE = 1.5  # em: one character and a mark
SHORTEST_GIVING = 12  # units a line keeps when it gives one to the next
ROUNDING = 1e-6


@dataclass(frozen=True)
class Line:
    """One line as it will be set.

    indent   em before the first unit
    gap      em between units, added to their widths; negative where the line is tightened
    forced   no legal place to break was found
    loose    the gap is wide enough to be seen
    """

    units: tuple[Unit, ...]
    indent: float
    gap: float
    forced: bool = False
    loose: bool = False

    @property
    def text(self) -> str:
        return "".join(unit.text for unit in self.units)

    @property
    def width(self) -> float:
        """Em from the left edge to the right end of the line, the indent included."""
        return self.indent + natural_width(self.units, self.gap)


def compose(
    runs: list[Run],
    measure: Measure,
    *,
    width: float = CELLS,
    indent: float = INDENT,
    tracking: float = 0.0,
) -> list[Line]:
    """Break the runs into lines of at most ``width`` em, every line but the last filling it.

    indent     em before the first line only
    tracking   em between all units, the second lever of the fit loop
    """
    units = units_of(runs, measure)
    breaks: list[tuple[int, int, bool]] = []
    start = _skip_spaces(units, 0)
    while start < len(units):
        room = width if breaks else width - indent
        end, forced = _break(units, start, room, tracking)
        breaks.append((start, end, forced))
        start = _skip_spaces(units, end)
    _avoid_single_character(units, breaks)
    lines: list[Line] = []
    for start, end, forced in breaks:
        left = 0.0 if lines else indent
        taken = _without_end_spaces(units[start:end])
        last = end == breaks[-1][1]
        lines.append(_line(taken, left, width - left, tracking, last, forced))
    return lines


def natural_width(units: tuple[Unit, ...] | list[Unit], gap: float = 0.0) -> float:
    """Em that the units take with ``gap`` between them; an end mark takes half a cell."""
    width = gap * (len(units) - 1) if units else 0.0
    for i, unit in enumerate(units):
        width += unit.width - saving(units[i - 1] if i else None, unit)
    return width - end_saving(units)


def end_saving(units: tuple[Unit, ...] | list[Unit]) -> float:
    return HALF if len(units) > 1 and units[-1].text in CLOSING else 0.0


def _line(
    units: list[Unit], indent: float, room: float, tracking: float, last: bool, forced: bool
) -> Line:
    slack = room - natural_width(units, tracking)
    gaps = len(units) - 1
    gap = tracking
    if gaps and (not last or slack < 0):
        gap += slack / gaps
    loose = gap - tracking > LOOSE_GAP
    return Line(tuple(units), indent, gap, forced, loose)


def _avoid_single_character(units: list[Unit], breaks: list[tuple[int, int, bool]]) -> None:
    """单字不成行: a last line of one character gets company from the line before."""
    if len(breaks) < 2:
        return
    (before, end, _), (_, last, forced) = breaks[-2:]
    if natural_width(units[end:last]) > LONGEST_SINGLE:
        return
    for earlier in range(end - 1, max(before + SHORTEST_GIVING, end - 4), -1):
        if not units[earlier].is_space and _legal(units, earlier):
            breaks[-2:] = [(before, earlier, False), (earlier, last, forced)]
            return


def _break(units: list[Unit], start: int, room: float, tracking: float) -> tuple[int, bool]:
    """Where the line ends, and whether that place had to be forced."""
    end = _fill(units, start, room, tracking)
    if end >= len(units):
        return end, False
    for pulled in (end + 1, end + 2):  # 推入
        if pulled > len(units) or units[pulled - 1].text not in CLOSING:
            break
        over = natural_width(units[start:pulled], tracking) - room
        if over <= MAX_SQUEEZE + ROUNDING and _legal(units, pulled):
            return pulled, False
    for carried in range(end, start, -1):  # 推出
        if _legal(units, carried):
            return carried, False
    return end, True


def _fill(units: list[Unit], start: int, room: float, tracking: float) -> int:
    """As many units as the room takes at their full width, at least one."""
    used = units[start].width
    for end in range(start + 1, len(units)):
        unit = units[end]
        used += unit.width + tracking - saving(units[end - 1], unit)
        if used > room + ROUNDING:
            return end
    return len(units)


def _legal(units: list[Unit], end: int) -> bool:
    """Whether a line may end before units[end] (避头尾)."""
    after = _skip_spaces(units, end)
    before = end
    while before and units[before - 1].is_space:
        before -= 1
    if after >= len(units):
        return True
    return units[after].text[0] not in NO_LINE_START and (
        before == 0 or units[before - 1].text[-1] not in NO_LINE_END
    )


def _skip_spaces(units: list[Unit], start: int) -> int:
    while start < len(units) and units[start].is_space:
        start += 1
    return start


def _without_end_spaces(units: list[Unit]) -> list[Unit]:
    while units and units[-1].is_space:
        units = units[:-1]
    return units
