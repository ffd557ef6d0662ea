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


class Checkin(StrEnum):
    """How often people have to look what has come in (policy ``checkin.mode``, CF-04)."""

    OFF = "off"
    INTERVAL = "interval"  # never longer than so much working time without a visit (DDL-04)
    HALVES = "halves"  # each morning and each afternoon (DDL-07)
    EDGES = "edges"  # soon after work begins, and shortly before it ends (DDL-10)
    WINDOWS = "windows"  # between fixed hours (DDL-11)
    TIMES = "times"  # at fixed times, which remind by themselves (DDL-12)
    DAILY = "daily"  # so many times a working day (DDL-14)


class Checked(StrEnum):
    """Whom the check-ins concern."""

    RECEIVERS = "receivers"  # who may take in documents
    HOLDERS = "holders"  # who has something to do (DDL-11)
    EVERYBODY = "everybody"  # who holds any post but that of an administrator (DDL-14)


class Offline(StrEnum):
    """Whether somebody who has not been there yet is told at once what arrives (DDL-13)."""

    OFF = "off"
    REMIND = "remind"


class ReceiptOwner(StrEnum):
    """Who asks whether what was sent has arrived (policy ``receipt_check.owner``, CF-03)."""

    DRAFTER = "drafter"  # DDL-08
    DISPATCHER = "dispatcher"  # DDL-09


class ReceiptLimit(StrEnum):
    """By when (policy ``receipt_check.limit``)."""

    WORKING_DAY = "working_day"
    DAY = "day"  # 24 hours of the clock


@dataclass(frozen=True)
class Policy:
    """The values in force for a unit; the defaults are decisions 1 to 3.

    urgent_*, alarm_every   minutes
    important, step_*       hours; only with three levels, where 加急 is 重要 and 特急 is 紧急
    remind_before           working days before a supervision's date on which it reminds
    escalate_after          working days after it: the leader in charge is told, then the unit head
    checkin_every           minutes of working time
    checkin_edge            minutes after work begins, before it ends, or after a fixed time
    checkin_windows         ``08:00-08:30``, Asia/Shanghai, in the order of the day
    checkin_times           ``10:00``, the same
    checkin_daily           visits in a working day
    accountable_after       late items of a department in a period that make a case (DDL-18)
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
    checkin_mode: Checkin = Checkin.INTERVAL
    checkin_who: Checked = Checked.RECEIVERS
    checkin_every: int = 120
    checkin_edge: int = 60
    checkin_windows: tuple[str, ...] = ("08:00-08:30", "16:00-16:30")
    checkin_times: tuple[str, ...] = ("10:00", "15:30")
    checkin_daily: int = 2
    offline: Offline = Offline.OFF
    receipt_check_owner: ReceiptOwner = ReceiptOwner.DRAFTER
    receipt_check_limit: ReceiptLimit = ReceiptLimit.WORKING_DAY
    accountable_after: int = 3

    @property
    def three_levels(self) -> bool:
        return self.profile is Profile.THREE_LEVELS


DEFAULT = Policy()
