"""What clients were told against what the database holds."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry
from app.documents.models import Attachment, DocumentVersion
from app.handling.models import Opinion, Task
from app.web.acts import RequestKey
from tests.faults.ledger import Answer, Request

BY_TEXT = {
    "complete": Opinion.text,
    "return": Opinion.text,
    "hand_over": Opinion.text,
    "create": DocumentVersion.elements,
    "attach": Attachment.name,
}
BY_ENTRY = {
    "add_signers": "task.signers_added",
    "cancel": "case.cancelled",
    "circulate": "document.circulated",
    "decide": "case.intervention_done",
    "propose": "case.intervention_proposed",
    "urge": "task.urged",
}
"""Acts whose entry in the record alone bears the key."""
KINDS = {*BY_TEXT, *BY_ENTRY, "withdraw"}


@dataclass
class Outcome:
    """Figures of a run; ``lost``, ``half``, ``twice`` and ``changed`` name keys.

    acts  how many of each kind were acknowledged
    """

    acts: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    whole: int = 0
    absent: int = 0
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return self.acts.total()

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.half, *self.twice, *self.changed]


def compare(session: Session, lines: Sequence[tuple[Request, Answer | None]]) -> Outcome:
    """An acknowledged act is there with its answer; one without an answer is whole or absent."""
    outcome = Outcome()
    for request, answer in lines:
        _judge(session, outcome, request, answer)
    session.rollback()
    return outcome


def _judge(session: Session, outcome: Outcome, request: Request, answer: Answer | None) -> None:
    kept, effects = kept_answer(session, request), effects_of(session, request)
    name = f"{request.kind} {request.key}"
    if effects > 1:
        outcome.twice.append(name)
    elif (kept is not None) != (effects == 1):
        outcome.half.append(f"{name}: kept {kept}, {effects} effects")
    elif answer is None:
        outcome.whole += effects
        outcome.absent += 1 - effects
    elif not answer.acknowledged:
        outcome.refused += 1
        outcome.half += [f"{name}: refused, {effects} effects"] if effects else []
    elif kept is None:
        outcome.lost.append(name)
    else:
        outcome.acts[request.kind] += 1
        outcome.changed += [name] if kept != answer else []


def kept_answer(session: Session, request: Request) -> Answer | None:
    query = sa.select(RequestKey.status, RequestKey.answer).where(RequestKey.key == request.key)
    row = session.execute(query).first()
    return None if row is None else Answer(row.status, row.answer)


def effects_of(session: Session, request: Request) -> int:
    """How often the act was done, by what it left: its text, its file, its entry."""
    column = BY_TEXT.get(request.kind)
    if request.kind == "create":
        column = DocumentVersion.elements
        first = DocumentVersion.number == 1
        return _count(session, DocumentVersion.id, column.contains(request.key), first)
    if column is not None:
        return _count(session, column, column.contains(request.key))
    if request.kind in BY_ENTRY:
        return _count(session, AuditEntry.seq, *_entry(BY_ENTRY[request.kind], request.key))
    task_id = int(request.path.split("/")[2])
    marked = json.dumps(["task", task_id], separators=(",", ":"))
    taken_back = _count(session, AuditEntry.seq, *_entry("task.withdrawn", f'"subject":{marked}'))
    state = session.scalar(sa.select(Task.state).where(Task.id == task_id))
    assert (taken_back > 0) == (state == "withdrawn"), f"stay {task_id}: {taken_back}, {state}"
    return taken_back


def _entry(action: str, text: str) -> tuple[sa.ColumnElement[bool], ...]:
    return AuditEntry.action == action, AuditEntry.body.contains(text)


def _count(session: Session, what: sa.ColumnElement[object], *where: sa.ColumnElement[bool]) -> int:
    found = session.scalar(sa.select(sa.func.count(what)).where(*where))
    return found or 0
