"""By when: the working calendar, time limits, their lamps, and the sweep that enforces them.

Limits are rows, written in the transaction of the act that opens a stay and swept by the
scheduler process. What a row does to its subject is brought by the room that owns the subject.
"""

from app.deadlines.arithmetic import due, working_days_before, working_minutes
from app.deadlines.calendar import WorkCalendar, load, version
from app.deadlines.drawn import runs_out
from app.deadlines.effects import DueRow, Effects, Result
from app.deadlines.lamps import amber_from
from app.deadlines.limits import for_step
from app.deadlines.operations import (
    close_limits,
    drop_limit,
    move_limit,
    open_again,
    open_limits,
    open_next,
    pass_on_limits,
    stamp_limits,
)
from app.deadlines.past import Calendars
from app.deadlines.pauses import Left, as_it_was, next_revision, resume_limit, stop_limits
from app.deadlines.policy import Policy
from app.deadlines.queries import Limit, limits_of
from app.deadlines.rules import Deadline, Rule

__all__ = [
    "Calendars",
    "Deadline",
    "DueRow",
    "Effects",
    "Left",
    "Limit",
    "Policy",
    "Result",
    "Rule",
    "WorkCalendar",
    "amber_from",
    "as_it_was",
    "close_limits",
    "drop_limit",
    "due",
    "for_step",
    "limits_of",
    "load",
    "move_limit",
    "next_revision",
    "open_again",
    "open_limits",
    "open_next",
    "pass_on_limits",
    "resume_limit",
    "runs_out",
    "stamp_limits",
    "stop_limits",
    "version",
    "working_days_before",
    "working_minutes",
]
