"""撤回: taking back what one has just sent, while nobody who got it has opened it (OUT-18)."""

from typing import Any

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.handling import remarks
from app.handling.act import Act, ensure_delegated, ensure_running, hold_task
from app.handling.acts import progress
from app.handling.acts.done import TakenBack
from app.handling.acts.recall import Plan, Way, plan
from app.handling.acts.trail import past
from app.handling.errors import CannotWithdraw, NotYourTask
from app.handling.models import Task
from app.handling.recording import record_act
from app.handling.stays.coming_back import given_people, had_by, people_of
from app.handling.stays.notices import forget
from app.handling.stays.signings import not_again
from app.handling.stays.succession import Sending, close_others, open_stays, pass_on, release
from app.handling.stays.trials import Trial, play
from app.organization import Actor, Person
from app.workflow.moves import Move

WORDS = "撤回"


def withdraw(session: Session, actor: Actor, task_id: int, reason: str = "") -> TakenBack:
    """Take back what the actor sent from a stay; his act and opinion stay in the record, marked.

    Of several signers who got it, those who have not opened it lose it and the others keep it.
    task_id  the stay that the actor ended, or one that his act opened
    reason   needed to stop waiting for an opinion that somebody is already thinking about
    Raises CannotWithdraw with the reason, NotYourTask for somebody else's act.
    """
    act = _hold_sent(session, actor, task_id)
    ensure_delegated(act)
    ensure_running(act.case)
    found = plan(act)
    written = remarks.read("reason", "原因", reason)
    if found.needs_reason and not written:
        raise CannotWithdraw(
            f"{'、'.join(found.recalled)}已打开此件，正在考虑意见。不再等候的，请写明原因后收回。"
        )
    closed, opened = _WAYS[found.way](act, found)
    forget(session, act.case.id, closed)
    record_act(
        act,
        "task.withdrawn",
        opened=opened,
        closed=closed,
        reason=written or None,
        way=found.way.value,
        recalled=list(found.recalled),
        kept=list(found.kept),
    )
    return TakenBack(act.case, opened, found.recalled, found.kept)


Left = tuple[list[Task], list[Task]]
"""Stays that ended with a withdrawal, and those that it opened."""


def _jump_back(act: Act, found: Plan) -> Left:
    """Nobody has seen anything: the document is again where it was sent from."""
    move = _play(act, tokens_opened=[each.token for each in found.stays])
    progress.go_back(act, past(act.stay))
    return _reopened(act, move)


def _reopen_answer(act: Act, found: Plan) -> Left:
    """One signer takes his answer back while the others still sign."""
    return _reopened(act, _play(act, person=act.stay.named or act.actor.login))


def _play(act: Act, **given: Any) -> Move:
    trial = Trial(WORDS, [("withdraw_to", {"step": act.stay.step, **given})], goes_on=False)
    return play(act, trial)


def _reopened(act: Act, move: Move) -> Left:
    act.stay.state = "withdrawn"
    closed = close_others(act, move, "recalled")
    sending = Sending(
        keep_for=had_by(act.stay), instead_of=act.stay.id, given=given_people(act, act.stay)
    )
    return closed, open_stays(act, move, sending)


def _recall_some(act: Act, found: Plan) -> Left:
    """Those who have not opened it are asked no more; the countersigning goes on without them."""
    people = [stay.named or "" for stay in found.stays]
    first = found.stays[0]
    again = not_again(act, act.definition.step(first.step), people)
    given = {"token_uuid": first.token, "people": people, "variables": again}
    move = play(act, Trial(WORDS, [("remove_signers", given)]))
    closed = close_others(act, move, "recalled")
    return closed, open_stays(act, move, Sending())


def _take_back_from_colleague(act: Act, found: Plan) -> Left:
    (with_colleague,) = found.stays
    act.stay.state = "withdrawn"
    release(act, [with_colleague], "closed" if found.needs_reason else "recalled")
    opened = pass_on(
        act,
        people_of(act, act.stay),
        kind=act.stay.kind,
        given_by=act.stay.given_by,
        asked_from=act.stay.asked_from_id,
        holding=with_colleague,
    )
    return [with_colleague], [opened]


_WAYS = {
    Way.ALL: _jump_back,
    Way.ANSWER: _reopen_answer,
    Way.SOME: _recall_some,
    Way.COLLEAGUE: _take_back_from_colleague,
}


def plan_of(act: Act) -> tuple[Plan | None, str | None]:
    """What the actor could take back of what he sent from the stay in hand, or why nothing."""
    if act.stay.done_by_id != act.actor.person_id:
        return None, "只有办理人本人可以撤回。"
    try:
        ensure_running(act.case)
        return plan(act), None
    except Conflict as error:
        return None, error.message


def _hold_sent(session: Session, actor: Actor, task_id: int) -> Act:
    act = hold_task(session, actor, task_id)
    opened = act.stay
    if opened.state == "open" and opened.sent_from_id and opened.sent_by_id == actor.person_id:
        act = hold_task(session, actor, opened.sent_from_id)
    if act.stay.done_by_id != actor.person_id:
        person = session.get(Person, act.stay.done_by_id) if act.stay.done_by_id else None
        raise NotYourTask(act.stay.step_name, [person.name] if person else [])
    return act
