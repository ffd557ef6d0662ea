"""档案目录, 待归档, 待移交 and 收集: what they are narrowed to stands in the address."""

import io
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, make_response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import organization
from app.clock import SHANGHAI
from app.database import current_session
from app.documents import kinds
from app.documents.filenames import file_name
from app.errors import DomainError, Invalid
from app.handling.filing import exporting, filing, listing, rights, transferring
from app.handling.filing.listing import Line, Wanted
from app.handling.filing.models import RETENTIONS
from app.web import refusals
from app.web.addresses import page_number, sought
from app.web.archive.blueprint import blueprint, draw
from app.web.current import asked_at, current_actor
from app.web.desk import act_pages

PAGE_ROWS = 50
TITLES = {
    "catalogue": "档案目录",
    "unfiled": "待归档",
    "filed": "待移交",
    "collection": "收集情况",
}
STATES = {"catalogue": "accepted", "unfiled": "unfiled", "filed": "filed", "collection": ""}
"""What each list holds; 收集 holds every finished document, as filed or unfiled (ARC-13)."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/", endpoint="catalogue")
def catalogue() -> ResponseReturnValue:
    """A 档号 that is typed leads to its entry at once (SRC-07)."""
    typed = sought(request.args.get("q", ""))
    found = listing.by_reference(current_session(), current_actor(), typed)
    if found is not None:
        return redirect(url_for("archive.item", id=found), 303)
    return _draw("catalogue")


@blueprint.get("/unfiled", endpoint="unfiled")
def unfiled() -> ResponseReturnValue:
    return _draw("unfiled")


@blueprint.get("/filed", endpoint="filed")
def filed() -> ResponseReturnValue:
    return _draw("filed")


@blueprint.get("/collection", endpoint="collection")
def collection() -> ResponseReturnValue:
    return _draw("collection")


@blueprint.post("/unfiled")
def file_chosen() -> Response:
    """Several at once, each with the retention that the table proposes."""

    def operation() -> str:
        session, actor, cases = current_session(), current_actor(), _chosen()
        if not cases:
            raise Invalid("请先勾选要归档的公文。")
        for case in cases:
            filing.file(session, actor, case)
        return f"已归档 {len(cases)} 件，保管期限按期限表；需要改动的，在待移交中改定。"

    return act_pages.carry_out(operation, url_for("archive.filed"), _again("unfiled"))


@blueprint.post("/filed")
def propose_chosen() -> Response:
    def operation() -> str:
        items, note = _chosen(), request.form.get("note", "")
        if not items:
            raise Invalid("请先勾选要移交的档案件。")
        made = transferring.propose(current_session(), current_actor(), items, note)
        return f"移交清单 {made.name} 已送档案员，接收之前可以撤回。"

    return act_pages.carry_out(operation, url_for("archive.transfers"), _again("filed"))


@blueprint.get("/catalogue.<any(csv, xlsx):ending>", endpoint="export")
def export(ending: str) -> Response:
    """Everything that the list is narrowed to."""
    kind = request.args.get("list", "")
    wanted = _read(kind if kind in TITLES else "catalogue", request.args)
    found = listing.lines(current_session(), current_actor(), wanted)
    content = exporting.as_csv(found) if ending == "csv" else exporting.as_xlsx(found)
    name = f"{current_actor().unit_name}{TITLES.get(kind, TITLES['catalogue'])}"
    return send_file(
        io.BytesIO(content),
        mimetype=TYPES[ending],
        as_attachment=True,
        download_name=file_name(name, ending),
    )


def _again(kind: str) -> Any:
    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return make_response(_draw(kind, typed, error), refusals.status_of(error))

    return again


def _draw(
    kind: str, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> str:
    session, actor = current_session(), current_actor()
    wanted, page = _read(kind, request.args), page_number(request.args.get("page", ""))
    total = listing.count(session, actor, wanted)
    rows = listing.lines(session, actor, wanted, (page - 1) * PAGE_ROWS, PAGE_ROWS)
    more = total > page * PAGE_ROWS
    departments = organization.departments(session, actor.unit_id)
    return draw(
        "list.html",
        kind=kind,
        title=TITLES[kind],
        wanted=wanted,
        rows=rows,
        total=total,
        summed=listing.counts(session, actor, wanted) if kind == "collection" else {},
        states=listing.STATES,
        mine={each.case_id for each in rows if _may_file(each)},
        years=_years(wanted),
        departments=[(each.key, each.name) for each in departments],
        retentions=RETENTIONS.items(),
        kinds=[(each, each) for each in (*kinds.KINDS, kinds.OTHER)],
        exports={
            each: _address("archive.export", wanted, list=kind, ending=each) for each in TYPES
        },
        typed=typed or {},
        error=error,
        page=page,
        previous=_address(f"archive.{kind}", wanted, page=page - 1) if page > 1 else None,
        following=_address(f"archive.{kind}", wanted, page=page + 1) if more else None,
    )


def _may_file(line: Line) -> bool:
    department = line.department_id
    return department is not None and rights.may_file(current_actor(), line.unit_id, department)


def _read(kind: str, given: Mapping[str, str]) -> Wanted:
    """What the address asks for; 收集 is of this year where it names none."""
    year, kept, of = (given.get(name, "") for name in ("year", "retention", "kind"))
    usual = asked_at().astimezone(SHANGHAI).year if kind == "collection" else 0
    asked = int(year) if re.fullmatch("[0-9]{1,4}", year, re.ASCII) else usual
    return Wanted(
        state=STATES[kind],
        year=asked if asked in (0, *listing.YEARS) else usual,
        department=sought(given.get("department", "")),
        retention=kept if kept in RETENTIONS else "",
        kind=of if of in (*kinds.KINDS, kinds.OTHER) else "",
        words=sought(given.get("q", "")),
    )


def _address(endpoint: str, wanted: Wanted, **more: Any) -> str:
    named = {**asdict(wanted), "q": wanted.words}
    for name in ("words", "state", "reference"):
        del named[name]
    kept = {name: value for name, value in named.items() if value or name == "year"}
    return url_for(endpoint, **kept, **more)


def _years(wanted: Wanted) -> list[int]:
    """Ten years back, and the one that was asked for."""
    now = asked_at().astimezone(SHANGHAI).year
    return sorted({*range(now - 9, now + 1), *([wanted.year] if wanted.year else [])}, reverse=True)


def _chosen() -> list[int]:
    """Ids that were ticked, in one order for everybody, so that two who file do not cross."""
    ticked = request.form.getlist("item")
    return sorted({int(each) for each in ticked if re.fullmatch("[0-9]{1,18}", each, re.ASCII)})
