"""Before submitting: what can be done at a stay, and who would get the document next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.documents.review import Checklist
from app.errors import Invalid
from app.handling.act import ANSWER, Act
from app.handling.acts import checklists, choices
from app.handling.acts.choices import people_offered
from app.handling.acts.completing import needing_reason, returner_of
from app.handling.acts.returning import Target, return_targets, usual_reasons
from app.handling.models import OpinionDraft, Task
from app.handling.stays import standing
from app.handling.stays.coming_back import had_by, people_of
from app.handling.stays.skipping import WORDS, Skipped, past_skipped
from app.handling.stays.staffing import foreseen
from app.handling.views import absence
from app.handling.views.filling import FormField, form_fields
from app.organization import Candidates
from app.workflow import outlook
from app.workflow import queries as routes
from app.workflow.errors import EngineFault
from app.workflow.moves import Move, Token

STUCK = "按现有内容，流程在此之后不能往下走；提交不会生效，系统会报流程管理员处理。"


@dataclass(frozen=True)
class AheadStep:
    """A step that an outcome would open.

    people       (login, name) of all who may act there
    preselected  logins ticked beforehand: the one in charge, or the only one (OUT-03)
    choosable    the sender names the people (property ``choose``); ``several``: more than one
    problem      why nobody can be found, or what is still to be filled in
    unfilled     the problem goes away once the form of the step is filled in
    absent       who of them is away, until when, and who stands in (ORG-28): warns, never blocks
    skipped      why a rule passes this step by; what really opens stands behind it
    """

    step: str
    step_name: str
    people: Sequence[tuple[str, str]]
    preselected: Sequence[str]
    choosable: bool
    problem: str | None = None
    several: bool = False
    unfilled: bool = False
    absent: Sequence[str] = ()
    skipped: str | None = None


@dataclass(frozen=True)
class View:
    """All that the decision column of a stay shows; empty for who may only look.

    reasons      usual reasons of a return from here, to be ticked (OUT-08)
    reason_for   outcomes that ask for a reason where the opinion is optional
    ending       outcomes after which the case is over
    depends      the way, or who is next, depends on fields of the form (按当前填写)
    next_field   key of the form field that names the next people; they are not asked for twice
    checklist    what the reviewer checks here; None where the step asks for none (DRF-22)
    pass_on      (login, name) of those to whom a signer may pass the document on (CSG-01)
    """

    returns: Sequence[Target] = ()
    reasons: Sequence[str] = ()
    fields: Sequence[FormField] = ()
    ahead: Mapping[str, Sequence[AheadStep]] | None = None
    opinion_required: bool = False
    reason_for: Sequence[str] = ()
    draft: str = ""
    draft_at: datetime | None = None
    ending: Collection[str] = ()
    depends: bool = False
    next_field: str | None = None
    pass_on: Sequence[tuple[str, str]] = ()
    checklist: Checklist | None = None


def view(act: Act, filled: Mapping[str, Any] | None = None) -> View:
    """What the actor can do at the stay in hand; reads only, moves nothing.

    filled  form fields as they stand on the page now; without them as the case has them
    """
    mine = act.candidate is not None and act.stay.state == "open" and act.stay.blocked is None
    if not mine or act.case.state != "running":
        return View()
    if act.stay.kind == "consult":
        return _answering(act)
    ways = {outcome: _way(act, outcome, filled or {}) for outcome in _keys(act)}
    fields = form_fields(act)
    target = act.step.properties.get("next_to")
    draft, draft_at = _draft(act)
    return View(
        returns=return_targets(act),
        reasons=usual_reasons(act),
        fields=fields,
        ahead={outcome: way.steps for outcome, way in ways.items()},
        opinion_required=act.step.properties.get("opinion", "required") != "optional",
        reason_for=needing_reason(act.step),
        draft=draft,
        draft_at=draft_at,
        ending=frozenset(outcome for outcome, way in ways.items() if way.ends),
        depends=any(each.key in outlook.deciding(act.definition) for each in fields),
        next_field=target if target in {each.key for each in fields} else None,
        pass_on=_pass_on(act),
        checklist=checklists.of_step(act),
    )


def _answering(act: Act) -> View:
    """Only to give one's opinion: it goes back to who asked for it."""
    asked = act.session.get_one(Task, act.stay.asked_from_id)
    people = [(each.login, each.name) for each in people_of(act, asked).people]
    absent = absence.sentences(act, asked.step, people)
    back = AheadStep(asked.step, asked.step_name, people, (), choosable=False, absent=absent)
    draft, draft_at = _draft(act)
    return View(ahead={ANSWER.key: [back]}, opinion_required=True, draft=draft, draft_at=draft_at)


@dataclass(frozen=True)
class _Way:
    steps: Sequence[AheadStep]
    ends: bool = False


