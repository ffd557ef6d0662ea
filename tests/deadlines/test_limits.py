import pytest

from app.deadlines.errors import DeadlineRefused, LimitUnreadable
from app.deadlines.limits import Clock, Counting, Policy, for_step, read
from app.deadlines.rules import Count
from app.deadlines.workdays import WorkCalendar

from .times import at, said

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("arrived", "urgency", "text", "expected", "rule"),
    [
        ("2026-11-20 16:00", "none", "P1D", "2026-11-23 18:00:00", "DDL-01"),
        ("2026-11-20 16:00", "none", "P3D", "2026-11-25 18:00:00", "DDL-20"),
        ("2026-11-20 16:00", "none", " PT2H ", "2026-11-20 18:00:00", "DDL-20"),
        ("2026-11-20 16:00", "none", "PT1H30M", "2026-11-20 17:30:00", "DDL-20"),
        ("2026-11-20 16:00", "urgent", "P1D", "2026-11-20 16:30:00", "DDL-02"),
        ("2026-11-20 16:00", "extra_urgent", "P3D", "2026-11-20 16:30:00", "DDL-02"),
        ("2026-11-21 20:00", "extra_urgent", "P1D", "2026-11-21 22:00:00", "DDL-03"),
        ("2026-11-20 16:00", "urgent", "PT2H", "2026-11-20 16:30:00", "DDL-02"),
        ("2026-11-20 16:00", "urgent", "PT10M", "2026-11-20 16:10:00", "DDL-20"),
        # thirty minutes are not cut at closing time, not even by a limit of the same day
        ("2026-11-20 17:45", "urgent", "P0D", "2026-11-20 18:15:00", "DDL-02"),
    ],
)
def test_limit_and_urgency(arrived: str, urgency: str, text: str, expected: str, rule: str) -> None:
    found = for_step(CALENDAR, at(arrived), urgency, text)
    assert found
    assert (said(found.due_at), found.rule_id) == (expected, rule)


@pytest.mark.parametrize("text", [None, "", "  "])
@pytest.mark.parametrize("urgency", ["none", "urgent", "extra_urgent"])
def test_a_step_without_a_limit_has_none_however_urgent(text: str | None, urgency: str) -> None:
    assert for_step(CALENDAR, at("2026-11-20 16:00"), urgency, text) is None


@pytest.mark.parametrize(
    "text", ["1D", "P", "PT", "P1W", "P1M", "P1DT2H", "-P1D", "P1.5D", "一天", "PT2S", "p1d"]
)
def test_another_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(LimitUnreadable, match="P1D"):
        read(text)


@pytest.mark.parametrize("text", ["P1001D", "P99999D", "PT0H", "PT99999H"])
def test_an_amount_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(DeadlineRefused):
        read(text)


def test_an_unknown_urgency_is_refused() -> None:
    with pytest.raises(LimitUnreadable, match="缓急"):
        for_step(CALENDAR, at("2026-11-20 16:00"), "平急", "P1D")


def test_the_policy_of_the_unit_decides_how_to_count() -> None:
    policy = Policy(Counting.ELAPSED, Clock.CALENDAR, urgent_immediate=15, urgent_offhours=60)
    assert read("P1D", policy).count is Count.ELAPSED
    assert read("PT2H", policy).count is Count.CLOCK_TIME
    inside = for_step(CALENDAR, at("2026-11-20 16:00"), "urgent", "P1D", policy)
    outside = for_step(CALENDAR, at("2026-11-21 16:00"), "urgent", "P1D", policy)
    assert inside
    assert outside
    assert said(inside.due_at) == "2026-11-20 16:15:00"
    assert said(outside.due_at) == "2026-11-21 17:00:00"
