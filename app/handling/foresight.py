"""Before submitting: what can be done at a stay, and who would get the document next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.errors import Invalid
from app.handling import choices
from app.handling.acts import Act
from app.handling.models import OpinionDraft
from app.handling.returning import Target, return_targets
from app.handling.staffing import eligible
from app.workflow import queries as routes


@dataclass(frozen=True)
class AheadStep:
    """A step that an outcome would open.

    people       (login, name) of all who may act there
    preselected  logins ticked beforehand: the one in charge, or the only one (OUT-03)
    choosable    the sender names the people (property ``choose``)
    """

    step: str
    step_name: str
    people: Sequence[tuple[str, str]]
    preselected: Sequence[str]
    choosable: bool
    problem: str | None = None


@dataclass(frozen=True)
class FormField:
    """A field of the step's form with its options from the organization and its present value."""

    key: str
    label: str
    type: str
    required: bool
    options: Sequence[tuple[str, str]]
    value: Any


@dataclass(frozen=True)
class View:
    """All that the decision column of a stay shows; empty for who may only look."""

    returns: Sequence[Target] = ()
    fields: Sequence[FormField] = ()
    ahead: Mapping[str, Sequence[AheadStep]] | None = None
    opinion_required: bool = False
    draft: str = ""


def view(act: Act) -> View:
    """What the actor can do at the stay in hand; reads only, moves nothing."""
    mine = act.candidate is not None and act.stay.state == "open" and act.stay.blocked is None
    if not mine or act.case.state != "running":
        return View()
    return View(
        returns=return_targets(act),
        fields=form_fields(act),
        ahead={outcome: ahead(act, outcome) for outcome in _keys(act)},
        opinion_required=act.step.properties.get("opinion", "required") != "optional",
        draft=_draft(act),
    )


def ahead(act: Act, outcome: str) -> list[AheadStep]:
    """The steps that this outcome would open now, with their people (按当前填写)."""
    chooses = act.step.properties.get("choose") is not None
    target = act.step.properties.get("next_to")
    try:
        move = routes.preview(
            act.session,
            act.engine,
            act.stay.token,
            outcome or None,
            choices.variables(act, {}, ()),
        )
    except Invalid as error:
        if target is None:
            return [AheadStep("", "", (), (), False, error.message)]
        return [AheadStep("", "", _options_of(act, target), (), True)]
    seen = replace(act, variables=move.variables)
    found = []
    for token in {token.step: token for token in move.opened}.values():
        people = eligible(seen, token)
        offered = [(each.login, each.name) for each in people.people]
        if target is not None and token.person is not None:
            offered = _options_of(act, target) or offered
        found.append(
            AheadStep(
                step=token.step,
                step_name=token.name,
                people=offered,
                preselected=[each.login for each in people.people if each.preselected],
                choosable=chooses and (token.person is None or target is not None),
                problem=people.problem,
            )
        )
    return found


def form_fields(act: Act) -> list[FormField]:
    form = choices.form_of(act.step)
    if form is None:
        return []
    present = routes.variables(act.engine)
    return [
        FormField(
            key=each.key,
            label=each.label,
            type=each.type,
            required=each.required,
            options=(
                choices.options(act, each.source)
                if each.source
                else [(option.value, option.label) for option in each.options]
            ),
            value=present.get(each.key, each.default),
        )
        for each in form.fields
    ]


def _keys(act: Act) -> list[str]:
    return [each.key for each in act.step.outcomes] or [""]


def _options_of(act: Act, variable: str) -> list[tuple[str, str]]:
    """The people that the form offers for a variable: they may be named as next, too."""
    form = choices.form_of(act.step)
    field = next((each for each in form.fields if each.key == variable), None) if form else None
    return choices.options(act, field.source) if field and field.source else []


def _draft(act: Act) -> str:
    query = sa.select(OpinionDraft.text).where(
        OpinionDraft.task_id == act.stay.id, OpinionDraft.person_id == act.actor.person_id
    )
    return act.session.scalars(query).first() or ""
