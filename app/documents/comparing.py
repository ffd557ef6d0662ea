"""Two versions of a text side by side: paragraphs that belong together, tables cell by cell."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from app.documents import runs
from app.documents.runs import MOST_PARAGRAPHS, Run
from app.documents.text import Block, Table, plain

PairKind = Literal["keep", "change", "insert", "delete"]

MOST_COMPARED = 4_000_000
"""Comparisons of characters, as products of lengths, over all pairs: some two seconds at worst.

A hundred paragraphs of two hundred characters, all of them changed, are within it.
"""

MOST_PAIRED = 400
"""Beyond this product of changed paragraphs, old and new ones, they are paired by their order."""


@dataclass(frozen=True)
class CellRuns:
    """A cell of one version, with what the other one does not have."""

    runs: tuple[Run, ...]
    across: int
    down: int
    align: str


@dataclass(frozen=True)
class Side:
    """A block of one version. ``rows`` of a table, ``runs`` of anything else."""

    block: Block
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[CellRuns, ...], ...] = ()


@dataclass(frozen=True)
class Pair:
    """A block of the older version and the one that it became; one of them may be missing."""

    kind: PairKind
    old: Side | None
    new: Side | None


@dataclass
class _Budget:
    """Comparing takes time by the square (S3); what is over it is shown as a whole."""

    left: int = MOST_COMPARED

    def allows(self, old: str, new: str) -> bool:
        self.left -= len(old) * len(new)
        return self.left > 0


@dataclass(frozen=True)
class _Text:
    """The blocks of a version, each with its words as the key by which it is found again."""

    blocks: Sequence[Block]
    keys: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", [plain((block,)) for block in self.blocks])


def pairs(old: Sequence[Block], new: Sequence[Block]) -> tuple[Pair, ...]:
    """Every block of both versions once, in order; paragraphs that were changed side by side."""
    budget = _Budget()
    before, after = _Text(old), _Text(new)
    if max(len(old), len(new)) > MOST_PARAGRAPHS:
        return tuple(_beyond(before, after))
    matcher = difflib.SequenceMatcher(None, before.keys, after.keys)
    found: list[Pair] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found += [_pair(a, b, budget) for a, b in zip(old[i:j], new[k:m], strict=True)]
        else:
            found += _changed(old[i:j], new[k:m], budget)
    return tuple(found)


def _beyond(before: _Text, after: _Text) -> Iterator[Pair]:
    """A text too long to be compared: what both begin and end with, and the rest as a whole."""
    head = _common(before.keys, after.keys)
    tail = _common(before.keys[head:][::-1], after.keys[head:][::-1])
    ends = len(before.blocks) - tail, len(after.blocks) - tail
    budget = _Budget()
    for a, b in zip(before.blocks[:head], after.blocks[:head], strict=True):
        yield _pair(a, b, budget)
    yield from _unpaired(before.blocks[head : ends[0]], after.blocks[head : ends[1]])
    for a, b in zip(before.blocks[ends[0] :], after.blocks[ends[1] :], strict=True):
        yield _pair(a, b, budget)


def _unpaired(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    gone = [Pair("delete", _alone(each, "delete"), None) for each in old]
    return gone + [Pair("insert", None, _alone(each, "insert")) for each in new]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    same = (old == new for old, new in zip(before, after, strict=False))
    return next((n for n, each in enumerate(same) if not each), min(len(before), len(after)))


def _changed(old: Sequence[Block], new: Sequence[Block], budget: _Budget) -> list[Pair]:
    found: list[Pair] = []
    i = k = 0
    for a, b in [*_partners(old, new, budget), (len(old), len(new))]:
        found += _unpaired(old[i:a], new[k:b])
        if a < len(old):
            found.append(_pair(old[a], new[b], budget))
        i, k = a + 1, b + 1
    return found


def _partners(old: Sequence[Block], new: Sequence[Block], budget: _Budget) -> list[tuple[int, int]]:
    """Places in both that belong together, in order: as much alike as can be had in all."""
    if len(old) * len(new) > MOST_PAIRED:
        rows = range(min(len(old), len(new)))
        return [(n, n) for n in rows if _alike(old[n], new[n], budget)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_alike(a, b, budget) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for k in range(len(new) - 1, -1, -1):
            together = alike[i][k] + best[i + 1][k + 1] if alike[i][k] else 0.0
            best[i][k] = max(together, best[i + 1][k], best[i][k + 1])
    found, i, k = [], 0, 0
    while i < len(old) and k < len(new):
        if alike[i][k] and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
            found.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    return found


def _alike(old: Block, new: Block, budget: _Budget) -> float:
    """0 of what does not belong together; a table was made from a table, whatever it says."""
    if old.type != new.type:
        return 0.0
    if isinstance(old, Table):
        return 1.0
    a, b = plain((old,)), plain((new,))
    budget.left -= len(a) + len(b)
    found = runs.likeness(a, b) if budget.left > 0 else 0.0
    return found if found >= runs.LIKENESS else 0.0


def _pair(old: Block, new: Block, budget: _Budget) -> Pair:
    if isinstance(old, Table) and isinstance(new, Table):
        before, after = _tables(old, new, budget)
    else:
        a, b = plain((old,)), plain((new,))
        before_runs, after_runs = _sides(a, b, budget)
        before, after = Side(old, before_runs), Side(new, after_runs)
    return Pair("keep" if old == new else "change", before, after)


def _sides(old: str, new: str, budget: _Budget) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """What each of the two shows: both what was kept, and its own."""
    if old == new:
        found: Sequence[Run] = (Run("keep", old),) if old else ()
    elif budget.allows(old, new):
        found = runs.character_runs(old, new)
    else:
        found = (Run("delete", old), Run("insert", new))
    return _shown(found, "insert"), _shown(found, "delete")


def _shown(found: Sequence[Run], hidden: str) -> tuple[Run, ...]:
    return runs.joined(run for run in found if run.kind != hidden)


def _tables(old: Table, new: Table, budget: _Budget) -> tuple[Side, Side]:
    """Rows that belong together, and in them cell by cell."""
    before: dict[int, list[tuple[Run, ...]]] = {}
    after: dict[int, list[tuple[Run, ...]]] = {}
    for a, b in _row_partners(old, new):
        cells = zip_longest(old.rows[a], new.rows[b])
        for there, here in cells:
            left, right = _sides(there.text if there else "", here.text if here else "", budget)
            before.setdefault(a, []).append(left)
            after.setdefault(b, []).append(right)
    return _table_side(old, before, "delete"), _table_side(new, after, "insert")


def _row_partners(old: Table, new: Table) -> Iterator[tuple[int, int]]:
    before, after = _rows(old), _rows(new)
    matcher = difflib.SequenceMatcher(None, before, after)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            yield from zip(range(i, j), range(k, m), strict=False)


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def _table_side(
    table: Table, compared: dict[int, list[tuple[Run, ...]]], alone: Literal["insert", "delete"]
) -> Side:
    """Rows that have no partner are all ``alone``."""
    rows = []
    for number, row in enumerate(table.rows):
        found = compared.get(number) or [_all(cell.text, alone) for cell in row]
        rows.append(
            tuple(
                CellRuns(cell_runs, cell.across, cell.down, cell.align)
                for cell, cell_runs in zip(row, found, strict=False)
            )
        )
    return Side(table, rows=tuple(rows))


def _all(text: str, kind: Literal["insert", "delete"]) -> tuple[Run, ...]:
    return (Run(kind, text),) if text else ()


def _alone(block: Block, kind: Literal["insert", "delete"]) -> Side:
    if isinstance(block, Table):
        return _table_side(block, {}, kind)
    return Side(block, _all(plain((block,)), kind))
