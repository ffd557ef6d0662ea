"""Whose turn it is in a signing: a plan of places, from which follows who is open now.

A place is [stage, behind, by]. Places of a stage are open together, and a later stage waits for all
of them: one after another, each person named has a stage of his own; at once, all share one. A
place may wait ``behind`` one other of its stage; ``by`` is the login of who added it. A place taken
off is None, its number is never used again. Nothing is kept about what is open: an answer, an
addition, a removal and an answer taken back all change the plan, and the rest follows.
"""

from collections.abc import Iterable
from typing import Any, Literal

Memory = dict[str, Any]
"""What a running signing remembers: ``signers``, ``places`` and ``answers``."""

Position = Literal["before", "after", "beside"]


def plan(count: int, *, sequential: bool) -> list[list[Any]]:
    """The places of those whom the case names."""
    return [[place if sequential else 0, None, None] for place in range(count)]


def take_over(memory: Memory, present: list[int], *, sequential: bool) -> None:
    """Give a signing that was saved before there were plans its plan."""
    remaining = memory.pop("remaining")
    memory.pop("asked")
    kept = [*(answer[0] for answer in memory["answers"]), *present, *remaining]
    places: list[list[Any] | None] = [None] * len(memory["signers"])
    for stage, place in enumerate(kept):
        places[place] = [stage if sequential else 0, None, None]
    memory["places"] = places


def left(memory: Memory) -> list[int]:
    """Places that count and have not answered, open or still to come."""
    answered = _answered(memory)
    return [
        place
        for place, each in enumerate(memory["places"])
        if each is not None and place not in answered
    ]


def due(memory: Memory) -> list[int]:
    """Places whose turn it is now; empty when everybody has answered."""
    waiting = left(memory)
    places, answered = memory["places"], _answered(memory)
    stage = min((places[place][0] for place in waiting), default=None)
    return [
        place
        for place in waiting
        if places[place][0] == stage and answered.issuperset(_ahead_of(memory, place))
    ]


def asked(memory: Memory) -> list[int]:
    """Places that count, answered or not; the whole of which a quorum takes its share."""
    return [place for place, each in enumerate(memory["places"]) if each is not None]


def put(memory: Memory, person: Any, position: Position, anchor: int, by: str | None) -> int:
    """One place more: straight before, straight after or beside the place ``anchor``."""
    places, place = memory["places"], len(memory["signers"])
    stage, behind, _ = places[anchor]
    memory["signers"].append(person)
    if position == "after":
        _move_up(places, anchor, place)
        behind = anchor
    elif position == "before":
        places[anchor][1] = place
    places.append([stage, behind, by])
    return place


def take_off(memory: Memory, place: int) -> None:
    """One place fewer; who waited behind it follows what it waited for."""
    places = memory["places"]
    _move_up(places, place, places[place][1])
    places[place] = None


def in_order(memory: Memory) -> list[int]:
    """All that count in the order of their turns; those beside one another as they were added."""
    places = memory["places"]
    behind: dict[tuple[int, int | None], list[int]] = {}
    for place in asked(memory):
        stage, before, _ = places[place]
        behind.setdefault((stage, before), []).append(place)
    found = []
    for stage in sorted({stage for stage, _ in behind}):
        waiting = behind.get((stage, None), [])[::-1]
        while waiting:
            place = waiting.pop()
            found.append(place)
            waiting += behind.get((stage, place), [])[::-1]
    return found


def _answered(memory: Memory) -> set[int]:
    return {answer[0] for answer in memory["answers"]}


def _ahead_of(memory: Memory, place: int) -> Iterable[int]:
    """The places of its line that come before it, nearest first."""
    before = memory["places"][place][1]
    while before is not None:
        yield before
        before = memory["places"][before][1]


def _move_up(places: list[list[Any] | None], old: int, new: int | None) -> None:
    """Whoever waited behind one place waits behind another."""
    for each in places:
        if each is not None and each[1] == old:
            each[1] = new
