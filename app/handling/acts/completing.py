"""办结本环节: a person chooses a way out, writes an opinion, and the document moves on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.documents import review
from app.documents.preflight import Explanation
from app.documents.review import Checked
from app.errors import Conflict, Invalid
from app.handling import remarks
from app.handling.act import Act, ensure_mine_and_open, hold_task
from app.handling.acts import checklists, choices, preflighting, progress
from app.handling.acts.done import Done
from app.handling.acts.handing_over import answer
from app.handling.errors import OpinionMissing
from app.handling.models import Task
from app.handling.recording import record_act
from app.handling.signing import needs
from app.handling.stays.coming_back import had_by
from app.handling.stays.signings import in_whose_name
from app.handling.stays.succession import Sending, close_others, end_stay, open_stays
from app.handling.stays.trials import Call, Trial, play
from app.organization import Actor
from app.workflow import queries as routes
from app.workflow.definitions import Outcome, Step


@dataclass(frozen=True)
class Completion:
    """What a person submits at a stay.

    outcome   key of a flow that the diagram offers; None where it offers a single way out
    fields    values of the step's form, by key
    next      logins of the people to send to, where the diagram lets the sender choose
    explanations  why a finding of 发前检查 is let pass, by rule
    checked   texts of the items of the 审查清单 that were ticked
    revision  of the stay, as it was when the form was drawn
    any_hour  send it now although it is not working time (TRN-04)
    set_at    when it was set to be sent by the system later (定时发送); None for an act of now
    """

    outcome: str | None
    revision: int
    opinion: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    next: Sequence[str] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)
    any_hour: bool = False
    set_at: datetime | None = None
    checked: Sequence[str] = ()


def complete(session: Session, actor: Actor, task_id: int, form: Completion) -> Done:
    """End the actor's stay and send the document along the route.

    Raises NotFound, NotYourTask, StepAlreadyDone, StaleRevision, OpinionMissing (OUT-06, CSG-07),
    PreflightFailed (DRF-16) or Invalid naming the field, and SignatureNeeded when all else is in
    order; a refusal has changed nothing once its transaction is undone.
    """
    act = hold_task(session, actor, task_id)
    act.any_hour = form.any_hour or form.set_at is not None
    act.lacking = []
    ensure_mine_and_open(act, form.revision)
    if act.stay.kind == "consult":
        read_outcome(act, form.outcome)
        return answer(act, remarks.read("opinion", "意见", form.opinion))
    opinion = read_opinion(act.step, form.opinion)
    outcome = read_outcome(act, form.outcome)
    _ensure_reason(act.step, outcome, opinion)
    _ensure_countersigned(act)
    checked = checklists.ticked(act, form.checked)
    variables = choices.variables(act, form.fields, form.next)
    explained = preflighting.ensure_passed(act, form.explanations)
    sending = sending_of(act, form.next)
    calls = [*_passing_on(act, form.next), _completing(act, form.outcome, variables)]
    move = play(act, Trial(_words(outcome), calls, sending.goes_on))
    end_stay(act, "done", outcome, opinion, checked)
    closed = close_others(act, move, "closed")
    opened = open_stays(act, move, sending)
    progress.follow(act)
    record_act(
        act,
        "task.completed",
        opened=opened,
        closed=closed,
        outcome=outcome.key if outcome else None,
        outcome_label=outcome.label if outcome else None,
        opinion=opinion,
        self_review=bool(act.candidate and act.candidate.self_review),
        **_also_recorded(form, explained),
        **_ticked(checked),
    )
    needs.ensure_nothing_lacks(act)
    return Done(act.case, opened)


def _also_recorded(form: Completion, explained: Sequence[Explanation]) -> dict[str, Any]:
    """What was let pass and why, and when it was set to be sent; nothing where nothing was."""
    found: dict[str, Any] = {}
    if explained:
        found["explained"] = [asdict(each) for each in explained]
    if form.set_at:
        found["set_at"] = form.set_at.isoformat()
    return found


def _ticked(checked: Sequence[Checked]) -> dict[str, Any]:
    """For the record: the 审查清单 as the reviewer left it; nothing where none is asked."""
    return {"checked": review.stored(checked)} if checked else {}


def _ensure_countersigned(act: Act) -> None:
    """What the countersigners agreed to is what gets signed (S11)."""
    signers = routes.variables(act.engine).get("countersigners")
    seen = act.case.countersigned_version
    if act.step.properties.get("sign_off") != "yes" or not signers or seen is None:
        return
    if seen != act.document.version:
        message = "会签之后正文有改动，不能签发。请退回办公室重新会签。"
        raise Conflict(message, code="not_countersigned")


def read_opinion(step: Step, text: str) -> str:
    """The opinion without the blanks around it; required unless the diagram says ``optional``."""
    opinion = remarks.read("opinion", "意见", text)
    if not opinion and step.properties.get("opinion", "required") != "optional":
        raise OpinionMissing(step.name)
    return opinion


def needing_reason(step: Step) -> Sequence[str]:
    """Keys of the ways out that ask for a reason where the step asks for no opinion."""
    return step.properties.get("reason_for", "").split()


def _ensure_reason(step: Step, outcome: Outcome | None, opinion: str) -> None:
    if outcome is not None and outcome.key in needing_reason(step) and not opinion:
        raise Invalid.at("opinion", f"“{outcome.label}”须写明原因，请在意见栏填写后再提交。")


def read_outcome(act: Act, key: str | None) -> Outcome | None:
    """The way out that was chosen, among those that the diagram offers (OUT-07)."""
    outcomes = act.outcomes
    if not outcomes:
        if key:
            name = act.step.name
            raise Invalid.at("outcome", f"“{name}”环节没有可选的结论，请不要填写 outcome。")
        return None
    found = next((each for each in outcomes if each.key == key), None)
    if found is not None:
        return found
    if key is None and len(outcomes) == 1:
        return outcomes[0]
    offered = "、".join(f"{each.label}（{each.key}）" for each in outcomes)
    raise Invalid.at("outcome", f"请从本环节的结论中选择一项：{offered}。")


def _words(outcome: Outcome | None) -> str:
    return f"以“{outcome.label}”办结" if outcome else "办结"


def _completing(act: Act, outcome: str | None, variables: Mapping[str, Any]) -> Call:
    given = {"outcome": outcome, "variables": variables, "person": act.actor.login}
    return "complete", {"token_uuid": act.stay.token, **given}


def _passing_on(act: Act, logins: Sequence[str]) -> list[Call]:
    """转交相关领导 (CSG-01): whom the signer names is asked right after him."""
    if act.step.signing is None or not logins:
        return []
    given = {"people": [*dict.fromkeys(logins)], "position": "after", "by": in_whose_name(act)}
    return [("add_signers", {"token_uuid": act.stay.token, **given})]


def sending_of(act: Act, logins: Sequence[str]) -> Sending:
    """Named people get the next stay, unless they went into a case variable or a signing."""
    properties = act.step.properties
    returner = returner_of(act)
    elsewhere = act.step.signing is not None or "next_to" in properties
    return Sending(
        chosen=() if elsewhere else logins,
        offered="choose" in properties,
        must=properties.get("must_choose") == "yes",
        keep_for=had_by(returner) if returner else None,
        instead_of=returner.id if returner else None,
    )


def returner_of(act: Act) -> Task | None:
    """The stay that sent the document back and wants it straight back, if any."""
    home = act.stay.comes_back_to_id
    return act.session.get_one(Task, home) if home is not None else None
