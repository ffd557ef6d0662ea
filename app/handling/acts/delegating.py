"""委托代办: what a principal gives to an agent, and takes back; stays follow in the same act."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app import clock
from app.documents.kinds import KINDS
from app.errors import Invalid
from app.handling.routes import SHIPPED
from app.handling.stays.agents import unwatch, watch
from app.organization import Actor, delegations
from app.organization.delegations import Wanted
from app.organization.models import Delegation
from app.workflow import queries as routes


def delegate(session: Session, actor: Actor, wanted: Wanted) -> Delegation:
    """Name an agent. What fits lies with him at once, or from the beginning that was asked for.

    Raises what ``delegations.delegate`` raises, and Invalid for a matter that does not exist.
    """
    matters = _matters(session).get(wanted.scope)
    if matters is not None and wanted.scope_value not in matters:
        raise Invalid.at("scope_value", "请选择委托哪一流程或文种。")
    value = wanted.scope_value if matters is not None else None
    at = clock.now(session)
    delegation = delegations.delegate(session, actor, at, replace(wanted, scope_value=value))
    watch(session, delegation, at)
    return delegation


def end(session: Session, actor: Actor, delegation_id: int) -> Delegation:
    """Take it back. Raises NotFound for anybody but the principal."""
    at = clock.now(session)
    delegation = delegations.end_delegation(session, actor, at, delegation_id)
    unwatch(session, delegation, at)
    return delegation


def _matters(session: Session) -> dict[str, list[str]]:
    return {"process": [key for key, _ in processes(session)], "kind": list(KINDS)}


def processes(session: Session) -> list[tuple[str, str]]:
    """(id, name) of the routes on which documents begin."""
    return [(key, routes.in_force(session, key).name) for key in SHIPPED]
