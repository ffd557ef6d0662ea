"""A unit goes back to following the unit above: proposed here, decided like every other term."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.handling import terms as begun
from app.organization import Actor
from app.workflow import following, noting, rights, terms
from app.workflow.models import DefinitionRow, ProcessTerm


def propose(
    session: Session,
    actor: Actor,
    process_id: str,
    unit_id: int,
    reason: str,
    at: datetime,
    *,
    in_force_from: date | None = None,
) -> ProcessTerm:
    """Ask a second process administrator to have the unit follow the one above again.

    in_force_from  None: as soon as it is agreed to
    Raises OutOfReach, NotFound for no such unit, Invalid without a reason or for a day that has
    passed, AlreadyDecided where it follows already or that is proposed, NothingAbove, LosesRules
    where the version above guarantees less than the unit's own.
    """
    following.place(session, process_id, unit_id)
    rights.ensure_administers(session, actor, unit_id)
    if not reason.strip():
        raise Invalid.at("reason", "请写明改为跟随上级的理由。")
    # What is checked, kept and recorded is one version: nobody changes what holds above meanwhile.
    terms.take_turns(session, process_id)
    row = following.seen(session, process_id, unit_id)
    begun.ensure_keeps_rules(session, row.sha256, unit_id)
    by = actor.signature()
    term = following.propose(
        session, process_id, unit_id, by, at, reason=reason, in_force_from=in_force_from
    )
    kept = session.get_one(DefinitionRow, term.sha256)
    noting.record(session, "definition.proposed", kept, by, at, term)
    return term
