"""By when: the working calendar, time limits, their lamps, and the sweep that enforces them.

Limits are rows, written in the transaction of the act that opens a stay and swept by the
scheduler process. What a row does to its subject is brought by the room that owns the subject.
"""

from app.deadlines.arithmetic import due, working_minutes
from app.deadlines.calendar import WorkCalendar, load
from app.deadlines.effects import DueRow, Effects, Result
from app.deadlines.limits import Policy, for_step
from app.deadlines.operations import (
    close_limits,
    move_limit,
    open_limits,
    open_next,
    pass_on_limits,
)
from app.deadlines.rules import Deadline, Rule

__all__ = [
    "Deadline",
    "DueRow",
    "Effects",
    "Policy",
    "Result",
    "Rule",
    "WorkCalendar",
    "close_limits",
    "due",
    "for_step",
    "load",
    "move_limit",
    "open_limits",
    "open_next",
    "pass_on_limits",
    "working_minutes",
]
