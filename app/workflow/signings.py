"""How the answers of several signers become one outcome."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.workflow import expressions

QUORUM = re.compile(r"([a-z][a-z0-9_]{0,62}):([1-9]\d{0,3})/([1-9]\d{0,3})\Z")


class _Votes(dict[str, Any]):
    """Names of a completion condition: an outcome that nobody chose has 0 votes."""

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or str(name).startswith("votes_")

    def __missing__(self, name: str) -> int:
        return 0


@dataclass(frozen=True)
class Rule:
    """offered: outcomes in file order; wanted, part, whole: the quorum, 2/3 of those asked.

    Without the property ``quorum`` everybody must choose ``approve``, or the first outcome drawn
    where there is no ``approve``.
    """

    offered: tuple[str, ...]
    condition: str | None
    wanted: str | None
    part: int = 1
    whole: int = 1

    def met(self, outcomes: Sequence[str | None], asked: int) -> bool:
        """Exact in whole numbers: 2 of 3 meet 2/3."""
        votes = sum(outcome == self.wanted for outcome in outcomes)
        return votes > 0 and votes * self.whole >= asked * self.part

    def combined(self, outcomes: Sequence[str | None], asked: int) -> str | None:
        """The wanted outcome if the quorum is met, else the most frequent other one.

        Where nobody answered otherwise (the step ended early), the wanted one stands. Of two
        equally frequent ones, that which is drawn first.
        """
        others = [each for each in self.offered if each != self.wanted and each in outcomes]
        if self.met(outcomes, asked) or not others:
            return self.wanted
        return max(others, key=list(outcomes).count)

    def ends_early(
        self,
        outcomes: Sequence[str | None],
        asked: int,
        active: int,
        values: Mapping[str, Any],
    ) -> bool:
        if self.condition is None:
            return False
        counts: dict[str, Any] = {
            "nrOfInstances": asked,
            "nrOfActiveInstances": active,
            "nrOfCompletedInstances": len(outcomes),
            "quorum_met": self.met(outcomes, asked),
        }
        for outcome in outcomes:
            counts[f"votes_{outcome}"] = list(outcomes).count(outcome)
        return expressions.holds(self.condition, _Votes({**values, **counts}))


def rule(offered: tuple[str, ...], condition: str | None, quorum: str | None) -> Rule:
    """The rule of one step. An unreadable quorum counts as none; publishing refuses it."""
    match = QUORUM.match(quorum or "")
    if match:
        return Rule(offered, condition, match[1], int(match[2]), int(match[3]))
    wanted = "approve" if "approve" in offered else next(iter(offered), None)
    return Rule(offered, condition, wanted)
