"""Each unit is watched by the rule it has chosen; looked at again when rule or calendar change."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.database import insert_once
from app.deadlines import checkins
from app.deadlines.models import Due
from app.handling.checkins.missing import KIND, SUBJECT, next_look
from app.handling.checkins.models import CheckWatch
from app.organization import Unit

BATCH = 20


def keep_watch(session: Session, now: datetime) -> int:
    """Units whose watch does not hold by the present calendar, a few of them; how many that were.

    Also those for which no row waits, because it failed too often and was given up for good.
    What was missed up to the change is on record with the next visit or not at all: another rule
    begins anew, and the same one goes on.
    """
    version = deadlines.version(session)
    query = (
        sa.select(Unit.id)
        .outerjoin(CheckWatch, CheckWatch.unit_id == Unit.id)
        .where(sa.or_(CheckWatch.unit_id.is_(None), _to_renew(version)))
        .order_by(Unit.id)
        .limit(BATCH)
    )
    return sum(_renew(session, unit_id, now) for unit_id in session.scalars(query).all())


def _to_renew(version: str) -> sa.ColumnElement[bool]:
    waits = sa.exists().where(
        Due.subject_type == SUBJECT,
        Due.subject_id == CheckWatch.unit_id,
        Due.state.in_(("pending", "incident")),
    )
    forgotten = sa.and_(CheckWatch.rule != "", ~waits)
    return sa.or_(CheckWatch.calendar_version != version, forgotten)


def _renew(session: Session, unit_id: int, now: datetime) -> bool:
    calendar = deadlines.load(session, unit_id)
    begun = checkins.minute(now)
    rule = checkins.words(calendar.policy)
    first = {"rule": "", "begun_at": begun, "swept_at": begun, "limit_revision": 0}
    insert_once(session, CheckWatch, {"unit_id": unit_id, **first, "calendar_version": ""})
    watch = session.scalars(
        sa.select(CheckWatch)
        .where(CheckWatch.unit_id == unit_id, _to_renew(calendar.version))
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    if watch is None:
        return False
    if watch.rule != rule:
        watch.rule, watch.begun_at, watch.swept_at = rule, begun, begun
    watch.calendar_version = calendar.version
    watch.limit_revision += 1
    session.flush()
    _wait(session, watch, calendar, now)
    return True


def _wait(
    session: Session, watch: CheckWatch, calendar: deadlines.WorkCalendar, now: datetime
) -> None:
    at = next_look(session, watch, calendar, now) if watch.rule else None
    if at is None:
        deadlines.close_limits(session, SUBJECT, [watch.unit_id], now)
        return
    deadlines.move_limit(
        session, SUBJECT, watch.unit_id, at, revision=watch.limit_revision, at=now, kind=KIND
    )
