"""退回 and 撤回: going back without erasing. Both are jumps; what was written stays written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, Invalid
from app.handling import progress, remarks
from app.handling.acts import Act, ensure_mine_and_open, ensure_running, hold_task
from app.handling.completing import Done
from app.handling.errors import CannotWithdraw, NotYourTask
from app.handling.models import Task
from app.handling.staffing import who_did
from app.handling.stays import Sending, close_others, end_stay, open_stays
from app.organization import Actor, Person
from app.workflow import operations as engine
from app.workflow import queries as routes
from app.workflow.definitions import Outcome

RETURN = Outcome("return", "退回")


@dataclass(frozen=True)
class Return:
    """What a person submits who sends a document back.

    to    id of an earlier step
    then  ``route``: from there along the route again; ``back_to_me``: straight back to the returner
    """

    to: str
    opinion: str
    revision: int
    then: str = "route"


@dataclass(frozen=True)
class Target:
    """A step that a return may name, and who would get it; ``straight`` allows back_to_me."""

    step: str
    name: str
    person: str
    straight: bool


def return_targets(act: Act) -> list[Target]:
    """Steps on the way here that the diagram and the block rule allow, nearest first."""
    allowed = act.step.properties.get("return_to", "").split()
    if allowed == ["none"]:
        return []
    legal = set(routes.return_targets(act.session, act.engine, act.stay.token))
    found: dict[str, Target] = {}
    for task, person in _trail(act):
        usable = task.step in legal and (not allowed or task.step in allowed)
        if task.step in found or task.step == act.stay.step or not usable:
            continue
        straight = _can_come_straight_back(act, task)
        found[task.step] = Target(task.step, task.step_name, person, straight)
    return list(found.values())


def _can_come_straight_back(act: Act, target: Task) -> bool:
    """Straight back skips what lies between: never past a signature or seal that must be anew.

    A signing that is returned to starts anew, so nobody in it can be returned to alone.
    """
    done_at = target.done_at or target.arrived_at
    marks = (act.document.signed_at, act.document.sealed_at)
    if act.step.signing is not None or any(mark and mark >= done_at for mark in marks):
        return False
    return routes.can_come_back(act.session, act.engine, act.stay.token, target.step)


def return_task(session: Session, actor: Actor, task_id: int, form: Return) -> Done:
    """Send a document back to an earlier step with a reason (OUT-08); the old stays remain.

    The stay that opens goes to the person who did that step last. A return consumes no number;
    going back behind the sign-off takes the signature off, because what was approved goes out.
    """
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, form.revision)
    opinion = _reason(form.opinion)
    target = _target(act, form)
    previous = next(stay for stay, _ in _trail(act) if stay.step == target.step)
    move = engine.return_to(
        session,
        act.engine,
        act.stay.token,
        target.step,
        act,
        back_to=form.then == "back_to_me",
    )
    end_stay(act, "returned", RETURN, opinion)
    close_others(act, move, "closed")
    progress.go_back(act, previous)
    keep_for = who_did(act, previous)
    comes_back = act.stay if form.then == "back_to_me" else None
    sending = Sending(returned=True, keep_for=keep_for, comes_back=comes_back, instead_of=previous)
    opened = open_stays(act, move, sending)
    _record(act, "task.returned", opened, reason=opinion, to=target.step, then=form.then)
    return Done(act.case, opened)


def _reason(text: str) -> str:
    reason = remarks.read("opinion", "退回原因", text)
    if not reason:
        raise Invalid.at("opinion", "退回须写明原因，以便对方修改。")
    return reason


def _target(act: Act, form: Return) -> Target:
    if form.then not in ("route", "back_to_me"):
        raise Invalid.at("then", "then 应为 route（重新流转）或 back_to_me（改后直接送回我）。")
    targets = return_targets(act)
    found = next((each for each in targets if each.step == form.to), None)
    if found is None:
        offered = "、".join(f"{each.name}（{each.step}）" for each in targets) or "无"
        raise Invalid.at("to", f"不能退回到“{form.to}”。可退回的环节：{offered}。")
    if form.then == "back_to_me" and not found.straight:
        raise Invalid.at("then", f"从“{found.name}”不能直接送回，请选择重新流转。")
    return found


def withdraw(session: Session, actor: Actor, task_id: int) -> Done:
    """Take back what one has just sent, while nobody who got it has opened it (OUT-18).

    task_id  the stay that the actor ended, or the one that his act opened
    """
    act = _hold_sent(session, actor, task_id)
    ensure_running(act.case)
    ensure_withdrawable(act)
    move = engine.withdraw_to(
        session,
        act.engine,
        act.stay.step,
        act,
        tokens_opened=[each.token for each, _ in _sent_stays(act)],
    )
    act.stay.state = "withdrawn"
    close_others(act, move, "recalled")
    progress.go_back(act, act.stay)
    sending = Sending(keep_for=who_did(act, act.stay), instead_of=act.stay)
    opened = open_stays(act, move, sending)
    _record(act, "task.withdrawn", opened)
    return Done(act.case, opened)


def ensure_withdrawable(act: Act) -> None:
    """Raises CannotWithdraw with the reason: opened, moved on, inside a signing, or not allowed."""
    task = act.stay
    if task.state != "done":
        raise CannotWithdraw("此件没有可撤回的发送。")
    if act.step.properties.get("withdraw") == "no":
        raise CannotWithdraw(f"“{task.step_name}”提交后即生效，不能撤回。")
    if act.step.signing is not None:
        raise CannotWithdraw(f"“{task.step_name}”的意见提交后即锁定，不能撤回。（CSG-01）")
    sent = _sent_stays(act)
    if not sent:
        raise CannotWithdraw("此件已办结，不能撤回。")
    reader = next((each for each, _ in sent if each.opened_at or each.state != "open"), None)
    if reader is not None:
        who = next(name for each, name in sent if each is reader)
        raise CannotWithdraw(f"{who or '对方'}已打开此件，不能撤回。请联系对方退回。（OUT-18）")
    for each, _ in sent:
        if task.step not in routes.return_targets(act.session, act.engine, each.token):
            raise CannotWithdraw("会签已经结束，不能从会签之外撤回。请联系对方退回。")


def _hold_sent(session: Session, actor: Actor, task_id: int) -> Act:
    act = hold_task(session, actor, task_id)
    sender = act.stay
    if sender.state == "open" and sender.sent_from_id and sender.sent_by_id == actor.person_id:
        act = hold_task(session, actor, sender.sent_from_id)
    if act.stay.done_by_id != actor.person_id:
        names = session.scalars(sa.select(Person.name).where(Person.id == act.stay.done_by_id))
        raise NotYourTask(act.stay.step_name, list(names))
    return act


def _sent_stays(act: Act) -> Sequence[tuple[Task, str | None]]:
    """The stays that the act opened, each with the name of who opened it."""
    query = (
        sa.select(Task, Person.name)
        .outerjoin(Person, Person.id == sa.func.coalesce(Task.opened_by_id, Task.done_by_id))
        .where(Task.sent_from_id == act.stay.id)
    )
    return [(task, name) for task, name in act.session.execute(query)]


def _trail(act: Act) -> Iterator[tuple[Task, str]]:
    """The stays that led to the one in hand, nearest first, each with who did it.

    A stay that repeats another after a return was led to by what led to the first one, so a step
    done in a lap that was given up is not on the trail.
    """
    query = (
        sa.select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .where(Task.case_id == act.case.id)
    )
    stays = {task.id: (task, name) for task, name in act.session.execute(query)}
    at = act.stay
    while True:
        before = at.instead_of_id or at.sent_from_id
        if before is None:
            return
        repeats = at.instead_of_id is not None
        at, person = stays[before]
        if not repeats:
            yield at, person


def _record(
    act: Act, action: str, opened: list[Task], reason: str | None = None, **detail: str
) -> None:
    task = act.stay
    audit.record(
        act.session,
        action,
        act.actor.signature(act.candidate.authority if act.candidate else None),
        at=act.at,
        subject=("task", task.id),
        case_id=act.case.id,
        document_id=act.document.id,
        step=task.step,
        reason=reason,
        detail={
            "step_name": task.step_name,
            "opinion": reason or "",
            "arrived_at": task.arrived_at.isoformat(),
            "opened": [each.step for each in opened],
            **detail,
        },
    )


def why_not_withdrawable(act: Act) -> str | None:
    """Why the actor cannot take back what he sent from the stay in hand; None when he can."""
    if act.stay.done_by_id != act.actor.person_id:
        return "只有办理人本人可以撤回。"
    try:
        ensure_running(act.case)
        ensure_withdrawable(act)
    except Conflict as error:
        return error.message
    return None
