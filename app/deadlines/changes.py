"""What somebody wants calendar or policy to be: checked, not written, looked at beforehand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.deadlines import hours as working_hours
from app.deadlines import policy_keys
from app.deadlines.errors import CalendarRefused, PolicyRefused
from app.deadlines.hours import Hours
from app.documents.grounds import unfounded, unwritten
from app.errors import FieldError


@dataclass(frozen=True)
class Entry:
    """One day: worked or not, why, and its hours where they differ from the usual ones."""

    day: date
    is_workday: bool
    reason: str
    hours: str | None = None


@dataclass(frozen=True)
class Change:
    """Days, hours from a day on, or a policy, for a unit; ``unit_id`` None is for every unit.

    source  the document that it rests on
    year    whose notice this is; then all its days are official
    policy  what the unit chooses instead of what it has chosen; the units below inherit it
    """

    unit_id: int | None
    source: str
    entries: tuple[Entry, ...] = ()
    year: int | None = None
    hours: tuple[date, Hours] | None = None
    policy: Mapping[str, str] | None = None
    reason: str = ""


def of_day(
    unit_id: int | None,
    day: date,
    is_workday: bool,
    reason: str,
    source: str,
    hours: str | None = None,
) -> Change:
    """One day. Raises CalendarRefused without reason or document, or for hours that cannot be."""
    errors = unfounded(reason, source)
    text: str | None = None
    if hours and not is_workday:
        errors.append(FieldError("hours", "休息日没有工作时间。"))
    elif hours:
        try:
            text = working_hours.write(working_hours.read(hours))
        except CalendarRefused as refusal:
            errors.append(FieldError("hours", refusal.message))
    refuse(errors)
    return Change(unit_id, source.strip(), (Entry(day, is_workday, reason.strip(), text),))


def of_hours(unit_id: int | None, since: date, hours: str, source: str) -> Change:
    """Working hours from a day on. Raises CalendarRefused like :func:`of_day`."""
    errors = unwritten("source", "依据", source)
    read: Hours = ()
    try:
        read = working_hours.read(hours)
    except CalendarRefused as refusal:
        errors.append(FieldError("hours", refusal.message))
    refuse(errors)
    return Change(unit_id, source.strip(), hours=(since, read))


def of_policy(unit_id: int, texts: Mapping[str, str], reason: str, source: str) -> Change:
    """What a unit chooses about its limits. Raises Invalid naming every field that is wrong."""
    errors = unfounded(reason, source)
    own: Mapping[str, str] = {}
    try:
        own = policy_keys.checked(texts)
    except PolicyRefused as refusal:
        errors = [*refusal.errors, *errors]
    refuse(errors)
    return Change(unit_id, source.strip(), policy=own, reason=reason.strip())


def refuse(errors: Iterable[FieldError]) -> None:
    """Raises CalendarRefused that names every field, unless there is none."""
    found = list(errors)
    if found:
        raise CalendarRefused.of(found)
