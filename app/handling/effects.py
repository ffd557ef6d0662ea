"""What takes effect when its time comes, by what it is about; handed to the sweep at start."""

from collections.abc import Mapping

from app.deadlines import Effects
from app.handling.stays import agents, timers
from app.handling.stays.firing import DrawnTimers
from app.handling.stays.overdue import TaskLimits
from app.handling.supervision.opening import SUBJECT
from app.handling.supervision.times import SupervisionTimes

EFFECTS: Mapping[str, Effects] = {
    "task": TaskLimits(),
    agents.SUBJECT: agents.DelegationTimes(),
    timers.SUBJECT: DrawnTimers(),
    SUBJECT: SupervisionTimes(),
}
