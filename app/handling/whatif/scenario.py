"""What somebody supposes, in the form in which it is sent, saved and exported."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.errors import Invalid
from app.workflow.fields import MAX_ITEMS, MAX_TEXT

MOST_ACTS, MOST_ABSENCES = 60, 20

YEARS = range(2000, 2100)


def _instant(at: datetime) -> datetime:
    """In UTC; far from the ends of the calendar, so that limits can be counted from it."""
    if at.year not in YEARS:
        raise ValueError("a year out of reach")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
Name = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Value = Text | bool | int | Finite | Annotated[list[Text], Field(max_length=MAX_ITEMS)] | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Absence(_Strict):
    """Somebody is away; ``agent``: who stands in for him, "" for nobody."""

    login: Name
    since: Instant
    until: Instant
    agent: Name = ""


class Deed(_Strict):
    """What is done next.

    step    at which open step; ``person``: by whom, "" for the first of those who may
    outcome the key of a way out; None where there is one way
    back    a step to return to instead
    next    logins of the people to send to
    at      when
    """

    step: Name
    at: Instant
    person: Name = ""
    outcome: Name | None = None
    back: Name | None = None
    fields: dict[Name, Value] = Field(default_factory=dict, max_length=40)
    next: list[Name] = Field(default_factory=list, max_length=50)


class Scenario(_Strict):
    """A document that begins at ``at``, drafted or registered by ``starter``, and all that follows.

    variables  of the case, over those that every case begins with
    """

    starter: Name
    at: Instant
    direction: Literal["upward", "downward", "parallel", "incoming", "internal"] = "downward"
    kind: Annotated[str, Field(max_length=20)] = "通知"
    urgency: Literal["none", "urgent", "extra_urgent"] = "none"
    countersigners: list[Name] = Field(default_factory=list, max_length=50)
    variables: dict[Name, Value] = Field(default_factory=dict, max_length=40)
    absences: list[Absence] = Field(default_factory=list, max_length=MOST_ABSENCES)
    deeds: list[Deed] = Field(default_factory=list, max_length=MOST_ACTS)

    def stored(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def read(given: Any) -> Scenario:
    """Raises Invalid naming the first field that cannot be read."""
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "scenario"
        raise Invalid.at(place, f"推演的“{place}”不能识别，请改正后再试。") from None
