"""Every answer that shows something is on record before it is sent (REC-01, REC-16, SEC).

What a request is about follows from its address: ``/documents/7/…`` is about document 7, on pages
and at the API alike. So a new page is recorded without being named here; what is not recorded is
named, with the reason.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError

from app.audit.accesses import Look, is_new, note
from app.database import current_session, reading
from app.organization.actors import Actor
from app.web import refusals
from app.web.acts import SAFE
from app.web.addresses import showable
from app.web.current import actor_or_none, asked_at, bearer

OWN = "his own lists and settings: nobody can be asked where he was (decision 10)"
BLANK = "an empty form, or only what the person may choose from"
BY_ITSELF = "the page asks by itself, and the page is on record"
OPEN = "open to everybody, or about the program alone"
LEADS_ON = "leads to another page, which is recorded"

UNRECORDED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *(
                    "desk.todo",
                    "desk.done",
                    "desk.given",
                    "desk.mine",
                    "desk.read",
                    "desk.seen",
                    "desk.drafts",
                ),
                *("desk.phrases", "desk.reminders", "desk.standing_in", "desk.checkins"),
                *("desk.requests", "desk.handovers", "api_tasks.list_tasks", "api_me.me"),
                *("api_phrases.get_phrases", "api_reminders.get_reminders", "signin.account"),
                *("api_checkins.list_own", "api_receipts.list_own", "signin.factor"),
                *("api_standing_in.list_absences", "api_standing_in.list_delegations"),
                *("api_certificates.mine", "certificates.mine"),
            ),
            OWN,
        ),
        **dict.fromkeys(
            (
                *("desk.draft", "desk.register", "desk.scan", "desk.hand_in", "desk.ask"),
                *("desk.batch", "desk.gallery", "letterheads.new", "seals.new"),
                *("api_requests.kinds", "api_pictures.list_pictures", "process.new_series"),
                *("api_limits.preview_deadline", "api_preflight.get_rules"),
                *("api_checklists.get_checklist", "api_attachment_rules.get_rules"),
            ),
            BLANK,
        ),
        **dict.fromkeys(
            ("desk.waiting", "desk.typesetting", "desk.picture", "seals.outline"), BY_ITSELF
        ),
        **dict.fromkeys(
            (
                *("static", "health.healthz", "description", "verify.form"),
                *("pki.certificate", "pki.revocation_list", "pki.status_by_address"),
                *("api_certificates.state", "certificates.status"),
                *("signin.form", "signin.code"),
            ),
            OPEN,
        ),
        **dict.fromkeys(("process.begin", "office.begin"), LEADS_ON),
    }
)
"""Endpoints that leave no row, with the reason."""

PRINTED = (".pdf",)
TAKEN = (".zip", ".docx", ".png")
EXPORTED = (".csv", ".xlsx")
PRINTS_OF = ("documents", "cases", "tasks")
"""Rooms whose PDF is the paper itself (打印件); that of a register is an export."""

ROOMS: Mapping[str, str] = MappingProxyType(
    {
        **{"documents": "document", "cases": "case", "tasks": "task"},
        **{"supervisions": "supervision", "items": "archive_item", "transfers": "transfer"},
    }
)
"""Subjects that people search by; any other has the name of its room, or of its part of one."""

TICKETS = {"look"}
"""Parameters that are a permit, not a part of what is shown: they stand in no record."""
_SHOWN_BEFORE = "shown_before"


def register(app: Flask) -> None:
    app.after_request(_note)


def _note(response: Response) -> Response:
    """Before the answer leaves: what cannot be recorded is not shown (S16)."""
    if g.pop(_SHOWN_BEFORE, False):
        return response
    actor = _who_is_shown(response)
    if actor is None:
        return response
    look, session = look_of(actor, response), current_session()
    try:
        session.rollback()
        with reading():
            new = is_new(session, look, asked_at())
            session.rollback()
        if new:
            with reading(False):
                note(session, look, asked_at())
                session.commit()
    except DBAPIError as error:
        session.rollback()
        detail = "系统正忙，暂时不能登记这次查阅，请稍后重试。"
        refusals.log.error("a look could not be recorded at %s", request.path, exc_info=error)
        return refusals.answer(503, "系统繁忙", detail, "busy")
    return response


def shown_before() -> None:
    """The answer is a part of a page whose look is on record already: it leaves no row."""
    setattr(g, _SHOWN_BEFORE, True)


def _who_is_shown(response: Response) -> Actor | None:
    """The person who is being shown something that has to be on record."""
    if request.method not in SAFE or request.method == "OPTIONS":
        return None
    if not 200 <= response.status_code < 300 and response.status_code != 304:
        return None
    if request.endpoint is None or request.endpoint in UNRECORDED:
        return None
    return actor_or_none()


def look_of(actor: Actor, response: Response) -> Look:
    """What this request is about."""
    given = dict(request.view_args or {})
    number = given.pop("id", None) or given.pop("seq", None)
    number = number if isinstance(number, int) else None
    part = [f"{name}={value}" for name, value in given.items() if name != "page"]
    part += [
        f"{name}={value}"
        for name, value in request.args.items(multi=True)
        if value and name not in TICKETS
    ]
    return Look(
        person_id=actor.person_id,
        login=actor.login,
        name=actor.name,
        kind=kind_of(request.path, request.endpoint or "", taken=_is_taken(response)),
        subject=subject_of(request.path, number),
        number=number,
        what=request.endpoint or "",
        part=showable("&".join(part)),
        address=request.remote_addr or "",
        device=showable(request.headers.get("User-Agent", "")),
        by_program=bearer() is not None,
    )


def _is_taken(response: Response) -> bool:
    return response.headers.get("Content-Disposition", "").startswith("attachment")


def room_of(path: str) -> str:
    """``documents`` of ``/api/v1/documents/7`` and of ``/documents/7``."""
    return _parts(path)[0]


def subject_of(path: str, number: int | None) -> str:
    """``case`` of ``/cases/7`` and of ``/audit/cases/7/replay``.

    The number belongs to the part of the address before it.
    """
    parts, said = _parts(path), str(number)
    place = parts.index(said) if number is not None and said in parts else 1
    name = parts[max(place - 1, 0)]
    return ROOMS.get(name, name)


def _parts(path: str) -> list[str]:
    return path.removeprefix("/api/v1").strip("/").split("/")


def kind_of(path: str, endpoint: str, *, taken: bool = False) -> str:
    """``taken``: the answer is a file to keep, whatever its address ends with."""
    if path.endswith(PRINTED) and room_of(path) in PRINTS_OF:
        return "print"
    if path.endswith((*PRINTED, *EXPORTED)):
        return "export"
    if path.endswith(TAKEN) or endpoint.endswith(("attachment", "prove_entry")):
        return "download"
    if taken:
        return "export" if room_of(path) == "audit" else "download"
    return "read"
