"""Who may change the organization, and which rights may not lie in one hand (三员分立)."""

from collections.abc import Collection
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import roles
from app.organization.actors import Actor
from app.organization.errors import LastHolder, MissingRole, SeparationOfDuties
from app.organization.models import Appointment, Person, Unit

Author: TypeAlias = Actor | audit.Signature
"""A person, whose right is checked; or the rule that signs a set-up from the command line."""

WORDS = {
    roles.SYSTEM_ADMIN: "系统管理员",
    roles.SECURITY_ADMIN: "安全管理员",
    roles.AUDITOR: "安全审计员",
}


def signed(by: Author, role: str, unit_id: int | None) -> audit.Signature:
    """The signature of an act that only holders of this administrator's role may do in the unit.

    Raises MissingRole for anybody else, administrators of another unit included (ORG-17).
    """
    if isinstance(by, audit.Signature):
        if by.person_id is not None:
            raise TypeError("a person acts as an Actor, whose right can be checked")
        return by
    if unit_id is None:
        raise MissingRole("顶级单位只能在安装时由命令行建立。")
    for post in by.posts:
        if post.role == role and post.unit_id == unit_id:
            return by.signature(post.title)
    raise MissingRole(f"您没有这项权限，请联系本单位{WORDS[role]}。")


def ensure_not_oneself(by: Author, person: Person) -> None:
    """Nobody raises or resets their own rights (G7)."""
    if isinstance(by, Actor) and by.person_id == person.id:
        raise SeparationOfDuties("不能对本人的账号和权限进行此操作，请由其他管理员办理。")


def ensure_separate(role: str, held: Collection[str]) -> None:
    """At most one of the three administrators for one person, and no business beside it."""
    if role in roles.ADMINISTRATORS and set(held) - {role}:
        raise SeparationOfDuties(
            "系统管理员、安全管理员、安全审计员须由不同人员担任，且不得兼任其他角色。"
        )
    if taken := set(held) & roles.ADMINISTRATORS - {role}:
        label = WORDS[min(taken)]
        raise SeparationOfDuties(f"该人员已担任{label}，三员不得兼任其他角色。")


def ensure_not_last(session: Session, role: str, unit_id: int, person_id: int) -> None:
    """Each of the three administrators keeps an active holder in the unit.

    The unit's row is locked, or two acts at once could each count on the other's holder.
    """
    if role not in roles.ADMINISTRATORS:
        return
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    others = (
        sa.select(Appointment.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.role_key == role,
            Appointment.unit_id == unit_id,
            Appointment.person_id != person_id,
            Appointment.until.is_(None),
            Person.active,
        )
        .limit(1)
    )
    if session.execute(others).first() is None:
        raise LastHolder(f"本单位只有这一位{WORDS[role]}，请先任命接替人员。")
