"""事件日志 as a page: choose a period, a process and a form, and take the file away."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from urllib.parse import quote

from flask import Response, make_response, render_template, request

from app import audit, clock
from app.clock import SHANGHAI
from app.database import current_session, reading
from app.deadlines.workdays import local_date
from app.documents.filenames import file_name
from app.errors import DomainError, Invalid, NotFound
from app.handling.conformance import queries
from app.handling.eventlogs import exporting, petri
from app.handling.eventlogs.gathering import Wanted
from app.handling.flow.versions import version_of, versions
from app.web import refusals
from app.web.addresses import sought
from app.web.audit.blueprint import blueprint
from app.web.current import asked_at, current_actor
from app.web.days import day
from app.workflow.loading import definition

PIECE = 2**16
IN_MEMORY = 4 * 2**20
"""Bytes of a file that are held before it goes to the disk."""


@dataclass(frozen=True)
class Asked:
    """Days as they stand in the address, both included."""

    form: str
    since: str
    until: str
    process: str

    @property
    def wanted(self) -> Wanted:
        until = _begins(self.until)
        ends = until + timedelta(days=1) if until else None
        return Wanted(_begins(self.since), ends, self.process)


@blueprint.get("/event-logs", endpoint="event_logs")
def show() -> Response:
    return _draw()


@blueprint.get("/event-log", endpoint="event_log")
def download() -> Response:
    try:
        return send_log(read(request.args))
    except Invalid as error:
        refusals.undo_and_note(error)
        return _draw(error)


def send_log(asked: Asked) -> Response:
    """On record first; then written to a file piece by piece, and sent from it."""
    session = current_session()
    cases, entries = exporting.ensure_fits(session, asked.wanted)
    by = current_actor().signature()
    session.rollback()
    with reading(False):
        detail = {"form": asked.form, "cases": cases, "entries": entries}
        audit.record(session, "event_log.exported", by, at=clock.now(session), detail=detail)
        session.commit()
    form = exporting.FORMS[asked.form]
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed when sent)
    size = exporting.write(session, asked.form, asked.wanted, file)
    file.seek(0)
    answer = Response(_pieces(file), mimetype=form.media_type)
    answer.content_length = size
    name = file_name(f"事件日志（{local_date(asked_at())}）", form.ending)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


@blueprint.get("/nets/<string:sha256>", endpoint="net")
def download_net(sha256: str) -> Response:
    session = current_session()
    if version_of(session, sha256) is None:
        raise NotFound
    drawn = definition(session, sha256)
    answer = make_response(petri.pnml(drawn))
    session.commit()
    answer.mimetype = "application/xml"
    name = f"{drawn.process_id}-{drawn.version}.pnml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def read(given: Mapping[str, str]) -> Asked:
    """Words that mean nothing here are as good as none."""
    form = given.get("form", "")
    return Asked(
        form=form if form in exporting.FORMS else "xes",
        since=str(day(given.get("since", "")) or ""),
        until=str(day(given.get("until", "")) or ""),
        process=sought(given.get("process", "")),
    )


def _begins(text: str) -> datetime | None:
    found = day(text)
    return datetime(found.year, found.month, found.day, tzinfo=SHANGHAI) if found else None


def _draw(error: DomainError | None = None) -> Response:
    session = current_session()
    shown = {
        "asked": read(request.args),
        "forms": exporting.FORMS,
        "processes": queries.processes(session),
        "versions": versions(session),
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
    }
    session.commit()
    html = render_template("audit/event_logs.html", **shown)
    return make_response(html, refusals.status_of(error) if error else 200)
