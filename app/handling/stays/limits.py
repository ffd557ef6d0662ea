"""怎么算的: the limit of a stay in one line, and the whole sum behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import deadlines
from app.clock import SHANGHAI
from app.deadlines import limits, statutory
from app.handling.act import Act


@dataclass(frozen=True)
class LimitSum:
    """The limit of one stay as it was computed last: when the stay opened, or the calendar changed.

    sentence     ``昨天 17:40 到达，时限 1 个工作日，应于今天 18:00 前办结。``
    steps        the arithmetic in sentences, the first one complete in itself
    rule         ID of the rule that decided, such as DDL-01; its words are in the rule list
    notice       where the days come from: the notice of the year, or a guess
    calendar     version of the working calendar that was used; ``changed``: there is a newer one
    provisional  a day had no official notice and weekends were assumed
    """

    sentence: str
    steps: Sequence[str]
    rule: str
    due_at: datetime
    notice: str
    calendar: str | None
    changed: bool
    provisional: bool


def sum_of(act: Act) -> LimitSum | None:
    """The sum of the stay in hand; None for a step without a limit. No statement."""
    task, text = act.stay, act.step.properties.get("limit")
    if task.due_at is None or not text:
        return None
    calendar = deadlines.load(act.session, act.case.unit_id)
    urgency, rule = _computed_as(act, text, calendar)
    arrived, due = (at.replace(second=0, microsecond=0) for at in (task.arrived_at, task.due_at))
    return LimitSum(
        sentence=limits.summary(arrived, due, act.at, urgency, text),
        steps=tuple(task.limit_steps),
        rule=rule,
        due_at=task.due_at,
        notice=_notice(task.due_at, calendar),
        calendar=task.calendar_version,
        changed=task.calendar_version != calendar.version,
        provisional=task.limit_provisional,
    )


def _computed_as(act: Act, text: str, calendar: deadlines.WorkCalendar) -> tuple[str, str]:
    """Urgency and rule that the limit was computed with; the document may have changed since.

    A limit that has stood still ends elsewhere; it goes by the present urgency.
    """
    task, urgency = act.stay, act.document.urgency
    usual = ""
    for each in (urgency, "none", "urgent"):
        drawn = deadlines.for_step(calendar, task.arrived_at, each, text)
        if drawn is not None and drawn.due_at == task.due_at:
            return each, drawn.rule_id
        usual = usual or (drawn.rule_id if drawn is not None else "")
    return urgency, usual


def _notice(due_at: datetime, calendar: deadlines.WorkCalendar) -> str:
    source = calendar.day(due_at.astimezone(SHANGHAI).date()).source
    return f"随程序提供的放假安排（{source}）" if source == statutory.LIBRARY else source
