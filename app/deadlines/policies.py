"""时限规则 of a unit: chosen by its administrator, kept with reason and document, inherited below.

The open limits that a change moves are counted again afterwards, by the room that has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.deadlines import calendar, changes, inheritance, policy_keys, rights
from app.deadlines.changes import Change
from app.deadlines.errors import PolicyRefused
from app.deadlines.models import UnitPolicy
from app.deadlines.policy_keys import KEYS, Value
from app.deadlines.rights import Author
from app.organization import Person, Unit


@dataclass(frozen=True)
class Choice:
    """One choice of a unit in its history; ``until`` None while it is in force."""

    words: Sequence[str]
    reason: str
    source: str
    person: str | None
    since: datetime
    until: datetime | None


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
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    before = own(session, unit_id)
    if change.policy == before:
        raise PolicyRefused("与现行选择相同，没有需要生效的改动。")
    _supersede(session, change, signature.person_id, at)
    detail = {"unit": unit_id, "from": before, "to": change.policy, "source": change.source}
    audit.record(session, "policy.chosen", signature, at=at, reason=change.reason, detail=detail)


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, as texts by key."""
    query = sa.select(UnitPolicy.own).where(
        UnitPolicy.unit_id == unit_id, UnitPolicy.superseded_at.is_(None)
    )
    return session.scalar(query) or {}


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
    query = (
        sa.select(
            UnitPolicy.own,
            UnitPolicy.reason,
            UnitPolicy.source,
            Person.name,
            UnitPolicy.entered_at,
            UnitPolicy.superseded_at,
        )
        .outerjoin(Person, Person.id == UnitPolicy.entered_by)
        .where(UnitPolicy.unit_id == unit_id)
        .order_by(UnitPolicy.id.desc())
    )
    return [Choice(_words(row.own), *row[1:]) for row in session.execute(query)]


def _words(texts: Mapping[str, str]) -> list[str]:
    return [
        f"{KEYS[name].label}：{KEYS[name].say(KEYS[name].read(text))}"
        for name, text in texts.items()
    ]


def _supersede(session: Session, change: Change, entered_by: int | None, at: datetime) -> None:
    session.execute(
        sa.update(UnitPolicy)
        .where(UnitPolicy.unit_id == change.unit_id, UnitPolicy.superseded_at.is_(None))
        .values(superseded_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.insert(UnitPolicy).values(
            unit_id=change.unit_id,
            own=dict(change.policy or {}),
            reason=change.reason,
            source=change.source,
            entered_by=entered_by,
            entered_at=at,
        )
    )
    calendar.raise_version(session, at)
