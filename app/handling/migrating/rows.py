"""Plans as pages and programs read them; titles only, nothing of the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.documents.models import Document
from app.errors import NotFound
from app.handling import administering
from app.handling.migrating.models import CASE_STATES, STATES, Migration, MigrationCase
from app.handling.models import Case
from app.organization import Actor, Person
from app.workflow.models import DefinitionRow

LATELY = 50


@dataclass(frozen=True)
class CaseLine:
    """One case of a plan. ``why``: why it was not moved, or not put back."""

    case_id: int
    title: str
    number: str | None
    from_version: int
    foreseen: Sequence[str]
    state: str
    why: str

    @property
    def state_words(self) -> str:
        return CASE_STATES[self.state]


@dataclass(frozen=True)
class PlanRow:
    """One plan. ``mine``: the actor proposed it; he may take it back, not decide."""

    id: int
    process: str
    process_name: str
    version: int
    sha256: str
    with_limits: bool
    reason: str
    clause: str
    state: str
    mine: bool
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    undone_by: str | None
    undone_at: datetime | None
    undone_why: str | None
    cases: Sequence[CaseLine]

    @property
    def state_words(self) -> str:
        if self.left:
            return "正在恢复" if self.undone_at else "正在迁移"
        return STATES[self.state]

    @property
    def left(self) -> int:
        """Cases of a confirmed plan that are still to be moved, or put back."""
        if self.state != "done":
            return 0
        waits = ("moved", "") if self.undone_at else ("planned", "")
        return sum((each.state, each.why) == waits for each in self.cases)

    def count(self, state: str) -> int:
        return sum(each.state == state for each in self.cases)


def plans(session: Session, actor: Actor) -> list[PlanRow]:
    """Those that wait first, then the latest ones; without their cases. Raises NotAllowed."""
    waits = Migration.state == "proposed"
    query = _query(actor).order_by(waits.desc(), Migration.id.desc()).limit(LATELY)
    found = session.execute(query).all()
    lines = _lines(session, [row[0].id for row in found])
    return [_row(actor, lines.get(row[0].id, []), *row) for row in found]


def plan(session: Session, actor: Actor, migration_id: int) -> PlanRow:
    """Raises NotFound for what is not there or not of the actor's units, NotAllowed."""
    row = session.execute(_query(actor).where(Migration.id == migration_id)).first()
    if row is None:
        raise NotFound("没有这份迁移方案。")
    return _row(actor, _lines(session, [migration_id]).get(migration_id, []), *row)


def count(session: Session, actor: Actor) -> int:
    """How many wait for the actor to decide."""
    query = sa.select(sa.func.count()).where(
        Migration.unit_id.in_(administering.units(actor)),
        Migration.state == "proposed",
        Migration.proposed_by_id != actor.person_id,
    )
    return session.scalar(query) or 0


def _query(actor: Actor) -> sa.Select[Migration, DefinitionRow, str, str, str]:
    proposer, decider, undoer = aliased(Person), aliased(Person), aliased(Person)
    return (
        sa.select(Migration, DefinitionRow, proposer.name, decider.name, undoer.name)
        .join(DefinitionRow, DefinitionRow.sha256 == Migration.to_sha256)
        .join(proposer, proposer.id == Migration.proposed_by_id)
        .outerjoin(decider, decider.id == Migration.decided_by_id)
        .outerjoin(undoer, undoer.id == Migration.undone_by_id)
        .where(Migration.unit_id.in_(administering.units(actor)))
    )


def _lines(session: Session, migration_ids: Sequence[int]) -> dict[int, list[CaseLine]]:
    query = (
        sa.select(MigrationCase, Document.title, Document.number)
        .join(Case, Case.id == MigrationCase.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(MigrationCase.migration_id.in_(migration_ids))
        .order_by(MigrationCase.migration_id, MigrationCase.case_id)
    )
    found: dict[int, list[CaseLine]] = {}
    for row, title, number in session.execute(query):
        line = CaseLine(
            row.case_id, title, number, row.from_version, row.foreseen, row.state, row.why
        )
        found.setdefault(row.migration_id, []).append(line)
    return found


def _row(
    actor: Actor,
    cases: Sequence[CaseLine],
    each: Migration,
    version: DefinitionRow,
    proposed_by: str,
    decided_by: str | None,
    undone_by: str | None,
) -> PlanRow:
    return PlanRow(
        id=each.id,
        process=each.process_id,
        process_name=version.name,
        version=version.version,
        sha256=each.to_sha256,
        with_limits=each.with_limits,
        reason=each.reason,
        clause=each.clause,
        state=each.state,
        mine=each.proposed_by_id == actor.person_id,
        proposed_by=proposed_by,
        proposed_at=each.proposed_at,
        decided_by=decided_by,
        decided_at=each.decided_at,
        answer=each.answer,
        undone_by=undone_by,
        undone_at=each.undone_at,
        undone_why=each.undone_why,
        cases=cases,
    )
