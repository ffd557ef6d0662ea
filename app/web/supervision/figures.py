"""统计: tables and bars of a period, their files, and the 通报 that is drafted from them."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import Response, make_response, redirect, request, send_file, url_for

from app.database import current_session
from app.deadlines.workdays import local_date
from app.documents import kinds
from app.documents.filenames import file_name
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.figures import bulletin, exporting
from app.handling.figures.accountability import Proposal, proposals
from app.handling.figures.asking import FLOWS, Wanted
from app.handling.figures.measuring import measure
from app.handling.figures.tables import Tables, tables
from app.handling.receipts.delays import Delay, delays
from app.handling.supervision import rights
from app.web import refusals
from app.web.acts import acting
from app.web.current import asked_at, current_actor
from app.web.messages import say
from app.web.supervision import charts
from app.web.supervision.blueprint import blueprint, draw

FILES = {
    "csv": (exporting.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        exporting.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@blueprint.get("/figures", endpoint="figures")
def show() -> Response:
    return _draw(request.args)


@blueprint.get("/figures.<any(csv, xlsx):form>", endpoint="figures_file")
def download(form: str) -> Response:
    write, media_type = FILES[form]
    wanted = read(request.args)
    content = io.BytesIO(write(_measured(wanted)[0]))
    title = f"{current_actor().unit_name}公文办理统计（{wanted.since}至{wanted.until}）"
    return send_file(
        content, mimetype=media_type, as_attachment=True, download_name=file_name(title, form)
    )


@blueprint.post("/figures", endpoint="bulletin")
def draft_bulletin() -> Response:
    try:
        return _bulletin()
    except (Invalid, Conflict, NotAllowed) as error:
        refusals.undo_and_note(error)
        return _draw(request.form, error)


@acting
def _bulletin() -> Response:
    done = bulletin.draft(current_session(), current_actor(), read(request.form))
    current_session().flush()
    say("已按统计拟好通报草稿，请核对、补充后送出。")
    return make_response(redirect(url_for("desk.edit", id=done.case.document_id), 303))


def read(given: Mapping[str, str]) -> Wanted:
    """What the address asks for; this month up to today unless it says otherwise."""
    today = local_date(asked_at())
    flow, kind = given.get("flow", ""), given.get("kind", "")
    return Wanted(
        since=_day(given.get("since", "")) or today.replace(day=1),
        until=_day(given.get("until", "")) or today,
        flow=flow if flow in FLOWS else "",
        kind=kind if kind in kinds.KINDS else "",
    )


def _draw(given: Mapping[str, str], error: DomainError | None = None) -> Response:
    wanted = read(given)
    found: Tables | None = None
    late: Sequence[Proposal] = ()
    delayed: Sequence[Delay] = ()
    units = rights.units(current_actor())
    try:
        found, late = _measured(wanted)
        delayed = delays(current_session(), units, wanted.begins, wanted.ends)
    except Invalid as refused:
        error = error or refused
    html = draw(
        "figures.html",
        wanted=wanted,
        found=found,
        late=late,
        delayed=delayed,
        flows=FLOWS,
        kinds=kinds.KINDS,
        periods=_periods(local_date(asked_at()), wanted),
        lateness=charts.of_lateness(found.departments) if found else None,
        handling=charts.of_handling_time(found.departments) if found else None,
        supervises=bool(units),
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _measured(wanted: Wanted) -> tuple[Tables, Sequence[Proposal]]:
    """The tables, and for who supervises what is proposed for accountability."""
    session, actor = current_session(), current_actor()
    measured, supervises = measure(session, actor, wanted), bool(rights.units(actor))
    late = proposals(session, measured, wanted) if supervises else ()
    return tables(measured, supervises), late


def _periods(today: date, wanted: Wanted) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the present one) of the usual periods."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last_month, last_year = month - timedelta(days=1), year - timedelta(days=1)
    usual = {
        "本月": (month, today),
        "上月": (last_month.replace(day=1), last_month),
        "今年": (year, today),
        "去年": (last_year.replace(month=1, day=1), last_year),
    }
    more = {name: value for name in ("flow", "kind") if (value := getattr(wanted, name))}
    return [
        (
            label,
            url_for("supervision.figures", since=str(since), until=str(until), **more),
            (since, until) == (wanted.since, wanted.until),
        )
        for label, (since, until) in usual.items()
    ]


def _day(text: str) -> date | None:
    """Words that mean nothing here are as good as none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
