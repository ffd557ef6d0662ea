"""What a limit is: a rule with its amount, and the deadline computed from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.deadlines.errors import DeadlineRefused

MAX_DAYS = 1_000
MAX_MINUTES = MAX_DAYS * 24 * 60


class Count(StrEnum):
    """How the amount of a rule is counted."""

    WORKING_DAYS = "working_days"  # arrival's day does not count; ends at close of business
    ELAPSED = "elapsed"  # the same clock time, whole working days later
    URGENT = "urgent"  # minutes at once in working time, others outside it
    WORKING_TIME = "working_time"  # minutes of working time
    CLOCK_TIME = "clock_time"  # minutes of the clock


@dataclass(frozen=True)
class Rule:
    """A limit: how to count, and how much.

    amount    working days (0 to 1,000) or minutes (1 to 1,440,000)
    offhours  URGENT only: minutes for what arrives outside working time (DDL-03)
    id        the rule shown with the sum; URGENT names DDL-02 or DDL-03 by the time of arrival
    drawn, urgency, reviews
              the limit of the step, what the document was and what the step does: from these the
              rule is made anew when the unit's policy changes; ``drawn`` is "" for other limits
    Raises DeadlineRefused for an amount out of these bounds.
    """

    count: Count
    amount: int
    offhours: int = 120
    id: str = "DDL-01"
    drawn: str = ""
    urgency: str = "none"
    reviews: bool = False

    def __post_init__(self) -> None:
        in_days = self.count in (Count.WORKING_DAYS, Count.ELAPSED)
        least, most, unit = (0, MAX_DAYS, "个工作日") if in_days else (1, MAX_MINUTES, "分钟")
        if not (least <= self.amount <= most and 1 <= self.offhours <= MAX_MINUTES):
            raise DeadlineRefused(f"时限应在 {least} 至 {most} {unit}之间。")


ONE_WORKING_DAY = Rule(Count.WORKING_DAYS, 1)
"""DDL-01 as decision 1 counts it."""
AT_ONCE = Rule(Count.URGENT, 30, 120, "DDL-02")
"""DDL-02 and DDL-03 with the amounts of decision 2."""


@dataclass(frozen=True)
class Pause:
    """The last time that a limit stood still (暂停); what was left goes on from ``resumed_at``.

    seconds   left when it stopped; 0 when it had run out already
    by_clock  of the clock; else of working time
    """

    stopped_at: datetime
    resumed_at: datetime
    seconds: int
    by_clock: bool


@dataclass(frozen=True)
class Deadline:
    """A limit computed, with all that it was computed from.

    due_at       aware UTC; an act recorded at that very instant is in time (decision 13)
    steps        the sum in Chinese sentences, the first one complete in itself
    provisional  a day between arrival and end has no official calendar yet
    version      of the calendar
    rule_id      the rule that decided, such as DDL-03
    pause        None for a limit that never stood still
    """

    due_at: datetime
    steps: tuple[str, ...]
    provisional: bool
    version: str
    arrived_at: datetime
    rule: Rule
    rule_id: str
    pause: Pause | None = None
