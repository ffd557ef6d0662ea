"""What the gateways of a case may have read at an act, as its record keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.audit import Entry
from app.handling.noting import VARIABLES, filled_in
from app.workflow.choosing import closed
from app.workflow.nets import Net

Values = Mapping[str, Any]


class Readings:
    """The variables of one case over time. Records of before they were kept close no gateway."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        said = ((each.seq, each.detail.get("after", {}).get(VARIABLES, {})) for each in entries)
        self._notes = [(seq, filled_in(each)) for seq, kept in said for each in kept.values()]
        self._known: dict[tuple[Net, tuple[int, ...]], frozenset[str]] = {}

    def closed(self, net: Net, entry: Entry) -> frozenset[str]:
        """Flows that no token can have taken at this act, by what held before it and after it.

        The note of an act may stand in an entry behind this one: the next one counts as after it.
        """
        next_ = sum(1 for seq, _ in self._notes if seq < entry.seq)
        places = tuple(each for each in (next_ - 1, next_) if 0 <= each < len(self._notes))
        if next_ == 0 and entry.action != "case.started":
            return frozenset()
        key = net, places
        if key not in self._known:
            self._known[key] = closed(net, [self._notes[each][1] for each in places])
        return self._known[key]
