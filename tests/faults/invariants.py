"""What must hold in every database at every moment between two acts (reliability, section 3).

One query or one comparison each; :func:`violations` runs them all. Whoever adds an act names it
here: in ``ENDING`` when it ends the actor's own stay, in ``MOVING`` when it moves the engine.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import audit
from app.audit import AuditEntry
from app.deadlines.models import Due, Effect
from app.documents.errors import FileMissing
from app.documents.models import Attachment, Document, IssuedNumber, NumberBook, Picture
from app.documents.storage import Store
from app.handling.filing.models import ArchiveItem, ArchiveSeries
from app.handling.models import Case, Opinion, Task, TaskCandidate
from app.handling.stays import timers
from app.organization import Person, roles
from app.organization.models import Appointment
from app.web.acts import RequestKey
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase, WorkflowTimer

ENDED = ("done", "returned", "withdrawn", "handed_over", "consulting")
"""States of a stay that its own person ended; the others end with somebody else's act."""
ENDING = (
    *("task.completed", "task.answered", "task.returned"),
    *("task.handed_over", "task.consulted"),
)
MOVING = (
    *("case.started", "task.completed", "task.returned", "task.withdrawn"),
    *("task.signers_added", "task.signer_removed", "case.cancelled", "case.voided"),
    *("timer.fired", "case.migrated", "case.migration_undone"),
)
MEASURES = ("move", "suspend", "resume")
"""Kinds of measures that change the engine's row; the other one only changes people."""

Entries = list[dict[str, Any]]
Found = Iterator[str]