def _way(act: Act, outcome: str, filled: Mapping[str, Any]) -> _Way:
    """The steps that this outcome would open now, with their people (按当前填写)."""
    target = act.step.properties.get("next_to")
    played = routes.Rehearsal(act.session, act.engine)
    try:
        given = choices.variables(act, filled, ())
        move = played.complete(act.stay.token, outcome or None, given)
    except Invalid as error:
        if target is None:
            return _Way([_unknown(act, error)])
        several = act.step.properties.get("choose") == "many"
        people = people_offered(act, target)
        absent = absence.sentences(act, None, people)
        return _Way([AheadStep("", "", people, (), True, several=several, absent=absent)])
    except EngineFault:
        return _Way([_unknown(act, Invalid(STUCK))])
    if act.stay.comes_back_to_id is None:
        return _going_on(act, played, move)
    seen = replace(act, variables=move.variables)
    return _Way([_ahead(seen, token) for token in _each_step(move)], move.finished)


def _going_on(act: Act, played: routes.Rehearsal, move: Move) -> _Way:
    """Past the steps that rules skip, to those that open, if the document is ready for them."""
    steps: list[AheadStep] = []

    def pass_on(skipped: Skipped) -> Move:
        steps.append(_passed(skipped))
        key = skipped.outcome.key if skipped.outcome else None
        return played.complete(skipped.token.uuid, key, {})

    seen = replace(act)
    try:
        move = past_skipped(seen, move, pass_on)
    except Invalid as error:
        return _Way([*steps, _unknown(act, error)])
    except EngineFault:
        return _Way([*steps, _unknown(act, Invalid(STUCK))])
    seen.variables = move.variables
    tokens = _each_step(move)
    problem = standing.refusal(act, played.topics, [act.definition.step(t.step) for t in tokens])
    steps += [replace(_ahead(seen, token), **_stuck(problem)) for token in tokens]
    if problem and not tokens:
        steps.append(AheadStep("", "", (), (), choosable=False, problem=problem))
    return _Way(steps, move.finished)


def _each_step(move: Move) -> list[Token]:
    return list({token.step: token for token in move.opened}.values())


def _stuck(problem: str | None) -> dict[str, Any]:
    return {"problem": problem, "choosable": False, "unfilled": False} if problem else {}


def _passed(skipped: Skipped) -> AheadStep:
    why = f"{skipped.rule.why}，{WORDS}"
    token = skipped.token
    return AheadStep(token.step, token.name, (), (), choosable=False, skipped=why)


def _ahead(act: Act, token: Token) -> AheadStep:
    """One step that would open. ``act`` has the variables as they would be then."""
    target = act.step.properties.get("next_to")
    try:
        people = _people(act, token)
    except Invalid as error:
        return _unknown(act, error, token)
    offered = [(each.login, each.name) for each in people.people]
    if target is not None and token.person is not None:
        offered = people_offered(act, target) or offered
    return AheadStep(
        step=token.step,
        step_name=token.name,
        people=offered,
        preselected=[each.login for each in people.people if each.preselected],
        choosable=_sender_chooses(act, token),
        problem=people.problem,
        several=act.step.properties.get("choose") == "many",
        absent=() if people.problem else absence.sentences(act, token.step, offered),
    )


def _people(act: Act, token: Token) -> Candidates:
    """All who may act there; the one who sent this back and wants it straight back."""
    found = foreseen(act, token)
    sender = returner_of(act)
    kept = [each for each in found.people if sender and each.person_id == had_by(sender)]
    if kept and act.definition.step(token.step).signing is None:
        return Candidates((replace(kept[0], preselected=True),))
    return found


def _sender_chooses(act: Act, token: Token) -> bool:
    """Where naming people names their department, only at the step that looks there for people."""
    properties = act.step.properties
    if "choose" not in properties or act.stay.comes_back_to_id is not None:
        return False
    department = properties.get("next_department_to")
    if department is not None:
        return act.definition.step(token.step).properties.get("scope") == department
    return token.person is None or "next_to" in properties


def _unknown(act: Act, error: Invalid, token: Token | None = None) -> AheadStep:
    """Nobody yet: what the form still lacks, or what the diagram cannot answer."""
    form = choices.form_of(act, act.step)
    return AheadStep(
        step=token.step if token else "",
        step_name=token.name if token else "",
        people=(),
        preselected=(),
        choosable=False,
        problem=error.message,
        unfilled=form is not None and bool(form.fields),
    )


def _keys(act: Act) -> list[str]:
    return [each.key for each in act.step.outcomes] or [""]


def _pass_on(act: Act) -> Sequence[tuple[str, str]]:
    """Those whom a form of the same route offers as signers, without the signer himself."""
    signing = act.step.signing
    if signing is None or act.step.properties.get("pass_on") != "yes":
        return ()
    asked = routes.variables(act.engine).get(signing.collection) or []
    found = people_offered(act, signing.collection)
    return [(login, name) for login, name in found if login not in asked]


def _draft(act: Act) -> tuple[str, datetime | None]:
    query = sa.select(OpinionDraft.text, OpinionDraft.saved_at).where(
        OpinionDraft.task_id == act.stay.id, OpinionDraft.person_id == act.actor.person_id
    )
    found = act.session.execute(query).first()
    return (found[0], found[1]) if found else ("", None)
