"""What an act leaves in its entry for the replay: how each row that it touched stands after it.

Noted where the rows are written, so that no act can forget it, and without a statement of its own.
Rows that are written past the mapper are noted by who writes them; where their entry says the same
(``task.opened``, ``task.limit_moved``, ``circulation.read``) the entry is enough. A calendar that
moves no limit leaves no entry: the record tells what the limit was counted with, and whether that
was 推算 then.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, object_session

from app import audit
from app.documents.models import Document
from app.handling.models import Case, Circulation, Task
from app.organization import Candidate
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase, WorkflowTimer

STAYS, PEOPLE, AGENTS, TIMERS, COPIES = "stays", "people", "agents", "timers", "copies"
CASE, DOCUMENT, VARIABLES = "case", "document", "variables"
"""Kinds of notes; each is kept by the id of its row."""

FACTS = {
    STAYS: (
        *("step", "step_name", "state", "kind", "arrived_at", "opened_at", "due_at", "limit_steps"),
        *("limit_provisional", "calendar_version", "returned", "blocked", "named", "given_by"),
        *("done_at", "done_by_id", "done_for_id", "outcome_label"),
    ),
    DOCUMENT: (
        *("state", "version", "content_sha256", "number", "signatory", "signatory_post"),
        *("signed_at", "numbered_at", "sealed_at", "dispatched_at", "copies", "proofreader"),
        *("amended_keywords", "receipt_year", "receipt_number", "paper_signatory"),
    ),
    CASE: ("state", "ended_at", "starter_id", "caretaker_id", "countersigned_version"),
    COPIES: ("reader_id", "sender_id", "kind", "words", "sent_at", "read_at", "recalled_at"),
    TIMERS: ("element", "text"),
}
"""Columns that count; what is empty or no is left out of the entry."""


def people(session: Session, task: Task, found: Sequence[Candidate]) -> None:
    """Who may act at a stay in their own right."""
    audit.note(session, ("case", task.case_id), PEOPLE, task.id, [_person(each) for each in found])


def agents(session: Session, task: Task, found: Sequence[Candidate]) -> None:
    """Who may act at a stay in somebody's stead (代)."""
    audit.note(session, ("case", task.case_id), AGENTS, task.id, [_person(each) for each in found])


def rewritten(session: Session, task: Task) -> None:
    """A stay whose row was written past the mapper, so that no form drawn before gets stale."""
    session.refresh(task)
    _written(STAYS, task, new=False)


def timers_reopened(session: Session, case_id: int, opened: Collection[int]) -> None:
    query = sa.select(WorkflowTimer.id, WorkflowTimer.element, WorkflowTimer.text)
    for row in session.execute(query.where(WorkflowTimer.id.in_(opened))):
        facts = {"element": row.element, "text": row.text}
        audit.note(session, ("case", case_id), TIMERS, row.id, facts)


def timers_closed(session: Session, case_id: int, closed: Collection[int]) -> None:
    for ident in closed:
        audit.note(session, ("case", case_id), TIMERS, ident, None)


def _person(candidate: Candidate) -> dict[str, Any]:
    said = {"id": candidate.person_id, "login": candidate.login, "name": candidate.name}
    return {
        **said,
        "authority": candidate.authority,
        "reason": candidate.reason,
        "principal": candidate.principal_id,
    }


def _written(kind: str, target: Any, *, new: bool) -> None:
    session = object_session(target)
    if session is None:
        return
    about = ("document", target.id) if kind == DOCUMENT else ("case", _case_of(kind, target))
    audit.note(session, about, kind, target.id, _facts(kind, target, new=new))


def _case_of(kind: str, target: Any) -> int:
    found: int = target.id if kind == CASE else target.case_id
    return found


def _facts(kind: str, target: Any, *, new: bool) -> dict[str, Any]:
    """A new row has no more than it was given: asking for the rest would be a statement."""
    given = target.__dict__
    values = {name: given.get(name) if new else getattr(target, name) for name in FACTS[kind]}
    if kind == STAYS and values["state"] not in (None, "open"):
        del values["limit_steps"]  # said when it opened; nobody counts any more
    said = {name: value for name, value in values.items() if value is not None}
    return {name: _plain(value) for name, value in said.items() if value is not False}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _listen(model: type[Any], kind: str) -> None:
    @sa.event.listens_for(model, "after_insert")
    def inserted(_mapper: Mapper[Any], _connection: sa.Connection, target: Any) -> None:
        _written(kind, target, new=True)

    @sa.event.listens_for(model, "after_update")
    def updated(_mapper: Mapper[Any], _connection: sa.Connection, target: Any) -> None:
        _written(kind, target, new=False)


@sa.event.listens_for(WorkflowCase, "after_insert")
@sa.event.listens_for(WorkflowCase, "after_update")
def _filled(_mapper: Mapper[Any], _connection: sa.Connection, target: WorkflowCase) -> None:
    """What was filled in, and what the gateways read: all of it, where any of it has changed."""
    session, before = object_session(target), sa.inspect(target).attrs.state.history.deleted
    present = routes.variables(target)
    if session is None or (before and routes.variables_in(before[0]) == present):
        return
    said = {name: _exact(value) for name, value in present.items()}
    audit.note(session, ("case", target.id), VARIABLES, target.id, said)


def _exact(value: Any) -> Any:
    """The record holds no floats: one machine might read them otherwise than another."""
    return {"number": repr(value)} if isinstance(value, float) else value


def filled_in(said: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a case as a note has them, numbers with a point among them."""
    return {
        name: float(value["number"]) if isinstance(value, dict) else value
        for name, value in said.items()
    }


_listen(Task, STAYS)
_listen(Document, DOCUMENT)
_listen(Case, CASE)
_listen(Circulation, COPIES)
_listen(WorkflowTimer, TIMERS)
