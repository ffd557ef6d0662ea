"""The demonstration documents: about sixty, in every state of every route, as an office has them.

Each is a story: what people did with it at working times of the last three weeks. The stories are
played by the real operations, all of them in the order of their times, while time limits take
effect in between as they would have; so the record of the demonstration proves like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines
from app.handling.demo import (
    county_free,
    county_incoming,
    county_outgoing,
    county_turns,
    letterheads,
    neighbours,
)
from app.handling.demo.days import before
from app.handling.demo.playing import play
from app.handling.models import Case
from app.organization import Unit
from app.organization import demo as office

__all__ = ["STORIES", "Installed", "install", "install_all", "is_installed"]

STORIES = (
    *county_outgoing.STORIES,
    *county_turns.STORIES,
    *county_free.STORIES,
    *county_incoming.STORIES,
    *neighbours.STORIES,
)
DAYS = 17
"""Working days that the stories reach back; the offices are there from the first one on."""


@dataclass(frozen=True)
class Installed:
    """The password of all people, None when they were there before; the documents made."""

    password: str | None
    documents: int


def install_all(
    session: Session, now: datetime, keep: Callable[[str], None] = lambda password: None
) -> Installed:
    """The demonstration offices and their documents, each unless it is there already.

    now   aware; nothing happens later
    keep  gets the password before anything is committed
    The shipped roles and routes must have been put in force. Commits after every act.
    """
    password = None
    if not office.is_installed(session):
        opened = before(now, deadlines.load(session, None), DAYS).at(1.0 - DAYS)
        password = next(iter(office.install(session, opened).values()))
        keep(password)
        session.commit()
    return Installed(password, install(session, now))


def install(session: Session, now: datetime) -> int:
    """Play the stories; how many documents that made, none when there are some already."""
    if is_installed(session):
        return 0
    days = before(now, deadlines.load(session, None), DAYS)
    _say_so(session, days.at(1.5 - DAYS), now)
    letterheads.install(session, days.at(1.5 - DAYS))
    play(session, STORIES, days, now)
    return len(STORIES)


def _say_so(session: Session, at: datetime, now: datetime) -> None:
    """The record itself tells that what follows was played, and when it was."""
    audit.record(
        session,
        "demo.documents",
        audit.signed_by_rule("安装演示公文"),
        at=at,
        reason="以下至装入时刻的办理由程序按演示脚本进行，所记时间为脚本中的时间。",
        detail={"installed_at": now.isoformat(), "documents": len(STORIES)},
    )
    session.commit()


def is_installed(session: Session) -> bool:
    """Whether anybody has begun a document in the county bureau, in a story or otherwise."""
    begun = sa.exists().where(Case.unit_id == Unit.id, Unit.key == office.COUNTY)
    return bool(session.scalar(sa.select(begun)))
