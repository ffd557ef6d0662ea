"""The frame of every page: who is signed in, where one can go, and the size of the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.deadlines.rights import CONFIRMING
from app.documents.numbering import rights
from app.handling.access import REGISTRY
from app.handling.acts import starting
from app.handling.filing import rights as archive
from app.handling.hand_ins import registering
from app.handling.supervision.rights import MAY_LOOK
from app.organization import roles
from app.seals.certificates import queries as certificates
from app.seals.registry import rights as seals
from app.web import messages
from app.web.current import actor_or_none, still_due

blueprint = Blueprint("frame", __name__)

TEXT_COOKIE = "text"
A_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Page:
    """An entry of the bar at the top, for people who hold one of ``roles``; none: for all."""

    label: str
    endpoint: str
    roles: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """A page as the bar shows it; ``current`` is the value of aria-current, "" elsewhere."""

    label: str
    url: str
    current: str


PAGES = (
    Page("我的公文", "desk.todo"),
    Page("拟稿", "desk.draft", starting.MAY_DRAFT),
    Page("收文登记", "desk.register", starting.MAY_REGISTER),
    Page("扫描件发文", "desk.scan", starting.MAY_SCAN),
    Page("纸质送审", "desk.hand_in", registering.TAKES_IN),
    Page("红头模板", "letterheads.listed", (roles.DISPATCHER,)),
    Page("督办", "supervision.board", MAY_LOOK),
    Page("发文登记", "numbers.book", rights.MAY_LOOK),
    Page("公文台账", "ledger.show", REGISTRY),
    Page("归档移交", "archive.catalogue", archive.MAY_LOOK),
    Page("印章管理", "seals.listed", seals.MAY_LOOK),
    Page("证书管理", "certificates.listed", certificates.MAY_LOOK),
    Page("流程管理", "process.cases", (roles.PROCESS_ADMIN,)),
    Page("工作日历", "office.calendar", CONFIRMING),
    Page("记录核验", "audit.record", (roles.AUDITOR,)),
    Page("账号安全", "security.alarms_listed", (roles.SECURITY_ADMIN,)),
    Page("发件箱", "outbox.show", (roles.SYSTEM_ADMIN,)),
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        once=lambda: uuid4().hex,
        navigation=navigation,
        large_text=large_text,
        here=here,
        messages=messages.messages,
    )


def navigation() -> list[Entry]:
    """The pages that the signed-in person may use; none while something is due before."""
    actor = actor_or_none()
    if actor is None or still_due(actor):
        return []
    open_to_him = [
        page
        for page in PAGES
        if not page.roles or any(actor.holds(role, unit_id=actor.unit_id) for role in page.roles)
    ]
    return [Entry(page.label, url_for(page.endpoint), _current(page)) for page in open_to_him]


def _current(page: Page) -> str:
    """``page`` on the page itself; what has no entry belongs to the first one of its room."""
    endpoint = request.endpoint or ""
    if endpoint == page.endpoint:
        return "page"
    elsewhere = any(each.endpoint == endpoint for each in PAGES)
    room = endpoint.partition(".")[0]
    first = next((each for each in PAGES if each.endpoint.startswith(f"{room}.")), None)
    return "true" if page is first and not elsewhere else ""


def large_text() -> bool:
    return request.cookies.get(TEXT_COOKIE) == "large"


def here() -> str:
    """The address of this page where it can be opened again, else that of the first page."""
    adapter = current_app.create_url_adapter(request)
    if adapter is not None and adapter.test(request.path, "GET"):
        return request.full_path.rstrip("?")
    return url_for("desk.todo")


@blueprint.post("/text-size")
def text_size() -> ResponseReturnValue:
    """大字, remembered in this browser; back to the page it was switched on."""
    response = redirect(local(request.form.get("back")) or url_for("desk.todo"), 303)
    response.set_cookie(
        TEXT_COOKIE,
        "large" if request.form.get("text") == "large" else "normal",
        max_age=A_YEAR,
        httponly=True,
        secure=not current_app.config["DEMO"],
        samesite="Lax",
    )
    return response


def local(target: str | None) -> str | None:
    """Only a path of this site: nothing sends people elsewhere (G6)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(character < " " for character in target):
        return None  # browsers drop tab and line feed: "/\t/elsewhere" would lead elsewhere
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
