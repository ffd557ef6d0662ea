"""怎么算的: the limit of a stay in one line, and the whole sum behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import deadlines
from app.deadlines import limits
from app.handling.acts import Act


@dataclass(frozen=True)
class LimitSum:
    """The limit of one stay as it was computed when the stay opened.

    sentence     ``昨天 17:40 到达，时限 1 个工作日，应于今天 18:00 前办结。``
    steps        the arithmetic in sentences, the first one complete in itself
    rule         ID of the rule that decided, such as DDL-01; its words are in the rule list
    calendar     version of the working calendar that was used; ``changed``: there is a newer one
    provisional  a day had no official notice and weekends were assumed
    """

    sentence: str
    steps: Sequence[str]
    rule: str
    due_at: datetime
    calendar: str | None
    changed: bool
    provisional: bool


def sum_of(act: Act) -> LimitSum | None:
    """The sum of the stay in hand; None for a step without a limit. No statement."""
    task, text = act.stay, act.step.properties.get("limit")
    if task.due_at is None or not text:
        return None
    calendar = deadlines.load(act.session, act.case.unit_id)
    urgency = act.document.urgency
    drawn = deadlines.for_step(calendar, task.arrived_at, urgency, text)
    return LimitSum(
        sentence=limits.summary(task.arrived_at, task.due_at, act.at, urgency, text),
        steps=tuple(task.limit_steps),
        rule=drawn.rule_id if drawn else "",
        due_at=task.due_at,
        calendar=task.calendar_version,
        changed=task.calendar_version != calendar.version,
        provisional=task.limit_provisional,
    )
