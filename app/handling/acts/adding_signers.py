"""加签: a signer asks others of the unit to sign before him, after him or beside him."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app import deadlines
from app.errors import Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import Act, ensure_mine_and_open, hold_task
from app.handling.acts.done import Done
from app.handling.errors import NoSigningHere
from app.handling.recording import record_act
from app.handling.stays.signings import everybody_in, in_whose_name
from app.handling.stays.staffing import colleague
from app.handling.stays.succession import Sending, open_stays
from app.handling.stays.trials import Call, Trial, play
from app.organization import Actor, Candidate
from app.workflow import queries as routes
from app.workflow.turns import Position

POSITIONS: dict[str, Position] = {"before": "before", "after": "after", "parallel": "beside"}
"""Places relative to the signer who asks, as programs name them and as the engine does."""

LABELS = {"before": "在本人之前", "after": "在本人之后", "parallel": "与本人同时"}


def add_signers(
    session: Session,
    actor: Actor,
    task_id: int,
    logins: Sequence[str],
    position: str,
    reason: str = "",
    *,
    revision: int | None = None,
) -> Done:
    """Ask more people at the signing step where the actor has an open stay, in this order.

    ``before``: his own stay ends without an opinion and he gets another when they are done.
    ``after``: they get theirs when he has signed. ``parallel``: at once, his own goes on.
    Raises what every act at a stay raises, NoSigningHere at a step of one person, and Invalid for
    somebody who must not sign here or stands in the signing already.
    """
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, act.stay.revision if revision is None else revision)
    _ensure_signing(act)
    if position not in POSITIONS:
        raise Invalid.at(
            "position", "position 应为 before（之前）、after（之后）或 parallel（同时）。"
        )
    written = remarks.read("reason", "原因", reason)
    people = _people(act, logins)
    whom = f"{'、'.join(each.name for each in people)}（{LABELS[position]}）"
    move = play(act, Trial(f"加签{whom}", [_adding(act, people, position)]))
    waits = act.stay.token in move.closed
    if waits:
        _wait(act)
    opened = open_stays(act, move, Sending())
    record_act(
        act,
        "task.signers_added",
        opened=opened,
        closed=[act.stay] if waits else (),
        reason=written or None,
        whom=whom,
        people=[each.login for each in people],
        position=position,
    )
    return Done(act.case, opened)


def _adding(act: Act, people: Sequence[Candidate], position: str) -> Call:
    given = {
        "token_uuid": act.stay.token,
        "people": [each.login for each in people],
        "position": POSITIONS[position],
        "by": in_whose_name(act),
        "variables": _asked_again(act, people),
    }
    return "add_signers", given


def _ensure_signing(act: Act) -> None:
    if act.stay.kind == "consult":
        raise NotAllowed("此件只是征求您的意见，不能加签；需要他人会签的，请写在意见里。")
    if act.step.signing is None:
        raise NoSigningHere(act.stay.step_name)


def _people(act: Act, logins: Sequence[str]) -> list[Candidate]:
    wanted = list(dict.fromkeys(logins))
    if not wanted:
        raise Invalid.at("logins", "请选择要加签的人员。")
    there = everybody_in(act)
    return [_person(act, login, there) for login in wanted]


def _person(act: Act, login: str, there: set[str]) -> Candidate:
    """Anybody of the unit but the administrators of security, and the drafter of this text."""
    try:
        person = colleague(act, login)
    except Invalid as error:
        raise Invalid.at("logins", error.message) from None
    if login in there:
        raise Invalid.at("logins", f"{person.name}已在本环节会签之列，不需再加。")
    required = act.step.properties.get("opinion", "required") != "optional"
    if required and person.person_id == act.document.drafter_id:
        message = f"{person.name}是拟稿人，不能会签本人起草的公文。（OUT-04）"
        raise Invalid.at("logins", message)
    return person


def _asked_again(act: Act, people: Sequence[Candidate]) -> dict[str, list[str]]:
    """Whoever is asked about this text is asked again about a newer one (S11)."""
    signing = act.step.signing
    if signing is None:
        return {}
    named = routes.variables(act.engine).get(signing.collection) or []
    more = [each.login for each in people if each.login not in named]
    return {signing.collection: [*named, *more]}


def _wait(act: Act) -> None:
    """End the stay in hand until others have signed; what was typed waits for the next one."""
    task = act.stay
    task.state = "waiting"
    task.done_at, task.done_by_id = act.at, act.actor.person_id
    task.done_for_id = act.candidate.principal_id if act.candidate else None
    deadlines.close_limits(act.session, "task", [task.id], act.at)
