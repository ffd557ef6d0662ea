"""The ledger as a page and as CSV; what it is narrowed to stands in the address."""

import io
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import Response, render_template, request, send_file, url_for

from app.clock import SHANGHAI
from app.database import current_session
from app.documents.filenames import file_name
from app.handling.ledger import finding, formats, listing
from app.handling.ledger.finding import Wanted
from app.web.addresses import page_number, sought
from app.web.current import asked_at, current_actor
from app.web.ledger.blueprint import blueprint

PAGE_ROWS = 50


@blueprint.before_request
def _staff_only() -> None:
    finding.ensure_staff(current_actor())


@blueprint.get("/", endpoint="show")
def show() -> str:
    session, actor, wanted = current_session(), current_actor(), _read(request.args)
    page = page_number(request.args.get("page", ""))
    total = listing.count(session, actor, wanted)
    rows = listing.lines(session, actor, wanted, (page - 1) * PAGE_ROWS, PAGE_ROWS)
    more = total > page * PAGE_ROWS
    return render_template(
        "ledger/ledger.html",
        wanted=wanted,
        rows=rows,
        total=total,
        title=listing.title(wanted, actor.unit_name),
        books=finding.BOOKS,
        years=_years(wanted),
        kinds=[(each, each) for each in finding.kinds_of(wanted.book)],
        types=finding.FILE_TYPES,
        progress=finding.PROGRESS,
        others={
            book: _address("ledger.show", replace(wanted, book=book)) for book in finding.BOOKS
        },
        csv=_address("ledger.csv", wanted),
        page=page,
        previous=_address("ledger.show", wanted, page=page - 1) if page > 1 else None,
        following=_address("ledger.show", wanted, page=page + 1) if more else None,
    )


@blueprint.get("/ledger.csv", endpoint="csv")
def csv() -> Response:
    """Everything that the page is narrowed to."""
    actor, wanted = current_actor(), _read(request.args)
    content = listing.as_csv(wanted.book, listing.lines(current_session(), actor, wanted))
    name = file_name(listing.title(wanted, actor.unit_name), "csv")
    return send_file(
        io.BytesIO(content),
        mimetype="text/csv; charset=utf-8",
        as_attachment=True,
        download_name=name,
    )


@blueprint.get("/formats", endpoint="formats")
def formats_at_risk() -> str:
    """格式检查 (REC-22); the age in years stands in the address."""
    years = _age(request.args)
    found = formats.at_risk(current_session(), current_actor(), years, asked_at())
    return render_template(
        "ledger/formats.html", rows=found, years=years, ages=formats.YEARS, books=finding.BOOKS
    )


@blueprint.get("/formats.csv", endpoint="formats_csv")
def formats_csv() -> Response:
    years = _age(request.args)
    found = formats.at_risk(current_session(), current_actor(), years, asked_at())
    return send_file(
        io.BytesIO(formats.as_csv(found)),
        mimetype="text/csv; charset=utf-8",
        as_attachment=True,
        download_name=file_name(f"{current_actor().unit_name}格式检查（满{years}年）", "csv"),
    )


def _age(given: Mapping[str, str]) -> int:
    text = given.get("years", "")
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else 3


def _read(given: Mapping[str, str]) -> Wanted:
    """What the address asks for: this year's 发文 of all kinds where it asks for nothing."""
    book = given.get("book", "")
    book = book if book in finding.BOOKS else "outgoing"
    year, kind, type_ = (given.get(name, "") for name in ("year", "kind", "type"))
    progress = given.get("progress", "")
    return Wanted(
        book=book,
        year=int(year) if re.fullmatch("20[0-9]{2}|0", year) else _this_year(),
        kind=kind if kind in finding.kinds_of(book) else "",
        unit=sought(given.get("unit", "")),
        type=type_ if type_ in finding.FILE_TYPES else "",
        keyword=sought(given.get("keyword", "")),
        words=sought(given.get("q", "")),
        progress=progress if progress in finding.PROGRESS else "",
    )


def _address(endpoint: str, wanted: Wanted, **more: Any) -> str:
    named = {**asdict(wanted), "q": wanted.words}
    del named["words"]
    kept = {name: value for name, value in named.items() if value or name == "year"}
    return url_for(endpoint, **kept, **more)


def _this_year() -> int:
    return asked_at().astimezone(SHANGHAI).year


def _years(wanted: Wanted) -> list[int]:
    """Ten years back, and the one that was asked for."""
    now = _this_year()
    return sorted({*range(now - 9, now + 1), *([wanted.year] if wanted.year else [])}, reverse=True)
