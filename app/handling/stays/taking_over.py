"""岗位交接 at stays: what lies with nobody else goes to the successor, where he may act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.errors import Invalid
from app.handling.act import Act
from app.handling.models import Case, Circulation, Task, TaskCandidate
from app.handling.receipts.models import ReceiptCheck
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.handling.stays.people import in_own_right, resettle
from app.handling.stays.staffing import by_choice, colleague
from app.organization import Actor, Person
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Passage:
    """From whom, to whom, and who signed for it."""

    person: Person
    successor: Person
    supervisor: Actor
    reason: str


GOING = ("running", "suspended")


def hold_cases(session: Session, unit_id: int) -> None:
    """Lock every case of a unit that goes on, in the order of ids: people change in all of them."""
    session.execute(
        sa.select(WorkflowCase.id, Case.id)
        .join(Case, Case.id == WorkflowCase.id)
        .where(Case.unit_id == unit_id, Case.state.in_(GOING))
        .order_by(Case.id)
        .with_for_update(of=(WorkflowCase, Case), key_share=True)
    )


def stays_of(person_id: int) -> sa.Select[Task, Case, WorkflowCase, Document]:
    """Open stays that lie with somebody in his own right, oldest case first."""
    return (
        sa.select(Task, Case, WorkflowCase, Document)
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .where(
            TaskCandidate.person_id == person_id,
            TaskCandidate.principal_id.is_(None),
            Task.state == "open",
            Case.state.in_(GOING),
        )
        .order_by(Case.id, Task.id)
    )


def cases_of(person_id: int) -> sa.Select[Case, WorkflowCase, Document]:
    """Cases that go on and that somebody started or looks after."""
    his = sa.or_(
        Case.caretaker_id == person_id,
        sa.and_(Case.starter_id == person_id, Case.caretaker_id.is_(None)),
    )
    return (
        sa.select(Case, WorkflowCase, Document)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(his, Case.state.in_(GOING))
        .order_by(Case.id)
    )


def unread_of(person_id: int) -> sa.Select[Circulation]:
    """Circulated documents that somebody has not read."""
    return (
        sa.select(Circulation)
        .where(
            Circulation.reader_id == person_id,
            Circulation.read_at.is_(None),
            Circulation.recalled_at.is_(None),
        )
        .order_by(Circulation.id)
    )


def pass_stays(session: Session, passage: Passage, at: datetime) -> Sequence[int]:
    """Give the successor what only the leaver can do; ids of the stays that are his now.

    The rest goes to the other holders of the post, or stops for the process administrators, when
    the posts end. The caller holds the cases.
    """
    passed = []
    for task, case, run, document in session.execute(stays_of(passage.person.id)).all():
        act = Act(session, passage.supervisor, at, case, run, document, task)
        if task.blocked is None and in_own_right(act, task) == {passage.person.id}:
            passed += [task.id] if _pass(act, passage) else []
    return passed


def _pass(act: Act, passage: Passage) -> bool:
    task, login = act.stay, passage.successor.login
    try:
        person = colleague(act, login) if task.kind == "consult" else by_choice(act, login)
    except Invalid:
        return False
    reason = f"{passage.person.name}离岗，由{passage.successor.name}接办。"
    resettle(act, task, [replace(person, reason=reason)])
    task.given_by = "colleague"
    task.opened_at = task.opened_by_id = None
    record_act(act, "task.taken_over", reason=passage.reason, to=login)
    return True


def pass_cases(session: Session, passage: Passage, at: datetime) -> None:
    """Let the successor look after what the leaver started."""
    for case, run, document in session.execute(cases_of(passage.person.id)).all():
        act = Act(session, passage.supervisor, at, case, run, document)
        case.caretaker_id = passage.successor.id
        record_act(act, "case.taken_over", reason=passage.reason, to=passage.successor.login)
        text = f"{passage.person.name}离岗，此件由您接管。"
        tell(session, [passage.successor.id], "moved", case.id, None, text, act.at)


def checks_of(person_id: int) -> sa.Select[ReceiptCheck, Case, WorkflowCase, Document]:
    """What was sent and somebody still has to ask about (核查接收情况), oldest case first."""
    return (
        sa.select(ReceiptCheck, Case, WorkflowCase, Document)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(ReceiptCheck.owner_id == person_id, ReceiptCheck.done_at.is_(None))
        .order_by(Case.id)
    )


def pass_checks(session: Session, passage: Passage, at: datetime) -> None:
    """Let the successor ask what the leaver has not asked yet; cases that are closed included."""
    held = checks_of(passage.person.id).with_for_update(of=ReceiptCheck, key_share=True)
    for check, case, run, document in session.execute(held).all():
        act = Act(session, passage.supervisor, at, case, run, document)
        check.owner_id = passage.successor.id
        record_act(
            act, "receipt_check.taken_over", reason=passage.reason, to=passage.successor.login
        )
        text = f"{passage.person.name}离岗，此件的接收情况由您核查。"
        tell(session, [passage.successor.id], "receipt_check", case.id, None, text, at)


def pass_unread(session: Session, passage: Passage) -> None:
    """What was circulated to the leaver and not read lies with the successor to be read."""
    for each in session.scalars(unread_of(passage.person.id)).all():
        again = sa.exists().where(
            Circulation.case_id == each.case_id, Circulation.reader_id == passage.successor.id
        )
        if session.scalar(sa.select(again)):
            continue
        session.add(
            Circulation(
                case_id=each.case_id,
                sender_id=each.sender_id,
                reader_id=passage.successor.id,
                kind=each.kind,
                words=each.words,
                sent_at=each.sent_at,
                read_at=None,
                recalled_at=None,
            )
        )
        session.flush()
