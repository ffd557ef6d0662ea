"""What can be taken back of what somebody sent, before it is taken back: for act and page alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa

from app.handling.act import Act, names_of_candidates
from app.handling.errors import CannotWithdraw
from app.handling.models import Task
from app.organization import Person
from app.workflow import queries as routes


class Way(Enum):
    """How it goes back."""

    ALL = "all"  # to the step that it was sent from
    ANSWER = "answer"  # one signer's place in a countersigning that runs
    SOME = "some"  # from those signers only who have not opened it
    COLLEAGUE = "colleague"  # from whom it was handed over to, or whose opinion was asked


@dataclass(frozen=True)
class Plan:
    """stays: those that would end; ``recalled`` and ``kept``: names of people.

    needs_reason  somebody has opened it and is thinking about the opinion that was asked for
    """

    way: Way
    stays: Sequence[Task]
    recalled: Sequence[str] = ()
    kept: Sequence[str] = ()
    needs_reason: bool = False


def plan(act: Act) -> Plan:
    """Raises CannotWithdraw with the reason: opened, moved on, over, or not allowed."""
    task = act.stay
    if task.state in ("handed_over", "consulting"):
        return _from_colleague(act)
    if task.state != "done" or task.kind == "consult":
        raise CannotWithdraw("此件没有可撤回的发送。")
    if act.step.properties.get("withdraw") == "no":
        raise CannotWithdraw(f"“{task.step_name}”提交后即生效，不能撤回。")
    if act.step.signing is not None:
        return _of_answer(act)
    return _of_sending(act)


def _from_colleague(act: Act) -> Plan:
    stay = act.session.scalars(_sent(act).where(Task.state == "open")).first()
    if stay is None:
        raise CannotWithdraw("对方已经办理，不能撤回。")
    names = tuple(names_of_candidates(act.session, stay.id))
    seen = _is_seen(act, stay)
    if seen and act.stay.state == "handed_over":
        raise _opened(act, stay)
    return Plan(Way.COLLEAGUE, [stay], names, needs_reason=seen)


def _of_answer(act: Act) -> Plan:
    """Until the next signer opens it, and only while the same countersigning still runs."""
    task = act.stay
    at_step = sa.select(Task).where(Task.case_id == act.case.id, Task.step == task.step)
    running = act.session.scalars(at_step.where(Task.state == "open")).all()
    again = at_step.where(Task.id > task.id, Task.named == task.named)
    if not running or act.session.scalars(again).first() is not None:
        raise CannotWithdraw(f"“{task.step_name}”已经结束，意见已锁定，不能撤回。（CSG-01）")
    sent = act.session.scalars(_sent(act)).all()
    for each in sent:
        if _is_seen(act, each):
            raise _opened(act, each)
    return Plan(Way.ANSWER, sent, _names(act, sent))


def _of_sending(act: Act) -> Plan:
    sent = act.session.scalars(_sent(act)).all()
    if not sent:
        return _of_waiting(act)
    if any(each.state in ("waiting", "removed") for each in sent):
        raise CannotWithdraw("会签人员已有增减，不能撤回。请减签，或请会签人退回。")
    seen = [each for each in sent if _is_seen(act, each)]
    unseen = [each for each in sent if each not in seen]
    if not seen:
        _ensure_reachable(act, sent)
        return Plan(Way.ALL, sent, _names(act, sent))
    kept_at = {each.step for each in seen}
    some = [each for each in unseen if act.definition.step(each.step).signing]
    some = [each for each in some if each.step in kept_at]  # a countersigning keeps somebody
    if not some:
        raise _opened(act, seen[0])
    return Plan(Way.SOME, some, _names(act, some), _names(act, seen))


def _of_waiting(act: Act) -> Plan:
    """Nobody has got anything yet: the branch waits for the others, or the case is over."""
    if not routes.waits_at_join(act.session, act.engine, act.stay.step):
        raise CannotWithdraw("此件已往下办理或已办结，不能撤回。")
    return Plan(Way.ALL, [])


def _ensure_reachable(act: Act, sent: Sequence[Task]) -> None:
    for each in sent:
        if act.stay.step not in routes.return_targets(act.session, act.engine, each.token):
            raise CannotWithdraw("此件已与其他分支会合，不能撤回。请联系对方退回。")


def _sent(act: Act) -> sa.Select[Task]:
    """The stays that the act opened, also behind skipped ones, oldest first."""
    sent = sa.select(Task).where(Task.sent_from_id == act.stay.id, Task.state != "skipped")
    return sent.order_by(Task.id)


def _is_seen(act: Act, sent: Task) -> bool:
    """Somebody else has opened it, or it has ended; one's own look at it does not count."""
    by_others = sent.opened_at is not None and sent.opened_by_id != act.actor.person_id
    return by_others or sent.state != "open"


def _opened(act: Act, sent: Task) -> CannotWithdraw:
    who = sent.opened_by_id or sent.done_by_id
    name = act.session.get_one(Person, who).name if who else "对方"
    return CannotWithdraw(f"{name}已打开此件，不能撤回。请联系对方退回。（OUT-18）")


def _names(act: Act, stays: Sequence[Task]) -> tuple[str, ...]:
    return tuple(name for each in stays for name in names_of_candidates(act.session, each.id))
