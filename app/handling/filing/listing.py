"""档案目录 and 收集: finished documents as filed or unfiled, found by class, year and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from app.clock import SHANGHAI
from app.documents.models import Document
from app.handling.access import visible
from app.handling.filing import finished, references, retention
from app.handling.filing.models import (
    CLASSES,
    RETENTIONS,
    ArchiveItem,
    ArchiveTransfer,
    TransferLine,
)
from app.handling.models import Case
from app.organization import Actor, Person
from app.organization.models import Department

STATES = {"unfiled": "待归档", "filed": "待移交", "proposed": "待接收", "accepted": "已移交"}
"""How far a finished document has come on its way into the archive."""
YEARS = range(2000, 2100)
"""归档年度 that can be asked for."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" and 0 for everything. All conditions hold together.

    state       a key of STATES
    year        归档年度, of YEARS: of the day on which it was formed
    department  key of the 形成部门
    reference   a 档号 as somebody types it
    words       in title or number
    """

    state: str = ""
    year: int = 0
    department: str = ""
    retention: str = ""
    kind: str = ""
    reference: str = ""
    words: str = ""


@dataclass(frozen=True)
class Line:
    """A finished document.

    item_id    None while it is not filed; then ``retention`` is the proposed one
    reason     why it is kept for another time than proposed, "" where it is not
    returned   why the archive has sent it back, "" unless that is where it stands
    transfer   number of the list that it is on, or with which it was accepted, and its id
    """

    case_id: int
    item_id: int | None
    unit_id: int
    department_id: int | None
    department: str
    title: str
    number: str
    kind: str
    formed_on: date
    year: int
    class_code: str
    retention: str
    proposed: str
    reason: str
    state: str
    returned: str
    reference: str
    filed_by: str
    filed_on: date | None
    transfer: str
    transfer_id: int | None
    accepted_by: str
    accepted_on: date | None

    @property
    def state_words(self) -> str:
        return "退回重新整理" if self.returned else STATES[self.state]

    @property
    def retention_words(self) -> str:
        return RETENTIONS[self.retention]

    @property
    def proposed_words(self) -> str:
        return RETENTIONS[self.proposed]

    @property
    def class_words(self) -> str:
        return CLASSES[self.class_code]


_ON = aliased(TransferLine)
_DEPARTMENT = sa.func.coalesce(
    ArchiveItem.department_id,
    finished.forming_department(),
    type_=ArchiveItem.department_id.type,
)
_STANDS = sa.case(
    (ArchiveItem.id.is_(None), "unfiled"),
    (ArchiveItem.accepted_at.is_not(None), "accepted"),
    (_ON.result == "waiting", "proposed"),
    else_="filed",
)
_RETURNED = (
    sa.select(TransferLine.reason)
    .where(TransferLine.item_id == ArchiveItem.id, TransferLine.result == "returned")
    .order_by(TransferLine.transfer_id.desc())
    .limit(1)
    .correlate(ArchiveItem)
    .scalar_subquery()
)


def counts(session: Session, actor: Actor, wanted: Wanted) -> dict[str, int]:
    """How many there are in each state; what ``state`` asks for is left out of account."""
    among = _found(actor, wanted, any_state=True).with_only_columns(_STANDS.label("state"))
    states = among.subquery()
    query = sa.select(states.c.state, sa.func.count()).group_by(states.c.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    found = _found(actor, wanted).with_only_columns(Case.id).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def lines(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    skip: int = 0,
    most: int | None = None,
    case_id: int | None = None,
) -> list[Line]:
    """What the actor may see of it: of the archive by 档号, of the rest the newest first."""
    filer, keeper = aliased(Person), aliased(Person)
    query = (
        _found(actor, wanted)
        .outerjoin(Department, Department.id == _DEPARTMENT)
        .outerjoin(filer, filer.id == ArchiveItem.filed_by_id)
        .outerjoin(keeper, keeper.id == ArchiveItem.accepted_by_id)
        .outerjoin(ArchiveTransfer, ArchiveTransfer.id == _ON.transfer_id)
        .with_only_columns(
            *(Case.id, Case.unit_id, Document, ArchiveItem, Department.id, Department.name),
            *(_STANDS, _RETURNED, filer.name, keeper.name, ArchiveTransfer),
        )
        .options(defer(Document.text), defer(Document.explained))
        .where(*([] if case_id is None else [Case.id == case_id]))
        .order_by(*_order(wanted))
        .offset(skip)
        .limit(most)
    )
    return [_line(*row) for row in session.execute(query)]


def by_reference(session: Session, actor: Actor, typed: str) -> int | None:
    """Id of the item with this 档号 that the actor may see (SRC-07); None where there is none."""
    if not typed.strip():
        return None
    query = _found(actor, Wanted(reference=typed)).with_only_columns(ArchiveItem.id).limit(2)
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None


def one(session: Session, actor: Actor, case_id: int) -> Line | None:
    """A finished document that the actor may see; None where it is neither finished nor seen."""
    found = lines(session, actor, Wanted(), case_id=case_id)
    return found[0] if found else None


def _found(actor: Actor, wanted: Wanted, *, any_state: bool = False) -> sa.Select[Any]:
    """Cases with document, item, and the line of the list that it is on or was accepted with."""
    return (
        sa.select(Case.id)
        .join(Document, Document.id == Case.document_id)
        .outerjoin(ArchiveItem, ArchiveItem.case_id == Case.id)
        .outerjoin(
            _ON,
            sa.and_(_ON.item_id == ArchiveItem.id, _ON.result.in_(("waiting", "accepted"))),
        )
        .where(visible(actor), finished.finished(), *_conditions(wanted, any_state=any_state))
    )


def _conditions(wanted: Wanted, *, any_state: bool) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.state and not any_state:
        found.append(_STANDS.in_([wanted.state]))
    if wanted.year:
        found.append(finished.formed_in(wanted.year))
    if wanted.department:
        keyed = sa.select(Department.id).where(
            Department.key == wanted.department, Department.unit_id == Case.unit_id
        )
        found.append(_DEPARTMENT.in_(keyed.correlate(Case)))
    if wanted.retention:
        found.append(ArchiveItem.retention == wanted.retention)
    if wanted.kind:
        found.append(Document.kind == wanted.kind)
    if wanted.reference:
        found.append(ArchiveItem.reference == references.read(wanted.reference))
    if wanted.words:
        columns = (Document.title, Document.number, Document.source_number, ArchiveItem.reference)
        found.append(sa.or_(*(each.icontains(wanted.words, autoescape=True) for each in columns)))
    return found


def _order(wanted: Wanted) -> Sequence[Any]:
    if wanted.state == "accepted":
        return (ArchiveItem.reference, Case.id)
    return (Case.id.desc(),)


def _line(
    case_id: int,
    unit_id: int,
    paper: Document,
    item: ArchiveItem | None,
    department_id: int | None,
    department: str | None,
    state: str,
    returned: str | None,
    filer: str | None,
    keeper: str | None,
    transfer: ArchiveTransfer | None,
) -> Line:
    proposal = item.proposed if item else retention.proposed(paper)
    day = item.formed_on if item else finished.formed_on(paper)
    return Line(
        case_id=case_id,
        item_id=item.id if item else None,
        unit_id=unit_id,
        department_id=department_id,
        department=department or "",
        title=item.title if item else "".join(paper.title.split("\n")),
        number=item.number if item else paper.number or paper.source_number or "",
        kind=item.kind if item else paper.kind or "",
        formed_on=day,
        year=day.year,
        class_code=item.class_code if item else "WS",
        retention=item.retention if item else proposal,
        proposed=proposal,
        reason=item.reason if item else "",
        state=state,
        returned=returned or "" if state == "filed" else "",
        reference=item.reference or "" if item else "",
        filed_by=filer or "",
        filed_on=_day(item.filed_at) if item else None,
        transfer=transfer.name if transfer else "",
        transfer_id=transfer.id if transfer else None,
        accepted_by=keeper or "",
        accepted_on=_day(item.accepted_at) if item else None,
    )


def _day(at: datetime | None) -> date | None:
    return at and at.astimezone(SHANGHAI).date()
