"""登录查收: windows, gaps, and what is missed when visits and sweeps come in any order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.deadlines import hours
from app.deadlines.arithmetic import working_time
from app.deadlines.checkins import (
    GRACE,
    MINUTE,
    Known,
    Spell,
    Visited,
    Window,
    minute,
    missed,
    next_look,
    open_window,
    visit,
    windows,
    words,
)
from app.deadlines.policy import Checkin, Policy
from app.deadlines.workdays import Override, WorkCalendar

from .times import at, said

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
MORNING = at("2026-11-23 08:00")
FIXED = [mode for mode in Checkin if mode not in (Checkin.OFF, Checkin.INTERVAL)]


def calendar(mode: Checkin, **more: object) -> WorkCalendar:
    return WorkCalendar(policy=replace(Policy(), checkin_mode=mode, **more))


def known(
    *,
    visited: Visited | None = None,
    settled: datetime = MORNING,
    since: datetime = MORNING,
    spells: Sequence[Spell] = (Spell(at("2026-11-01 00:00")),),
    away: Sequence[Spell] = (),
) -> Known:
    return Known(settled, visited, visited.at if visited else since, spells, away)


def spoken(found: Sequence[Window]) -> list[str]:
    return [f"{said(each.opens)[11:16]}-{said(each.closes)[11:16]}" for each in found]


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        (Checkin.OFF, []),
        (Checkin.INTERVAL, []),
        (Checkin.HALVES, ["00:00-12:00", "12:00-18:00"]),
        (Checkin.EDGES, ["08:30-09:30", "17:00-18:00"]),
        (Checkin.TIMES, ["10:00-11:00", "15:30-16:30"]),
        (Checkin.DAILY, ["00:00-18:00"]),
        # 08:00 to 08:30 lies outside the hours of this office
        (Checkin.WINDOWS, ["16:00-16:30"]),
    ],
)
def test_each_way_has_its_windows_on_a_working_day_and_none_on_a_day_off(
    mode: Checkin, wanted: list[str]
) -> None:
    assert spoken(windows(MONDAY, calendar(mode))) == wanted
    assert windows(SATURDAY, calendar(mode)) == []


def test_an_office_that_opens_at_eight_has_both_windows_of_ddl_11() -> None:
    early = WorkCalendar(
        hours=((date(2026, 1, 1), hours.read("08:00-12:00 13:00-17:00")),),
        policy=replace(Policy(), checkin_mode=Checkin.WINDOWS),
    )
    assert spoken(windows(MONDAY, early)) == ["08:00-08:30", "16:00-16:30"]


def test_a_half_day_has_no_window_in_its_free_half() -> None:
    half = {MONDAY: Override(True, "半日", "通知", hours.read("08:30-12:00"))}
    for mode, wanted in (
        (Checkin.HALVES, ["00:00-12:00"]),
        (Checkin.EDGES, ["08:30-09:30", "11:00-12:00"]),
        (Checkin.TIMES, ["10:00-11:00"]),
        (Checkin.WINDOWS, []),
    ):
        assert spoken(windows(MONDAY, replace(calendar(mode), overrides=half))) == wanted


@pytest.mark.parametrize(
    ("last", "until", "wanted"),
    [
        ("09:00", "11:00", ["09:00-11:00"]),  # over two working hours
        ("09:00", "10:59", []),
        ("11:00", "14:59", []),  # the break at noon does not count
        ("11:00", "15:00", ["11:00-15:00"]),
        ("08:30", "18:00", ["08:30-10:30", "10:30-14:30", "14:30-16:30"]),
    ],
)
def test_no_more_than_two_working_hours_pass_without_a_visit(
    last: str, until: str, wanted: list[str]
) -> None:
    day = "2026-11-23 "
    before = visit(None, at(day + last))
    found = missed(known(visited=before), at(day + until), calendar(Checkin.INTERVAL))
    assert spoken(found) == wanted


def test_a_gap_goes_on_over_night_and_over_the_weekend() -> None:
    friday = visit(None, at("2026-11-27 17:00"))
    of_friday = known(visited=friday, settled=friday.at)
    inform = calendar(Checkin.INTERVAL)
    assert missed(of_friday, at("2026-11-30 09:29"), inform) == []
    assert spoken(missed(of_friday, at("2026-11-30 09:30"), inform)) == ["17:00-09:30"]


def test_a_visit_counts_up_to_the_last_minute_of_its_window() -> None:
    edges = calendar(Checkin.EDGES)
    late = visit(None, at("2026-11-23 09:30:59"))
    assert missed(known(visited=late), at("2026-11-23 09:31"), edges) == []
    before = visit(None, at("2026-11-23 08:29:59"))
    assert spoken(missed(known(visited=before), at("2026-11-23 09:31"), edges)) == ["08:30-09:30"]


def test_looks_within_half_an_hour_are_one_visit_of_the_day() -> None:
    daily = calendar(Checkin.DAILY)
    last = None
    for clock in ("09:00", "09:10", "09:25"):
        last = visit(last, at(f"2026-11-23 {clock}"))
    evening = at("2026-11-23 18:00")
    assert len(missed(known(visited=last), evening, daily)) == 1
    last = visit(last, at("2026-11-23 09:31"))
    assert missed(known(visited=last), evening, daily) == []
    assert last.visits == 2


def test_who_is_away_for_a_part_of_the_window_is_excused() -> None:
    away = [Spell(at("2026-11-23 16:00"), at("2026-11-24 00:00"))]
    for mode, wanted in (
        (Checkin.HALVES, ["00:00-12:00"]),
        (Checkin.EDGES, ["08:30-09:30"]),
        (Checkin.INTERVAL, ["08:00-10:30", "10:30-14:30"]),
    ):
        found = missed(known(away=away), at("2026-11-24 08:00"), calendar(mode))
        assert spoken(found) == wanted, mode


def test_leave_that_ended_in_the_night_excuses_from_nothing() -> None:
    away = [Spell(at("2026-11-22 00:00"), at("2026-11-23 00:00"))]
    found = missed(known(away=away), at("2026-11-23 12:00"), calendar(Checkin.HALVES))
    assert spoken(found) == ["00:00-12:00"]


def test_whom_it_has_concerned_for_a_part_of_the_window_only_is_not_counted() -> None:
    came = [Spell(at("2026-11-23 09:00"))]
    found = missed(known(spells=came), at("2026-11-23 18:00"), calendar(Checkin.EDGES))
    assert spoken(found) == ["17:00-18:00"]
    left = [Spell(MORNING, at("2026-11-23 17:30"))]
    found = missed(known(spells=left), at("2026-11-23 18:00"), calendar(Checkin.EDGES))
    assert spoken(found) == ["08:30-09:30"]


def test_a_fixed_time_is_open_to_be_reminded_of() -> None:
    times = calendar(Checkin.TIMES)
    assert open_window(at("2026-11-23 09:59"), times) is None
    found = open_window(at("2026-11-23 10:00"), times)
    assert found is not None
    assert spoken([found]) == ["10:00-11:00"]
    assert next_look([], at("2026-11-23 09:00"), times) == at("2026-11-23 10:00")
    assert next_look([], at("2026-11-23 10:00"), times) == at("2026-11-23 11:01")


def test_nothing_is_looked_for_where_nothing_is_asked() -> None:
    assert next_look([known()], MORNING, calendar(Checkin.OFF)) is None
    assert words(replace(Policy(), checkin_mode=Checkin.OFF)) == ""


def test_the_rule_in_words_names_itself() -> None:
    said_of = {mode: words(replace(Policy(), checkin_mode=mode)) for mode in Checkin}
    assert "每 2 小时工作时间至少一次（DDL-04）" in said_of[Checkin.INTERVAL]
    assert all("（DDL-" in text for mode, text in said_of.items() if mode is not Checkin.OFF)


# What happens in any order -------------------------------------------------------------------

BEGIN = at("2026-11-19 00:00")  # a Thursday: with the weekend after it
MINUTES = 6 * 24 * 60
moments = st.lists(st.integers(1, MINUTES), max_size=14, unique=True).map(sorted)
events = st.tuples(moments, moments)


def played(
    visits: Sequence[datetime], sweeps: Sequence[datetime], inform: WorkCalendar
) -> list[Window]:
    """What is recorded when visits settle before they are noted, and sweeps settle for all."""
    recorded: dict[datetime, Window] = {}
    last: Visited | None = None
    settled = BEGIN
    happened = sorted([(each, "visit") for each in visits] + [(each, "sweep") for each in sweeps])
    for moment, what in happened:
        since = max([BEGIN, *recorded, *([last.at] if last else [])])
        now = Known(settled, last, since, [Spell(BEGIN - timedelta(days=1))])
        until = minute(moment) - MINUTE
        for each in missed(now, until, inform):
            assert each.closes not in recorded, "missed twice"
            recorded[each.closes] = each
        if what == "visit":
            last = visit(last, moment)
        else:
            settled = max(settled, until)
    return [recorded[each] for each in sorted(recorded)]


@settings(max_examples=150, deadline=None)
@given(events, st.sampled_from(FIXED))
def test_each_window_without_a_visit_is_missed_once_however_late_the_sweep(
    event: tuple[list[int], list[int]], mode: Checkin
) -> None:
    visits, sweeps = ([BEGIN + timedelta(minutes=each) for each in some] for some in event)
    end = BEGIN + timedelta(minutes=MINUTES + 60)
    inform = calendar(mode)
    asked = [
        each
        for day in range(7)
        for each in windows(date(2026, 11, 19) + timedelta(days=day), inform)
        if each.closes < end
    ]

    def enough(window: Window) -> bool:
        last, count = None, 0
        for each in visits:
            if window.opens <= each <= window.closes and (not last or each - last >= 30 * MINUTE):
                last, count = each, count + 1
        return count >= window.visits

    expected = [each for each in asked if not enough(each)]
    assert played(visits, [*sweeps, end], inform) == expected


@settings(max_examples=150, deadline=None)
@given(events)
def test_gaps_are_counted_once_and_only_in_working_time(
    event: tuple[list[int], list[int]],
) -> None:
    visits, sweeps = ([BEGIN + timedelta(minutes=each) for each in some] for some in event)
    end = BEGIN + timedelta(minutes=MINUTES + 60)
    inform = calendar(Checkin.INTERVAL)
    found = played(visits, [*sweeps, end], inform)
    two_hours = timedelta(hours=2)
    for each in found:
        assert working_time(each.opens, each.closes, inform) == two_hours
        assert not [at_ for at_ in visits if each.opens < at_ <= each.closes]
    edges = [BEGIN, *visits, end - MINUTE]
    for start, stop in pairwise(edges):
        inside = [each for each in found if start <= each.opens and each.closes < stop]
        whole = working_time(start, stop - MINUTE, inform) // two_hours
        assert len(inside) == max(whole, 0)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, MINUTES), st.sampled_from([*FIXED, Checkin.INTERVAL]))
def test_the_unit_is_looked_at_before_anything_could_be_missed_unseen(
    moment: int, mode: Checkin
) -> None:
    now, inform = BEGIN + timedelta(minutes=moment), calendar(mode)
    last = visit(None, now)
    of = Known(now, last, last.at, [Spell(BEGIN)])
    following = next_look([of], now, inform)
    assert following is not None
    assert following > now
    assert missed(of, following - GRACE - MINUTE, inform) == []
