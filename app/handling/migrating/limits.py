"""The limit of an open stay under another version of its process."""

from dataclasses import dataclass, replace
from datetime import datetime

from app import deadlines
from app.deadlines import Deadline, Limit, WorkCalendar, wording
from app.deadlines.pauses import pause_of
from app.deadlines.recomputing import recomputed
from app.deadlines.rules import ONE_WORKING_DAY
from app.deadlines.workdays import local_date
from app.handling.stays.limits import reviews
from app.workflow.definitions import Step


@dataclass(frozen=True)
class Stay:
    """An open stay, as far as its limit and its people depend on it."""

    task_id: int
    step: str
    step_name: str
    urgency: str
    arrived_at: datetime
    due_at: datetime | None
    named: str | None = None
    given_by: str = "post"
    blocked: str | None = None


@dataclass(frozen=True)
class Moved:
    """A limit that the other version sets otherwise; None where there is none.

    deadline  what ``after`` was computed from
    """

    task_id: int
    step_name: str
    before: datetime | None
    after: datetime | None
    deadline: Deadline | None


def differs(old: Step, new: Step) -> bool:
    """Whether the two versions give the step another limit."""
    return _drawn(old) != _drawn(new)


def moved(
    stay: Stay, limit: Limit | None, step: Step, calendar: WorkCalendar, now: datetime
) -> Moved | None:
    """The limit of the stay by the step of the other version; None where it stays the same.

    limit  the latest row of its limit, None where it never had one
    Counted from the arrival; from the last standstill on, where there was one. As after a change
    of the calendar nobody is late by it who was in time.
    """
    drawn, reviewing = _drawn(step)
    if not drawn:
        gone = Moved(stay.task_id, stay.step_name, stay.due_at, None, None)
        return gone if stay.due_at else None
    if limit is None or limit.rule is None or stay.due_at is None:
        found = _first(stay, step, calendar, now)
    else:
        found = recomputed(_with(limit, drawn, reviewing), stay.due_at, calendar, now)
    if found is None or found.due_at == stay.due_at:
        return None
    return Moved(stay.task_id, stay.step_name, stay.due_at, found.due_at, found)


def _with(limit: Limit, drawn: str, reviewing: bool) -> Limit:
    """The row with another drawing; what stood still begins anew with what goes on."""
    pause = pause_of(limit)
    since = pause.resumed_at if pause else limit.started_at
    rule = {**(limit.rule or {}), "drawn": drawn, "reviews": reviewing}
    return replace(limit, rule=rule, started_at=since, pause=None)


def _first(stay: Stay, step: Step, calendar: WorkCalendar, now: datetime) -> Deadline | None:
    drawn, reviewing = _drawn(step)
    found = deadlines.for_step(calendar, stay.arrived_at, stay.urgency, drawn, reviews=reviewing)
    if found is None or found.due_at > now:
        return found
    end = deadlines.due(now, ONE_WORKING_DAY, calendar).due_at
    said = f"按新版本已经到期；此前没有时限，定于{_dated(end, now)} 到期。"
    return replace(found, due_at=end, steps=(*found.steps, said))


def _dated(at: datetime, now: datetime) -> str:
    return wording.dated(local_date(at), local_date(now)) + wording.clock_time(at)


def _drawn(step: Step) -> tuple[str, bool]:
    return step.properties.get("limit", "").strip(), reviews(step)
