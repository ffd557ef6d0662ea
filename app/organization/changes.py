"""Who is told when posts change: the rooms above, named once at start-up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

Listener = Callable[[Session, int, datetime], None]
"""Called with the unit whose posts have changed, in the transaction of the change."""

_listeners: list[Listener] = []


def tell(*listeners: Listener) -> None:
    """Replace the listeners. Called by create_app."""
    _listeners[:] = listeners


_GATHERED = "posts_changed"


@contextmanager
def told_once(session: Session) -> Iterator[None]:
    """Tell of all the changes of posts in this block together, at its end."""
    gathered: dict[int, datetime] = {}
    session.info[_GATHERED] = gathered
    try:
        yield
    finally:
        del session.info[_GATHERED]
    for unit_id, at in gathered.items():
        posts_changed(session, unit_id, at)


def posts_changed(session: Session, unit_id: int, at: datetime) -> None:
    if _GATHERED in session.info:
        session.info[_GATHERED][unit_id] = at
        return
    for listener in _listeners:
        listener(session, unit_id, at)
