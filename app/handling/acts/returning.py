"""退回: going back without erasing. It is a jump; what was written stays written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.errors import Invalid
from app.handling import remarks
from app.handling.act import Act, ensure_mine_and_open, hold_task
from app.handling.acts import progress
from app.handling.acts.done import Done
from app.handling.acts.trail import Past, trail
from app.handling.models import Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.succession import Sending, close_others, end_stay, open_stays
from app.handling.stays.trials import Trial, play
from app.organization import Actor, Person
from app.workflow import queries as routes
from app.workflow.definitions import Outcome
from app.workflow.errors import EngineFault

RETURN = Outcome("return", "退回")

REASONS: Mapping[str, Sequence[str]] = {
    "OUT-08": (
        "正文作为附件添加了，请把正文写入正文栏，并移除这个附件。（OUT-08）",
        "应加的附件没有添加，请补上附件后重新送审。（OUT-08）",
    ),
}
"""Usual reasons by the rule that a step enforces; whoever returns may tick them."""


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
    """A step that a return may name, and who did it.

    straight  back_to_me is allowed
    signers   names of all who are asked there, where it is a signing, which begins anew
    closes    (step, people) of the other open stays that end with this return
    """

    stay: Past
    straight: bool
    closes: Sequence[tuple[str, Sequence[str]]] = ()
    signers: Sequence[str] = ()

    @property
    def step(self) -> str:
        return self.stay.step

    @property
    def name(self) -> str:
        return self.stay.step_name

    @property
    def person(self) -> str:
        return "、".join(self.signers) or self.stay.person or ""


def return_targets(act: Act) -> list[Target]:
    """Steps on the way here that the diagram and the block rule allow, nearest first."""
    if act.stay.kind == "consult":
        return []
    allowed = act.step.properties.get("return_to", "").split()
    if allowed == ["none"]:
        return []
    beside = _others_open(act)
    legal = set(routes.return_targets(act.session, act.engine, act.stay.token))
    found: dict[str, Target] = {}
    for stay in trail(act):
        usable = stay.step in legal and (not allowed or stay.step in allowed)
        if usable and stay.step not in found and stay.step != act.stay.step:
            straight = _can_come_straight_back(act, stay)
            closes, signers = _closing(act, stay.step, beside), _signers(act, stay.step)
            found[stay.step] = Target(stay, straight, closes, signers)
    return list(found.values())


def usual_reasons(act: Act) -> list[str]:
    """Reasons that a return from here is offered, by the rules of the step (OUT-08)."""
    rules = act.step.properties.get("rule", "").split()
    return [reason for rule in rules for reason in REASONS.get(rule, ())]


def _signers(act: Act, step: str) -> list[str]:
    """Everybody whom a signing at this step would ask now, in their order."""
    signing = act.definition.step(step).signing
    if signing is None:
        return []
    logins = routes.variables(act.engine).get(signing.collection) or []
    names = organization.names_of(act.session, logins)
    return [names.get(login, login) for login in logins]


def _others_open(act: Act) -> dict[str, tuple[str, Sequence[str]]]:
    """(step, people) of the other open stays of the case, by token."""
    query = (
        sa.select(Task.token, Task.step_name, Person.name)
        .outerjoin(TaskCandidate, TaskCandidate.task_id == Task.id)
        .outerjoin(Person, Person.id == TaskCandidate.person_id)
        .where(Task.case_id == act.case.id, Task.state == "open", Task.id != act.stay.id)
        .order_by(Task.id, Person.id)
    )
    found: dict[str, tuple[str, list[str]]] = {}
    for token, step_name, name in act.session.execute(query):
        found.setdefault(token, (step_name, []))[1].extend([name] if name else [])
    return dict(found)


def _closing(
    act: Act, step: str, beside: Mapping[str, tuple[str, Sequence[str]]]
) -> list[tuple[str, Sequence[str]]]:
    """Who loses the document with a return to this step; said before it is done."""
    if not beside:
        return []
    try:
        tokens = routes.closed_by_return(act.session, act.engine, act.stay.token, step)
    except EngineFault:
        return []  # the return itself will say so
    return [beside[token] for token in tokens if token in beside]


def _can_come_straight_back(act: Act, target: Past) -> bool:
    """Straight back skips what lies between: never past a signature or seal that must be anew.

    A signing that is returned to starts anew, so nobody in it can be returned to alone.
    """
    marks = (act.document.signed_at, act.document.sealed_at)
    if act.step.signing is not None or any(mark and mark >= target.at for mark in marks):
        return False
    return routes.can_come_back(act.session, act.engine, act.stay.token, target.step)


def return_task(session: Session, actor: Actor, task_id: int, form: Return) -> Done:
    """Send a document back to an earlier step with a reason (OUT-08); the old stays remain.

    The stay that opens goes to the person who did that step last, if he may still act there. A
    return consumes no number; going back behind the sign-off takes the signature off, because
    what was approved is what goes out.
    """
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, form.revision)
    opinion = _reason(form.opinion)
    target = _target(act, form)
    straight = form.then == "back_to_me"
    given = {"token_uuid": act.stay.token, "step": target.step, "back_to": straight}
    words = f"退回到“{target.name}”{'（改后直接送回）' if straight else ''}"
    move = play(act, Trial(words, [("return_to", given)], goes_on=False))
    end_stay(act, "returned", RETURN, opinion)
    closed = close_others(act, move, "closed")
    progress.go_back(act, target.stay)
    sending = Sending(
        returned=True,
        keep_for=target.stay.person_id,
        comes_back=act.stay.id if straight else None,
        instead_of=target.stay.id,
    )
    opened = open_stays(act, move, sending)
    record_act(
        act,
        "task.returned",
        opened=opened,
        closed=closed,
        reason=opinion,
        opinion=opinion,
        to=target.step,
        then=form.then,
        ended_for=[name for _, people in target.closes for name in people],
    )
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
        raise Invalid.at("to", f"不能退回到“{form.to[:64]}”。可退回的环节：{offered}。")
    if form.then == "back_to_me" and not found.straight:
        raise Invalid.at("then", f"从“{found.name}”不能直接送回，请选择重新流转。")
    return found
