"""份数 and 校对: what is said of the print at the registration, or as it is sent (REC-03)."""

from collections.abc import Mapping
from typing import Any

from app import organization
from app.documents.marks import Print
from app.errors import Invalid
from app.handling.act import Act
from app.handling.acts.choices import form_of

COPIES, PROOFREADER = "copies", "proofreader"
"""Keys of the fields of a step's form."""


def read(act: Act, variables: Mapping[str, Any]) -> Print:
    """What the form of the step in hand asks for; of another step nothing is known.

    Where nobody is named as proof-reader, it is who acts there. Raises Invalid for a number of
    copies that is not whole.
    """
    form = form_of(act, act.step) if act.task is not None else None
    asked = {field.key for field in form.fields} if form else set()
    return Print(
        copies=_whole(variables.get(COPIES)) if COPIES in asked else None,
        proofreader=_name(act, variables.get(PROOFREADER)) if PROOFREADER in asked else None,
    )


def _name(act: Act, login: Any) -> str:
    return organization.person_by_login(act.session, login).name if login else act.actor.name


def _whole(copies: Any) -> int | None:
    if copies is None:
        return None
    if not isinstance(copies, int) or copies < 0:
        raise Invalid.at(COPIES, "印制份数应是不小于 0 的整数。")
    return copies
