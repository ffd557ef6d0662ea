"""Who may change working calendar and policy: system administrators; another one confirms."""

from typing import TypeAlias

from app.audit import Signature
from app.errors import NotAllowed
from app.organization import Actor, roles

Author: TypeAlias = Actor | Signature
"""A person, whose right is checked; or a signature that was checked or belongs to a rule."""

CONFIRMING = (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN)


def editing(by: Author, unit_id: int | None) -> Signature:
    """The signature of a change for this unit; None is for every unit, which is what notices are.

    Raises NotAllowed for anybody else, administrators of another unit included.
    """
    if isinstance(by, Signature):
        return by
    for post in by.posts:
        if post.role == roles.SYSTEM_ADMIN and unit_id in (None, post.unit_id):
            return by.signature(post.title)
    raise NotAllowed("只有系统管理员可以改动工作日历和时限规则，请联系本单位系统管理员。")


def confirming(by: Author) -> Signature:
    """The signature of whoever puts a notice in force. Raises NotAllowed."""
    if isinstance(by, Signature):
        return by
    for post in by.posts:
        if post.role in CONFIRMING:
            return by.signature(post.title)
    raise NotAllowed("只有系统管理员或者安全管理员可以确认放假安排，请联系他们办理。")


def unit_of(actor: Actor) -> int:
    """The unit whose calendar somebody administers. Raises NotAllowed for who does not."""
    for post in actor.posts:
        if post.role in CONFIRMING:
            return post.unit_id
    raise NotAllowed("只有系统管理员和安全管理员可以管理工作日历，请联系他们办理。")


def may_edit(actor: Actor) -> bool:
    return actor.holds(roles.SYSTEM_ADMIN, unit_id=unit_of(actor))
