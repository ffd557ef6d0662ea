"""提请: what process administrators have before them, and what they decided lately."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import organization
from app.documents.models import Document
from app.handling.acts import intervening
from app.handling.administering import administered
from app.handling.impartiality import is_party
from app.handling.models import Case, Intervention, Task
from app.organization import Actor, Person
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase

LATELY = 50
"""Decided ones that are shown."""


@dataclass(frozen=True)
class ProposalRow:
    """One proposal.

    words   what would be done: ``把“核稿”改派给李四``
    state   one of ``intervening.STATES``; what the case has left behind counts as stale
    mine    the actor proposed it: he may take it back, not decide
    party   the actor is a party to the case and may not decide either
    """

    id: int
    case_id: int
    title: str
    number: str | None
    kind: str
    words: str
    step: str | None
    to: str | None
    reason: str
    clause: str
    closes: list[str]
    state: str
    mine: bool
    party: bool
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None

    @property
    def label(self) -> str:
        return intervening.KINDS[self.kind]

    @property
    def state_words(self) -> str:
        return intervening.STATES[self.state]


def proposals(session: Session, actor: Actor, case_id: int | None = None) -> list[ProposalRow]:
    """Those that wait, oldest first, then the latest decided ones."""
    waits = Intervention.state == "proposed"
    order = waits.desc(), sa.case((waits, Intervention.id), else_=-Intervention.id)
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        sa.select(
            Intervention, Case, Document.title, Document.number, WorkflowCase.sha256, Task,
            proposer.name, decider.name, is_party(actor.person_id),
        )
        .join(Case, Case.id == Intervention.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .join(proposer, proposer.id == Intervention.proposed_by_id)
        .outerjoin(decider, decider.id == Intervention.decided_by_id)
        .outerjoin(Task, Task.id == Intervention.task_id)
        .where(administered(actor))
        .order_by(*order)
        .limit(LATELY)
    )  # fmt: skip
    if case_id is not None:
        query = query.where(Case.id == case_id)
    rows = session.execute(query).all()
    names = organization.names_of(
        session, [row[0].to for row in rows if row[0].kind == "reassign" and row[0].to]
    )
    found = [_row(session, actor, names, *row) for row in rows]
    return sorted(found, key=lambda row: row.state != "proposed")


def proposal(session: Session, actor: Actor, proposal_id: int) -> ProposalRow | None:
    """One of them; None when it is not there or not the actor's to see."""
    query = sa.select(Intervention.case_id).where(Intervention.id == proposal_id)
    case_id = session.scalar(query)
    if case_id is None:
        return None
    found = proposals(session, actor, case_id)
    return next((each for each in found if each.id == proposal_id), None)


def count(session: Session, actor: Actor) -> int:
    """How many wait for the actor to decide."""
    query = (
        sa.select(sa.func.count())
        .select_from(Intervention)
        .join(Case, Case.id == Intervention.case_id)
        .where(
            administered(actor),
            Intervention.state == "proposed",
            Intervention.proposed_by_id != actor.person_id,
            ~is_party(actor.person_id),
        )
    )
    return session.scalar(query) or 0


def _row(
    session: Session,
    actor: Actor,
    names: dict[str, str],
    each: Intervention,
    case: Case,
    title: str,
    number: str | None,
    sha256: str,
    task: Task | None,
    proposed_by: str,
    decided_by: str | None,
    party: bool,
) -> ProposalRow:
    stale = each.state == "proposed" and intervening.is_stale(case, task, each)
    return ProposalRow(
        id=each.id,
        case_id=each.case_id,
        title=title,
        number=number,
        kind=each.kind,
        words=_words(session, each, sha256, task, names),
        step=task.step if task else None,
        to=each.to,
        reason=each.reason,
        clause=each.clause,
        closes=each.closes,
        state="stale" if stale else each.state,
        mine=each.proposed_by_id == actor.person_id,
        party=party,
        proposed_by=proposed_by,
        proposed_at=each.proposed_at,
        decided_by=decided_by,
        decided_at=each.decided_at,
        answer=each.answer,
    )


def _words(
    session: Session, each: Intervention, sha256: str, task: Task | None, names: dict[str, str]
) -> str:
    here = task.step_name if task else ""
    to = each.to or ""
    if each.kind == "move":
        return f"从“{here}”跳转到“{definition(session, sha256).step(to).name}”"
    if each.kind == "reassign":
        return f"把“{here}”改派给{names.get(to, to)}"
    return f"{intervening.KINDS[each.kind]}办理"
