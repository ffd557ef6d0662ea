"""The form of a step as its page shows it: fields with their options and present values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.handling.act import Act
from app.handling.acts import choices
from app.workflow import queries as routes


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


def form_fields(act: Act) -> list[FormField]:
    """Without the choice of a number where there is only one to take."""
    form = choices.form_of(act.step)
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
            value=present.get(each.key, each.default),
            hint=each.hint,
            ordered=each.type == "checklist" and (each.source or "").startswith("people:"),
            lowest=each.lowest,
            highest=each.highest,
            longest=each.longest if each.type in ("textfield", "textarea") else None,
            with_time=each.with_time,
        )
        for each in form.fields
    ]
    numbers = {each.key for each in form.fields if each.source == "numbers"}
    return [each for each in found if each.key not in numbers or len(each.options) > 1]
