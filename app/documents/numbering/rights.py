"""Who keeps the book of a series, who may look into it, and who sets series up (OUT-29)."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.documents.models import NumberSeries
from app.errors import NotAllowed
from app.organization import Actor, role_labels, roles

SEES_ALL = (roles.OFFICE_HEAD, roles.ARCHIVIST)
"""Who sees every case of the unit anyway."""

MAY_LOOK = (roles.PRINTING_ROOM, *SEES_ALL)


def keeper(series: NumberSeries) -> str:
    """Role of the office that keeps the book of the series."""
    return series.role_key or roles.PRINTING_ROOM


def may_number(actor: Actor, series: NumberSeries) -> bool:
    """Whether the actor keeps the book of the series: its own office does (OUT-29)."""
    return actor.holds(keeper(series), unit_id=series.unit_id)


def may_look(actor: Actor, series: NumberSeries) -> bool:
    """Its own office, and who sees every case of the unit."""
    sees_all = any(actor.holds(role, unit_id=series.unit_id) for role in SEES_ALL)
    return sees_all or may_number(actor, series)


def ensure_may_number(session: Session, actor: Actor, series: NumberSeries) -> Actor:
    """The actor with that post before his others. Raises NotAllowed that names the office."""
    if not may_number(actor, series):
        office = role_labels(session)[keeper(series)]
        raise NotAllowed(f"“{series.name}”的文号由{office}管理，您不能办理。（OUT-29）")
    return _with_post_first(actor, keeper(series))


def ensure_sets_up(actor: Actor) -> Actor:
    """The actor with the post of process administrator first. Raises NotAllowed."""
    if not actor.holds(roles.PROCESS_ADMIN, unit_id=actor.unit_id):
        raise NotAllowed("只有流程管理员可以设置发文字号序列。")
    return _with_post_first(actor, roles.PROCESS_ADMIN)


def _with_post_first(actor: Actor, role: str) -> Actor:
    return replace(actor, posts=tuple(sorted(actor.posts, key=lambda post: post.role != role)))
