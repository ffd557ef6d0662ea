"""Case variables: flat values under plain names, and the kinds that a name may be declared as."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.workflow.errors import BadVariable
from app.workflow.expressions import NAME

MAX_TEXT = 4000  # characters; long texts belong to the document, not to the route
MAX_ITEMS = 500

COUNTING = frozenset(
    {"nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "quorum_met"}
)
"""Names that only a completion condition knows, besides ``votes_<outcome>``."""


class Kind(StrEnum):
    """What a variable holds; decides where its name may be used."""

    TEXT = "text"
    PERSON = "person"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    LIST = "list"


CASE_VARIABLES: Mapping[str, Kind] = {
    "direction": Kind.TEXT,
    "urgency": Kind.TEXT,
    "drafter": Kind.PERSON,
    "countersigners": Kind.LIST,
    "needs_countersign": Kind.YES_NO,
    "countersign_mode": Kind.TEXT,
    "readers": Kind.LIST,
    "handling_department": Kind.TEXT,
    "started_by": Kind.PERSON,
    "without_seal": Kind.YES_NO,
    "more_seals": Kind.YES_NO,
}
"""What every case is started with. A diagram may declare more in the property ``variables``."""


def is_reserved(name: str) -> bool:
    """Names the engine keeps for itself."""
    return name in COUNTING or name == "outcome" or name.startswith(("mi_", "votes_"))


def checked(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The same variables if each is flat; raises BadVariable naming the first that is not."""
    for name, value in variables.items():
        if not NAME.match(name) or is_reserved(name):
            raise BadVariable(f"“{name}”不能用作流程变量名。")
        if not is_flat(value):
            raise BadVariable(f"流程变量“{name}”的值过大或不是文字、数字、是否或文字列表。")
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in variables.items()
    }


def is_flat(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= MAX_ITEMS and all(
            not isinstance(item, list | tuple) and is_flat(item) for item in value
        )
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return value is None or isinstance(value, bool | int | float)
