"""What an act at a case leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.handling.models import Case, Task


@dataclass(frozen=True)
class Done:
    """What an act left: the case and the stays that it opened."""

    case: Case
    opened: list[Task]


@dataclass(frozen=True)
class TakenBack(Done):
    """What a withdrawal left: with whom it was recalled, and who keeps it because he has seen it.

    recalled, kept  names of people, in the order in which their stays had opened (OUT-18)
    """

    recalled: Sequence[str] = ()
    kept: Sequence[str] = ()
