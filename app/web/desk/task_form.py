"""The decision column as it was typed: for the operations, and to draw the page again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from app.documents.preflight.checking import EXPLANATIONS
from app.documents.review.checklists import FIELD as CHECKED
from app.errors import Invalid
from app.handling.acts.completing import Completion
from app.handling.acts.returning import Return
from app.handling.views.foresight import View

SEND_BACK = "-return"
"""退回 among the outcomes; no outcome of a diagram is named like this."""

FIELD = "field."
"""Begins the names of the step's own form fields, so that none collides with ours."""

EXPLANATION = f"{EXPLANATIONS}."
"""Begins the names of the reasons that 发前检查 asks for."""

MOST_REVISION = 10


@dataclass(frozen=True)
class Typed:
    """What stands in the form.

    outcome   key of the chosen outcome, SEND_BACK, "" for the single way out, or None
    fields    values of the step's form by key; lists keep their order
    next      logins ticked under the chosen outcome
    to, then  target and way back of a return
    whys      usual reasons that were ticked for a return; they stand before what was written
    explanations  reasons for what 发前检查 has found, by rule
    sending   out of hours: ``now`` or ``set`` for when working time begins
    checked   texts of the items of the 审查清单 that are ticked
    """

    outcome: str | None = None
    opinion: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    next: Sequence[str] = ()
    to: str = ""
    then: str = "route"
    revision: int = 0
    whys: Sequence[str] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)
    sending: str = ""
    checked: Sequence[str] = ()

    @property
    def sends_back(self) -> bool:
        return self.outcome == SEND_BACK

    def completion(self) -> Completion:
        """Raises Invalid while no outcome is chosen: none is ever taken for granted."""
        if self.outcome is None:
            raise Invalid.at("outcome", "请选择结论。")
        return Completion(
            outcome=self.outcome or None,
            revision=self.revision,
            opinion=self.opinion,
            fields=self.fields,
            next=self.next,
            explanations=self.explanations,
            any_hour=self.sending == "now",
            checked=self.checked,
        )

    def sending_back(self) -> Return:
        if not self.to:
            raise Invalid.at("to", "请选择退回到哪个环节。")
        opinion = "\n".join(each for each in (*self.whys, self.opinion.strip()) if each)
        return Return(to=self.to, opinion=opinion, revision=self.revision, then=self.then)


def read(form: MultiDict[str, str]) -> Typed:
    outcome = form.get("outcome")
    digits = form.get("revision", "")
    known = digits.isascii() and digits.isdigit() and len(digits) < MOST_REVISION
    return Typed(
        outcome=outcome,
        opinion=form.get("opinion", "").replace("\r\n", "\n"),
        fields=_fields(form),
        next=_named(form, f"next.{outcome}") if outcome is not None else (),
        to=form.get("to", ""),
        then=form.get("then", "route"),
        revision=int(digits) if known else 0,
        whys=form.getlist("why"),
        sending=form.get("sending", ""),
        explanations={
            name.removeprefix(EXPLANATION): text
            for name, text in form.items()
            if name.startswith(EXPLANATION)
        },
        checked=form.getlist(CHECKED),
    )


def blank(view: View, revision: int) -> Typed:
    """The form before anything is typed: present values, the draft, and no outcome."""
    return Typed(
        opinion=view.draft,
        fields={each.key: each.value for each in view.fields},
        revision=revision,
    )


def _fields(form: MultiDict[str, str]) -> dict[str, Any]:
    """Values of the step's own fields; a list is announced by its name in ``lists``."""
    lists = set(form.getlist("lists"))
    found: dict[str, Any] = {key: [] for key in lists}
    for name, value in form.items(multi=True):
        if not name.startswith(FIELD):
            continue
        key = name.removeprefix(FIELD)
        if key in lists:
            found[key] += [value] if value else []
        else:
            found[key] = value
    return found


def _named(form: MultiDict[str, str], name: str) -> list[str]:
    return list(dict.fromkeys(login for login in form.getlist(name) if login))
