"""What a unit may choose about its time limits (时限规则), and what is shipped."""

from dataclasses import dataclass
from enum import StrEnum


class Counting(StrEnum):
    """How a unit counts whole days (policy ``deadline.count``)."""

    CIVIL_CODE = "civil_code"
    ELAPSED = "elapsed"


class Clock(StrEnum):
    """Which hours a limit in hours runs in (policy ``deadline.clock``)."""

    WORKING = "working"
    CALENDAR = "calendar"


class Profile(StrEnum):
    """Which limits there are (decision 3)."""

    TWO_LIMITS = "two_limits"  # one working day, and at once for what is urgent (DDL-01 to 03)
    THREE_LEVELS = "three_levels"  # besides, hours by urgency to review and sign (DDL-06)


@dataclass(frozen=True)
class Policy:
    """The values in force for a unit; the defaults are decisions 1 to 3.

    urgent_*, alarm_every   minutes
    important, step_*       hours; only with three levels, where 加急 is 重要 and 特急 is 紧急
    remind_before           working days before a supervision's date on which it reminds
    escalate_after          working days after it: the leader in charge is told, then the unit head
    """

    count: Counting = Counting.CIVIL_CODE
    clock: Clock = Clock.WORKING
    urgent_immediate: int = 30
    urgent_offhours: int = 120
    profile: Profile = Profile.TWO_LIMITS
    important: int = 12
    step_ordinary: int = 24
    step_important: int = 12
    step_urgent: int = 6
    alarm_every: int = 10
    remind_before: tuple[int, ...] = (3, 1, 0)
    escalate_after: tuple[int, ...] = (1, 3)

    @property
    def three_levels(self) -> bool:
        return self.profile is Profile.THREE_LEVELS


DEFAULT = Policy()
