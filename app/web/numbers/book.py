"""登记簿: a book as a page, as CSV and on paper."""

import io
import re
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request, send_file, url_for

from app.database import current_session
from app.documents.filenames import file_name
from app.documents.numbering import exporting, printing
from app.documents.numbering.register import STATES, Register
from app.errors import Conflict, DomainError, Invalid
from app.handling.equipment import equipment
from app.handling.views import numbers
from app.handling.views.numbers import Shelf
from app.web import refusals
from app.web.addresses import page_number
from app.web.current import asked_at, current_actor
from app.web.numbers.blueprint import blueprint

PAGE_ROWS = 50
GAPS = "gaps"
CHOICES = {"": "全部文号", GAPS: "没有发文的号", **STATES}


@blueprint.get("/", endpoint="book")
def show() -> Response:
    return _draw(request.args)


@blueprint.get("/register.csv", endpoint="csv")
def csv() -> Response:
    _, found = _book(request.args)
    current_session().commit()
    return _file(exporting.as_csv(found), found, "csv", "text/csv; charset=utf-8")


@blueprint.get("/register.pdf", endpoint="pdf")
def pdf() -> Response:
    """Setting the pages takes seconds; nobody waits for it on a lock."""
    _, found = _book(request.args)
    unit = current_actor().unit_name
    current_session().commit()
    try:
        content = _printed(found, unit, request.args)
    except (Invalid, Conflict) as error:
        return _draw(request.args, error)
    return _file(content, found, "pdf", "application/pdf")


def _printed(found: Register, unit: str, given: Mapping[str, str]) -> bytes:
    fonts = equipment().fonts
    if fonts is None:
        raise Conflict("没有安装公文字体，不能排版。请系统管理员运行 ./run 安装字体。")
    first = _whole(given.get("first", ""), "first", 1)
    last = _whole(given.get("last", ""), "last", len(found.lines))
    return printing.as_pdf(found.between(first, last), unit, asked_at(), fonts)


def _whole(text: str, field: str, usual: int) -> int:
    if not text.strip():
        return usual
    if not re.fullmatch("[1-9][0-9]{0,6}", text.strip()):
        raise Invalid.at(field, "起止号应为数字，例如 1 和 200。")
    return int(text)


def _file(content: bytes, found: Register, ending: str, mimetype: str) -> Response:
    """To be saved under the title of the book (NUM-05)."""
    name = file_name(exporting.title(found), ending)
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)


def _book(given: Mapping[str, str]) -> tuple[Shelf, Register]:
    text = given.get("year", "")
    year = int(text) if re.fullmatch("[0-9]{1,4}", text) else None
    return numbers.book(
        current_session(), current_actor(), given.get("series", ""), year, asked_at()
    )


def _draw(given: Mapping[str, str], error: DomainError | None = None) -> Response:
    """The newest numbers on top; the files have them in their order."""
    shelf, found = _book(given)
    state = given.get("state", "") if given.get("state", "") in CHOICES else ""
    wanted = [each for each in reversed(found.lines) if _fits(each.state, state)]
    page = page_number(given.get("page", ""))
    rows = wanted[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    address: dict[str, Any] = {"series": found.code, "year": found.year, "state": state or None}
    ids = [each.document_id for each in rows if each.document_id]
    html = {
        "shelf": shelf,
        "book": found,
        "title": exporting.title(found),
        "summary": exporting.summary(found),
        "rows": rows,
        "cases": numbers.cases_of(current_session(), current_actor(), ids),
        "choices": CHOICES,
        "state": state,
        "page": page,
        "previous": url_for("numbers.book", **address, page=page - 1) if page > 1 else None,
        "following": url_for("numbers.book", **address, page=page + 1)
        if len(wanted) > page * PAGE_ROWS
        else None,
        "typed": given,
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
    }
    current_session().commit()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template("numbers/book.html", **html), status)


def _fits(state: str, wanted: str) -> bool:
    return not wanted or state == wanted or (wanted == GAPS and state != "used")
