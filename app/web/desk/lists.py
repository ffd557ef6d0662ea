"""The boxes of a person: 待办, 待阅, 草稿, 我发起的, 已办, 已阅."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import SHANGHAI
from app.database import current_session
from app.handling.ledger import finding, listing
from app.handling.receipts import sheet as receipts
from app.handling.supervision import rights
from app.handling.supervision import rows as supervision
from app.handling.views import faults, proposals, queries, whereabouts
from app.handling.views import given as board
from app.handling.views.rows import TaskRow
from app.organization import roles
from app.organization.actors import Actor
from app.web import visits
from app.web.current import asked_at, current_actor
from app.web.desk import filters
from app.web.desk.blueprint import blueprint
from app.web.desk.filters import PAGE_ROWS, Wanted

MOST_UNREAD = 200
"""Notices of 待阅 on its one page; the newest come first."""


@blueprint.get("/")
def todo() -> ResponseReturnValue:
    visits.note()
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.todo(current_session(), actor)
    found = wanted.sorted([row for row in rows if wanted.fits(row)])
    return box(
        "todo",
        actor,
        wanted,
        wanted.cut(found),
        more=len(found) > wanted.skip + PAGE_ROWS,
        total=len(rows),
        found=len(found),
        chips=filters.chips(wanted, "desk.todo", rows),
        states=filters.states(wanted, "desk.todo", rows),
        sent=_sent(actor),
        headings=filters.headings(wanted, "desk.todo"),
        flows=filters.FLOWS,
        checks=[]
        if wanted.narrowed or wanted.page > 1
        else receipts.to_do(current_session(), actor),
    )


def _sent(actor: Actor) -> dict[str, int]:
    """已发文: how many documents he may see that were sent this year; all years have no end."""
    year = asked_at().astimezone(SHANGHAI).year
    wanted = finding.Wanted(progress="done", year=year)
    return {"year": year, "count": listing.count(current_session(), actor, wanted)}


@blueprint.get("/read")
def read() -> ResponseReturnValue:
    """What its person should know; opening the case there is reading it."""
    visits.note()
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.to_read(current_session(), actor, MOST_UNREAD)
    found = [row for row in rows if queries.matches(row, wanted.q, None)]
    return box("read", actor, wanted, found, where=where(found))


@blueprint.get("/done")
def done() -> ResponseReturnValue:
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.done(current_session(), actor, PAGE_ROWS + 1, words=wanted.q, skip=wanted.skip)
    page = rows[:PAGE_ROWS]
    can_withdraw = whereabouts.withdrawable(current_session(), actor, [row.id for row in page])
    places = where(page)
    return box(
        "done",
        actor,
        wanted,
        page,
        more=len(rows) > PAGE_ROWS,
        where=places,
        urgeable=whereabouts.urgeable(places, actor),
        can_withdraw=can_withdraw,
    )


@blueprint.get("/mine")
def mine() -> ResponseReturnValue:
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.started(
        current_session(), actor, PAGE_ROWS + 1, words=wanted.q, skip=wanted.skip
    )
    page = rows[:PAGE_ROWS]
    places = where(page)
    return box(
        "mine",
        actor,
        wanted,
        page,
        more=len(rows) > PAGE_ROWS,
        where=places,
        urgeable=whereabouts.urgeable(places, actor),
    )


@blueprint.get("/seen")
def seen() -> ResponseReturnValue:
    """已阅: what was circulated to the person and has been opened by him."""
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.seen(current_session(), actor, PAGE_ROWS + 1, words=wanted.q, skip=wanted.skip)
    page = rows[:PAGE_ROWS]
    return box("seen", actor, wanted, page, more=len(rows) > PAGE_ROWS, where=where(page))


@blueprint.get("/given")
def given() -> ResponseReturnValue:
    """交办: what he has passed on and has not come to its end (SRC-06)."""
    actor, wanted = current_actor(), filters.read(request.args)
    found = board.board(current_session(), actor)
    return box("given", actor, wanted, [], board=found)


@blueprint.get("/drafts")
def drafts() -> ResponseReturnValue:
    actor, wanted = current_actor(), filters.read(request.args)
    rows = queries.drafts(current_session(), actor)
    found = [row for row in rows if queries.matches(row, wanted.q, None)]
    more = len(found) > wanted.skip + PAGE_ROWS
    return box("drafts", actor, wanted, wanted.cut(found), more=more)


def _administered(actor: Actor) -> list[tuple[str, str, int]]:
    """(label, endpoint, count) of what waits for a process administrator."""
    if not actor.holds(roles.PROCESS_ADMIN):
        return []
    session = current_session()
    return [
        ("待确认", "process.proposals", proposals.count(session, actor)),
        ("故障", "process.incidents", faults.count(session, actor)),
    ]


def _supervised(actor: Actor) -> list[tuple[str, str, int]]:
    """(label, address, count) of 督办; counted is only what waits for this very person."""
    if not any(actor.holds(role) for role in rights.MAY_LOOK):
        return []
    found, asked = supervision.counts(current_session(), actor)
    supervises = bool(rights.units(actor))
    entries = [
        ("督办件", url_for("supervision.listed", kind="supervision"), 0 if supervises else found)
    ]
    if supervises:
        address = url_for("supervision.listed", kind="supervision", asked=1)
        entries.append(("延期待审批", address, asked))
    return entries


def where(rows: Sequence[TaskRow]) -> dict[int, whereabouts.Whereabouts]:
    return whereabouts.whereabouts(current_session(), {row.case_id for row in rows})


def box(
    name: str,
    actor: Actor,
    wanted: Wanted,
    rows: Sequence[TaskRow],
    *,
    more: bool = False,
    **shown: Any,
) -> str:
    """The page of one box; ``more`` rows follow on the next one."""
    endpoint = f"desk.{name}"
    return render_template(
        f"desk/{name}.html",
        rows=rows,
        wanted=wanted,
        endpoint=endpoint,
        counts=queries.counts(current_session(), actor),
        finds=not any(actor.holds(role) for role in roles.ADMINISTRATORS),
        gives=any(actor.holds(role) for role in board.GIVES),
        administered=_administered(actor),
        supervised=_supervised(actor),
        previous=wanted.address(endpoint, page=wanted.page - 1) if wanted.page > 1 else None,
        following=wanted.address(endpoint, page=wanted.page + 1) if more else None,
        **shown,
    )
