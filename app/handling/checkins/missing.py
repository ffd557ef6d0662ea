"""What was missed: once on record, signed by the rule, and the person reminded."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines, messages
from app.clock import SHANGHAI
from app.database import insert_once
from app.deadlines import DueRow, Result, WorkCalendar, checkins
from app.deadlines.checkins import GRACE, Known, Window
from app.handling.checkins import people
from app.handling.checkins.models import CheckWatch, MissedCheck
from app.handling.models import Case, Notice, Task, TaskCandidate

SUBJECT = "check_watch"
"""Of the one due row that waits for each unit."""
KIND = "checkin"


class CheckTimes:
    """Effects of due rows whose subject is the watch of a unit."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        """Under the lock of the watch: record what everybody has missed, and wait for the next."""
        watch = session.scalars(
            sa.select(CheckWatch)
            .where(CheckWatch.unit_id == due.subject_id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if watch is None:
            there = sa.select(sa.exists().where(CheckWatch.unit_id == due.subject_id))
            return Result.BUSY if session.scalar(there) else Result.NOT_OPEN
        calendar = deadlines.load(session, watch.unit_id)
        if due.deadline_revision != watch.limit_revision or not watch.rule:
            return Result.NOT_OPEN
        until = checkins.minute(now - GRACE)
        missed = settle(session, watch, now, until)
        _remind(session, missed, calendar, now)
        _remind_of_fixed_time(session, watch, calendar, now)
        watch.swept_at = max(watch.swept_at, until)
        session.flush()
        following = next_look(session, watch, calendar, now)
        if following is not None:
            deadlines.open_next(session, due, following)
        return Result.DONE


def next_look(
    session: Session, watch: CheckWatch, calendar: WorkCalendar, now: datetime
) -> datetime | None:
    known = people.known(session, watch, calendar.policy, now)
    return checkins.next_look(list(known.values()), now, calendar)


def settle(
    session: Session, watch: CheckWatch, now: datetime, until: datetime, only: int | None = None
) -> dict[int, Window]:
    """Record what closed up to ``until``; by person the last of what is new on record.

    only  somebody who has just come; nobody else's is looked at
    """
    calendar = deadlines.load(session, watch.unit_id)
    found: dict[int, Window] = {}
    if until <= watch.swept_at:
        return found
    known = people.known(session, watch, calendar.policy, until, only)
    for person_id, of in known.items():
        for each in checkins.missed(of, until, calendar):
            if _record(session, watch, person_id, each, now):
                found[person_id] = each
    return found


def _record(
    session: Session, watch: CheckWatch, person_id: int, window: Window, now: datetime
) -> bool:
    """The unique key decides between the sweep and the person who comes at that moment."""
    values = {
        "person_id": person_id,
        "unit_id": watch.unit_id,
        "rule": watch.rule,
        "opens_at": window.opens,
        "closes_at": window.closes,
        "at": now,
    }
    if not insert_once(session, MissedCheck, values):
        return False
    audit.record(
        session,
        "checkin.missed",
        audit.signed_by_rule(watch.rule),
        at=now,
        subject=("person", person_id),
        detail={"opens": window.opens.isoformat(), "closes": window.closes.isoformat()},
    )
    return True


def _remind(
    session: Session, missed: Mapping[int, Window], calendar: WorkCalendar, now: datetime
) -> None:
    """One message to each, of the latest: after a standstill nobody wants a dozen."""
    for person_id, window in missed.items():
        said = f"{window.closes.astimezone(SHANGHAI):%m-%d %H:%M}"
        message = messages.Message(
            f"{KIND}:{person_id}:{window.closes.isoformat()}",
            KIND,
            "【查收提醒】未按时登录查收公文",
            f"应在 {said} 前登录查收。\n规定：{checkins.words(calendar.policy)}",
        )
        at_once = messages.goes_at_once(calendar, now, window.closes, urgent=False)
        messages.queue(session, message, [person_id], now, hold=not at_once)


def _remind_of_fixed_time(
    session: Session, watch: CheckWatch, calendar: WorkCalendar, now: datetime
) -> None:
    """The time has come: who has something unread or to do, and has not been there, is told."""
    window = checkins.open_window(now, calendar)
    if window is None:
        return
    known = people.known(session, watch, calendar.policy, now)
    waiting = _with_something_new(
        session, [of for of, each in known.items() if not _came(each, window)]
    )
    message = messages.Message(
        f"{KIND}-time:{watch.unit_id}:{window.opens.isoformat()}",
        KIND,
        "【查收提醒】请登录查收公文",
        f"现在是规定的查收时间，有未阅或者未办的公文。\n规定：{watch.rule}",
    )
    messages.queue(session, message, waiting, now)


def _came(known: Known, window: Window) -> bool:
    away = any(each.since <= window.opens < each.until for each in known.away)
    return away or (known.visited is not None and known.visited.at >= window.opens)


def _with_something_new(session: Session, who: list[int]) -> list[int]:
    unread = sa.select(Notice.person_id).where(Notice.person_id.in_(who), Notice.read_at.is_(None))
    to_do = (
        sa.select(TaskCandidate.person_id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .join(Case, Case.id == Task.case_id)
        .where(TaskCandidate.person_id.in_(who), Task.state == "open", Case.state == "running")
    )
    return sorted(set(session.scalars(unread.union(to_do))))
