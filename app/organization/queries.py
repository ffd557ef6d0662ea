"""Units, departments and people for pages and other rooms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.organization import names
from app.organization.models import (
    ApiToken,
    Appointment,
    Department,
    Person,
    Role,
    SignIn,
    Unit,
)
from app.organization.policy import POLICY


@dataclass(frozen=True)
class ListedUnit:
    id: int
    key: str
    name: str
    short_name: str
    agency_code: str
    letterhead: str
    rank: int
    parent_id: int | None


@dataclass(frozen=True)
class ListedDepartment:
    id: int
    key: str
    name: str
    position: int


@dataclass(frozen=True)
class ListedPerson:
    """``title`` is the words of the appointment asked for, empty where none was asked for."""

    id: int
    login: str
    name: str
    unit_id: int
    department_id: int | None
    department: str | None
    title: str


@dataclass(frozen=True)
class OpenSession:
    """A browser session of one's own, so that one sees whether somebody else is signed in."""

    at: datetime
    seen_at: datetime
    address: str | None


@dataclass(frozen=True)
class OwnToken:
    id: int
    name: str
    at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def units(session: Session) -> list[ListedUnit]:
    """All units, the superior ones first."""
    query = sa.select(Unit).order_by(Unit.rank, Unit.id)
    return [_listed(unit) for unit in session.scalars(query)]


def unit(session: Session, unit_id: int) -> ListedUnit:
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFound("没有这个单位。")
    return _listed(found)


def unit_by_key(session: Session, key: str) -> ListedUnit:
    found = session.scalar(sa.select(Unit).where(Unit.key == key))
    if found is None:
        raise NotFound("没有这个单位。")
    return _listed(found)


def departments(session: Session, unit_id: int) -> list[ListedDepartment]:
    """Departments of a unit in the order of its lists."""
    query = (
        sa.select(Department.id, Department.key, Department.name, Department.position)
        .where(Department.unit_id == unit_id)
        .order_by(Department.position, Department.id)
    )
    return [ListedDepartment(*row) for row in session.execute(query)]


def role_labels(session: Session) -> dict[str, str]:
    """Key and Chinese label of every role that a diagram may name, the highest first."""
    query = sa.select(Role.key, Role.label).order_by(Role.position)
    return {row.key: row.label for row in session.execute(query)}


def people(session: Session, unit_id: int) -> list[ListedPerson]:
    """Active people of a unit, by department."""
    query = _people(sa.literal("")).where(Person.unit_id == unit_id, Person.active)
    order = (Department.position.nulls_first(), Person.id)
    return [ListedPerson(*row) for row in session.execute(query.order_by(*order))]


def people_of_role(session: Session, role_key: str, unit_id: int) -> list[ListedPerson]:
    """Active holders of a role in a unit, each once, in the order of their appointment."""
    query = (
        _people(Appointment.title)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.role_key == role_key,
            Appointment.unit_id == unit_id,
            Appointment.until.is_(None),
            Person.active,
        )
        .order_by(Appointment.id)
    )
    found: dict[int, ListedPerson] = {}
    for row in session.execute(query):
        found.setdefault(row.id, ListedPerson(*row))
    return list(found.values())


def person_by_login(session: Session, login: str) -> Person:
    """The person with this login, deactivated or not. Raises NotFound."""
    found = session.scalar(sa.select(Person).where(Person.login == names.folded(login)))
    if found is None:
        raise NotFound("没有这个人员。")
    return found


def names_of(session: Session, logins: Collection[str]) -> dict[str, str]:
    """Names by login, deactivated people included; nothing for a login that nobody has."""
    if not logins:
        return {}
    query = sa.select(Person.login, Person.name).where(Person.login.in_(logins))
    return {row.login: row.name for row in session.execute(query)}


def open_sessions(session: Session, person_id: int, at: datetime) -> list[OpenSession]:
    query = (
        sa.select(SignIn.at, SignIn.seen_at, SignIn.address)
        .where(
            SignIn.person_id == person_id,
            SignIn.ends_at > at,
            SignIn.seen_at > at - POLICY.idle,
            SignIn.awaits.is_(None),
        )
        .order_by(SignIn.at)
    )
    return [OpenSession(*row) for row in session.execute(query)]


def own_tokens(session: Session, person_id: int, at: datetime) -> list[OwnToken]:
    query = (
        sa.select(
            ApiToken.id, ApiToken.name, ApiToken.at, ApiToken.expires_at, ApiToken.last_used_at
        )
        .where(ApiToken.person_id == person_id, ApiToken.expires_at > at)
        .order_by(ApiToken.id)
    )
    return [OwnToken(*row) for row in session.execute(query)]


def _people(
    title: sa.SQLColumnExpression[str],
) -> sa.Select[int, str, str, int, int | None, str, str]:
    return (
        sa.select(
            Person.id,
            Person.login,
            Person.name,
            Person.unit_id,
            Person.department_id,
            Department.name,
            title,
        )
        .select_from(Person)
        .outerjoin(Department, Department.id == Person.department_id)
    )


def _listed(unit: Unit) -> ListedUnit:
    return ListedUnit(
        id=unit.id,
        key=unit.key,
        name=unit.name,
        short_name=unit.short_name,
        agency_code=unit.agency_code,
        letterhead=unit.letterhead,
        rank=unit.rank,
        parent_id=unit.parent_id,
    )
