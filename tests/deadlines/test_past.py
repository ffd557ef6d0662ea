"""Calendar and policy as they were: at a moment, and by the version that a limit names."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import Signature
from app.deadlines import policies, statutory
from app.deadlines.calendar import load, number
from app.deadlines.days import enter_day, set_hours
from app.deadlines.errors import PolicyRefused
from app.deadlines.models import CalendarYear
from app.deadlines.notices import Period, confirm_year, fingerprint, propose_year
from app.deadlines.past import Calendars
from app.deadlines.workdays import WorkCalendar
from app.organization.models import Person, Unit

from .test_notices import MAKE_UP, ONE, OTHER, PERIODS
from .times import at, day

NOW = at("2026-11-23 09:00")
ABOVE, OWN, OTHERS = 1, 2, 3
TUESDAY = day("2026-11-24")


@pytest.fixture(autouse=True)
def units(session: Session) -> None:
    names = ("key", "name", "short_name", "agency_code", "letterhead")
    for ident, parent in ((ABOVE, None), (OWN, ABOVE), (OTHERS, ABOVE)):
        told = dict.fromkeys(names, f"unit-{ident}")
        session.add(Unit(id=ident, rank=2, parent_id=parent, **told))
        session.flush()
    for ident in (1, 2):
        session.add(Person(id=ident, login=f"p{ident}", name=f"p{ident}", unit_id=1, active=True))
    session.flush()


Deed = Callable[[Session, random.Random, datetime], None]


def a_day(session: Session, chance: random.Random, at: datetime) -> None:
    works = chance.random() < 0.5
    hours = "08:30-12:00" if works and chance.random() < 0.5 else None
    unit = chance.choice([None, OWN, OTHERS])
    of = TUESDAY + timedelta(days=chance.randrange(3))
    enter_day(session, unit, of, works, "防汛", ONE, at, hours=hours)


def the_hours(session: Session, chance: random.Random, at: datetime) -> None:
    hours = chance.choice(["09:00-12:00 13:00-17:00", "08:00-12:00 14:00-18:00"])
    since = TUESDAY + timedelta(days=chance.randrange(-2, 3))
    set_hours(session, chance.choice([None, OWN, OTHERS]), since, hours, ONE, at)


def a_policy(session: Session, chance: random.Random, at: datetime) -> None:
    texts = {"urgent_immediate": str(chance.randrange(10, 60))}
    unit = chance.choice([ABOVE, OWN, OTHERS])
    policies.choose(session, unit, texts, "试行。", ONE, at, source="纪要")


def a_notice(session: Session, chance: random.Random, at: datetime) -> None:
    longer = [*PERIODS[:-1], Period(day("2027-10-01"), day("2027-10-08"), "国庆节")]
    source = f"国办发明电〔2026〕{chance.randrange(1, 99)}号"
    propose_year(session, 2027, chance.choice([PERIODS, longer]), MAKE_UP, source, ONE, at)
    seen = fingerprint(session.get_one(CalendarYear, 2027))
    confirm_year(session, 2027, OTHER, at, seen=seen)


DEEDS: tuple[Deed, ...] = (a_day, a_day, the_hours, a_policy, a_notice)


def same(one: WorkCalendar | None, other: WorkCalendar) -> bool:
    """Field by field; the days of November and of the year of the notices besides."""
    first = day("2026-11-20")
    dates = [*(first + timedelta(days=n) for n in range(12)), *MAKE_UP, day("2027-10-08")]
    return (
        one is not None
        and one == other
        and [(one.day(each), one.spans(each)) for each in dates]
        == [(other.day(each), other.spans(each)) for each in dates]
    )


@pytest.mark.parametrize("seed", range(8))
def test_each_version_is_put_together_as_it_was(session: Session, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (tests need no secrets)
    seen = [(NOW, load(session, OWN))]
    for minutes in range(1, 15):
        moment = NOW + timedelta(minutes=10 * minutes)
        try:
            chance.choice(DEEDS)(session, chance, moment)
        except PolicyRefused:
            continue  # nothing would have changed
        session.commit()
        seen.append((moment, load(session, OWN)))
    past = Calendars(session)
    assert [int(each.version.partition("/")[0]) for _, each in seen] == list(range(len(seen)))
    for (moment, was), (following, _) in zip(seen, [*seen[1:], (None, None)], strict=True):
        assert same(past.of(OWN, was.version), was), was.version
        assert same(past.at(OWN, moment), was), was.version
        if following is not None:
            assert same(past.at(OWN, following - timedelta(seconds=1)), was), was.version


def test_what_holds_now_costs_nothing_more(session: Session) -> None:
    enter_day(session, OWN, TUESDAY, False, "防汛", ONE, NOW)
    session.commit()
    past, now = Calendars(session), load(session, OWN)
    assert past.at(OWN, NOW + timedelta(days=1)) is now
    assert past.of(OWN, now.version) is now


@pytest.mark.parametrize("version", ["0/other", "7", "x/y", f"9/{statutory.LIBRARY}", "", "-1/x"])
def test_a_version_that_is_not_known(session: Session, version: str) -> None:
    enter_day(session, OWN, TUESDAY, False, "防汛", ONE, NOW)
    session.commit()
    assert Calendars(session).of(OWN, version) is None


def test_changes_of_before_the_record_count_too(session: Session) -> None:
    """A version that was raised without an entry, as a restored office may have it."""
    enter_day(session, OWN, TUESDAY, False, "防汛", ONE, NOW)
    session.commit()
    was = load(session, OWN)
    session.execute(sa.text("UPDATE calendar_version SET number = number + 5"))
    later = NOW + timedelta(hours=1)
    enter_day(session, OWN, TUESDAY, True, "值班", ONE, later)
    session.commit()
    past = Calendars(session)
    assert number(session) == 7
    assert [each.number for each in past.changes] == [6, 7]
    before = past.of(OWN, f"6/{statutory.LIBRARY}")
    assert before is not None
    assert (before.is_workday(TUESDAY), was.is_workday(TUESDAY)) == (False, False)


def test_two_changes_in_one_moment_hold_together(session: Session) -> None:
    by = Signature(1, "p1", "一", "系统管理员")
    enter_day(session, OWN, TUESDAY, False, "防汛", by, NOW)
    enter_day(session, OWN, TUESDAY + timedelta(days=1), False, "防汛", by, NOW)
    session.commit()
    past, now = Calendars(session), load(session, OWN)
    assert past.at(OWN, NOW) is now
    assert past.at(OWN, NOW - timedelta(seconds=1)).is_workday(TUESDAY)
