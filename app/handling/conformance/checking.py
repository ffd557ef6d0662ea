"""Checking cases and keeping what was found: at night, and whenever somebody asks."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import Entry, entries_of_cases
from app.clock import SHANGHAI
from app.deadlines import Calendars
from app.handling.conformance.entitled import Posts
from app.handling.conformance.kinds import Deviation
from app.handling.conformance.models import ConformanceCheck, ConformanceDeviation
from app.handling.conformance.replaying import NEVER, replay
from app.handling.conformance.tables import Tables, compare, read_tables
from app.handling.models import Case
from app.workflow.loading import definition

log = logging.getLogger(__name__)

ENDED = ("closed", "cancelled")
BATCH = 50
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What a body raises that somebody has spoilt: one such case must not keep the others waiting."""
SPOILT = Deviation(
    *("record", None, NEVER, "", "", "不明", "", "没有记录"),
    said="记录的内容被破坏，读不出来，请先核验整条记录。",
)
NIGHT = (time(20, 0), time(6, 0))
"""Between these the nightly check runs, so that nobody waits for it at work."""


def check(
    session: Session, cases: Sequence[Case], posts: Posts, at: datetime
) -> dict[int, list[Deviation]]:
    """Check these cases and put what was found, by case, in place of the last check's results.

    A batch costs as many statements as a single case.
    """
    ids = sorted(case.id for case in cases)
    held = sa.select(Case.id).where(Case.id.in_(ids)).order_by(Case.id)
    session.execute(held.with_for_update(key_share=True))  # two checks of a case take turns
    size = audit.entries(session)
    entries, tables = _entries(session, ids), read_tables(session, ids)
    calendars = Calendars(session)
    found = {
        case.id: _of_case(session, case, entries.get(case.id), tables[case.id], posts, calendars)
        for case in cases
    }
    for model in (ConformanceDeviation, ConformanceCheck):
        session.execute(sa.delete(model).where(model.case_id.in_(ids)))
    rows = [_row(case_id, each, at) for case_id, told in found.items() for each in told]
    if rows:
        session.execute(sa.insert(ConformanceDeviation), rows)
    checks = [
        {
            "case_id": case_id,
            "entries": size,
            "at": at,
            "deviations": len(told),
            "wrong": sum(each.wrong for each in told),
        }
        for case_id, told in found.items()
    ]
    if checks:
        session.execute(sa.insert(ConformanceCheck), checks)
    return found


def _entries(session: Session, ids: Sequence[int]) -> dict[int, list[Entry]]:
    """Of each case, [] where it has none; a case with a body that cannot be read is left out."""
    try:
        return {**{each: [] for each in ids}, **entries_of_cases(session, ids)}
    except UNREADABLE:
        if len(ids) == 1:
            return {}
    one_by_one = (_entries(session, [each]) for each in ids)
    return {case_id: entries for found in one_by_one for case_id, entries in found.items()}


def _of_case(
    session: Session,
    case: Case,
    entries: Sequence[Entry] | None,
    tables: Tables,
    posts: Posts,
    calendars: Calendars,
) -> list[Deviation]:
    if entries is None:
        return [SPOILT]
    try:
        found = replay(
            entries,
            lambda sha256: definition(session, sha256),
            posts,
            lambda at: calendars.at(case.unit_id, at),
        )
        return [*found, *compare(case, tables, entries)]
    except UNREADABLE:  # what an entry says makes no sense: whoever wrote it was not this system
        log.exception("the record of case %s cannot be replayed", case.id)
        return [SPOILT]


def _row(case_id: int, found: Deviation, at: datetime) -> dict[str, Any]:
    values = {**asdict(found), "case_id": case_id, "wrong": found.wrong}
    values["at"] = at if found.at == NEVER else found.at
    return values


def next_to_check(session: Session, since: datetime, limit: int = BATCH) -> Sequence[Case]:
    """Ended cases that have not been checked since then, those never checked first."""
    query = (
        sa.select(Case)
        .outerjoin(ConformanceCheck, ConformanceCheck.case_id == Case.id)
        .where(
            Case.state.in_(ENDED),
            sa.or_(ConformanceCheck.case_id.is_(None), ConformanceCheck.at < since),
        )
        .order_by(ConformanceCheck.at.is_not(None), ConformanceCheck.at, Case.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def is_night(at: datetime) -> bool:
    hour = at.astimezone(SHANGHAI).time()
    return hour >= NIGHT[0] or hour < NIGHT[1]


def evening(at: datetime) -> datetime:
    """When the night began that ``at`` lies in."""
    local = at.astimezone(SHANGHAI)
    begun = local.replace(hour=NIGHT[0].hour, minute=0, second=0, microsecond=0)
    return begun if local >= begun else begun - timedelta(days=1)


class Nightly:
    """A chore of the scheduler: every ended case once a night, a batch to a transaction.

    What was found in the record about posts is kept from batch to batch and only read on.
    """

    def __init__(self) -> None:
        self.posts = Posts()

    def __call__(self, session: Session, at: datetime) -> int:
        if not is_night(at):
            return 0
        cases = next_to_check(session, evening(at))
        if cases:
            self.posts.read_on(session)
            check(session, cases, self.posts, at)
        return len(cases)
