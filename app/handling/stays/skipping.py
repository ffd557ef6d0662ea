"""Steps that are passed by rule, as the diagram says: same person twice, nobody, only the drafter.

What is skipped is signed by the rule and never by a person (decision 9): there is no opinion.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.audit import signed_by_rule
from app.handling.act import Act
from app.handling.models import Task
from app.handling.recording import record_act
from app.handling.stays.staffing import eligible, only_the_drafter
from app.organization import Candidates
from app.workflow import operations as engine
from app.workflow.definitions import Outcome, Step
from app.workflow.moves import Move, Token


@dataclass(frozen=True)
class Rule:
    """A property of the diagram with the value ``skip``; ``why`` is said of the step."""

    key: str
    name: str
    why: str

    @property
    def signature(self) -> str:
        return f"{self.name}（流程图 {self.key}=skip）"


NOBODY = Rule("nobody", "无人可办的环节跳过", "没有办理人")
DRAFTER = Rule("drafter", "只有拟稿人可办的环节跳过", "只有拟稿人本人可以办理")
SAME_PERSON = Rule("same_person", "同人连续环节合并", "与上一环节同一人")
WORDS = "按规则跳过"


@dataclass(frozen=True)
class Skipped:
    """A step that is passed by within an act, and the way out that the rule takes."""

    token: Token
    outcome: Outcome | None
    rule: Rule


PassOn = Callable[[Skipped], Move]


def past_skipped(act: Act, move: Move, pass_on: PassOn) -> Move:
    """The move with all that opens behind the steps which rules skip, and without these.

    pass_on  ends a step; on a copy when somebody only wants to know
    Each step is skipped once per act: where the way comes back to it, it opens for its people.
    """
    seen: set[str] = set()
    waiting, standing = list(move.opened), list[Token]()
    while waiting:
        token = waiting.pop(0)
        act.variables = move.variables
        rule = None if token.step in seen else _rule(act, token)
        if rule is None:
            standing.append(token)
            continue
        seen.add(token.step)
        step = act.definition.step(token.step)
        after = pass_on(Skipped(token, _outcome(step), rule))
        waiting = [each for each in waiting if each.uuid not in after.closed]
        standing = [each for each in standing if each.uuid not in after.closed]
        waiting += after.opened
        move = _joined(move, after)
    return replace(move, opened=tuple(standing))


def go_on(act: Act, move: Move) -> Move:
    """Past the steps that rules skip, in the case itself."""
    return past_skipped(act, move, lambda skipped: skip(act, skipped))


def skip(act: Act, skipped: Skipped) -> Move:
    """End the step in the engine; its stay is on record as passed by the rule (task.skipped)."""
    token, outcome = skipped.token, skipped.outcome
    key = outcome.key if outcome else None
    stay = Task(
        case_id=act.case.id,
        token=token.uuid,
        step=token.step,
        step_name=token.name,
        named=token.person,
        state="skipped",
        arrived_at=act.at,
        sent_by_id=act.actor.person_id or None,
        sent_from_id=act.task.id if act.task else None,
        done_at=act.at,
        outcome=key,
        outcome_label=f"{WORDS}（{skipped.rule.why}）",
    )
    act.session.add(stay)
    act.session.flush()
    move = engine.complete(act.session, act.engine, token.uuid, key, {}, None, act)
    record_act(
        replace(act, task=stay, candidate=None),
        "task.skipped",
        by=signed_by_rule(skipped.rule.signature),
        opened=move.opened,
        reason=f"{skipped.rule.why}，{WORDS}。",
        outcome=key,
        outcome_label=WORDS,
    )
    return move


def _rule(act: Act, token: Token) -> Rule | None:
    """Why this step is skipped now; None where its people are asked."""
    step = act.definition.step(token.step)
    wanted = [each for each in (NOBODY, DRAFTER, SAME_PERSON) if _asked_for(step, each)]
    if not wanted or step.signing is not None:
        return None
    found = eligible(act, token)
    holds = {
        NOBODY.key: not found.people and token.person is None,
        DRAFTER.key: only_the_drafter(act, found),
        SAME_PERSON.key: _only_who_sent(act, found),
    }
    return next((each for each in wanted if holds[each.key]), None)


def _asked_for(step: Step, rule: Rule) -> bool:
    return step.properties.get(rule.key) == "skip"


def _only_who_sent(act: Act, found: Candidates) -> bool:
    """Whether it would come back to nobody but the actor, or the one in whose stead he acted."""
    if act.task is None or not found.people:
        return False
    sender = {act.actor.person_id}
    if act.candidate is not None and act.candidate.principal_id is not None:
        sender.add(act.candidate.principal_id)
    whose = {each.principal_id or each.person_id for each in found.people}
    return len(whose) == 1 and whose <= sender


def _outcome(step: Step) -> Outcome | None:
    key = step.properties.get("skip_outcome")
    found = [each for each in step.outcomes if key is None or each.key == key]
    return found[0] if found else None


def _joined(move: Move, after: Move) -> Move:
    return replace(
        after,
        opened=(),
        closed=move.closed + after.closed,
        timers_opened=move.timers_opened + after.timers_opened,
        timers_closed=move.timers_closed + after.timers_closed,
    )
