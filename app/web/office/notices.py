"""放假通知: its lines as they stand, what they would move, and a second person who confirms."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session, reading
from app.deadlines import changes, notice_text, notices, rights, years
from app.deadlines.changes import Change
from app.deadlines.models import CalendarYear
from app.deadlines.notice_text import Notice
from app.deadlines.years import Difference, NoticeRow
from app.documents.grounds import unwritten
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed, NotFound
from app.handling.views.forecast import Forecast, forecast
from app.web import recounting, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.office.blueprint import blueprint, draw, this_year, year_in

REFUSED = (Invalid, Conflict, NotAllowed)


@dataclass(frozen=True)
class Effect:
    """What a notice would make of the year: days that would change, limits that would move."""

    year: int
    notice: Notice
    differences: list[Difference]
    moved: Forecast


@dataclass(frozen=True)
class Waiting:
    """A notice that waits for a second person; ``mine``: for another one than who looks.

    seen  tells the content on the page from a later one
    """

    row: NoticeRow
    effect: Effect
    mine: bool
    seen: str


@blueprint.get("/notice")
def notice() -> Response:
    return _draw(request.args.to_dict())


@blueprint.post("/notice")
def send_notice() -> Response:
    typed = request.form.to_dict()
    try:
        if typed.get("do") == "propose":
            return _propose(typed)
        with reading():
            return _draw(typed, effect=_effect_of(typed))
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, error=error)


@blueprint.post("/notice/<int:year>")
def confirm_notice(year: int) -> Response:
    if year_in(str(year)) is None:
        raise NotFound
    try:
        answer = _confirm(year)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw({}, error=error)
    recounting.begin()
    return answer


@blueprint.get("/notice/<int:year>")
def back_to_notice(year: int) -> ResponseReturnValue:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("office.notice"), 303)


@acting
def _propose(typed: Mapping[str, str]) -> Response:
    year, found = _read(typed)
    session, source = current_session(), typed.get("source", "")
    by, at = current_actor(), clock.now(session)
    notices.propose_year(session, year, found.periods, found.make_up, source, by, at)
    say(f"{year} 年放假安排已提交，等另一位管理员确认后生效。")
    return make_response(redirect(url_for("office.notice"), 303))


@acting
def _confirm(year: int) -> Response:
    session, seen = current_session(), request.form.get("seen", "")
    notices.confirm_year(session, year, current_actor(), clock.now(session), seen=seen)
    say(f"{year} 年放假安排已生效，在办时限随之重新计算。")
    return make_response(redirect(url_for("office.calendar", year=year), 303))


def _read(typed: Mapping[str, str]) -> tuple[int, Notice]:
    """Raises Invalid that names year, document and lines as far as they are wrong."""
    errors: list[FieldError] = []
    year = year_in(typed.get("year"))
    if year is None:
        message = f"请填写 {years.FIRST} 至 {years.LAST} 之间的年份，例如 2027。"
        errors.append(FieldError("year", message))
    errors += unwritten("source", "通知的名称和文号", typed.get("source", ""))
    try:
        found = notice_text.read(year or this_year(), typed.get("lines", ""))
    except Invalid as refusal:
        changes.refuse([*errors, *(refusal.errors if year else [])])
        raise
    changes.refuse(errors)
    return year or this_year(), found


def _effect_of(typed: Mapping[str, str]) -> Effect:
    rights.editing(current_actor(), None)
    year, found = _read(typed)
    session, source = current_session(), typed.get("source", "")
    change = notices.of_notice(session, year, found.periods, found.make_up, source)
    return _effect(change, year, found)


def _effect(change: Change, year: int, found: Notice) -> Effect:
    session = current_session()
    return Effect(
        year,
        found,
        years.differences(session, rights.unit_of(current_actor()), change),
        forecast(session, change, clock.now(session)),
    )


def _draw(
    typed: Mapping[str, str], effect: Effect | None = None, error: DomainError | None = None
) -> Response:
    session = current_session()
    rows = years.notices(session)
    return draw(
        "notice.html",
        error=error,
        typed={"year": str(this_year() + 1), **typed},
        effect=effect,
        waiting=[_waiting(row) for row in rows if row.state == "proposed"],
        rows=rows,
    )


def _waiting(row: NoticeRow) -> Waiting:
    session = current_session()
    kept = session.get_one(CalendarYear, row.year)
    change = notices.proposed(session, kept)
    found = Notice(notices.periods_of(kept), notices.make_up_of(kept))
    mine = row.entered_by_id == current_actor().person_id
    return Waiting(row, _effect(change, row.year, found), mine, notices.fingerprint(kept))
