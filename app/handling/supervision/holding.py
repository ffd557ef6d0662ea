"""A supervision in hand, under the lock of its case and its own."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.handling.act import Act, hold_case, look_at_case
from app.handling.supervision.models import STATES, Supervision
from app.organization import Actor, Department


@dataclass(frozen=True)
class Held:
    """``department``: name of the one that answers for it."""

    act: Act
    supervision: Supervision
    department: str

    def by(self, actor: Actor) -> "Held":
        """The same, signed with the actor's posts in this order."""
        return replace(self, act=replace(self.act, actor=actor))


def hold(session: Session, actor: Actor, supervision_id: int) -> Held:
    """Lock it. Raises NotFound where it is absent, or its case not visible to the actor.

    Its own row too: the sweep marks it without the lock of the case.
    """
    act = hold_case(session, actor, _case_of(session, supervision_id))
    query = _query(supervision_id).with_for_update(of=Supervision, key_share=True)
    found, name = session.execute(query.execution_options(populate_existing=True)).one()
    return Held(act, found, name)


def look(session: Session, actor: Actor, supervision_id: int) -> Held:
    """The same without a lock, for a page that shows it."""
    act = look_at_case(session, actor, _case_of(session, supervision_id))
    found, name = session.execute(_query(supervision_id)).one()
    return Held(act, found, name)


def ensure_open(supervision: Supervision) -> None:
    if supervision.state != "open":
        message = f"此督办件已{STATES[supervision.state]}，请刷新页面查看。"
        raise Conflict(message, code="supervision_closed")


def ensure_running(supervision: Supervision) -> None:
    if supervision.paused_at is not None:
        message = "此件暂停中，督办期限停计，请在恢复办理以后再办。"
        raise Conflict(message, code="case_not_running")


def _case_of(session: Session, supervision_id: int) -> int:
    case_id = session.scalar(sa.select(Supervision.case_id).where(Supervision.id == supervision_id))
    if case_id is None:
        raise NotFound
    return case_id


def _query(supervision_id: int) -> sa.Select[Supervision, str]:
    return (
        sa.select(Supervision, Department.name)
        .join(Department, Department.id == Supervision.department_id)
        .where(Supervision.id == supervision_id)
    )
