"""Giving and taking roles: who gives them, and what may not lie in one hand."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.organization import changes, names, rights, roles, sessions
from app.organization.errors import AlreadyThere
from app.organization.models import Appointment, Department, Person, Role
from app.organization.rights import Author


def appoint(
    session: Session,
    by: Author,
    at: datetime,
    *,
    person: Person,
    role: str,
    department: Department | None = None,
    title: str = "",
    in_charge: bool = False,
) -> Appointment:
    """Give a role in the person's own unit, in force from now (ORG-08).

    Open sessions of the person end: the next one has the new rights.
    Raises SeparationOfDuties for two of the three administrators in one hand, for one of them
    beside business, and for a grant to oneself (G7).
    """
    signature = rights.signed(by, roles.SECURITY_ADMIN, person.unit_id)
    rights.ensure_not_oneself(by, person)
    _ensure_place(session, role, person, department)
    held = in_force(session, person)
    rights.ensure_separate(role, {post.role_key for post in held})
    department_id = department.id if department else None
    if any((post.role_key, post.department_id) == (role, department_id) for post in held):
        raise AlreadyThere("该人员已担任这个角色。")
    post = Appointment(
        person_id=person.id,
        role_key=role,
        unit_id=person.unit_id,
        department_id=department_id,
        title=names.words("title", "职务", title, longest=40, empty=True),
        in_charge=in_charge,
        since=at,
        until=None,
    )
    session.add(post)
    session.flush()
    sessions.end_sessions(session, person.id, at)
    _record(session, "post.given", signature, at, post)
    changes.posts_changed(session, person.unit_id, at)
    return post


def end_appointment(session: Session, by: Author, at: datetime, *, post: Appointment) -> None:
    """Take a role away, from now (ORG-08). Ending one that has ended changes nothing."""
    signature = rights.signed(by, roles.SECURITY_ADMIN, post.unit_id)
    if post.until is not None:
        return
    rights.ensure_not_last(session, post.role_key, post.unit_id, post.person_id)
    post.until = at
    session.flush()
    sessions.end_sessions(session, post.person_id, at)
    _record(session, "post.ended", signature, at, post)
    changes.posts_changed(session, post.unit_id, at)


def in_force(session: Session, person: Person) -> list[Appointment]:
    """What the person holds; locks the person, so that two grants at once see each other."""
    lock = sa.select(Person.id).where(Person.id == person.id)
    session.execute(lock.with_for_update(key_share=True))  # who acts at a case is not kept waiting
    held = sa.select(Appointment).where(
        Appointment.person_id == person.id, Appointment.until.is_(None)
    )
    return list(session.scalars(held))


def _ensure_place(
    session: Session, role: str, person: Person, department: Department | None
) -> None:
    known = session.get(Role, role)
    if known is None:
        raise Invalid.at("role", "没有这个角色，请重新选择。")
    if department is None:
        return
    if known.scope == "unit":
        raise Invalid.at("department", f"{known.label}是全单位的角色，不能指定部门。")
    if department.unit_id != person.unit_id:
        raise Invalid.at("department", "该人员所在单位没有这个部门，请重新选择。")


def _record(
    session: Session, action: str, signature: audit.Signature, at: datetime, post: Appointment
) -> None:
    audit.record(
        session,
        action,
        signature,
        at=at,
        subject=("person", post.person_id),
        detail={"role": post.role_key, "department": post.department_id, "title": post.title},
    )
