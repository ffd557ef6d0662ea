"""What a limit would be: the sum of a step for an arrival that somebody only asks about."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy.orm import Session

from app.deadlines import calendar
from app.deadlines.arithmetic import checked
from app.deadlines.limits import URGENCIES, for_drawn, read
from app.deadlines.policy import Counting, Policy, Profile
from app.deadlines.policy_keys import policy_of
from app.deadlines.rules import Deadline
from app.errors import DomainError, FieldError, Invalid
from app.organization.queries import unit_by_key

PROFILES: Mapping[str, Policy] = MappingProxyType(
    {
        **{each.value: Policy(count=each) for each in Counting},
        **{each.value: policy_of([("", {"profile": each})]) for each in Profile},
    }
)
"""The two ways of counting whole days (decision 1), and the two profiles as they are shipped."""

STAGES = {"handling": "接收办理", "review": "审核签发"}

T = TypeVar("T")
_UNESCAPED_PLUS = re.compile(r" (\d\d:\d\d)$")


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know, as it was typed.

    unit        key of the unit whose calendar and working hours count
    arrived_at  ISO 8601 with offset
    urgency     none, urgent or extra_urgent
    profile     civil_code, elapsed, two_limits or three_levels; "" for what the unit has in force
    stage       handling or review: what the step does; "" is review with three_levels, whose hours
                are for that (DDL-06), and handling otherwise
    limit       as in the diagrams: ``P1D`` working days, ``PT2H`` or ``PT90M`` hours
    """

    unit: str
    arrived_at: str
    urgency: str = "none"
    profile: str = ""
    limit: str = "P1D"
    stage: str = ""

    @property
    def reviews(self) -> bool:
        return (self.stage or _USUAL_STAGE.get(self.profile)) == "review"


_USUAL_STAGE = {Profile.THREE_LEVELS.value: "review"}


def preview(session: Session, asked: Asked) -> Deadline:
    """The limit of such an arrival by what is in force. Raises Invalid, naming every field."""
    errors: list[FieldError] = []

    def at(field: str, found: Callable[[], T]) -> T | None:
        try:
            return found()
        except DomainError as refusal:
            errors.append(FieldError(field, refusal.message))
            return None

    unit = at("unit", lambda: unit_by_key(session, asked.unit).id)
    arrived = at("arrived_at", lambda: _instant(asked.arrived_at))
    at("urgency", lambda: _one_of(URGENCIES, asked.urgency, "缓急程度"))
    at("profile", lambda: _one_of({"": None, **PROFILES}, asked.profile, "时限规则"))
    at("stage", lambda: _one_of({"": None, **STAGES}, asked.stage, "环节"))
    at("limit", lambda: read(asked.limit))
    if arrived is None or errors:
        raise Invalid.of(errors)
    return for_drawn(
        calendar.load(session, unit),
        arrived,
        asked.urgency,
        asked.limit,
        PROFILES.get(asked.profile),
        reviews=asked.reviews,
    )


def _instant(text: str) -> datetime:
    """A plus sign that nobody escaped arrives as a space."""
    try:
        return checked(datetime.fromisoformat(_UNESCAPED_PLUS.sub(r"+\1", text.strip())))
    except ValueError:
        raise Invalid(
            "到达时间不是有效的时间，请按 2026-11-20T16:00:00+08:00 的样子填写。"
        ) from None


def _one_of(allowed: Mapping[str, object], word: str, label: str) -> str:
    if word not in allowed:
        raise Invalid(f"{label}应为 {'、'.join(filter(None, allowed))} 之一。")
    return word
