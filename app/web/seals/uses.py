"""用印登记: the register as a page, as CSV and on paper; read only (SIG-12)."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, make_response, render_template, request, send_file, url_for

from app.clock import SHANGHAI
from app.database import current_session
from app.documents.fields import EARLIEST, LATEST
from app.documents.filenames import file_name
from app.errors import Conflict, DomainError, Invalid
from app.handling.equipment import equipment
from app.handling.views import numbers
from app.seals.registry import exporting, queries, uses
from app.seals.registry.uses import KINDS, Use, Wanted
from app.web import refusals
from app.web.addresses import page_number
from app.web.current import asked_at, current_actor
from app.web.seals.blueprint import blueprint

PAGE_ROWS = 50
A_YEAR = timedelta(days=365)


@blueprint.get("/seal-uses", endpoint="uses")
def show() -> Response:
    return _draw(request.args)


@blueprint.get("/seal-uses/register.csv", endpoint="uses_csv")
def csv() -> Response:
    wanted = _wanted(request.args)
    found = uses.uses(current_session(), current_actor(), wanted)
    current_session().commit()
    return _file(exporting.as_csv(found), wanted, "csv", "text/csv; charset=utf-8")


@blueprint.get("/seal-uses/register.pdf", endpoint="uses_pdf")
def pdf() -> Response:
    """Setting the pages takes seconds; nobody waits for it on a lock."""
    wanted = _wanted(request.args)
    found = uses.uses(current_session(), current_actor(), wanted)
    current_session().commit()
    try:
        content = _printed(found, wanted)
    except (Invalid, Conflict) as error:
        return _draw(request.args, error)
    return _file(content, wanted, "pdf", "application/pdf")


def _printed(found: list[Use], wanted: Wanted) -> bytes:
    fonts = equipment().fonts
    if fonts is None:
        raise Conflict("没有安装公文字体，不能排版。请系统管理员运行 ./run 安装字体。")
    return exporting.as_pdf(found, current_actor().unit_name, wanted, asked_at(), fonts)


def _file(content: bytes, wanted: Wanted, ending: str, mimetype: str) -> Response:
    name = file_name(exporting.title(current_actor().unit_name, wanted), ending)
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)


def _wanted(given: Mapping[str, str]) -> Wanted:
    """What the address asks for; words that mean nothing here are as good as none."""
    today = asked_at().astimezone(SHANGHAI).date()
    until = _day(given.get("until", "")) or today
    seal = given.get("seal", "")
    kind = given.get("kind", "")
    return Wanted(
        since=_day(given.get("since", "")) or until - A_YEAR,
        until=until,
        kind=kind if kind in KINDS else "",
        seal_id=int(seal) if seal.isascii() and seal.isdecimal() and len(seal) < 10 else None,
        q=given.get("q", "")[:100],
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def _draw(given: Mapping[str, str], error: DomainError | None = None) -> Response:
    session, actor, wanted = current_session(), current_actor(), _wanted(given)
    found: list[Use] = []
    try:
        found = uses.uses(session, actor, wanted)
    except Invalid as refusal:
        error = error or refusal
    page = page_number(given.get("page", ""))
    rows = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    address: dict[str, Any] = {
        "since": wanted.since,
        "until": wanted.until,
        "kind": wanted.kind or None,
        "seal": wanted.seal_id,
        "q": wanted.q or None,
    }
    more = len(found) > page * PAGE_ROWS
    html = {
        "wanted": wanted,
        "rows": rows,
        "total": len(found),
        "seals": queries.seals(session, actor),
        "kinds": {"": "全部类别", **KINDS},
        "cases": numbers.cases_of(session, actor, [each.document_id for each in rows]),
        "address": address,
        "page": page,
        "previous": url_for("seals.uses", **address, page=page - 1) if page > 1 else None,
        "following": url_for("seals.uses", **address, page=page + 1) if more else None,
        "error": error,
    }
    session.commit()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template("seals/uses.html", **html), status)
