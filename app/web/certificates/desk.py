"""证书管理: lists with figures and files, one certificate, and the state of a serial number."""

import io
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, send_file, url_for

from app.clock import SHANGHAI
from app.database import current_session
from app.documents.filenames import file_name
from app.errors import NotAllowed
from app.seals.certificates import exporting, one, queries, status
from app.seals.certificates.errors import NoSuchCertificate
from app.seals.certificates.queries import FILTERS, Wanted
from app.web.addresses import page_number
from app.web.certificates.acts import VERBS
from app.web.certificates.blueprint import blueprint
from app.web.current import asked_at, current_actor

PAGE_ROWS = 50
FILES = {
    "csv": (exporting.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        exporting.as_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def ensure_may_look() -> None:
    """The desk is the office's, read by auditors and security administrators."""
    actor = current_actor()
    if not any(actor.holds(role) for role in queries.MAY_LOOK):
        raise NotAllowed("证书管理由证书审核员和证书签发员使用。您自己的证书在“我的证书”里。")


@blueprint.get("/", endpoint="listed")
def show() -> str:
    ensure_may_look()
    session, actor, at = current_session(), current_actor(), asked_at()
    wanted = wanted_of()
    page = page_number(request.args.get("page", ""))
    rows = queries.listed(session, actor, wanted, at, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)
    address: dict[str, Any] = {"state": wanted.state or None, "q": wanted.words or None}
    html = render_template(
        "certificates/listed.html",
        rows=rows[:PAGE_ROWS],
        wanted=wanted,
        filters=FILTERS,
        counts=queries.counts(session, actor, at),
        states=status.WORDS,
        applications=queries.open_applications(session, actor),
        page=page,
        previous=url_for("certificates.listed", **address, page=page - 1) if page > 1 else None,
        following=url_for("certificates.listed", **address, page=page + 1)
        if len(rows) > PAGE_ROWS
        else None,
        address=address,
    )
    session.commit()
    return html


@blueprint.get("/register.<any(csv, xlsx):ending>", endpoint="file")
def file(ending: str) -> Response:
    """The register as it is narrowed down on the page (SIG-19)."""
    ensure_may_look()
    session = current_session()
    rows = queries.listed(session, current_actor(), wanted_of(), asked_at(), exporting.MOST)
    session.commit()
    make, mimetype = FILES[ending]
    name = file_name("证书登记簿", ending)
    return send_file(
        io.BytesIO(make(rows)), mimetype=mimetype, as_attachment=True, download_name=name
    )


@blueprint.get("/mine", endpoint="mine")
def mine() -> str:
    session, actor, at = current_session(), current_actor(), asked_at()
    html = render_template("certificates/mine.html", rows=queries.own(session, actor, at))
    session.commit()
    return html


@blueprint.get("/status", endpoint="status")
def state() -> str:
    """What everybody may ask: the state of a serial number, now and at a given time (SIG-18)."""
    session, serial = current_session(), request.args.get("serial", "").strip()
    moment, at = _moment(request.args.get("at", "")), asked_at()
    found, now, then = None, None, None
    if serial:
        try:
            found = queries.by_serial(session, serial)
            now = status.now(found, at)
            then = status.then(session, found, moment) if moment else None
        except NoSuchCertificate:
            found = None
    html = render_template(
        "certificates/status.html",
        serial=serial,
        asked=request.args.get("at", "") if moment else "",
        found=found,
        now=now,
        then=then,
        moment=moment,
    )
    session.commit()
    return html


@blueprint.get("/<int:id>", endpoint="one")
def show_one(id: int) -> str:
    session, actor, at = current_session(), current_actor(), asked_at()
    page = one.page(session, actor, id, at)
    since = _moment(request.args.get("since", ""))
    html = render_template(
        "certificates/one.html",
        page=page,
        uses=one.uses(session, id, since),
        since=request.args.get("since", "") if since else "",
        most=one.MOST_USES,
        labels=VERBS,
        office=any(actor.holds(role) for role in queries.MAY_LOOK),
    )
    session.commit()
    return html


def wanted_of() -> Wanted:
    """What the list is narrowed down to, by its address."""
    state = request.args.get("state", "")
    return Wanted(state if state in FILTERS else "", request.args.get("q", "")[:100])


EARLIEST, LATEST = 1970, 2199
"""Years that every database can hold, whatever the zone."""


def _moment(text: str) -> datetime | None:
    """A local time as browsers send it; None for what is none."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None
