"""Who is told when posts change: the rooms above, named once at start-up."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

Listener = Callable[[Session, int, datetime], None]
"""Called with the unit whose posts have changed, in the transaction of the change."""

_listeners: list[Listener] = []


def tell(*listeners: Listener) -> None:
    """Replace the listeners. Called by create_app."""
    _listeners[:] = listeners


def posts_changed(session: Session, unit_id: int, at: datetime) -> None:
    for listener in _listeners:
        listener(session, unit_id, at)
