"""How a case stands by the tables, and how its record says that it stands, in one spelling."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import case_entries
from app.documents.models import Attachment, Document
from app.handling import noting
from app.handling.models import Case, Circulation, Incident, Opinion, Task, TaskCandidate
from app.handling.replaying.moments import Moment, Stay
from app.handling.replaying.rebuilding import rebuild
from app.organization import Person
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase, WorkflowTimer

Standing = dict[str, Any]
PLAIN = ("kind", "given_by", "limit_steps")
STAY = [name for name in noting.FACTS[noting.STAYS] if name not in PLAIN]
COPY = noting.FACTS[noting.COPIES]
DOCUMENT = [name for name in noting.FACTS[noting.DOCUMENT] if name != "content_sha256"]


def by_the_tables(session: Session, case_id: int) -> Standing:
    """Everything that a replay shows, as the application itself would read it now."""
    session.expire_all()
    case = session.get_one(Case, case_id)
    document = session.get_one(Document, case.document_id)
    run = session.get_one(WorkflowCase, case_id)
    return {
        "case": (case.state, case.ended_at, case.caretaker_id, case.countersigned_version),
        "diagram": (run.sha256, case.process_id, case.process_version),
        "stays": _stays(session, case_id),
        "people": _people(session, case_id),
        "tokens": sorted(each.step for each in routes.open_tokens(session, run)),
        "timers": _timers(session, case_id),
        "variables": dict(routes.variables(run)),
        "document": {name: getattr(document, name) or None for name in DOCUMENT},
        "content": document.content_sha256,
        "opinions": _opinions(session, case_id),
        "files": _files(session, document.id),
        "copies": _copies(session, case_id),
        "faulty": _faulty(session, case_id),
    }


def by_the_record(session: Session, case_id: int, until: int | None = None) -> Standing:
    """The same from the entries alone; the ids of a login are all that is looked up besides."""
    document_id = session.get_one(Case, case_id).document_id
    moment = rebuild(case_entries(session, case_id, document_id), until)
    assert moment.seq, "nothing on record"
    return standing(moment)


def last_entry(session: Session, case_id: int) -> int:
    document_id = session.get_one(Case, case_id).document_id
    return case_entries(session, case_id, document_id)[-1].seq


def standing(moment: Moment) -> Standing:
    said: Mapping[str, Any] = moment.case
    document = moment.document
    ended = _plain(said.get("ended_at"))
    return {
        "case": (moment.state, ended, said.get("caretaker_id"), said.get("countersigned_version")),
        "diagram": (moment.diagram, moment.process, moment.process_version),
        "stays": {ident: _stay(stay) for ident, stay in moment.stays.items()},
        "people": {ident: _holders(stay) for ident, stay in moment.stays.items()},
        "tokens": sorted(stay.step for stay in moment.open_stays),
        "timers": {ident: (each["element"], each["text"]) for ident, each in moment.timers.items()},
        "variables": dict(moment.variables),
        "document": {name: _plain(document.get(name)) for name in DOCUMENT},
        "content": moment.content_sha256,
        "opinions": {
            each.stay: (each.login, each.name, each.authority, each.text, each.version, each.at)
            for each in moment.opinions
        },
        "files": {
            ident: (each.name, each.sha256, each.size) for ident, each in moment.files.items()
        },
        "copies": {
            ident: tuple(getattr(each, name) for name in COPY)
            for ident, each in moment.copies.items()
        },
        "faulty": moment.faulty,
    }


def _plain(value: Any) -> Any:
    """Times of the document stand as texts in the notes."""
    if isinstance(value, str) and value[4:5] == "-" and "T" in value:
        return datetime.fromisoformat(value)
    return value or None


def _stay(stay: Stay | Task) -> tuple[Any, ...]:
    sum_ = list(stay.limit_steps) if stay.state == "open" else []  # once ended nobody counts
    return (stay.kind, stay.given_by, sum_, *(getattr(stay, name) or None for name in STAY))


def _holders(stay: Stay) -> set[tuple[Any, ...]]:
    return {
        (each.id, each.login, each.name, each.authority, each.reason, each.principal_id)
        for each in stay.holders
    }


def _stays(session: Session, case_id: int) -> dict[int, tuple[Any, ...]]:
    tasks = session.scalars(sa.select(Task).where(Task.case_id == case_id))
    return {task.id: _stay(task) for task in tasks}


def _people(session: Session, case_id: int) -> dict[int, set[tuple[Any, ...]]]:
    tasks = session.scalars(sa.select(Task.id).where(Task.case_id == case_id)).all()
    found: dict[int, set[tuple[Any, ...]]] = {ident: set() for ident in tasks}
    query = (
        sa.select(TaskCandidate, Person.login, Person.name)
        .join(Person, Person.id == TaskCandidate.person_id)
        .where(TaskCandidate.task_id.in_(tasks))
    )
    for each, login, name in session.execute(query):
        who = (each.person_id, login, name, each.authority, each.reason, each.principal_id)
        found[each.task_id].add(who)
    return found


def _timers(session: Session, case_id: int) -> dict[int, tuple[str, str]]:
    query = sa.select(WorkflowTimer).where(
        WorkflowTimer.case_id == case_id, WorkflowTimer.closed_at.is_(None)
    )
    return {each.id: (each.element, each.text) for each in session.scalars(query)}


def _opinions(session: Session, case_id: int) -> dict[int, tuple[Any, ...]]:
    query = (
        sa.select(Opinion, Person.login)
        .join(Person, Person.id == Opinion.person_id)
        .where(Opinion.case_id == case_id)
    )
    return {
        said.task_id: (
            *(login, said.person_name, said.authority),
            *(said.text, said.document_version, said.at),
        )
        for said, login in session.execute(query)
    }


def _files(session: Session, document_id: int) -> dict[int, tuple[str, str, int]]:
    query = sa.select(Attachment).where(
        Attachment.document_id == document_id, Attachment.ended_at.is_(None)
    )
    return {each.id: (each.name, each.sha256, each.size) for each in session.scalars(query)}


def _copies(session: Session, case_id: int) -> dict[int, tuple[Any, ...]]:
    copies = session.scalars(sa.select(Circulation).where(Circulation.case_id == case_id))
    return {each.id: tuple(getattr(each, name) for name in COPY) for each in copies}


def _faulty(session: Session, case_id: int) -> set[int]:
    query = (
        sa.select(Incident.task_id)
        .join(Task, Task.id == Incident.task_id)
        .where(Incident.case_id == case_id, Incident.ended_at.is_(None), Task.state == "open")
    )
    return set(session.scalars(query))
