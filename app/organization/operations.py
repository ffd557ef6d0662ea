"""Changing the organization: each verb checks, changes, records and returns; none commits.

The system administrator keeps units, departments and accounts, inert until rights are given; the
security administrator gives and takes roles. Set-up from the command line is signed by its rule.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.organization import changes, delegations, identity, names, rights, roles, sessions
from app.organization.errors import AlreadyThere
from app.organization.models import Department, Person, Role, Unit
from app.organization.posts import appoint, end_appointment, in_force
from app.organization.rights import Author

__all__ = [
    "appoint",
    "create_department",
    "create_person",
    "create_role",
    "create_unit",
    "deactivate",
    "end_appointment",
]


def create_unit(
    session: Session,
    by: Author,
    at: datetime,
    *,
    key: str,
    name: str,
    short_name: str,
    agency_code: str,
    letterhead: str,
    rank: int,
    parent: Unit | None = None,
) -> Unit:
    """Add a unit below ``parent``, whose system administrator acts; a top unit at set-up only."""
    signature = rights.signed(by, roles.SYSTEM_ADMIN, parent.id if parent else None)
    if parent and rank <= parent.rank:
        raise Invalid.at("rank", "下级单位的级别应低于上级单位。")
    unit = Unit(
        key=names.key("key", key),
        name=names.words("name", "单位名称", name),
        short_name=names.words("short_name", "单位简称", short_name, longest=20),
        agency_code=names.words("agency_code", "机关代字", agency_code, longest=10),
        letterhead=names.words("letterhead", "发文机关标志", letterhead),
        rank=rank,
        parent_id=parent.id if parent else None,
    )
    taken = sa.or_(Unit.key == unit.key, Unit.agency_code == unit.agency_code)
    if session.scalar(sa.select(Unit.id).where(taken)):
        raise AlreadyThere("已有使用这个标识或机关代字的单位，请改用别的。")
    session.add(unit)
    session.flush()
    audit.record(session, "unit.created", signature, at=at, subject=("unit", unit.id))
    return unit


def create_department(
    session: Session, by: Author, at: datetime, *, unit: Unit, key: str, name: str
) -> Department:
    """Add a department at the end of the unit's list."""
    signature = rights.signed(by, roles.SYSTEM_ADMIN, unit.id)
    last = sa.select(sa.func.max(Department.position)).where(Department.unit_id == unit.id)
    department = Department(
        unit_id=unit.id,
        key=names.key("key", key),
        name=names.words("name", "部门名称", name),
        position=(session.scalar(last) or 0) + 1,
    )
    same = sa.and_(Department.unit_id == unit.id, Department.key == department.key)
    if session.scalar(sa.select(Department.id).where(same)):
        raise AlreadyThere("本单位已有使用这个标识的部门，请改用别的。")
    session.add(department)
    session.flush()
    audit.record(
        session, "department.created", signature, at=at, subject=("department", department.id)
    )
    return department


def create_role(
    session: Session, by: Author, at: datetime, *, key: str, label: str, scope: roles.Scope
) -> Role:
    """Add a role that diagrams may name. It ranks below the shipped ones.

    Any security administrator may: a role by itself gives no right.
    """
    home = None if isinstance(by, audit.Signature) else by.unit_id
    signature = rights.signed(by, roles.SECURITY_ADMIN, home)
    if scope not in ("unit", "department"):
        raise Invalid.at("scope", "角色范围应为单位或部门。")
    last = session.scalar(sa.select(sa.func.max(Role.position)))
    role = Role(
        key=names.key("key", key),
        label=names.words("label", "角色名称", label, longest=20),
        scope=scope,
        position=(last or 0) + 1,
    )
    if session.get(Role, role.key):
        raise AlreadyThere("已有这个标识的角色，请改用别的。")
    session.add(role)
    session.flush()
    audit.record(session, "role.created", signature, at=at, detail={"role": role.key})
    return role


def create_person(
    session: Session,
    by: Author,
    at: datetime,
    *,
    unit: Unit,
    login: str,
    name: str,
    department: Department | None = None,
    staff_number: str = "",
) -> Person:
    """Enter a member of staff under the real name (ORG-01). Without a post nothing can be done.

    Raises AlreadyThere for a second account of one person; see :mod:`identity`.
    """
    signature = rights.signed(by, roles.SYSTEM_ADMIN, unit.id)
    if department and department.unit_id != unit.id:
        raise Invalid.at("department", f"{unit.name}没有这个部门，请重新选择。")
    person = Person(
        login=names.login(login),
        name=names.words("name", "姓名", name, longest=40),
        unit_id=unit.id,
        department_id=department.id if department else None,
        active=True,
        staff_number=identity.number(staff_number),
    )
    if session.scalar(sa.select(Person.id).where(Person.login == person.login)):
        raise AlreadyThere("已有使用这个登录名的人员，请改用别的登录名。")
    identity.ensure_new(session, unit.id, person.name, person.staff_number)
    session.add(person)
    session.flush()
    audit.record(
        session,
        "person.created",
        signature,
        at=at,
        subject=("person", person.id),
        detail={"login": person.login, "name": person.name},
    )
    return person


def deactivate(session: Session, by: Author, at: datetime, *, person: Person) -> None:
    """Close the account: sessions and tokens end at once, and nobody is offered it (ORG-13, G5).

    The posts stay on record; delegations end on both sides, and what the person still has to do
    is handed on by handling.
    """
    signature = rights.signed(by, roles.SYSTEM_ADMIN, person.unit_id)
    rights.ensure_not_oneself(by, person)
    if not person.active:
        return
    for post in in_force(session, person):
        rights.ensure_not_last(session, post.role_key, post.unit_id, person.id)
    person.active = False
    session.flush()
    sessions.end_sessions(session, person.id, at)
    sessions.end_tokens(session, person.id, at)
    delegations.end_all(session, signature, at, person.id)
    audit.record(session, "person.deactivated", signature, at=at, subject=("person", person.id))
    changes.posts_changed(session, person.unit_id, at)
