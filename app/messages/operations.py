"""What an administrator does about a message that was given up."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, NotAllowed
from app.messages.models import Outbox
from app.messages.queries import GIVEN_UP
from app.organization import Actor, roles


def ensure_may_look(actor: Actor) -> None:
    """The outbox is the system administrator's. Raises NotAllowed."""
    if not actor.holds(roles.SYSTEM_ADMIN):
        raise NotAllowed("发件箱由系统管理员查看。您自己的提醒在“我的提醒”里。")


def retry(session: Session, actor: Actor, message_id: int, at: datetime) -> None:
    """Try it once more (重发). Raises Conflict when it is not given up any more."""
    ensure_may_look(actor)
    _settle(session, actor, message_id, at, "message.retried", state="waiting", next_try_at=at)


def drop(session: Session, actor: Actor, message_id: int, at: datetime) -> None:
    """Leave it unsent for good (不再发送). Raises Conflict when it is not given up any more."""
    ensure_may_look(actor)
    _settle(session, actor, message_id, at, "message.dropped", dropped_at=at)


def _settle(
    session: Session, actor: Actor, message_id: int, at: datetime, action: str, **values: Any
) -> None:
    found = session.execute(
        sa.update(Outbox)
        .where(Outbox.id == message_id, GIVEN_UP)
        .values(**values)
        .returning(Outbox.kind, Outbox.channel, Outbox.last_error)
        .execution_options(synchronize_session=False)
    ).first()
    if found is None:
        raise Conflict("这条提醒已不在未能发出之列，请刷新页面。", code="not_given_up")
    audit.record(
        session,
        action,
        actor.signature(),
        at=at,
        subject=("message", message_id),
        detail={"kind": found.kind, "channel": found.channel, "error": found.last_error},
    )
