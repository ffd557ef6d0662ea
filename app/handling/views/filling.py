"""The form of a step as its page shows it: fields with their options and present values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.handling.act import Act
from app.handling.acts import choices
from app.workflow import queries as routes
from app.workflow.forms import Field


@dataclass(frozen=True)
class FormField:
    """A field of the step's form with its options from the organization and its present value.

    ordered  people who get the document one after another: their order is part of the value
    """

    key: str
    label: str
    type: str
    required: bool
    options: Sequence[tuple[str, str]]
    value: Any
    hint: str = ""
    ordered: bool = False
    lowest: float | None = None
    highest: float | None = None
    longest: int | None = None
    with_time: bool = False


def filled_in(act: Act) -> tuple[tuple[str, str], ...]:
    """(label, words) of everything that the forms of the route have asked for so far."""
    present = routes.variables(act.engine)
    fields = {each.key: each for form in choices.forms_of(act) for each in form.fields}
    return tuple(
        (each.label, _words(act, each, present[key]))
        for key, each in fields.items()
        if present.get(key) not in (None, "", [])
    )


def _words(act: Act, field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    offered = choices.options(act, field.source) if field.source else ()
    labels = {option.value: option.label for option in field.options} | dict(offered)
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(each), str(each)) for each in values)


def form_fields(act: Act) -> list[FormField]:
    """Without the choice of a number, or of a seal, where there is only one to take."""
    form = choices.form_of(act, act.step)
    if form is None:
        return []
    present = routes.variables(act.engine)
    found = [
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
            value=_value(act, each, present),
            hint=each.hint,
            ordered=each.type == "checklist" and (each.source or "").startswith("people:"),
            lowest=each.lowest,
            highest=each.highest,
            longest=each.longest if each.type in ("textfield", "textarea") else None,
            with_time=each.with_time,
        )
        for each in form.fields
    ]
    single = {each.key for each in form.fields if each.source in ("numbers", "kept-seals")}
    return [each for each in found if each.key not in single or len(each.options) > 1]


def _value(act: Act, field: Field, present: Mapping[str, Any]) -> Any:
    """What the case has, else what is usual; of a number the series that the drafter proposed."""
    if field.source == "numbers":
        return present.get(field.key) or act.document.series
    return present.get(field.key, field.default)
