"""时限规则 of a unit: chosen by its administrator, kept with reason and document, inherited below.

The open limits that a change moves are counted again afterwards, by the room that has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.deadlines import calendar, changes, inheritance, policy_keys, rights
from app.deadlines.changes import Change
from app.deadlines.errors import PolicyRefused
from app.deadlines.models import UnitPolicy
from app.deadlines.policy_keys import KEYS, Value
from app.deadlines.rights import Author
from app.organization import choices
from app.organization.choices import Choice


@dataclass(frozen=True)
class Difference:
    """A value that would be another one than now."""

    label: str
    before: str
    after: str


def choose(
    session: Session,
    unit_id: int,
    texts: Mapping[str, str],
    reason: str,
    by: Author,
    at: datetime,
    *,
    source: str,
) -> None:
    """Say what a unit chooses about its limits; what is blank or left out it inherits.

    The choice before stays on record, superseded. Raises Invalid naming every field that is
    wrong, PolicyRefused where nothing would change, NotAllowed for who is no system administrator
    of the unit.
    """
    signature = rights.editing(by, unit_id)
    change = changes.of_policy(unit_id, texts, reason, source)
    choices.hold(session, unit_id)
    before = own(session, unit_id)
    if change.policy == before:
        raise PolicyRefused("与现行选择相同，没有需要生效的改动。")
    choices.replace(
        session,
        UnitPolicy,
        unit_id,
        change.policy or {},
        change.reason,
        change.source,
        signature.person_id,
        at,
    )
    calendar.raise_version(session, at)
    detail = {"unit": unit_id, "from": before, "to": change.policy, "source": change.source}
    audit.record(session, "policy.chosen", signature, at=at, reason=change.reason, detail=detail)


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, as texts by key."""
    return choices.own(session, UnitPolicy, unit_id)


def in_force(session: Session, unit_id: int) -> list[Value]:
    """Every value that holds for a unit, and which unit chose it."""
    return policy_keys.in_force(inheritance.chain(session, unit_id))


def inherited(session: Session, unit_id: int) -> list[Value]:
    """Every value that would hold if the unit chose nothing."""
    nothing = Change(unit_id, "", policy={})
    return policy_keys.in_force(inheritance.chain(session, unit_id, nothing))


def differences(session: Session, change: Change) -> list[Difference]:
    """What a change would make other for the unit itself."""
    then = policy_keys.in_force(inheritance.chain(session, change.unit_id, change))
    now = policy_keys.in_force(inheritance.chain(session, change.unit_id))
    return [
        Difference(before.key.label, before.words, after.words)
        for before, after in zip(now, then, strict=True)
        if before.value != after.value
    ]


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    return choices.history(session, UnitPolicy, unit_id, _words)


def _words(texts: Mapping[str, str]) -> list[str]:
    return [
        f"{KEYS[name].label}：{KEYS[name].say(KEYS[name].read(text))}"
        for name, text in texts.items()
    ]
