"""An act in hand: the case it changes, held under its lock, with the person who acts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, faults
from app.audit import Signature
from app.documents.history import note_held
from app.documents.models import Document
from app.errors import NotFound
from app.handling.access import (
    BEFORE_HIM,
    SEEN,
    VIEWED_AT,
    VIEWER,
    not_there,
    sees_case,
    viewed_by,
    visible,
)
from app.handling.errors import (
    CaseNotRunning,
    DelegationOver,
    NotYourTask,
    StaleRevision,
    StepAlreadyDone,
    StepBlocked,
)
from app.handling.models import CASE_STATES, Case, Task, TaskCandidate
from app.organization import Actor, Person, Scope, StandsFor
from app.organization.delegations import in_force_at
from app.organization.models import Delegation
from app.seals.models import Paper
from app.seals.registry.models import SigningPolicy
from app.seals.signer.approvals import Need
from app.workflow import loading
from app.workflow.definitions import Definition, Outcome, Step
from app.workflow.models import WorkflowCase


@dataclass
class Act:
    """One act on one case while its transaction is open; also the context of service tasks.

    at         database time, read after the case was locked (decision 11)
    candidate  why the actor may act at ``task``; None when he may not
    variables  the case variables as the act has left them
    any_hour   the sender wants it sent now, working time or not (TRN-04)
    somebody_stands_in  False when nobody of the unit has an agent: then nobody need be asked for
    may_sign   False when no unit signs with keys and the document has no signed paper
    lacking    signatures that the act turned out to lack while it was played; None: refuse at once
    """

    session: Session
    actor: Actor
    at: datetime
    case: Case
    engine: WorkflowCase
    document: Document
    task: Task | None = None
    candidate: TaskCandidate | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    any_hour: bool = False
    somebody_stands_in: bool = True
    may_sign: bool = True
    lacking: list[Need] | None = None

    @property
    def definition(self) -> Definition:
        return loading.definition(self.session, self.engine.sha256)

    @property
    def scope(self) -> Scope:
        """Where roles are looked for: the unit and department that the case belongs to."""
        drafted = self.document.flow != "incoming"
        drafter = (self.case.caretaker_id or self.document.drafter_id) if drafted else None
        return Scope(self.case.unit_id, self.case.department_id if drafted else None, drafter)

    @property
    def signature(self) -> Signature:
        """The actor with the post that lets him act at the stay."""
        return self.as_candidate.signature()

    @property
    def as_candidate(self) -> Actor:
        """The actor with that post before his others: it is the authority of what he does here.

        Where he stands in for somebody, the delegation is, and both are named.
        """
        if self.candidate is None:
            return self.actor
        authority = self.candidate.authority
        posts = sorted(self.actor.posts, key=lambda post: post.title != authority)
        return replace(self.actor, posts=tuple(posts), stands_for=self._principal(authority))

    def _principal(self, authority: str) -> StandsFor | None:
        if self.candidate is None or self.candidate.principal_id is None:
            return None
        person = self.session.get_one(Person, self.candidate.principal_id)
        return StandsFor(person.login, person.name, authority)

    @property
    def stay(self) -> Task:
        if self.task is None:
            raise LookupError("this act has no stay")
        return self.task

    @property
    def step(self) -> Step:
        return self.definition.step(self.stay.step)

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return outcomes_at(self.stay, self.step)


ANSWER = Outcome("answer", "回复意见")
"""All that somebody can do who is only asked for his opinion."""


def outcomes_at(task: Task, step: Step) -> Sequence[Outcome]:
    """The ways out of a stay: those of the diagram, unless it only asks for an opinion."""
    return (ANSWER,) if task.kind == "consult" else step.outcomes


TaskRows = sa.Select[Task, Case, WorkflowCase, Document, TaskCandidate, bool, bool]
_STANDS_IN = (
    sa.exists()
    .where(
        Delegation.principal_id == Person.id,
        Person.unit_id == Case.unit_id,
        Delegation.until > VIEWED_AT,
        Delegation.ended_at.is_(None),
    )
    .correlate(Case)
)
_MAY_SIGN = sa.or_(
    sa.exists().where(SigningPolicy.superseded_at.is_(None)),
    sa.exists().where(Paper.document_id == Document.id).correlate(Document),
)
_TASK = (
    sa.select(Task, Case, WorkflowCase, Document, TaskCandidate, _STANDS_IN, _MAY_SIGN)
    .join(Case, Case.id == Task.case_id)
    .join(WorkflowCase, WorkflowCase.id == Case.id)
    .join(Document, Document.id == Case.document_id)
    .outerjoin(
        TaskCandidate,
        (TaskCandidate.task_id == Task.id) & (TaskCandidate.person_id == VIEWER),
    )
    .where(Task.id == sa.bindparam("task"), sa.or_(BEFORE_HIM, SEEN))
)
"""One stay with all that an act needs; put together once, because every act asks it."""
_LOCKED = _TASK.with_for_update(
    of=(WorkflowCase, Case, Document, Task), key_share=True
).execution_options(populate_existing=True)


def hold_task(session: Session, actor: Actor, task_id: int) -> Act:
    """Lock the case of a stay and read it anew, with all that an act needs, in one statement.

    Every row is locked, not only the case: PostgreSQL reads again, after waiting, just the rows
    that it locks, and a stay read from before the wait would still look open. What the actor may
    not see is not locked, so that he cannot tell it from what is not there.
    Raises NotFound when the stay is absent or not visible to the actor, StepAlreadyDone when it
    was taken back from him.
    """
    try:
        act = _task_act(session, actor, task_id, _LOCKED)
    except NotFound:
        _ensure_not_taken_back(session, actor, task_id)
        raise
    note_held(session, act.document)
    faults.reach("after-load")
    return act


def _ensure_not_taken_back(session: Session, actor: Actor, task_id: int) -> None:
    """Whoever acts on what was sent to him is told who took it back; pages do not show it."""
    query = (
        sa.select(Task)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .where(Task.id == task_id, TaskCandidate.person_id == actor.person_id)
    )
    task = session.scalars(query.execution_options(populate_existing=True)).first()
    if task is not None and task.state == "recalled":
        raise StepAlreadyDone(_who_ended(session, task), task.done_at, task.state) from None


def look_at_task(session: Session, actor: Actor, task_id: int) -> Act:
    """A stay for a page that shows it, without a lock. Raises NotFound like :func:`hold_task`."""
    return _task_act(session, actor, task_id, _TASK)


def _task_act(session: Session, actor: Actor, task_id: int, query: TaskRows) -> Act:
    row = session.execute(query, {**viewed_by(actor), "task": task_id}).first()
    if row is None:
        raise not_there(session, Task, task_id)
    task, case, engine, document, candidate, stands_in, may_sign = row
    at = clock.now(session)
    return Act(
        session,
        actor,
        at,
        case,
        engine,
        document,
        task,
        candidate,
        somebody_stands_in=stands_in,
        may_sign=may_sign,
    )


def hold_case(session: Session, actor: Actor, case_id: int) -> Act:
    """Lock a case for an act on the whole of it. Raises NotFound like :func:`hold_task`."""
    locked = _case(case_id).with_for_update(of=(WorkflowCase, Case, Document), key_share=True)
    if not sees_case(session, actor, case_id):
        raise not_there(session, Case, case_id)
    act = _case_act(session, actor, case_id, locked.execution_options(populate_existing=True))
    note_held(session, act.document)
    faults.reach("after-load")
    return act


def hold_cases(session: Session, actor: Actor, case_ids: Collection[int]) -> list[Act]:
    """The same of several cases for one act on all of them, locked and answered by their ids."""
    wanted = sorted(set(case_ids))
    _ensure_sees(session, actor, wanted)
    locked = _cases().where(Case.id.in_(wanted)).order_by(Case.id)
    locked = locked.with_for_update(of=(WorkflowCase, Case, Document), key_share=True)
    rows = session.execute(locked.execution_options(populate_existing=True)).all()
    _ensure_sees(session, actor, wanted)  # asked before, so that what is hidden is not locked
    at = clock.now(session)
    for row in rows:
        note_held(session, row[2])
    faults.reach("after-load")
    return [Act(session, actor, at, *row) for row in rows]


def _ensure_sees(session: Session, actor: Actor, case_ids: Sequence[int]) -> None:
    seen = set(session.scalars(sa.select(Case.id).where(Case.id.in_(case_ids), visible(actor))))
    for case_id in case_ids:
        if case_id not in seen:
            raise not_there(session, Case, case_id)


def look_at_case(session: Session, actor: Actor, case_id: int) -> Act:
    """A case for a page that shows it, without a lock. Raises NotFound like :func:`hold_task`."""
    return _case_act(session, actor, case_id, _case(case_id))


def _case(case_id: int) -> sa.Select[Case, WorkflowCase, Document]:
    return _cases().where(Case.id == case_id)


def _cases() -> sa.Select[Case, WorkflowCase, Document]:
    return (
        sa.select(Case, WorkflowCase, Document)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
    )


def _case_act(
    session: Session, actor: Actor, case_id: int, query: sa.Select[Case, WorkflowCase, Document]
) -> Act:
    row = session.execute(query).first()
    if row is None or not sees_case(session, actor, case_id):
        raise not_there(session, Case, case_id)
    case, engine, document = row
    return Act(session, actor, clock.now(session), case, engine, document)


def ensure_running(case: Case) -> None:
    if case.state != "running":
        raise CaseNotRunning(CASE_STATES[case.state])


def ensure_mine_and_open(act: Act, revision: int) -> None:
    """The guard of every act at a stay: his to do, still open, drawn from the present state."""
    task = act.stay
    if act.candidate is None:
        raise NotYourTask(task.step_name, names_of_candidates(act.session, task.id))
    ensure_delegated(act)
    if task.state != "open":
        raise StepAlreadyDone(_who_ended(act.session, task), task.done_at, task.state)
    ensure_running(act.case)
    if task.blocked is not None:
        raise StepBlocked(task.step_name)
    if task.revision != revision:
        raise StaleRevision


def ensure_delegated(act: Act) -> None:
    """An agent's right ends with the delegation, whatever the sweep has done by then (D3)."""
    candidate = act.candidate
    if candidate is None or candidate.delegation_id is None:
        return
    delegation = act.session.get_one(Delegation, candidate.delegation_id, populate_existing=True)
    if not in_force_at(delegation, act.at):
        principal = act.session.get_one(Person, delegation.principal_id)
        raise DelegationOver(principal.name)


def names_of_candidates(session: Session, task_id: int) -> list[str]:
    query = (
        sa.select(Person.name)
        .join(TaskCandidate, TaskCandidate.person_id == Person.id)
        .where(TaskCandidate.task_id == task_id)
        .order_by(Person.id)
    )
    return list(session.scalars(query))


def _who_ended(session: Session, task: Task) -> str:
    if task.done_by_id is None:
        return "系统"
    return session.scalars(sa.select(Person.name).where(Person.id == task.done_by_id)).one()
