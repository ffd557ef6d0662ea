"""How far a delegation reaches, in time and in matters: pure, so that properties can prove it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class Extent:
    """From ``since`` until just before ``until``; None for a matter means any.

    process  id of the route
    kind     文种 of the document
    """

    since: datetime
    until: datetime
    process: str | None = None
    kind: str | None = None

    def meet(self, other: "Extent") -> "Extent | None":
        """What both reach; None where there is nothing that both do."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        if since >= until or not _agree(self.process, other.process):
            return None
        if not _agree(self.kind, other.kind):
            return None
        return Extent(since, until, self.process or other.process, self.kind or other.kind)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def of(scope: str, value: str | None, since: datetime, until: datetime) -> Extent:
    """Scope  ``all``, ``process`` or ``kind``, as the table of delegations has it"""
    return Extent(
        since,
        until,
        value if scope == "process" else None,
        value if scope == "kind" else None,
    )


class Edge(NamedTuple):
    """One delegation: who gives it to whom, and how far it reaches."""

    principal: int
    agent: int
    extent: Extent


def comes_round(new: Edge, others: Iterable[Edge]) -> bool:
    """Whether some matter would at some moment be passed on until it is with its principal again.

    Agents of agents get nothing, so a circle does no harm by itself; but in it each person waits
    for another one, and all of them are away.
    """
    known = list(others)
    waiting = [(new.agent, new.extent)]
    seen: set[tuple[int, Extent]] = set()
    while waiting:
        person, extent = waiting.pop()
        if person == new.principal:
            return True
        if (person, extent) in seen:
            continue
        seen.add((person, extent))
        for edge in known:
            both = edge.extent.meet(extent) if edge.principal == person else None
            if both is not None:
                waiting.append((edge.agent, both))
    return False
