"""时限规则: what a unit chooses, what it inherits, and what a limit becomes by it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.errors import PolicyRefused
from app.deadlines.limits import for_step
from app.deadlines.policy import DEFAULT, Clock, Counting, Policy, Profile
from app.deadlines.policy_keys import KEYS, checked, in_force, policy_of
from app.deadlines.recomputing import recomputed
from app.deadlines.workdays import WorkCalendar

from .test_recomputing import kept
from .times import at, said

THREE = policy_of([("市局", {"profile": "three_levels"})])
MONDAY = at("2026-11-23 09:00")


def test_the_shipped_policy_is_the_two_limits_of_the_fourth_source() -> None:
    assert policy_of([]) == DEFAULT == Policy()
    assert (DEFAULT.profile, DEFAULT.count) == (Profile.TWO_LIMITS, Counting.CIVIL_CODE)
    assert {key.name for key in KEYS.values()} == set(Policy.__dataclass_fields__)


def test_the_nearest_unit_that_chose_decides_and_is_named() -> None:
    chain = [("市局", {"count": "elapsed", "alarm_every": "5"}), ("县局", {"alarm_every": "20"})]
    found = {each.key.name: (each.value, each.chosen_by) for each in in_force(chain)}
    assert found["count"] == (Counting.ELAPSED, "市局")
    assert found["alarm_every"] == (20, "县局")
    assert found["urgent_immediate"] == (30, "")


def test_a_profile_brings_its_clock_along_unless_the_unit_says_otherwise() -> None:
    above = [("市局", {"clock": "working"})]
    assert policy_of([*above, ("县局", {"profile": "three_levels"})]).clock is Clock.CALENDAR
    both = {"profile": "three_levels", "clock": "working"}
    assert policy_of([("县局", both)]).clock is Clock.WORKING


@pytest.mark.parametrize(
    ("arrived", "urgency", "reviews", "end", "rule"),
    [
        # DDL-06: important at 09:00 is overdue after 21:00
        ("2026-11-23 09:00", "urgent", True, "2026-11-23 21:00:00", "DDL-06"),
        ("2026-11-23 09:00", "none", True, "2026-11-24 09:00:00", "DDL-06"),
        ("2026-11-23 09:00", "extra_urgent", True, "2026-11-23 15:00:00", "DDL-06"),
        ("2026-11-27 17:00", "none", True, "2026-11-28 17:00:00", "DDL-06"),
        ("2026-11-23 09:00", "none", False, "2026-11-24 18:00:00", "DDL-01"),
        ("2026-11-23 09:00", "urgent", False, "2026-11-23 21:00:00", "DDL-06"),
        ("2026-11-23 09:00", "extra_urgent", False, "2026-11-23 09:30:00", "DDL-02"),
    ],
)
def test_three_levels_count_hours_of_the_clock_to_review_and_sign(
    arrived: str, urgency: str, reviews: bool, end: str, rule: str
) -> None:
    found = for_step(WorkCalendar(policy=THREE), at(arrived), urgency, "P1D", reviews=reviews)
    assert found
    assert (said(found.due_at), found.rule_id) == (end, rule)


def test_on_the_working_clock_twelve_hours_end_on_the_next_day() -> None:
    working = WorkCalendar(policy=replace(THREE, clock=Clock.WORKING))
    found = for_step(working, MONDAY, "urgent", "P1D", reviews=True)
    assert found
    assert said(found.due_at) == "2026-11-24 15:30:00"  # seven hours on the first day


def test_a_shorter_drawn_limit_in_hours_stays() -> None:
    found = for_step(WorkCalendar(policy=THREE), MONDAY, "none", "PT2H", reviews=True)
    assert found
    assert (said(found.due_at), found.rule_id) == ("2026-11-23 11:00:00", "DDL-20")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("profile", "four_levels"),
        ("urgent_immediate", "0"),
        ("urgent_immediate", "1441"),
        ("urgent_immediate", "三十"),
        ("alarm_every", "-5"),
        ("step_urgent", "241"),
        ("remind_before", "1 3"),
        ("remind_before", "61"),
        ("escalate_after", "1"),
        ("escalate_after", "3 1"),
        ("escalate_after", "0 2"),
        ("lunch", "12"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(name: str, text: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        checked({name: text, "count": "elapsed"})
    assert [each.field for each in refused.value.errors] == [name]


policies = st.builds(
    Policy,
    count=st.sampled_from(Counting),
    clock=st.sampled_from(Clock),
    profile=st.sampled_from(Profile),
    urgent_immediate=st.integers(1, 1440),
    urgent_offhours=st.integers(1, 1440),
    important=st.integers(1, 240),
    step_ordinary=st.integers(1, 240),
    step_important=st.integers(1, 240),
    step_urgent=st.integers(1, 240),
)


@given(policies)
def test_a_policy_written_is_read_again(policy: Policy) -> None:
    texts = {name: key.text(getattr(policy, name)) for name, key in KEYS.items()}
    assert policy_of([("县局", checked(texts))]) == policy


@given(
    policies,
    policies,
    st.sampled_from(["none", "urgent", "extra_urgent"]),
    st.sampled_from(["P0D", "P1D", "P3D", "PT2H", "PT90M"]),
    st.booleans(),
)
def test_counted_again_is_as_counted_at_first_by_the_new_policy(
    old: Policy, new: Policy, urgency: str, text: str, reviews: bool
) -> None:
    first, then = (
        for_step(WorkCalendar(policy=each), MONDAY, urgency, text, reviews=reviews)
        for each in (old, new)
    )
    assert first
    assert then
    found = recomputed(kept(first), first.due_at, WorkCalendar(policy=new), MONDAY)
    assert found
    assert (found.due_at, found.rule, found.rule_id) == (then.due_at, then.rule, then.rule_id)
