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

from app import audit
from app.errors import Invalid, NotAllowed
from app.organization import roles
from app.organization.actors import Actor
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


def links(session: Session, table: type[UnitChoice], at: datetime | None = None) -> dict[int, Link]:
    """Every unit by its id, in one statement; ``at``: with what was in force then."""
    in_force = sa.and_(table.unit_id == Unit.id, _standing(table, at))
    query = sa.select(Unit.id, Unit.name, Unit.parent_id, table.own).outerjoin(table, in_force)
    return {row.id: Link(row.name, row.parent_id, row.own or {}) for row in session.execute(query)}


def _standing(table: type[UnitChoice], at: datetime | None) -> sa.ColumnElement[bool]:
    if at is None:
        return table.superseded_at.is_(None)
    later = sa.or_(table.superseded_at.is_(None), table.superseded_at >= at)
    return sa.and_(table.entered_at < at, later)  # what is chosen in that instant comes after it


def merged(
    units: Mapping[int, Link],
    unit_id: int,
    usual: Mapping[str, str],
    *,
    inherited: bool = False,
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that hold for a unit, and which unit chose each of them.

    usual      what holds where nobody has chosen
    inherited  as if the unit itself had chosen nothing
    """
    texts, chosen_by = dict(usual), dict[str, str]()
    for each in reversed(upwards(units, unit_id)):
        if each == unit_id and inherited:
            continue
        texts |= units[each].own
        chosen_by |= dict.fromkeys(units[each].own, units[each].name)
    return texts, chosen_by


@dataclass(frozen=True)
class Matter:
    """A matter of which the system administrator of a unit chooses.

    label   what it is called, such as 附件规则
    action  what a choice is called in the record, such as ``attachments.chosen``
    """

    table: type[UnitChoice]
    label: str
    action: str

    def choose(
        self,
        session: Session,
        unit_id: int,
        check: Callable[[], Mapping[str, str]],
        reason: str,
        by: Actor,
        at: datetime,
        *,
        source: str,
    ) -> None:
        """Put in force what ``check`` answers, on record with what it was before.

        Raises NotAllowed for who is no system administrator of the unit, Invalid where nothing
        would change, and whatever ``check`` refuses.
        """
        if not by.holds(roles.SYSTEM_ADMIN, unit_id=unit_id):
            raise NotAllowed(f"只有系统管理员可以改动{self.label}，请联系本单位系统管理员。")
        chosen = check()
        hold(session, unit_id)
        before = own(session, self.table, unit_id)
        if chosen == before:
            raise Invalid("与现行选择相同，没有需要生效的改动。")
        given = (reason.strip(), source.strip())
        replace(session, self.table, unit_id, chosen, *given, by.person_id, at)
        audit.record(
            session,
            self.action,
            by.signature(),
            at=at,
            reason=given[0],
            detail={"unit": unit_id, "from": before, "to": chosen, "source": given[1]},
        )


def upwards(units: Mapping[int, Any], unit_id: int | None) -> list[int]:
    """The unit and those above it, nearest first; ``units`` have a ``parent_id``."""
    found: list[int] = []
    while unit_id is not None and unit_id in units and unit_id not in found:
        found.append(unit_id)
        unit_id = units[unit_id].parent_id
    return found
