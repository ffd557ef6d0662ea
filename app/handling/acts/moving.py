"""跳转: an administrator puts a token at another step, backwards or forwards.

The block rule says where a jump may lead at all. A jump forward never leaves a document behind a
sign-off, a number or a seal that it does not bear; one backward takes the marks off that come
after the target, as a return does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.documents import marks
from app.errors import DomainError, Invalid
from app.handling.act import Act
from app.handling.acts import progress
from app.handling.acts.trail import Past, began_with, trail
from app.handling.models import Task
from app.handling.signing import ending, needs
from app.handling.stays.succession import Sending, close_others, open_stays
from app.handling.stays.trials import Trial, noticed, play
from app.workflow import queries as routes
from app.workflow.errors import EngineFault

SIGN_OFF, NUMBER, SEAL = "write-signatory", "register-number", "seal"
GIVEN: Mapping[str, tuple[str, Sequence[str]]] = {
    SIGN_OFF: ("签发", marks.SIGNED),
    NUMBER: ("编号", marks.SIGNED[1:]),
    SEAL: ("用印", marks.SIGNED[2:]),
}
"""Topics that write something on the document: what it is called, and the states that have it."""


@dataclass(frozen=True)
class Target:
    """A step to which the stay in hand may be moved.

    past     who did it on the way here; None for a step that this way has not passed
    closes   names of the steps in other branches that end with the move
    problem  why it cannot be moved there after all; None when it can
    fault    the same, where the route itself cannot go on from there
    """

    step: str
    name: str
    past: Past | None
    closes: Sequence[str]
    problem: str | None = None
    fault: EngineFault | None = None


def targets(act: Act) -> list[Target]:
    """Every step that the block rule allows, in the order of the diagram."""
    been = {stay.step: stay for stay in reversed(list(trail(act)))}
    legal = routes.return_targets(act.session, act.engine, act.stay.token)
    return [_target(act, step, been.get(step)) for step in legal]


def target_of(act: Act, step: str) -> Target:
    """One of them. Raises Invalid at ``to`` with the reason, or with those that there are.

    Raises StepFault where the route cannot go on from there.
    """
    found = next((each for each in targets(act) if each.step == step), None)
    if found is None:
        possible = [each for each in targets(act) if each.problem is None]
        offered = "、".join(f"{each.name}（{each.step}）" for each in possible) or "无"
        raise Invalid.at("to", f"不能跳转到“{step[:64]}”。可跳转的环节：{offered}。")
    if found.fault is not None:
        with noticed(act, _trial(act, found)):
            raise found.fault
    if found.problem is not None:
        raise Invalid.at("to", found.problem)
    return found


def _target(act: Act, step: str, past: Past | None) -> Target:
    name = act.definition.step(step).name
    lacking = _lacking(act, step, past)
    if lacking:
        problem = f"不能跳转到“{name}”：此件尚未{'、'.join(lacking)}，须经该环节办理。（OUT-09）"
        return Target(step, name, past, (), problem)
    try:
        move = routes.preview_jump(act.session, act.engine, act.stay.token, step)
    except EngineFault as fault:
        problem = f"流程到“{name}”后无法继续，不能跳转到该环节，请先检查流程图。"
        return Target(step, name, past, (), problem, fault)
    except DomainError as error:
        return Target(step, name, past, (), error.message)
    return Target(step, name, past, _names(act, move.closed))


def _names(act: Act, tokens: Sequence[str]) -> list[str]:
    """What the stays of these tokens are called, without the one in hand."""
    query = sa.select(Task.step_name).where(
        Task.token.in_(tokens), Task.state == "open", Task.id != act.stay.id
    )
    return list(act.session.scalars(query.order_by(Task.id)))


def _lacking(act: Act, step: str, past: Past | None) -> list[str]:
    """What every way to the step would have written on the document, and nobody has."""
    shut = _shut(act)
    needed = routes.topics_before(act.session, act.engine, step, shut)
    if past is None:
        needed |= routes.topics_between(act.session, act.engine, act.stay.step, step, shut)
    state = act.document.state
    return [
        word for topic, (word, having) in GIVEN.items() if topic in needed and state not in having
    ]


def _shut(act: Act) -> Sequence[str]:
    """The way past the seal is none for a document that bears one (SIG-11)."""
    return () if needs.without_seal(act) else (needs.WITHOUT_SEAL,)


def move(act: Act, step: str) -> tuple[list[Task], list[Task]]:
    """Jump; what it opened, and what it closed besides the stay in hand.

    The stay ends without anybody's opinion. Whoever did the target step before gets it again, as
    far as he may still act there. Raises what :func:`target_of` does.
    """
    target = target_of(act, step)
    _follow_document(act, target)
    jumped = play(act, _trial(act, target))
    closed = close_others(replace(act, task=None), jumped, "closed")
    opened = open_stays(act, jumped, _sending(target))
    return opened, [task for task in closed if task.id != act.stay.id]


def _trial(act: Act, target: Target) -> Trial:
    given = {"token_uuid": act.stay.token, "step": target.step}
    words = f"跳转到“{target.name}”"
    return Trial(words, [("return_to", given)], _sending(target).goes_on)


def _sending(target: Target) -> Sending:
    past = target.past
    return Sending(keep_for=past.person_id if past else None, instead_of=past.id if past else None)


def _follow_document(act: Act, target: Target) -> None:
    """Marks that come after the target go; back where it began, the document is a draft again.

    Before the jump: what rules skip behind the target may write marks of its own.
    """
    before = routes.topics_before(act.session, act.engine, target.step, _shut(act))
    document = act.document
    times = {SIGN_OFF: document.signed_at, SEAL: document.sealed_at}
    undone = [at for topic, at in times.items() if at is not None and topic not in before]
    if undone:
        marks.take_back_marks(act.session, document, act.actor, act.at, since=min(undone))
        ending.follow(act, "公文由流程管理员移到签发或者用印以前。")
    if target.past is not None and began_with(act, target.past.id):
        marks.mark_home(document)
    else:
        progress.follow(act)
