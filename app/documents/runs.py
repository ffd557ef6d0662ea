"""Two texts compared: runs of text that both have, or only the older or the newer one."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

RunKind = Literal["keep", "insert", "delete"]

MOST_PARAGRAPHS = 1500
MOST_CHARACTERS = 4000
MOST_COMPARISONS = 100_000_000
"""Beyond these, what differs is shown as a whole: comparing takes time by the square (S3).

Comparisons are counted as the product of the two lengths, over all passages of one save; the
limit is reached after about a second.
"""

LIKENESS = 0.4
"""Share of kept characters below which a passage counts as rewritten."""


@dataclass(frozen=True)
class Run:
    """A stretch of text that both versions have, or one of them."""

    kind: RunKind
    text: str


def text_runs(old: str, new: str) -> tuple[Run, ...]:
    """Paragraphs are compared first, then the characters of those that differ.

    Kept and deleted runs in order are ``old``, kept and inserted ones ``new``, to the character.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    ends = len(before) - tail, len(after) - tail
    runs = [Run("keep", "".join(before[:head]))]
    runs += _compared(before[head : ends[0]], after[head : ends[1]])
    runs.append(Run("keep", "".join(before[ends[0] :])))
    return joined(runs)


def likeness(old: str, new: str) -> float:
    """Upper bound of the share of characters that two passages have in common, 0 to 1."""
    return difflib.SequenceMatcher(None, old, new).quick_ratio()


def character_runs(old: str, new: str) -> tuple[Run, ...]:
    """Two passages compared by their characters; shown as a whole when rewritten or too long."""
    return joined([Run("keep", old)] if old == new else _characters(old, new))


def apply(old: str, runs: Iterable[Run]) -> str:
    """The newer text. Raises ValueError when the runs do not belong to ``old``."""
    place, parts = 0, []
    for run in runs:
        if run.kind != "insert":
            if not old.startswith(run.text, place):
                raise ValueError("the runs belong to another text")
            place += len(run.text)
        if run.kind != "delete":
            parts.append(run.text)
    if place != len(old):
        raise ValueError("the runs belong to another text")
    return "".join(parts)


def _paragraphs(text: str) -> list[str]:
    """Lines with their ends, so that joining them gives the text again."""
    return re.findall("[^\n]*\n|[^\n]+", text)


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next(
        (n for n, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after))
    )


def _compared(before: list[str], after: list[str]) -> list[Run]:
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        return _whole("".join(before), "".join(after))
    runs: list[Run] = []
    left = MOST_COMPARISONS
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after).get_opcodes():
        old, new = "".join(before[i:j]), "".join(after[k:m])
        if kind == "equal":
            runs.append(Run("keep", old))
            continue
        left -= len(old) * len(new)
        runs += _characters(old, new) if left > 0 else _whole(old, new)
    return runs


def _characters(old: str, new: str) -> list[Run]:
    if not old or not new or max(len(old), len(new)) > MOST_CHARACTERS:
        return _whole(old, new)
    matcher = difflib.SequenceMatcher(None, old, new)
    if matcher.quick_ratio() < LIKENESS or matcher.ratio() < LIKENESS:
        return _whole(old, new)
    runs: list[Run] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        runs += [Run("keep", old[i:j])] if kind == "equal" else _whole(old[i:j], new[k:m])
    return runs


def _whole(old: str, new: str) -> list[Run]:
    return [Run("delete", old), Run("insert", new)]


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Without empty runs, and neighbours of one kind made one."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].kind == run.kind:
            joined[-1] = Run(run.kind, joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return tuple(joined)
