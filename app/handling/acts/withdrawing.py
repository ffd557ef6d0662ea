"""撤回: taking back what one has just sent, while nobody who got it has opened it (OUT-18)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.handling.act import Act, ensure_running, hold_task
from app.handling.acts import progress
from app.handling.acts.done import Done
from app.handling.acts.trail import Past, had_by
from app.handling.errors import CannotWithdraw, NotYourTask
from app.handling.models import Notice, Task
from app.handling.recording import record_act
from app.handling.stays.succession import Sending, close_others, open_stays
from app.organization import Actor, Person
from app.workflow import operations as engine
from app.workflow import queries as routes


def withdraw(session: Session, actor: Actor, task_id: int) -> Done:
    """Jump back to the step that the actor has just done; his act and opinion stay, marked.

    task_id  the stay that the actor ended, or the one that his act opened
    Raises CannotWithdraw with the reason, NotYourTask for somebody else's act.
    """
    act = _hold_sent(session, actor, task_id)
    ensure_running(act.case)
    ensure_withdrawable(act)
    tokens = [each.token for each, _ in _sent_stays(act)]
    move = engine.withdraw_to(session, act.engine, act.stay.step, act, tokens_opened=tokens)
    act.stay.state = "withdrawn"
    closed = close_others(act, move, "recalled")
    _forget_notices(act, closed)
    progress.go_back(act, _past(act.stay))
    opened = open_stays(act, move, Sending(keep_for=had_by(act.stay), instead_of=act.stay.id))
    record_act(act, "task.withdrawn", opened=opened, closed=closed)
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
    readers = [name or "对方" for each, name in sent if _is_seen(act, each)]
    if readers:
        raise CannotWithdraw(f"{readers[0]}已打开此件，不能撤回。请联系对方退回。（OUT-18）")
    for each, _ in sent:
        if task.step not in routes.return_targets(act.session, act.engine, each.token):
            raise CannotWithdraw("会签已经结束，不能从会签之外撤回。请联系对方退回。")


def _is_seen(act: Act, sent: Task) -> bool:
    """Somebody else has opened it, or it has ended; one's own look at it does not count."""
    by_others = sent.opened_at is not None and sent.opened_by_id != act.actor.person_id
    return by_others or sent.state != "open"


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


def _hold_sent(session: Session, actor: Actor, task_id: int) -> Act:
    act = hold_task(session, actor, task_id)
    opened = act.stay
    if opened.state == "open" and opened.sent_from_id and opened.sent_by_id == actor.person_id:
        act = hold_task(session, actor, opened.sent_from_id)
    if act.stay.done_by_id != actor.person_id:
        names = session.scalars(sa.select(Person.name).where(Person.id == act.stay.done_by_id))
        raise NotYourTask(act.stay.step_name, list(names))
    return act


def _sent_stays(act: Act) -> Sequence[tuple[Task, str | None]]:
    """The stays that the act opened, also behind skipped ones, and the name of who opened each."""
    query = (
        sa.select(Task, Person.name)
        .outerjoin(Person, Person.id == sa.func.coalesce(Task.opened_by_id, Task.done_by_id))
        .where(Task.sent_from_id == act.stay.id, Task.state != "skipped")
    )
    return [(task, name) for task, name in act.session.execute(query)]


def _forget_notices(act: Act, recalled: Sequence[Task]) -> None:
    """What was announced of a stay that never came to be is not announced any more."""
    act.session.execute(
        sa.delete(Notice).where(
            Notice.case_id == act.case.id, Notice.task_id.in_([task.id for task in recalled])
        )
    )


def _past(task: Task) -> Past:
    return Past(
        id=task.id,
        step=task.step,
        step_name=task.step_name,
        sent_from_id=task.sent_from_id,
        instead_of_id=task.instead_of_id,
        person_id=had_by(task),
        person=None,
        at=task.done_at or task.arrived_at,
    )
