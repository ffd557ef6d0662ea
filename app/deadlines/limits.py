"""The limit drawn on a step, combined with the urgency of the document (DDL-01 to 03, 06, 20)."""

import re
from dataclasses import replace
from datetime import datetime

from app.deadlines import wording
from app.deadlines.arithmetic import due
from app.deadlines.errors import LimitUnreadable
from app.deadlines.policy import DEFAULT, Clock, Counting, Policy, ReceiptLimit
from app.deadlines.rules import Count, Deadline, Rule
from app.deadlines.workdays import WorkCalendar, local_date

URGENCIES = {"none": "", "urgent": "加急", "extra_urgent": "特急"}
_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,5})D|T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,7})M)?)"
)


def for_step(
    calendar: WorkCalendar,
    arrived_at: datetime,
    urgency: str,
    limit_text: str | None,
    policy: Policy | None = None,
    *,
    reviews: bool = False,
) -> Deadline | None:
    """When a stay at a step runs out; None for a step without a limit. See :func:`for_drawn`."""
    if not limit_text or not limit_text.strip():
        _ensure_urgency(urgency)
        return None
    return for_drawn(calendar, arrived_at, urgency, limit_text, policy, reviews=reviews)


def for_drawn(
    calendar: WorkCalendar,
    arrived_at: datetime,
    urgency: str,
    limit_text: str,
    policy: Policy | None = None,
    *,
    reviews: bool = False,
) -> Deadline:
    """When a stay at a step with a limit runs out.

    urgency     none, urgent (加急) or extra_urgent (特急)
    limit_text  the property ``limit``: ``P1D`` working days, ``PT2H`` or ``PT90M`` hours
    policy      the one of the calendar's unit where it is left out
    reviews     the step reviews or signs, which has hours of its own with three levels (DDL-06)
    What is urgent keeps its thirty minutes or two hours in place of a limit in days; a limit in
    hours stays where it is the shorter one.
    Raises LimitUnreadable for another text, DeadlineRefused for an amount out of bounds.
    """
    _ensure_urgency(urgency)
    policy = policy or calendar.policy
    found = due(arrived_at, read(limit_text, policy), calendar)
    at_once = _at_once(policy, urgency, reviews)
    if at_once is not None:
        urgent = due(arrived_at, at_once, calendar)
        in_days = found.rule.count in (Count.WORKING_DAYS, Count.ELAPSED)
        found = urgent if in_days or urgent.due_at <= found.due_at else found
    asked = replace(found.rule, drawn=limit_text.strip(), urgency=urgency, reviews=reviews)
    return replace(found, rule=asked)


def for_receipt_check(calendar: WorkCalendar, sent_at: datetime, urgency: str) -> Deadline:
    """By when it is asked whether what was sent at ``sent_at`` has arrived (DDL-08, DDL-09).

    urgency  what is urgent has the time that it has everywhere
    """
    _ensure_urgency(urgency)
    policy = calendar.policy
    if urgency != "none":
        rule = Rule(Count.URGENT, policy.urgent_immediate, policy.urgent_offhours, "DDL-02")
    elif policy.receipt_check_limit is ReceiptLimit.DAY:
        rule = Rule(Count.CLOCK_TIME, 24 * 60, id="DDL-09")
    else:
        elapsed = policy.count is Counting.ELAPSED
        rule = Rule(Count.ELAPSED if elapsed else Count.WORKING_DAYS, 1, id="DDL-08")
    found = due(sent_at, rule, calendar)
    return replace(found, steps=tuple(step.replace("到达", "发送") for step in found.steps))


def _ensure_urgency(urgency: str) -> None:
    if urgency not in URGENCIES:
        raise LimitUnreadable(f"缓急程度“{urgency}”无法识别。")


def _at_once(policy: Policy, urgency: str, reviews: bool) -> Rule | None:
    """What comes in place of a limit in days; None where the drawn limit is the only one."""
    if policy.three_levels and reviews:
        hours = {
            "none": policy.step_ordinary,
            "urgent": policy.step_important,
            "extra_urgent": policy.step_urgent,
        }
        return _hours(policy, hours[urgency])
    if policy.three_levels and urgency == "urgent":
        return _hours(policy, policy.important)
    if urgency == "none":
        return None
    return Rule(Count.URGENT, policy.urgent_immediate, policy.urgent_offhours, "DDL-02")


def _hours(policy: Policy, hours: int) -> Rule:
    return Rule(_CLOCKS[policy.clock], hours * 60, id="DDL-06")


_CLOCKS = {Clock.WORKING: Count.WORKING_TIME, Clock.CALENDAR: Count.CLOCK_TIME}


def read(text: str, policy: Policy = DEFAULT) -> Rule:
    """The rule that a duration of ISO 8601 stands for: whole days, or hours and minutes."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise LimitUnreadable(
            f"时限“{text}”无法识别：工作日写成 P1D，小时写成 PT2H，分钟写成 PT30M。"
        )
    if found["days"]:
        days = int(found["days"])
        elapsed = policy.count is Counting.ELAPSED and days  # no day at all: by close of business
        count = Count.ELAPSED if elapsed else Count.WORKING_DAYS
        return Rule(count, days, id="DDL-01" if days == 1 else "DDL-20")
    minutes = int(found["hours"] or 0) * 60 + int(found["minutes"] or 0)
    return Rule(_CLOCKS[policy.clock], minutes, id="DDL-20")


def summary(arrived_at: datetime, due_at: datetime, now: datetime, urgency: str, rule: Rule) -> str:
    """The sum in one line beside a lamp, days named as seen from ``now``.

    ``昨天 17:40 到达，时限 1 个工作日，应于今天 18:00 前办结。``, and for what is urgent
    ``特急，今天 08:50 到达，应于 09:20 前办理。``
    """
    arrived = f"{wording.near(arrived_at, now).strip()} 到达"
    if urgency == "none":
        in_days = rule.count in (Count.WORKING_DAYS, Count.ELAPSED)
        limit = f"{rule.amount} 个工作日" if in_days else wording.amount(rule.amount)
        return f"{arrived}，时限 {limit}，应于{wording.near(due_at, now)} 前办结。"
    same_day = local_date(arrived_at) == local_date(due_at)
    until = f" {wording.clock_time(due_at)}" if same_day else wording.near(due_at, now)
    return f"{URGENCIES[urgency]}，{arrived}，应于{until} 前办理。"
