"""What auditors are told at once; create_app names who carries it to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Alarm:
    """``key``: what it is about, told once; ``sentence``: what happened and what to do."""

    key: str
    subject: str
    sentence: str


Listener = Callable[[Session, Alarm, datetime], None]
"""Called in the transaction that records what happened."""

_listeners: list[Listener] = []


def tell(*listeners: Listener) -> None:
    """Replace the listeners. Called by create_app."""
    _listeners[:] = listeners


def sound(session: Session, alarm: Alarm, at: datetime) -> None:
    for listener in _listeners:
        listener(session, alarm, at)
