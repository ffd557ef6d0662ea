"""What units choose: kept with reason and document, superseded and never erased, inherited below.

Each matter (时限规则, 发前检查规则, 附件规则) has a table of its own, made of :class:`UnitChoice`;
what the texts in it mean is said by the room that the matter belongs to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.organization.models import Person, Unit

_IN_FORCE = sa.text("superseded_at IS NULL")


class UnitChoice:
    """Columns of a table of choices; one row of a unit is in force.

    own            texts by key, only of what the unit has chosen itself
    reason         why, and ``source`` the document that it rests on
    superseded_at  when the next choice took its place; rows are never erased
    """

    __tablename__: str

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    own: Mapped[dict[str, Any]]
    reason: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[sa.Index, ...]:
        name = cls.__tablename__
        once: dict[str, Any] = {"sqlite_where": _IN_FORCE, "postgresql_where": _IN_FORCE}
        return (
            sa.Index(f"uq_{name}", "unit_id", unique=True, **once),
            sa.Index(f"ix_{name}_unit_id", "unit_id", "entered_at"),
        )


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
class Link:
    """A unit with the one above it and what it has chosen itself."""

    name: str
    parent_id: int | None
    own: Mapping[str, Any]


def hold(session: Session, unit_id: int) -> None:
    """Choices of one unit are made one after the other."""
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))


def own(session: Session, table: type[UnitChoice], unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, as texts by key."""
    query = sa.select(table.own).where(table.unit_id == unit_id, table.superseded_at.is_(None))
    return session.scalar(query) or {}


def replace(
    session: Session,
    table: type[UnitChoice],
    unit_id: int,
    chosen: Mapping[str, str],
    reason: str,
    source: str,
    person_id: int | None,
    at: datetime,
) -> None:
    """Put a choice in force; the one before stays, superseded. The unit is held."""
    session.execute(
        sa.update(table)
        .where(table.unit_id == unit_id, table.superseded_at.is_(None))
        .values(superseded_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.insert(table).values(
            unit_id=unit_id,
            own=dict(chosen),
            reason=reason,
            source=source,
            entered_by=person_id,
            entered_at=at,
        )
    )


def history(
    session: Session,
    table: type[UnitChoice],
    unit_id: int,
    words: Callable[[Mapping[str, str]], Sequence[str]],
) -> list[Choice]:
    """Every choice of a unit, newest first, in words."""
    query = (
        sa.select(table.own, table.reason, table.source, Person.name)
        .add_columns(table.entered_at, table.superseded_at)
        .outerjoin(Person, Person.id == table.entered_by)
        .where(table.unit_id == unit_id)
        .order_by(table.id.desc())
    )
    return [Choice(words(row.own), *row[1:]) for row in session.execute(query)]


def links(session: Session, table: type[UnitChoice]) -> dict[int, Link]:
    """Every unit by its id, in one statement."""
    in_force = sa.and_(table.unit_id == Unit.id, table.superseded_at.is_(None))
    query = sa.select(Unit.id, Unit.name, Unit.parent_id, table.own).outerjoin(table, in_force)
    return {row.id: Link(row.name, row.parent_id, row.own or {}) for row in session.execute(query)}


def upwards(units: Mapping[int, Any], unit_id: int | None) -> list[int]:
    """The unit and those above it, nearest first; ``units`` have a ``parent_id``."""
    found: list[int] = []
    while unit_id is not None and unit_id in units and unit_id not in found:
        found.append(unit_id)
        unit_id = units[unit_id].parent_id
    return found
