"""Lines of a title: no word broken, the outline a 梯形 or 菱形 (7.3.1).

Chinese has no spaces, so a list of words common in titles tells where a line must not end. The
drafter's own line feeds win over all of it.
"""

from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path

from app.documents.layout.composer import natural_width
from app.documents.layout.units import NO_LINE_END, NO_LINE_START, Measure, Run, Unit, units_of

FACE = "biaosong"
TITLE_CELLS = 156 / (22 * 25.4 / 72)  # 2号 characters in a line of 156 mm
COMFORTABLE_CELLS = 18.0  # a wider line looks wedged between the margins
MOST_LINES = 5
LONGEST_WORD = 9
BREAKS_CONSIDERED = 18
# What a title reads well before and badly after: 关于 opens the matter, 和 joins on.
GOOD_BEFORE = ("关于", "《", "和", "与", "及", "以及", "暨")
GOOD_AFTER = "，、》的"
POOR_AFTER = ("关于", "和", "与", "及", "暨", "在", "对", "为", "将", "各", "不")
POOR_BEFORE = ("的", "等", "了")


def title_lines(title: str, measure: Measure) -> list[str]:
    """The title in lines of at most 156 mm, set in 2号小标宋."""
    lines: list[str] = []
    for text in title.split("\n"):
        units = units_of([Run(text.strip(), FACE)], measure)
        if units:
            lines.extend(_lines(units))
    return lines


def _lines(units: list[Unit]) -> list[str]:
    costs = _break_costs(units)
    fewest = max(1, -int(-natural_width(units) // TITLE_CELLS))
    best: tuple[float, list[list[Unit]]] | None = None
    for count in range(fewest, min(fewest + 2, MOST_LINES + 1)):
        for breaks in combinations(_candidates(costs, count), count - 1):
            lines = [_trimmed(units[a:b]) for a, b in pairwise((0, *breaks, len(units)))]
            widths = [natural_width(line) for line in lines]
            if max(widths) > TITLE_CELLS:
                continue
            cost = sum(costs[b] for b in breaks) + shape_cost(widths) + 6.0 * count
            if best is None or cost < best[0]:
                best = cost, lines
    found = best[1] if best else _filled(units)
    return ["".join(unit.text for unit in line) for line in found]


def shape_cost(widths: list[float]) -> float:
    """How far the outline is from a 梯形 or 菱形; widths in em.

    沙漏 (a waist), a rectangle, a short last line and a line from edge to edge look wrong.
    """
    if len(widths) == 1:
        return 0.0
    cost = 4.0 if widths[-1] < 4 else 0.0
    cost += 2.0 * max(0.0, max(widths) - COMFORTABLE_CELLS)
    if max(widths) - min(widths) < 1:
        cost += 2.0
    if min(widths) < max(widths) * 0.4:
        cost += 2.0
    waists = sum(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    return cost + 5.0 * waists + 0.1 * (max(widths) - min(widths))


def _break_costs(units: list[Unit]) -> dict[int, float]:
    """Cost of ending a line before units[i]; a place that is not allowed is left out."""
    text = "".join(unit.text for unit in units)
    inside = _inside_words(text)
    costs: dict[int, float] = {}
    position = 0
    for i, (before, after) in enumerate(pairwise(units), start=1):
        position += len(before.text)
        if position in inside or after.text[0] in NO_LINE_START or before.text in NO_LINE_END:
            continue
        if before.is_space:  # between the names of agencies
            costs[i] = 0.0
        elif not after.is_space:
            costs[i] = _cost(text[:position], text[position:])
    return costs


def _trimmed(units: list[Unit]) -> list[Unit]:
    return units[:-1] if units and units[-1].is_space else units


def _cost(before: str, after: str) -> float:
    if before.endswith(POOR_AFTER) or after.startswith(POOR_BEFORE):
        return 6.0
    if after.startswith(GOOD_BEFORE) or before[-1] in GOOD_AFTER:
        return 0.0
    known = _known_words()
    ends_word = any(before[-n:] in known for n in range(2, LONGEST_WORD + 1))
    starts_word = any(after[:n] in known for n in range(2, LONGEST_WORD + 1))
    return 3.0 - ends_word - starts_word


def _inside_words(text: str) -> set[int]:
    """Positions inside a known word; the longest word at each place is taken."""
    known, at = _known_words(), 0
    inside: set[int] = set()
    while at < len(text):
        lengths = range(min(LONGEST_WORD, len(text) - at), 1, -1)
        length = next((n for n in lengths if text[at : at + n] in known), 1)
        inside.update(range(at + 1, at + length))
        at += length
    return inside


def _candidates(costs: dict[int, float], lines: int) -> list[int]:
    """Places worth trying: all of them for two lines, the best few where the number explodes."""
    if lines <= 3:
        return sorted(costs)
    return sorted(sorted(costs, key=lambda i: costs[i])[:BREAKS_CONSIDERED])


def _filled(units: list[Unit]) -> list[list[Unit]]:
    """Full lines, for a title that no wording of ours can divide."""
    lines: list[list[Unit]] = [[]]
    for unit in units:
        if lines[-1] and natural_width([*lines[-1], unit]) > TITLE_CELLS:
            lines.append([])
        lines[-1].append(unit)
    return lines


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    path = Path(__file__).with_name("title_words.txt")
    return frozenset(path.read_text(encoding="utf-8").split())
