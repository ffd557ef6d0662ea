"""移交清单 as pages and the API show it: both sides, and the four facts of each item (ARC-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.handling.access import visible
from app.handling.filing import rights
from app.handling.filing.models import (
    RESULTS,
    RETENTIONS,
    STATES,
    ArchiveItem,
    ArchiveTransfer,
    TransferLine,
)
from app.handling.models import Case
from app.organization import Actor, Person
from app.organization.models import Department, Unit


@dataclass(frozen=True)
class Row:
    """One item: title, number, when it was formed and how long it is kept, as the list has it."""

    item_id: int
    case_id: int
    title: str
    number: str
    formed_on: date
    retention: str
    result: str
    reason: str
    reference: str

    @property
    def retention_words(self) -> str:
        return RETENTIONS[self.retention]

    @property
    def result_words(self) -> str:
        return RESULTS[self.result]


@dataclass(frozen=True)
class Sheet:
    """A list with both sides: who made it, and who decided; None as long as it waits.

    may_withdraw, may_accept  what the person who looks can do with it now
    """

    id: int
    name: str
    unit: str
    department: str
    note: str
    state: str
    reason: str
    made_by: str
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    rows: Sequence[Row]
    may_withdraw: bool
    may_accept: bool

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def accepted(self) -> int:
        return sum(each.result == "accepted" for each in self.rows)


@dataclass(frozen=True)
class Brief:
    """A list as lists of them show it; ``count``: its items."""

    id: int
    name: str
    department: str
    note: str
    state: str
    reason: str
    made_by: str
    made_at: datetime
    count: int

    @property
    def state_words(self) -> str:
        return STATES[self.state]


def sheet(session: Session, actor: Actor, transfer_id: int) -> Sheet:
    """Raises NotFound for who may not see every document on it."""
    maker, decider = aliased(Person), aliased(Person)
    query = (
        sa.select(ArchiveTransfer, Unit.name, Department.name, maker.name, decider.name)
        .join(Unit, Unit.id == ArchiveTransfer.unit_id)
        .join(Department, Department.id == ArchiveTransfer.department_id)
        .join(maker, maker.id == ArchiveTransfer.made_by_id)
        .outerjoin(decider, decider.id == ArchiveTransfer.decided_by_id)
        .where(ArchiveTransfer.id == transfer_id, _sees_all(actor))
    )
    row = session.execute(query).first()
    if row is None:
        there = session.get(ArchiveTransfer, transfer_id) is not None
        raise NotFound("没有这份移交清单，或者您无权查看。", hidden=there)
    found, unit, department, made_by, decided_by = row
    waits, his = found.state == "proposed", found.made_by_id == actor.person_id
    return Sheet(
        id=found.id,
        name=found.name,
        unit=unit,
        department=department,
        note=found.note,
        state=found.state,
        reason=found.reason,
        made_by=made_by,
        made_at=found.made_at,
        decided_by=decided_by or "",
        decided_at=found.decided_at,
        rows=_rows(session, transfer_id),
        may_withdraw=waits and his,
        may_accept=waits and not his and rights.may_accept(actor, found.unit_id),
    )


def briefs(session: Session, actor: Actor, state: str = "", most: int = 200) -> list[Brief]:
    """Lists that the actor may see, the newest first; ``state``: of STATES, "" for any."""
    query = (
        sa.select(ArchiveTransfer, Department.name, Person.name, sa.func.count())
        .join(Department, Department.id == ArchiveTransfer.department_id)
        .join(Person, Person.id == ArchiveTransfer.made_by_id)
        .join(TransferLine, TransferLine.transfer_id == ArchiveTransfer.id)
        .where(_sees_all(actor), *([ArchiveTransfer.state == state] if state else []))
        .group_by(ArchiveTransfer.id, Department.name, Person.name)
        .order_by(ArchiveTransfer.id.desc())
        .limit(most)
    )
    return [
        Brief(
            id=each.id,
            name=each.name,
            department=department,
            note=each.note,
            state=each.state,
            reason=each.reason,
            made_by=maker,
            made_at=each.made_at,
            count=count,
        )
        for each, department, maker, count in session.execute(query)
    ]


def waiting(session: Session, actor: Actor) -> int:
    """Lists that wait for an archivist, of those that the actor may see."""
    query = sa.select(sa.func.count()).select_from(ArchiveTransfer)
    return session.scalar(query.where(ArchiveTransfer.state == "proposed", _sees_all(actor))) or 0


def _sees_all(actor: Actor) -> sa.ColumnElement[bool]:
    """Condition on :class:`ArchiveTransfer`: no document on it is hidden from the actor."""
    # not "a case that is not visible": of what nobody looks after that would be neither yes nor no
    seen = sa.select(Case.id).where(Case.id == ArchiveItem.case_id, visible(actor))
    hidden = (
        sa.select(TransferLine.item_id)
        .join(ArchiveItem, ArchiveItem.id == TransferLine.item_id)
        .where(
            TransferLine.transfer_id == ArchiveTransfer.id,
            ~seen.correlate(ArchiveItem).exists(),
        )
        .correlate(ArchiveTransfer)
    )
    return ~hidden.exists()


def _rows(session: Session, transfer_id: int) -> list[Row]:
    query = (
        sa.select(TransferLine, ArchiveItem)
        .join(ArchiveItem, ArchiveItem.id == TransferLine.item_id)
        .where(TransferLine.transfer_id == transfer_id)
        .order_by(ArchiveItem.year, ArchiveItem.retention, ArchiveItem.formed_on, ArchiveItem.id)
    )
    return [
        Row(
            item_id=item.id,
            case_id=item.case_id,
            title=item.title,
            number=item.number,
            formed_on=item.formed_on,
            retention=line.retention,
            result=line.result,
            reason=line.reason,
            reference=(item.reference or "") if line.result == "accepted" else "",
        )
        for line, item in session.execute(query)
    ]
