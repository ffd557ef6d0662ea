"""Whose turn it is to set a page, and how far each is: a page takes a processor for a second."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.database import reading
from app.documents.proofs.models import Typesetting

Sessions = Callable[[], Session]
AT_ONCE = os.cpu_count() or 2
"""Pages set at the same time by all processes; for a moment, where two come at once, one more."""
PAUSE = 0.2  # seconds between two looks at whose turn it is
SIGN_OF_LIFE = timedelta(seconds=5)
GIVEN_UP = timedelta(seconds=45)
"""Longer than a pass may take: who has not been seen for so long has ended without a word."""


@contextmanager
def turn(sessions: Sessions, document_id: int | None, most: int) -> Iterator[Callable[[], None]]:
    """Wait for one's turn, and set the page in the block; call what it gives when a pass begins.

    Every look is a transaction of its own: the caller must hold none.
    """
    number = _enter(sessions, document_id, most)
    try:
        while not _may_begin(sessions, number):
            time.sleep(PAUSE)
        yield lambda: _pass(sessions, number)
    finally:
        with _writing(sessions) as session:
            session.execute(sa.delete(Typesetting).where(Typesetting.id == number))


@dataclass(frozen=True)
class Progress:
    """How far a page is. ``place``: in the queue, from 1; 0 for one that is being set."""

    place: int
    passes: int
    most: int

    @property
    def words(self) -> str:
        if self.place > 1:
            return f"等候排版，前面还有 {self.place - 1} 件。"
        if self.place == 1:
            return "等候排版，下一件就是。"
        return f"正在排版，第 {self.passes} 遍（至多 {self.most} 遍）。"


def progress(session: Session, document_id: int) -> Progress | None:
    """Of the page of a document that was asked for last; None where none is being set."""
    alive = Typesetting.seen_at >= clock.now(session) - GIVEN_UP
    newest = (
        sa.select(Typesetting)
        .where(Typesetting.document_id == document_id, alive)
        .order_by(Typesetting.id.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is None:
        return None
    place = 0 if found.begun else _waiting_before(session, found.id) + 1
    return Progress(place, max(found.passes, 1), found.most)


def _enter(sessions: Sessions, document_id: int | None, most: int) -> int:
    with _writing(sessions) as session:
        now = clock.now(session)
        session.execute(sa.delete(Typesetting).where(Typesetting.seen_at < now - GIVEN_UP))
        mine = Typesetting(document_id=document_id, seen_at=now, most=most)
        session.add(mine)
        session.flush()
        return mine.id


def _may_begin(sessions: Sessions, number: int) -> bool:
    with _writing(sessions) as session:
        now = clock.now(session)
        mine = session.get(Typesetting, number)
        if mine is None:  # so long asleep that others took it for ended
            return True
        alive = Typesetting.seen_at >= now - GIVEN_UP
        begun = sa.select(sa.func.count()).where(Typesetting.begun, alive)
        if _waiting_before(session, number) + (session.scalar(begun) or 0) < AT_ONCE:
            mine.begun, mine.seen_at = True, now
        elif mine.seen_at < now - SIGN_OF_LIFE:
            mine.seen_at = now
        return mine.begun


def _waiting_before(session: Session, number: int) -> int:
    alive = Typesetting.seen_at >= clock.now(session) - GIVEN_UP
    before = sa.select(sa.func.count()).where(~Typesetting.begun, Typesetting.id < number, alive)
    return session.scalar(before) or 0


def _pass(sessions: Sessions, number: int) -> None:
    with _writing(sessions) as session:
        session.execute(
            sa.update(Typesetting)
            .where(Typesetting.id == number)
            .values(passes=Typesetting.passes + 1, seen_at=clock.now(session))
        )


@contextmanager
def _writing(sessions: Sessions) -> Iterator[Session]:
    with reading(False), sessions() as session, session.begin():
        yield session
