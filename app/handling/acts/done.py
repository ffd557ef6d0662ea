"""What an act at a case leaves."""

from dataclasses import dataclass

from app.handling.models import Case, Task


@dataclass(frozen=True)
class Done:
    """What an act left: the case and the stays that it opened."""

    case: Case
    opened: list[Task]
