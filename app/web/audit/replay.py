"""回放: a case at any moment of its record. Everything is read; the reading itself is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import audit, clock
from app.database import current_session, reading
from app.errors import NotFound
from app.handling.models import CASE_STATES
from app.handling.replaying import reading as replays
from app.handling.replaying.drawings import Turn
from app.handling.replaying.reading import Change, Replay, View
from app.handling.replaying.records import KINDS as RECORD_KINDS
from app.handling.replaying.records import UNUSUAL, Filter, Record, people, steps
from app.web import accesses
from app.web.audit.blueprint import blueprint
from app.web.current import current_actor
from app.workflow.queries import diagram_of

LOOKS_LAST = 8 * 3600
"""Seconds for which one recorded look covers the moments that its page asks for afterwards."""
SPEEDS = {"2": "慢", "1": "中", "0.4": "快", "0.1": "最快"}
"""Seconds a record is shown for while it plays."""


@dataclass(frozen=True)
class Way:
    """Where the buttons lead: numbers of records; None where there is none."""

    first: int
    back: int | None
    forward: int | None
    act: int | None
    last: int


@blueprint.get("/cases/", endpoint="cases")
def listed() -> str:
    """The newest cases, to choose one from; its number in the address opens any other."""
    found = replays.newest(current_session(), current_actor())
    return render_template("audit/cases.html", rows=found, states=CASE_STATES)


@blueprint.get("/cases/find", endpoint="find_case")
def find() -> ResponseReturnValue:
    text = request.args.get("number", "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise NotFound("没有这个编号的件。编号是数字，见记录或者办件页的地址。")
    return redirect(url_for("audit.replay", id=int(text)))


@blueprint.get("/cases/<int:id>/replay", endpoint="replay")
def show(id: int) -> Response:
    """``?at=`` a record, ``&with=`` another one to compare, ``&part=moment`` the moment alone."""
    part = request.args.get("part") == "moment"
    look = request.args.get("look", "") if part else ""
    if _is_of(look, id):
        accesses.shown_before()
    else:
        note_look(id)
        look = _looks().dumps([current_actor().person_id, id])
    replay = replays.open_case(current_session(), current_actor(), id)
    seen, other = _views(replay)
    shown = _moment(replay, seen, other)
    if part:
        return make_response(render_template("audit/replay_moment.html", **shown))
    return make_response(render_template("audit/replay.html", **shown, **_page(replay, look)))


def note_look(case_id: int) -> None:
    """On record before anything is shown; not in the record of the case, which it leaves as is."""
    session, actor = current_session(), current_actor()
    replays.ensure_may_look(session, actor, case_id)
    session.rollback()
    with reading(False):
        audit.record(
            session,
            "case.replayed",
            actor.signature(),
            at=clock.now(session),
            subject=("case", case_id),
            detail={
                "at": request.args.get("at", "")[:20],
                "with": request.args.get("with", "")[:20],
            },
        )
        session.commit()


def _looks() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="replay")


def _is_of(look: str, case_id: int) -> bool:
    """Whether this page was opened by the same person for the same case, on record."""
    try:
        found: Any = _looks().loads(look, max_age=LOOKS_LAST)
    except BadSignature:
        return False
    return bool(found == [current_actor().person_id, case_id])


def _views(replay: Replay) -> tuple[View, View | None]:
    at, other = asked("at"), asked("with")
    place = asked("n")
    if at is None and place is not None:
        at = replay.records[min(max(place, 1), len(replay.records)) - 1].seq
    session = current_session()
    if other is None or other == at:
        return replays.view(session, replay, at), None
    compared = replays.view(session, replay, other)
    seen = replays.view(session, replay, at)
    older = min(compared, seen, key=lambda each: each.place)
    marked = replays.view(session, replay, at, since=max(older.moment.version, 1))
    return marked if older is compared else seen, compared


def asked(name: str) -> int | None:
    """A number in the address; None where none is. Raises NotFound for what is none."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound("此件没有这一条记录，请从记录列表中选择。")
    return int(text)


def _moment(replay: Replay, seen: View, other: View | None) -> dict[str, Any]:
    changes: Sequence[Change] = replays.compare(seen, other) if other else ()
    return {
        "replay": replay,
        "seen": seen,
        "other": other,
        "changes": changes,
        "turn": seen.turn or next(iter(replay.turns), None),
        "way": _way(replay.records, seen.place),
        "steps": steps_json(seen),
        "link": link,
    }


def _page(replay: Replay, look: str) -> dict[str, Any]:
    wanted = Filter(
        kind=_chosen("kind", RECORD_KINDS),
        person=request.args.get("person", ""),
        step=request.args.get("step", ""),
        unusual=_chosen("unusual", {"any": "", **UNUSUAL}),
    )
    return {
        "look": look,
        "wanted": wanted,
        "listed": [each for each in replay.records if wanted.fits(each)],
        "kinds": RECORD_KINDS,
        "unusual": UNUSUAL,
        "people": people(replay.records),
        "all_steps": steps(replay.records),
        "speeds": SPEEDS,
        "drawings": _drawings(replay.turns),
    }


def _chosen(name: str, known: Mapping[str, str]) -> str:
    text = request.args.get(name, "")
    return text if text in known else ""


def link(seq: int | None, **more: Any) -> str:
    """The same page at another record, with the filters as they are."""
    kept = ("kind", "person", "step", "unusual")
    here: dict[str, Any] = {**(request.view_args or {}), "at": seq, **more}
    here |= {name: request.args[name] for name in kept if request.args.get(name)}
    return url_for("audit.replay", **here)


def steps_json(seen: View) -> list[dict[str, Any]]:
    """Where the tokens stand, as the drawing takes it (getDiagram)."""
    return [
        {
            "step": each.step,
            "state": each.state,
            "passes": each.passes,
            "people": list(each.people),
            "at": each.at.isoformat() if each.at else None,
        }
        for each in seen.tokens
    ]


def _drawings(turns: Sequence[Turn]) -> dict[str, dict[str, Any]]:
    """By digest, so that the script has each at hand when the case moves to it."""
    routes = {each.sha256: each.route for each in turns}
    found = {sha256: diagram_of(route) for sha256, route in routes.items() if route is not None}
    return {
        sha256: {
            "xml": each.own.decode(),
            "called": {name: data.decode() for name, data in each.called.items()},
        }
        for sha256, each in found.items()
    }


def _way(found: Sequence[Record], place: int) -> Way:
    seqs = [each.seq for each in found]
    acts = [each.seq for each in found[place:] if each.line.step_name and each.kind != "rule"]
    return Way(
        first=seqs[0],
        back=seqs[place - 2] if place > 1 else None,
        forward=seqs[place] if place < len(seqs) else None,
        act=acts[0] if acts else None,
        last=seqs[-1],
    )
