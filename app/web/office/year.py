"""全年日历: twelve months, each day with what the calendar says of it and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for

from app import deadlines, organization
from app.database import current_session
from app.deadlines import hours, rights, years
from app.deadlines.workdays import MAKE_UP, Day, WorkCalendar
from app.web.current import current_actor
from app.web.office.blueprint import blueprint, draw, this_year, year_in


@dataclass(frozen=True)
class Cell:
    """A day of the grid. ``mark``: 休, 班 or 时 beside the number, so that no colour is needed.

    kind  off, weekend, make-up, other (hours of its own) or work
    why   the words behind the mark; "" on an ordinary day
    """

    day: date
    kind: str
    mark: str
    why: str


@dataclass(frozen=True)
class Month:
    """``notes``: what the marks of the month mean, such as ``1 至 7 日 休：国庆节``.

    provisional  the notice of the year is not known, so that all of it is assumed
    """

    number: int
    weeks: Sequence[Sequence[Cell | None]]
    notes: Sequence[str]
    provisional: bool


@blueprint.get("/", endpoint="begin")
@blueprint.get("/calendar")
def calendar() -> Response:
    session, actor = current_session(), current_actor()
    year = year_in(request.args.get("year")) or this_year()
    unit_id = rights.unit_of(actor)
    found = deadlines.load(session, unit_id)
    days = years.days_of(found, year)
    return draw(
        "calendar.html",
        year=year,
        unit=organization.unit(session, unit_id).name,
        months=months(found, days),
        worked=sum(each.is_workday for each in days),
        provisional=any(each.provisional for each in days),
        sources=list(dict.fromkeys(each.source for each in days)),
        own=years.own_days(session, unit_id, year),
        hours=hours.write(found.usual_hours(date(year, 12, 31))),
        earlier=_address(year - 1),
        later=_address(year + 1),
    )


def months(of: WorkCalendar, days: Sequence[Day]) -> list[Month]:
    return [
        _month(number, of, [each for each in days if each.date.month == number])
        for number in range(1, 13)
    ]


def _month(number: int, of: WorkCalendar, days: Sequence[Day]) -> Month:
    cells = [_cell(of, each) for each in days]
    provisional = any(each.provisional for each in days)
    return Month(number, _weeks(cells), _notes(cells), provisional)


def _notes(cells: Sequence[Cell]) -> list[str]:
    """One for each stretch of days with the same mark for the same reason."""
    found: list[list[Cell]] = []
    for cell in cells:
        if found and (found[-1][0].mark, found[-1][0].why) == (cell.mark, cell.why):
            found[-1].append(cell)
        else:
            found.append([cell])
    return [_note(stretch) for stretch in found if stretch[0].mark]


def _note(stretch: Sequence[Cell]) -> str:
    first, last = stretch[0], stretch[-1]
    dates = f"{first.day.day}" if first is last else f"{first.day.day} 至 {last.day.day}"
    why = f"：{first.why}" if first.why else ""
    return f"{dates} 日 {first.mark}{why}"


def _weeks(cells: list[Cell]) -> list[list[Cell | None]]:
    """Monday to Sunday; None before the first and after the last day of the month."""
    row: list[Cell | None] = [None] * cells[0].day.weekday() + list(cells)
    row += [None] * (-len(row) % 7)
    return [row[start : start + 7] for start in range(0, len(row), 7)]


def _cell(of: WorkCalendar, day: Day) -> Cell:
    if not day.is_workday:
        return Cell(day.date, "off", "休", day.name) if day.name else _weekend(day)
    entry = of.overrides.get(day.date)
    if entry is not None and entry.hours is not None:
        said = f"{day.name}（{hours.write(entry.hours)}）"
        return Cell(day.date, "other", "时", said)
    if day.date.weekday() > 4:
        return Cell(day.date, "make-up", "班", day.name or MAKE_UP)
    return Cell(day.date, "work", "", "")


def _weekend(day: Day) -> Cell:
    weekend = day.date.weekday() > 4
    return Cell(day.date, "weekend" if weekend else "off", "" if weekend else "休", "")


def _address(year: int) -> str | None:
    return url_for("office.calendar", year=year) if year_in(str(year)) else None
