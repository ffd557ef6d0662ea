"""怎么算的: the limit of a stay in one line, and the whole sum behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import deadlines
from app.clock import SHANGHAI
from app.deadlines import limits, statutory
from app.deadlines.rules import Rule
from app.handling.act import Act
from app.workflow.definitions import Step


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


def reviews(step: Step) -> bool:
    """Whether a step reviews or signs (DDL-06); one that does not say so receives or handles."""
    return step.properties.get("stage") == "review"


def of_step(act: Act, step: Step, arrived_at: datetime) -> deadlines.Deadline | None:
    """The limit of a stay of this document that arrives there then. No statement."""
    return _drawn(act, step, arrived_at, act.document.urgency)


def _drawn(act: Act, step: Step, arrived_at: datetime, urgency: str) -> deadlines.Deadline | None:
    calendar = deadlines.load(act.session, act.case.unit_id)
    text = step.properties.get("limit")
    return deadlines.for_step(calendar, arrived_at, urgency, text, reviews=reviews(step))


def sum_of(act: Act) -> LimitSum | None:
    """The sum of the stay in hand; None for a step without a limit. No statement."""
    task, computed = act.stay, _computed_as(act)
    if task.due_at is None or computed is None:
        return None
    calendar = deadlines.load(act.session, act.case.unit_id)
    urgency, rule, rule_id = computed
    arrived, due = (at.replace(second=0, microsecond=0) for at in (task.arrived_at, task.due_at))
    return LimitSum(
        sentence=limits.summary(arrived, due, act.at, urgency, rule),
        steps=tuple(task.limit_steps),
        rule=rule_id,
        due_at=task.due_at,
        notice=_notice(task.due_at, calendar),
        calendar=task.calendar_version,
        changed=task.calendar_version != calendar.version,
        provisional=task.limit_provisional,
    )


def _computed_as(act: Act) -> tuple[str, Rule, str] | None:
    """Urgency and rule that the limit was computed with; the document may have changed since.

    A limit that has stood still ends elsewhere; it goes by the present urgency.
    """
    task, usual = act.stay, None
    for each in (act.document.urgency, *limits.URGENCIES):
        drawn = _drawn(act, act.step, task.arrived_at, each)
        if drawn is None:
            return None
        found = (each, drawn.rule, drawn.rule_id)
        if drawn.due_at == task.due_at:
            return found
        usual = usual or found
    return usual


def _notice(due_at: datetime, calendar: deadlines.WorkCalendar) -> str:
    source = calendar.day(due_at.astimezone(SHANGHAI).date()).source
    return f"随程序提供的放假安排（{source}）" if source == statutory.LIBRARY else source
