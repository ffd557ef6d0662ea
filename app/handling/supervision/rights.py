"""Who supervises, and who answers for what is supervised."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.errors import NotAllowed
from app.handling.supervision.models import Supervision
from app.organization import Actor, Candidate, Post, Scope, roles

MAY_SUPERVISE = (roles.OFFICE_HEAD, roles.SUPERVISOR)
LEADERS = (roles.LEADER_IN_CHARGE, roles.UNIT_HEAD)
MAY_LOOK = (*MAY_SUPERVISE, roles.DEPT_HEAD)
"""Heads of departments see what is asked of their own."""


def units(actor: Actor) -> list[int]:
    """Units whose documents the actor supervises."""
    return sorted({post.unit_id for post in actor.posts if post.role in MAY_SUPERVISE})


def ensure_supervises(actor: Actor, unit_id: int) -> Actor:
    """The actor with that post before his others: the authority of what he does here."""
    if unit_id not in units(actor):
        raise NotAllowed("只有办公室负责人和督办人员可以督办，请联系本单位办公室。")
    return _with_post_first(actor, lambda post: post.role in MAY_SUPERVISE)


def ensure_judges(session: Session, actor: Actor, supervision: Supervision) -> Actor:
    """Who closes it or consents to a later date, with that post first: nobody for his own people.

    Supervisors, but for who answers for the department himself; where it is the office, or no
    supervisor is left, the leader in charge of it and the head of the unit too.
    """
    people = judges(session, supervision)
    if any(each.person_id == actor.person_id for each in people):
        return _with_post_first(actor, lambda post: post.role in (*MAY_SUPERVISE, *LEADERS))
    if supervision.unit_id not in units(actor):
        raise NotAllowed("只有办公室负责人和督办人员可以督办，请联系本单位办公室。")
    names = "、".join(each.name for each in people) or "安全管理员任命督办人员"
    message = f"责任部门是您本人负责的部门，不能由您办结或者审批延期，请联系{names}。"
    raise NotAllowed(message, code="second_person_needed")


def judges(session: Session, supervision: Supervision) -> Sequence[Candidate]:
    """Those who may close it now, supervisors before leaders; see :func:`ensure_judges`."""
    unit_id, department_id = supervision.unit_id, supervision.department_id
    answering = {each.person_id for each in responsible(session, unit_id, department_id)}
    heads = organization.candidates(session, [roles.OFFICE_HEAD], Scope(unit_id)).people
    at_home = {each.person_id for each in heads if each.department_id == department_id}
    own = answering | at_home
    found = [each for each in supervisors(session, unit_id) if each.person_id not in own]
    if not found or own & {each.person_id for each in heads}:
        leaders = organization.candidates(session, LEADERS, Scope(unit_id, department_id)).people
        known = own | {each.person_id for each in found}
        found += [each for each in leaders if each.person_id not in known]
    return found


def ensure_answers(session: Session, actor: Actor, supervision: Supervision) -> Actor:
    """The head of the responsible department, with that post first; he may lead others too."""
    people = responsible(session, supervision.unit_id, supervision.department_id)
    if all(each.person_id != actor.person_id for each in people):
        names = "、".join(each.name for each in people) or "办公室"
        raise NotAllowed(f"只有责任部门负责人可以反馈和申请延期，请联系{names}。")
    return _with_post_first(
        actor,
        lambda post: (
            post.role == roles.DEPT_HEAD and post.department_id in (None, supervision.department_id)
        ),
    )


def responsible(session: Session, unit_id: int, department_id: int) -> Sequence[Candidate]:
    """Who leads the department now; the posts of the moment, not of the day it was opened."""
    scope = Scope(unit_id, department_id)
    return organization.candidates(session, [roles.DEPT_HEAD], scope).people


def supervisors(session: Session, unit_id: int) -> Sequence[Candidate]:
    return organization.candidates(session, MAY_SUPERVISE, Scope(unit_id)).people


def concerned(actor: Actor) -> sa.ColumnElement[bool]:
    """Condition on :class:`Supervision`: of a unit that he supervises, or asked of his department.

    Raises NotAllowed for who has neither.
    """
    departments, all_of = leads(actor)
    supervised = [*units(actor), *all_of]
    if not supervised and not departments:
        raise NotAllowed("督办由办公室负责人、督办人员和责任部门负责人查看，请联系本单位办公室。")
    return sa.or_(Supervision.unit_id.in_(supervised), Supervision.department_id.in_(departments))


def answers_for(actor: Actor, unit_id: int, department_id: int | None) -> bool:
    """Whether he is concerned by what waits in this department of this unit."""
    departments, all_of = leads(actor)
    return unit_id in (*units(actor), *all_of) or department_id in departments


def leads(actor: Actor) -> tuple[list[int], list[int]]:
    """Departments that he leads, and units in which he leads what has no head of its own."""
    posts = [post for post in actor.posts if post.role == roles.DEPT_HEAD]
    return (
        [post.department_id for post in posts if post.department_id is not None],
        [post.unit_id for post in posts if post.department_id is None],
    )


def _with_post_first(actor: Actor, wanted: Callable[[Post], bool]) -> Actor:
    return replace(actor, posts=tuple(sorted(actor.posts, key=lambda post: not wanted(post))))
