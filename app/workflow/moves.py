"""What an act asks of the rooms above, and what it tells them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Token:
    """One live place of a case.

    uuid    lasts as long as the stay at this step
    step    element id; ``name`` is its label
    person  login named by a signing or by camunda:assignee; None for a group
    groups  role keys of camunda:candidateGroups
    """

    uuid: str
    step: str
    name: str
    person: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Timer:
    """A drawn timer that runs. ``text`` is ISO 8601 as drawn, a duration or a moment."""

    token: str
    element: str
    text: str


@dataclass(frozen=True)
class Move:
    """Live tokens and timers after the act minus before, by UUID.

    variables       the case variables after the act
    timers_changed  those that wait on, for another time
    """

    opened: tuple[Token, ...]
    closed: tuple[str, ...]
    timers_opened: tuple[Timer, ...]
    timers_closed: tuple[str, ...]
    finished: bool
    variables: Mapping[str, Any]
    timers_changed: tuple[Timer, ...] = ()


@dataclass(frozen=True)
class ServiceCall:
    """A service task that runs now. Results are written into ``variables``.

    context  whatever the caller passed to the act; None in the trial of a publication
    """

    topic: str
    element: str
    variables: dict[str, Any]
    context: Any


Registry = Mapping[str, Callable[[ServiceCall], None]]
"""Topic to the operation that a service task of this topic runs."""
