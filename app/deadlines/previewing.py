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
from app.deadlines.limits import URGENCIES, Counting, Policy, for_step, read
from app.deadlines.rules import Deadline
from app.errors import DomainError, FieldError, Invalid
from app.organization.queries import unit_by_key

PROFILES: Mapping[str, Policy] = MappingProxyType(
    {each.value: Policy(count=each) for each in Counting}
)
"""The two ways of counting whole days between which a unit may choose (decision 1)."""

T = TypeVar("T")
_UNESCAPED_PLUS = re.compile(r" (\d\d:\d\d)$")


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know, as it was typed.

    unit        key of the unit whose calendar and working hours count
    arrived_at  ISO 8601 with offset
    urgency     none, urgent or extra_urgent
    profile     civil_code or elapsed
    limit       as in the diagrams: ``P1D`` working days, ``PT2H`` or ``PT90M`` hours
    """

    unit: str
    arrived_at: str
    urgency: str = "none"
    profile: str = "civil_code"
    limit: str = "P1D"


def preview(session: Session, asked: Asked) -> Deadline:
    """The limit of such an arrival by the calendar of now. Raises Invalid, naming every field."""
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
    policy = at("profile", lambda: PROFILES[_one_of(PROFILES, asked.profile, "计算方式")])
    at("limit", lambda: read(asked.limit))
    if arrived is None or policy is None or errors:
        message = errors[0].message if len(errors) == 1 else f"有 {len(errors)} 处需要修改。"
        raise Invalid(message, errors)
    limit = for_step(calendar.load(session, unit), arrived, asked.urgency, asked.limit, policy)
    assert limit is not None  # noqa: S101  (the text of the limit has just been read)
    return limit


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
        raise Invalid(f"{label}应为 {'、'.join(allowed)} 之一。")
    return word
