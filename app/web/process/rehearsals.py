"""预演: a version of a route, tried on the cases on the way before anybody decides on it."""

from flask import Response, make_response, request

from app import clock
from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling.migrating import outlooks, rehearsing, targets
from app.handling.migrating.planning import MOST
from app.web import refusals
from app.web.addresses import sought
from app.web.current import current_actor
from app.web.process.blueprint import blueprint, draw
from app.web.process.supposing import source

MAX_ID = 2**31


@blueprint.get("/rehearsals/", endpoint="rehearsals")
def show_versions() -> str:
    return draw("rehearsals.html", rows=targets.versions(current_session(), current_actor()))


@blueprint.get("/rehearsals/<string:sha256>", endpoint="rehearsal")
def show(sha256: str) -> Response:
    """``sha256``: of a version, or ``draft-`` and the number of a draft."""
    return draw_rehearsal(sha256)


def draw_rehearsal(key: str, error: DomainError | None = None) -> Response:
    """What the version would mean, with the form of a migration where it is in force."""
    session, actor, about = current_session(), current_actor(), source(key)
    version = None if about.is_draft else targets.version(session, actor, key)
    kind = sought(request.args.get("kind", ""))
    kind = kind if kind in outlooks.KINDS else ""
    now = clock.now(session)
    found = rehearsing.rehearse(
        session,
        actor,
        about.definition,
        now,
        at=about.places,
        kind=kind,
        after=_number(request.args.get("after", "")),
    )
    html = draw(
        "rehearsal.html",
        about=about,
        state=version.state if version else "draft",
        state_words=version.state_words if version else "草稿",
        found=found,
        kinds=outlooks.KINDS,
        kind=kind,
        now=now,
        most=MOST,
        typed=request.form,
        chosen=set(request.form.getlist("cases")),
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _number(digits: str) -> int:
    """Words that mean nothing here are as good as none."""
    plain = digits.isascii() and digits.isdigit() and len(digits) < len(str(MAX_ID))
    return int(digits) if plain else 0
