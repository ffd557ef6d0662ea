"""看板 and lists: every number on the board opens its list, and both are made of the same rows."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import request, url_for

from app.database import current_session
from app.deadlines.lamps import STANDARD
from app.handling.supervision import closed as ended
from app.handling.supervision.rows import waiting
from app.handling.supervision.waiting import KINDS, Waiting, Wanted, line
from app.handling.supervision.waiting import board as by_department
from app.web.addresses import page_number, sought
from app.web.current import current_actor
from app.web.supervision.blueprint import blueprint, draw

PAGE_ROWS = 50
LAMPS = ("red", "amber", "green")


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to, as it stands in the address."""

    wanted: Wanted
    page: int = 1

    def address(self, **changes: Any) -> str:
        """The same list with something changed; all but another page begins at the first one."""
        page = changes.pop("page", 1)
        given = asdict(replace(self.wanted, **changes))
        query: dict[str, Any] = {name: value for name, value in given.items() if value}
        query = {name: 1 if value is True else value for name, value in query.items()}
        return url_for("supervision.listed", **query, **({"page": page} if page > 1 else {}))


@blueprint.get("/", endpoint="board")
def board() -> str:
    session, actor = current_session(), current_actor()
    rows = waiting(session, actor, Wanted())
    of_kind = {kind: [row for row in rows if row.kind == kind] for kind in KINDS}
    return draw(
        "board.html",
        boards=[
            (kind, KINDS[kind], by_department(found), line("", "合计", found))
            for kind, found in of_kind.items()
        ],
        today=waiting(session, actor, Wanted(today=True)),
        asked=[row for row in rows if row.asked],
        address=Narrowed(Wanted()).address,
        looks=STANDARD.looks,
    )


@blueprint.get("/list", endpoint="listed")
def listed() -> str:
    narrowed = _narrowed()
    wanted, page = narrowed.wanted, narrowed.page
    session, actor = current_session(), current_actor()
    found = waiting(session, actor, wanted)
    more = len(found) > page * PAGE_ROWS
    return draw(
        "list.html",
        rows=found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        total=len(found),
        wanted=wanted,
        narrowed=narrowed,
        heading=_heading(wanted),
        departments=_departments(waiting(session, actor, replace(wanted, department=""))),
        lamps=[(key, STANDARD.looks[key]) for key in LAMPS],
        page=page,
        previous=narrowed.address(page=page - 1) if page > 1 else None,
        following=narrowed.address(page=page + 1) if more else None,
    )


@blueprint.get("/closed", endpoint="closed")
def closed() -> str:
    page = page_number(request.args.get("page", ""))
    skip = (page - 1) * PAGE_ROWS
    found = ended.closed(current_session(), current_actor(), PAGE_ROWS + 1, skip)
    return draw(
        "closed.html",
        rows=found[:PAGE_ROWS],
        page=page,
        previous=url_for("supervision.closed", page=page - 1) if page > 1 else None,
        following=url_for("supervision.closed", page=page + 1) if len(found) > PAGE_ROWS else None,
    )


def _heading(wanted: Wanted) -> str:
    if wanted.today:
        return "今日到期"
    return KINDS.get(wanted.kind, "督办件和在办环节")


def _departments(rows: list[Waiting]) -> list[tuple[str, str]]:
    return [(each.key, each.department) for each in by_department(rows)]


def _narrowed() -> Narrowed:
    """Words that mean nothing here are as good as none."""
    given = request.args
    kind, lamp, department = (given.get(name, "") for name in ("kind", "lamp", "department"))
    wanted = Wanted(
        kind=kind if kind in KINDS else "",
        department=department if re.fullmatch("none|[1-9][0-9]{0,17}", department) else "",
        lamp=lamp if lamp in LAMPS else "",
        asked=given.get("asked") == "1",
        today=given.get("today") == "1",
        q=sought(given.get("q", "")),
    )
    return Narrowed(wanted, page_number(request.args.get("page", "")))