@dataclass(frozen=True)
class Evidence:
    """A database or one case in it, with its record as it was read once."""

    session: Session
    entries: Entries
    store: Store | None
    case_id: int | None = None

    def of_case(self, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Condition: of the case in question, or of any."""
        return sa.true() if self.case_id is None else column == self.case_id


def violations(
    session: Session, store: Store | None = None, *, case_id: int | None = None
) -> Mapping[str, list[str]]:
    """What does not hold, by the name of the check; empty when all is well.

    store    where the files lie; None: files are not looked at
    case_id  look at this case only, which is quick however much is in the database
    """
    session.rollback()
    session.expire_all()
    query = sa.select(AuditEntry.body).order_by(AuditEntry.seq)
    if case_id is not None:
        query = query.where(AuditEntry.case_id == case_id)
    bodies = [json.loads(body) for body in session.scalars(query)]
    evidence = Evidence(session, bodies, store, case_id)
    checks = OF_A_CASE if case_id is not None else (*OF_A_CASE, *OF_THE_WHOLE)
    found = {check.__name__: list(check(evidence)) for check in checks}
    session.rollback()
    return {name: faults for name, faults in found.items() if faults}


def a_running_case_has_an_open_stay(evidence: Evidence) -> Found:
    """Or waits for a timer. One that is suspended keeps both; one that has ended has none."""
    timers = (
        sa.select(sa.func.count())
        .where(WorkflowTimer.case_id == Case.id, WorkflowTimer.closed_at.is_(None))
        .scalar_subquery()
    )
    stays = sa.func.count(Task.id) + timers
    query = (
        sa.select(Case.id, Case.state, stays)
        .outerjoin(Task, (Task.case_id == Case.id) & (Task.state == "open"))
        .where(evidence.of_case(Case.id))
        .group_by(Case.id, Case.state)
    )
    for case, state, count in evidence.session.execute(query):
        if (count > 0) != (state in ("running", "suspended")):
            yield f"case {case}, {state}: {count} open stays and timers"


def a_stay_ends_with_one_entry(evidence: Evidence) -> Found:
    """And an entry ends a stay that has ended: no act without its entry, no entry without act."""
    ended = Counter(
        each["subject"][1]
        for each in evidence.entries
        if each["action"] in ENDING and each["outcome"] == "done"
    )
    query = sa.select(Task.id, Task.state).where(evidence.of_case(Task.case_id))
    stays = dict(evidence.session.execute(query).all())
    for task, state in stays.items():
        if ended[task] != (state in ENDED):
            yield f"stay {task}, {state}: {ended[task]} entries"
    yield from (f"entry of stay {task}, which is not there" for task in ended.keys() - stays.keys())


def a_stay_ends_with_one_opinion(evidence: Evidence) -> Found:
    query = (
        sa.select(Task.id, Task.state, sa.func.count(Opinion.id))
        .outerjoin(Opinion, Opinion.task_id == Task.id)
        .where(evidence.of_case(Task.case_id))
        .group_by(Task.id, Task.state)
    )
    for task, state, count in evidence.session.execute(query):
        if count != (state in ENDED):
            yield f"stay {task}, {state}: {count} opinions"


def the_engine_stands_where_the_stays_are(evidence: Evidence) -> Found:
    """Live tokens of the engine's row are the tokens of the open stays, each once."""
    query = sa.select(WorkflowCase).where(evidence.of_case(WorkflowCase.id))
    for run in evidence.session.scalars(query).all():
        tokens = sa.select(Task.token).where(Task.case_id == run.id, Task.state == "open")
        stays = sorted(evidence.session.scalars(tokens))
        live = sorted(each.uuid for each in routes.open_tokens(evidence.session, run))
        if run.status in ("running", "suspended") and stays != live:
            yield f"case {run.id}: stays {stays}, engine {live}"


def the_engine_moved_once_for_each_act(evidence: Evidence) -> Found:
    acts = Counter(
        each["case"] for each in evidence.entries if _moves(each) and each["outcome"] == "done"
    )
    query = sa.select(WorkflowCase.id, WorkflowCase.revision)
    query = query.where(evidence.of_case(WorkflowCase.id))
    for case, revision in evidence.session.execute(query):
        if acts[case] != revision:
            yield f"case {case}: revision {revision} after {acts[case]} acts"


def _moves(entry: dict[str, Any]) -> bool:
    """What comes back from a colleague was never elsewhere for the engine."""
    action, detail = entry["action"], entry["detail"]
    if action == "case.intervention_done":
        return detail["kind"] in MEASURES
    return action in MOVING and detail.get("way") != "colleague"


def a_limit_waits_or_has_run_out(evidence: Evidence) -> Found:
    """An open stay with a limit has one waiting row, or is marked, or its case stands still."""
    waiting = aliased(Due)
    query = (
        sa.select(Task.id, Task.overdue_since, Case.state, sa.func.count(waiting.id))
        .join(Case, Case.id == Task.case_id)
        .outerjoin(
            waiting,
            (waiting.subject_type == "task")
            & (waiting.subject_id == Task.id)
            & (waiting.kind == "overdue")
            & (waiting.state == "pending")
            & (waiting.due_at == Task.due_at),
        )
        .where(Task.state == "open", Task.due_at.is_not(None), evidence.of_case(Task.case_id))
        .group_by(Task.id, Task.overdue_since, Case.state)
    )
    for task, overdue, state, count in evidence.session.execute(query):
        if count != (overdue is None and state == "running"):
            yield f"open stay {task}: overdue since {overdue}, {count} rows wait"


def a_timer_waits_for_its_time(evidence: Evidence) -> Found:
    """One that the engine waits for has one due row that waits, or that stopped in sight.

    A row that a sweep held while its timer was closed waits for the next one to cancel it.
    """
    query = (
        sa.select(WorkflowTimer.id, sa.func.count(Due.id))
        .join(Case, Case.id == WorkflowTimer.case_id)
        .outerjoin(
            Due,
            (Due.subject_type == timers.SUBJECT)
            & (Due.subject_id == WorkflowTimer.id)
            & Due.state.in_(("pending", "incident")),
        )
        .where(WorkflowTimer.closed_at.is_(None), Case.state == "running")
        .where(evidence.of_case(WorkflowTimer.case_id))
        .group_by(WorkflowTimer.id)
    )
    for timer, count in evidence.session.execute(query):
        if count != 1:
            yield f"timer {timer}: {count} rows wait"


def an_effect_comes_before_the_end_of_its_stay(evidence: Evidence) -> Found:
    query = (
        sa.select(Effect.effect_key)
        .join(Due, Due.id == Effect.due_id)
        .join(Task, (Due.subject_type == "task") & (Task.id == Due.subject_id))
        .where(Effect.at > Task.done_at, evidence.of_case(Task.case_id))
    )
    yield from evidence.session.scalars(query)


def a_stay_is_marked_overdue_once(evidence: Evidence) -> Found:
    marks = Counter(
        each["subject"][1] for each in evidence.entries if each["action"] == "task.overdue"
    )
    effects = Counter(
        evidence.session.scalars(
            sa.select(Due.subject_id)
            .join(Effect, Effect.due_id == Due.id)
            .join(Task, (Due.subject_type == "task") & (Task.id == Due.subject_id))
            .where(Due.kind == "overdue", evidence.of_case(Task.case_id))
        )
    )
    if marks != effects:
        yield f"entries without effect: {marks - effects}; without entry: {effects - marks}"
    lifted = Counter(
        each["subject"][1]
        for each in evidence.entries
        if each["action"] == "task.limit_moved" and each["detail"]["no_longer_overdue"]
    )
    yield from (
        f"stay {task}: marked {count} times, lifted {lifted[task]} times"
        for task, count in marks.items()
        if count > 1 + lifted[task]
    )


def somebody_can_act_at_every_open_stay(evidence: Evidence) -> Found:
    """An active candidate; where nobody can act, an administrator who mends it."""
    able = sa.exists().where(
        TaskCandidate.task_id == Task.id, Person.id == TaskCandidate.person_id, Person.active
    )
    mends = able.where(
        Appointment.person_id == Person.id,
        Appointment.role_key == roles.PROCESS_ADMIN,
        Appointment.until.is_(None),
    )
    stranded = sa.case((Task.blocked.is_(None), ~able), else_=~mends)
    query = sa.select(Task.id).where(Task.state == "open", stranded)
    query = query.where(evidence.of_case(Task.case_id))
    yield from (f"open stay {task}" for task in evidence.session.scalars(query))


def a_book_has_no_gap(evidence: Evidence) -> Found:
    """Its lines run from 1 to the last one, and those reserved are as many as it says."""
    reserved = sa.func.count().filter(IssuedNumber.state == "reserved")
    query = sa.select(NumberBook, sa.func.count(IssuedNumber.id), reserved)
    query = query.add_columns(sa.func.max(IssuedNumber.number))
    query = query.outerjoin(IssuedNumber, IssuedNumber.book_id == NumberBook.id)
    for book, count, kept, highest in evidence.session.execute(query.group_by(NumberBook.id)):
        if not book.last == count == (highest or 0):
            yield f"book {book.id}: {count} numbers up to {book.last}"
        if book.reserved != kept:
            yield f"book {book.id}: {kept} reserved, {book.reserved} said"


def documents_and_ledger_say_the_same(evidence: Evidence) -> Found:
    """Every number on a document is used in the ledger for it, and the other way round."""
    used = sa.and_(IssuedNumber.document_id == Document.id, IssuedNumber.state == "used")
    query = sa.select(Document.id, Document.number, IssuedNumber.text).outerjoin(IssuedNumber, used)
    for document, number, text in evidence.session.execute(query):
        if number != text:
            yield f"document {document}: {number}, in the ledger {text}"


def the_archive_has_no_gap(evidence: Evidence) -> Found:
    """档号 of a group run from 1 to its last one, and each was given by one entry of its case."""
    query = sa.select(ArchiveItem).where(ArchiveItem.accepted_at.is_not(None))
    groups: dict[str, list[int]] = {}
    given = []
    for item in evidence.session.scalars(query):
        groups.setdefault(str(item.reference).rpartition("-")[0], []).append(item.sequence or 0)
        given.append((item.case_id, item.reference))
    counted = sa.select(ArchiveSeries.name, ArchiveSeries.last).where(
        ArchiveSeries.name.contains("-")
    )
    last = {row.name: row.last for row in evidence.session.execute(counted)}
    for name in {*groups, *last}:
        if sorted(groups.get(name, [])) != [*range(1, last.get(name, 0) + 1)]:
            yield f"{name}: {sorted(groups.get(name, []))} up to {last.get(name)}"
    told = [
        (entry["case"], entry["detail"]["reference"])
        for entry in evidence.entries
        if entry["action"] == "archive.accepted" and entry["outcome"] == "done"
    ]
    if sorted(told) != sorted(given):
        yield f"given {sorted(given)}, on record {sorted(told)}"


def a_request_has_its_answer(evidence: Evidence) -> Found:
    query = sa.select(RequestKey.key).where(RequestKey.status.is_(None))
    yield from evidence.session.scalars(query)


def a_file_is_where_its_row_says(evidence: Evidence) -> Found:
    if evidence.store is None:
        return
    for digest in evidence.session.scalars(
        sa.union(sa.select(Attachment.sha256), sa.select(Picture.sha256))
    ):
        try:
            evidence.store.get(digest)
        except FileMissing as missing:
            yield f"{digest}: {missing}"


def the_record_is_whole(evidence: Evidence) -> Found:
    verified = audit.verify(evidence.session)
    if not verified.ok:
        yield f"entry {verified.first_bad}: {verified.reason}"


OF_A_CASE: tuple[Callable[[Evidence], Found], ...] = (
    a_running_case_has_an_open_stay,
    a_stay_ends_with_one_entry,
    a_stay_ends_with_one_opinion,
    the_engine_stands_where_the_stays_are,
    the_engine_moved_once_for_each_act,
    a_limit_waits_or_has_run_out,
    a_timer_waits_for_its_time,
    an_effect_comes_before_the_end_of_its_stay,
    a_stay_is_marked_overdue_once,
    somebody_can_act_at_every_open_stay,
)
OF_THE_WHOLE: tuple[Callable[[Evidence], Found], ...] = (
    a_book_has_no_gap,
    documents_and_ledger_say_the_same,
    the_archive_has_no_gap,
    a_request_has_its_answer,
    a_file_is_where_its_row_says,
    the_record_is_whole,
)
