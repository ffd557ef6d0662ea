import pytest

from app.deadlines.errors import DeadlineRefused, LimitUnreadable
from app.deadlines.limits import for_step, read, summary
from app.deadlines.policy import Clock, Counting, Policy
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
    assert read("P0D", policy).count is Count.WORKING_DAYS
    assert read("PT2H", policy).count is Count.CLOCK_TIME
    inside = for_step(CALENDAR, at("2026-11-20 16:00"), "urgent", "P1D", policy)
    outside = for_step(CALENDAR, at("2026-11-21 16:00"), "urgent", "P1D", policy)
    assert inside
    assert outside
    assert said(inside.due_at) == "2026-11-20 16:15:00"
    assert said(outside.due_at) == "2026-11-21 17:00:00"


@pytest.mark.parametrize(
    ("arrived", "due_at", "urgency", "text", "line"),
    [
        (
            "2026-11-23 17:40",
            "2026-11-24 18:00",
            "none",
            "P1D",
            "昨天 17:40 到达，时限 1 个工作日，应于今天 18:00 前办结。",
        ),
        (
            "2026-11-24 08:50",
            "2026-11-24 09:20",
            "extra_urgent",
            "P1D",
            "特急，今天 08:50 到达，应于 09:20 前办理。",
        ),
        (
            "2026-11-22 23:30",
            "2026-11-23 01:30",
            "urgent",
            "P1D",
            "加急，11-22 23:30 到达，应于昨天 01:30 前办理。",
        ),
        (
            "2026-11-24 09:00",
            "2026-11-25 10:00",
            "none",
            "PT8H30M",
            "今天 09:00 到达，时限 8 小时 30 分钟，应于明天 10:00 前办结。",
        ),
        (
            "2026-11-24 09:00",
            "2027-01-25 18:00",
            "none",
            "P43D",
            "今天 09:00 到达，时限 43 个工作日，应于 2027-01-25 18:00 前办结。",
        ),
    ],
)
def test_the_sum_in_one_line(arrived: str, due_at: str, urgency: str, text: str, line: str) -> None:
    assert summary(at(arrived), at(due_at), at("2026-11-24 14:40"), urgency, read(text)) == line
