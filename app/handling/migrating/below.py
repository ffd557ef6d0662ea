"""What a version means for units below, in numbers alone: cases are their unit's own (decision 25).

Whoever decides how documents run there learns how many cases it touches and what stands in the
way of moving them; not which cases these are, what they are about, or with whom they lie.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.handling.migrating.outlooks import KINDS
from app.handling.migrating.reach import Units
from app.handling.migrating.walks import Seen
from app.workflow.versions import Obstacle


@dataclass(frozen=True)
class Below:
    """One unit below the actor's own.

    unit    its name
    counts  by kind, a case under each of its own
    why     what keeps cases from being moved, and how many; the most frequent first
    """

    unit: str
    total: int
    counts: Mapping[str, int]
    why: Sequence[tuple[Obstacle, int]]


def counted(units: Units, cases: Iterable[Seen]) -> list[Below]:
    """By unit; those without a case are left out."""
    ordered = sorted(cases, key=lambda each: each.unit_id)
    found = groupby(ordered, key=lambda each: each.unit_id)
    return [_one(units.name(ident), list(seen)) for ident, seen in found]


def _one(name: str, cases: Sequence[Seen]) -> Below:
    kinds = Counter(kind for each in cases for kind in each.kinds)
    counts = {kind: kinds[kind] for kind in KINDS}
    why = Counter(one for each in cases for one in dict.fromkeys(each.why))
    ranked = sorted(why.items(), key=lambda each: (-each[1], each[0].element, each[0].sentence))
    return Below(name, len(cases), counts, ranked)
