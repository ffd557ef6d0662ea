"""单日调整 and 作息时间: of one's own unit, with the document that it rests on."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Response, make_response, redirect, request, url_for

from app import clock, deadlines
from app.clock import SHANGHAI
from app.database import current_session, reading
from app.deadlines import changes, days, rights, years
from app.deadlines.changes import Change
from app.deadlines.errors import CalendarRefused
from app.deadlines.hours import write
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from app.handling.views.forecast import forecast
from app.web import recounting, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.office.blueprint import blueprint, date_in, draw

REFUSED = (Invalid, Conflict, NotAllowed)
Typed = Mapping[str, str]


@blueprint.get("/day")
def day() -> Response:
    """A date in the address is filled in: the grid of the year links here."""
    return _draw_day(request.args.to_dict())


@blueprint.post("/day")
def send_day() -> Response:
    typed = request.form.to_dict()
    try:
        if not _was_seen(typed):
            with reading():
                return _draw_day(typed, change=_day_of(typed))
        answer = _enter_day(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw_day(typed, error=error)
    recounting.begin()
    return answer


@blueprint.get("/hours")
def hours() -> Response:
    return _draw_hours(request.args.to_dict())


@blueprint.post("/hours")
def send_hours() -> Response:
    typed = request.form.to_dict()
    try:
        if not _was_seen(typed):
            with reading():
                return _draw_hours(typed, change=_hours_of(typed))
        answer = _enter_hours(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw_hours(typed, error=error)
    recounting.begin()
    return answer


@acting
def _enter_day(typed: Typed) -> Response:
    change = _day_of(typed)
    session, actor = current_session(), current_actor()
    (entry,) = change.entries
    days.enter_day(
        session,
        change.unit_id,
        entry.day,
        entry.is_workday,
        entry.reason,
        actor,
        clock.now(session),
        hours=entry.hours,
        source=change.source,
    )
    word = "上班" if entry.is_workday else "休息"
    say(f"{entry.day} 已定为{word}，记入审计记录；在办时限随之重新计算。")
    return make_response(redirect(url_for("office.calendar", year=entry.day.year), 303))


@acting
def _enter_hours(typed: Typed) -> Response:
    change = _hours_of(typed)
    session, actor, since = current_session(), current_actor(), date_in(typed, "since", [])
    days.set_hours(
        session,
        change.unit_id,
        since,
        typed.get("hours", ""),
        actor,
        clock.now(session),
        source=change.source,
    )
    say(f"自 {since} 起的作息时间已改，记入审计记录；在办时限随之重新计算。")
    return make_response(redirect(url_for("office.hours"), 303))


def _day_of(typed: Typed) -> Change:
    errors: list[FieldError] = []
    of = date_in(typed, "day", errors)
    if typed.get("works") not in ("yes", "no"):
        errors.append(FieldError("works", "请选择上班还是休息。"))
    works, unit_id = typed.get("works") == "yes", _own_unit()
    given = (typed.get("reason", ""), typed.get("source", ""), typed.get("hours", "").strip())
    return _checked(errors, lambda: changes.of_day(unit_id, of, works, *given))


def _hours_of(typed: Typed) -> Change:
    errors: list[FieldError] = []
    since, unit_id = date_in(typed, "since", errors), _own_unit()
    given = (typed.get("hours", ""), typed.get("source", ""))
    return _checked(errors, lambda: changes.of_hours(unit_id, since, *given))


def _checked(errors: list[FieldError], make: Callable[[], Change]) -> Change:
    """The change; all that is wrong with its fields is said at once."""
    try:
        change = make()
    except CalendarRefused as refusal:
        changes.refuse([*errors, *refusal.errors])
        raise
    changes.refuse(errors)
    return change


def _was_seen(typed: Typed) -> bool:
    """It shall take effect, and is what the preview on the page was about."""
    return typed.get("do") == "enter" and typed.get("seen") == _told(typed)


def _told(typed: Typed) -> str:
    """What decides on the effect of a change, in one line."""
    fields = ("day", "works", "since", "hours")
    return "|".join(typed.get(name, "").strip() for name in fields)


def _own_unit() -> int:
    """The unit whose days the person may change. Raises NotAllowed."""
    unit_id = rights.unit_of(current_actor())
    rights.editing(current_actor(), unit_id)
    return unit_id


def _draw_day(
    typed: Typed, change: Change | None = None, error: DomainError | None = None
) -> Response:
    session, unit_id = current_session(), _own_unit()
    return draw(
        "day.html",
        error=error,
        typed=typed,
        told=_told(typed),
        change=change,
        differences=years.differences(session, unit_id, change) if change else (),
        moved=forecast(session, change, clock.now(session)) if change else None,
    )


def _draw_hours(
    typed: Typed, change: Change | None = None, error: DomainError | None = None
) -> Response:
    session, unit_id = current_session(), _own_unit()
    now = clock.now(session)
    tomorrow = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return draw(
        "hours.html",
        error=error,
        typed={"since": str(tomorrow), **typed},
        told=_told(typed),
        change=change,
        present=write(deadlines.load(session, unit_id).usual_hours(tomorrow)),
        own=years.own_hours(session, unit_id),
        moved=forecast(session, change, now) if change else None,
    )
