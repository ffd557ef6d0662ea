"""A version that was agreed to for a day begins on that day, by the sweep and exactly once."""

import json
import logging
from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.audit import signed_by_rule
from app.clock import SHANGHAI
from app.deadlines import DueRow, Result
from app.errors import DomainError
from app.handling.whatif import saved
from app.workflow import drafts, following, losing, terms
from app.workflow.bundle import Bundle
from app.workflow.draft_files import as_bytes
from app.workflow.errors import LosesRules
from app.workflow.loading import definition
from app.workflow.models import DefinitionRow, ProcessTerm, TermState
from app.workflow.parser import read_graphs

log = logging.getLogger(__name__)

SUBJECT = "process_term"
RULE = signed_by_rule("按设定的日期启用")


def watch(session: Session, term: ProcessTerm) -> None:
    """Have a scheduled term begin with its day."""
    if term.state != TermState.SCHEDULED or term.in_force_from is None:
        return
    begins = datetime.combine(term.in_force_from, time(), SHANGHAI)
    deadlines.open_limits(session, SUBJECT, [(term.id, begins)], kind="timer")


def ensure_keeps_rules(session: Session, sha256: str, unit_id: int | None) -> None:
    """What is guaranteed by the drawing that holds in a place has to be guaranteed there still.

    Looked at whenever a term is proposed, agreed to or begins: another version may hold by then.
    Raises LosesRules.
    """
    row = session.get_one(DefinitionRow, sha256)
    bundle = Bundle(read_graphs(as_bytes(json.loads(row.files)))[0])
    before = drafts.in_force(session, row.process_id, unit_id)
    found = [fault for fault in losing.faults(bundle, before) if not fault.warning]
    if found:
        raise LosesRules(row.name, row.version, found)


class TermTimes:
    """Begins a term; not one that was called off, or has begun.

    One that may not begin any more goes back to who agrees, with the reason.
    """

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        query = sa.select(ProcessTerm).where(ProcessTerm.id == due.subject_id)
        process_id = session.scalar(query.with_only_columns(ProcessTerm.process_id))
        terms.take_turns(session, process_id or "")
        locked = query.with_for_update(skip_locked=True)
        term = session.scalar(locked.execution_options(populate_existing=True))
        if term is None:
            return Result.BUSY
        if term.state != TermState.SCHEDULED:
            return Result.NOT_OPEN
        try:
            sha256 = _about_by_now(session, term)
            ensure_keeps_rules(session, sha256, term.unit_id)
            saved.ensure_pass(session, definition(session, sha256), unit_id=term.unit_id)
        except DomainError as error:
            log.warning("term %s put back: %s", term.id, error.message)
            terms.put_back(session, term, error.message, RULE, now)
            return Result.DONE
        # Not before: one that is put back names what its proposer saw, so that agreeing compares.
        term.sha256 = sha256
        terms.begin(session, term, RULE, now)
        return Result.DONE


def _about_by_now(session: Session, term: ProcessTerm) -> str:
    """The version that begins; where a unit is to follow, what holds above on the day itself.

    Whoever changed the version above meanwhile did it as two, for the units below too.
    Raises what :func:`app.workflow.following.seen` does.
    """
    if not term.follows:
        return term.sha256
    return following.seen(session, term.process_id, term.unit_id or 0).sha256
