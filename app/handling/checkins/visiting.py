"""A person looks at his lists: noted to the minute, after what he missed before is on record."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.database import insert_once
from app.deadlines import checkins
from app.deadlines.policy import Checkin, Offline, Policy
from app.handling.checkins import missing, people
from app.handling.checkins.models import CheckWatch, Visit
from app.organization import Actor


def is_new(session: Session, actor: Actor, at: datetime) -> bool:
    """Whether this visit says more than the last one; at most one statement."""
    policy = deadlines.load(session, actor.unit_id).policy
    if not _kept(actor, policy):
        return False
    known = session.scalar(sa.select(Visit.at).where(Visit.person_id == actor.person_id))
    return known is None or known < checkins.minute(at)


def note(session: Session, actor: Actor, at: datetime) -> None:
    """Keep the visit in place of the last one, and record first what was missed up to it.

    Of two requests of one minute the second one has nothing to say.
    """
    found = _hold(session, actor.person_id)
    if found is not None and found.at >= checkins.minute(at):
        return
    watch = session.get(CheckWatch, actor.unit_id)
    if watch is not None and watch.rule:
        missing.settle(session, watch, at, checkins.minute(at) - checkins.MINUTE, actor.person_id)
    before = checkins.Visited(found.at, found.counted_at, found.visits) if found else None
    now = checkins.visit(before, at)
    values = {"at": now.at, "counted_at": now.counted, "visits": now.visits}
    if found is None:
        insert_once(session, Visit, {"person_id": actor.person_id, **values})
    else:
        session.execute(sa.update(Visit).filter_by(person_id=actor.person_id).values(**values))


def _kept(actor: Actor, policy: Policy) -> bool:
    if policy.offline is Offline.REMIND:
        return True
    return policy.checkin_mode is not Checkin.OFF and people.may_concern(actor, policy)


def _hold(session: Session, person_id: int) -> Visit | None:
    """None for somebody who comes for the first time, or whose visit is being noted just now."""
    query = (
        sa.select(Visit)
        .where(Visit.person_id == person_id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return session.scalars(query.execution_options(populate_existing=True)).first()
