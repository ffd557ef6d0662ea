"""催办阶梯: when a supervision presses, from some days before its target date to some after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.deadlines import WorkCalendar
from app.deadlines.workdays import local_date
from app.organization import roles

TOLD = (roles.LEADER_IN_CHARGE, roles.UNIT_HEAD)
"""Who hears of what is late, one after the other, at the days that the policy of the unit says."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder. ``days``: working days before (negative) or after the target date.

    kind  remind, overdue or escalate, as the due row that brings it
    role  who is told besides the department and the supervisors; "" for nobody
    """

    kind: str
    at: datetime
    days: int
    role: str = ""


def rungs(due_at: datetime, calendar: WorkCalendar) -> list[Rung]:
    """The whole ladder of a target date, in the order of time.

    Reminders go to the department at the opening of business so many working days before, 0 being
    the day itself; who is above it is told at the close of business so many days after.
    """
    policy = calendar.policy
    target = local_date(due_at)
    return [
        *(
            Rung("remind", calendar.spans(day)[0].start, -days)
            for days in policy.remind_before
            for day in [_workday_before(calendar, target, days)]
        ),
        Rung("overdue", due_at, 0),
        *(
            Rung("escalate", calendar.close(calendar.workday_after(target, days)), days, role)
            for days, role in zip(policy.escalate_after, TOLD, strict=True)
        ),
    ]


def following(rungs: list[Rung], kind: str, after: datetime) -> Rung | None:
    """The next rung of a kind that lies later than an instant."""
    return next((rung for rung in rungs if rung.kind == kind and rung.at > after), None)


def _workday_before(calendar: WorkCalendar, of: date, count: int) -> date:
    """The ``count``-th working day before a working day; the day itself for none."""
    return next(day for place, day in enumerate(_backwards(calendar, of)) if place == count)


def _backwards(calendar: WorkCalendar, of: date) -> Iterator[date]:
    while True:
        if calendar.is_workday(of):
            yield of
        of -= timedelta(days=1)
