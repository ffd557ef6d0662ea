"""催办阶梯: when a supervision presses, from some days before its target date to some after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.deadlines import WorkCalendar
from app.deadlines.workdays import local_date
from app.organization import roles


@dataclass(frozen=True)
class Ladder:
    """Policy: working days around the target date.

    before  a reminder to the department at the opening of business so many days before; 0: the day
    after   so many days after, at the close of business, and the role that is told besides
    """

    before: tuple[int, ...] = (3, 1, 0)
    after: tuple[tuple[int, str], ...] = (
        (1, roles.LEADER_IN_CHARGE),
        (3, roles.UNIT_HEAD),
    )


STANDARD = Ladder()


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


def rungs(due_at: datetime, calendar: WorkCalendar, ladder: Ladder = STANDARD) -> list[Rung]:
    """The whole ladder of a target date, in the order of time."""
    target = local_date(due_at)
    return [
        *(
            Rung("remind", calendar.spans(day)[0].start, -days)
            for days in ladder.before
            for day in [_workday_before(calendar, target, days)]
        ),
        Rung("overdue", due_at, 0),
        *(
            Rung("escalate", calendar.close(calendar.workday_after(target, days)), days, role)
            for days, role in ladder.after
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
