"""流程管理: what a process administrator may get hold of, without seeing what it is about.

Where a case stands and with whom, never the document: that is not his to read.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, organization
from app.documents.history import note_held
from app.documents.models import Document
from app.errors import Invalid, NotAllowed, NotFound
from app.handling.access import not_there, sees_case
from app.handling.act import Act, look_at_case
from app.handling.models import Case, Task
from app.organization import Actor, roles
from app.workflow import rights
from app.workflow.models import WorkflowCase


def units(actor: Actor) -> list[int]:
    """Units whose cases the actor administers. Raises NotAllowed when there are none."""
    found = [post.unit_id for post in actor.posts if post.role == roles.PROCESS_ADMIN]
    if not found:
        raise NotAllowed("只有流程管理员可以管理流转，请联系本单位流程管理员。")
    return found


def unit_of(session: Session, key: str) -> int | None:
    """Id of a unit by its key; None for the whole office, which has none. Raises Invalid."""
    if not key:
        return None
    try:
        return organization.unit_by_key(session, key).id
    except NotFound:
        raise Invalid.at("unit", "没有这个单位，请从列表中选择。") from None


def unit_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(key, name) of the places whose processes the actor administers; "" for the whole office."""
    reach = rights.reach(session, actor)
    office = [("", "全机关")] if reach.office else []
    listed = [each for each in organization.units(session) if reach.over(each.id)]
    return [*office, *((each.key, each.name) for each in listed)]


def administered(actor: Actor) -> sa.ColumnElement[bool]:
    """Condition on :class:`Case`: of a unit that the actor administers."""
    return Case.unit_id.in_(units(actor))


def hold(session: Session, actor: Actor, case_id: int) -> Act:
    """Lock a case for an administrator's act on it; the act is signed with that post.

    Raises NotFound for what he administers not and may not see either, NotAllowed for the rest.
    """
    query = _case(case_id).with_for_update(of=(WorkflowCase, Case, Document), key_share=True)
    act = _act(session, actor, case_id, query.execution_options(populate_existing=True))
    note_held(session, act.document)
    return act


def look(session: Session, actor: Actor, case_id: int) -> Act:
    """The same without a lock, for a page that shows it."""
    return _act(session, actor, case_id, _case(case_id))


def look_at_route(session: Session, actor: Actor, case_id: int) -> Act:
    """The way of a case and who had it, for who administers it as for who may see it.

    Raises NotFound for everybody else.
    """
    unit_id = session.scalar(sa.select(Case.unit_id).where(Case.id == case_id))
    if unit_id is not None and actor.holds(roles.PROCESS_ADMIN, unit_id=unit_id):
        return look(session, actor, case_id)
    return look_at_case(session, actor, case_id)


def hold_stays(act: Act) -> Sequence[Task]:
    """The open stays of the case in hand, oldest first, read anew under their locks."""
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.state == "open")
    locked = query.order_by(Task.id).with_for_update(key_share=True)
    return act.session.scalars(locked.execution_options(populate_existing=True)).all()


def signing(actor: Actor, unit_id: int) -> Actor:
    """The actor with the post of that unit before his others: the authority of what he does."""
    posts = sorted(actor.posts, key=lambda post: not _administers(post.role, post.unit_id, unit_id))
    return replace(actor, posts=tuple(posts))


def _administers(role: str, of: int, unit_id: int) -> bool:
    return role == roles.PROCESS_ADMIN and of == unit_id


def _case(case_id: int) -> sa.Select[Case, WorkflowCase, Document]:
    return (
        sa.select(Case, WorkflowCase, Document)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(Case.id == case_id)
    )


def _act(
    session: Session, actor: Actor, case_id: int, query: sa.Select[Case, WorkflowCase, Document]
) -> Act:
    unit_id = session.scalar(sa.select(Case.unit_id).where(Case.id == case_id))
    if unit_id is None or not actor.holds(roles.PROCESS_ADMIN, unit_id=unit_id):
        if unit_id is not None and sees_case(session, actor, case_id):
            raise NotAllowed("只有本单位流程管理员可以这样处理，请联系本单位流程管理员。")
        raise not_there(session, Case, case_id)
    case, engine, document = session.execute(query).one()
    return Act(session, signing(actor, unit_id), clock.now(session), case, engine, document)
