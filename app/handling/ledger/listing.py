"""Lines of 公文台账 and of its annex 收文登记表, and the CSV of either (REC-15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from app.clock import SHANGHAI
from app.documents import kinds, tables
from app.documents.models import Document
from app.handling.filing.models import ArchiveItem
from app.handling.ledger.finding import BOOKS, Wanted, found
from app.handling.models import Case, Task
from app.organization import Actor
from app.organization.models import Department, Person

ARCHIVES = "archive"
"""The way out by which a handler files what has been sent (自由流转, OUT-14)."""
HEADS = {
    "outgoing": (
        *("发文字号", "标题", "文种", "主题词", "拟稿部门", "签发人", "签发日期", "发出日期"),
        *("主送", "抄送", "份数", "办理状态", "归档状态"),
    ),
    "incoming": (
        *("收文编号", "收文日期", "来文单位", "来文字号", "标题", "文种", "成文日期"),
        *("办结日期", "办理状态", "归档状态"),
    ),
}


@dataclass(frozen=True)
class Line:
    """A document of the ledger. Dates are days of Shanghai, None where it has not come so far.

    number      发文字号; of a received document its 收文编号, such as ``2026-7``
    sent_at     dispatched, of a received document received
    ended_at    of a received document, when its handling ended
    archived_by, archived_on  who filed it and when; None while it is not filed
    reference   档号, once the archive has accepted it; None until then
    """

    case_id: int
    number: str
    title: str
    kind: str
    keywords: Sequence[str]
    department: str
    from_unit: str
    source_number: str
    document_date: date | None
    signatory: str
    signed_on: date | None
    sent_on: date | None
    ended_on: date | None
    main_recipients: Sequence[str]
    copy_recipients: Sequence[str]
    copies: int | None
    state: str
    archived_by: str | None
    archived_on: date | None
    reference: str | None

    @property
    def archive_state(self) -> str:
        if self.reference:
            return f"已移交（{self.reference}）"
        if self.archived_by is None:
            return "未归档"
        return f"已归档（{self.archived_by}，{self.archived_on}）"


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    cases = found(actor, wanted).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(cases)) or 0


def lines(
    session: Session, actor: Actor, wanted: Wanted, skip: int = 0, most: int | None = None
) -> list[Line]:
    """The newest first; ``most`` None for all of them."""
    query = (
        sa.select(Case, Document, Department.name)
        .join(Document, Document.id == Case.document_id)
        .outerjoin(Department, Department.id == Document.department_id)
        .where(Case.id.in_(found(actor, wanted)))
        .options(defer(Document.text), defer(Document.explained))
        .order_by(Case.id.desc())
        .offset(skip)
        .limit(most)
    )
    rows = session.execute(query).all()
    # a page names its cases; all of them would be more than a statement can name
    among = [case.id for case, _, _ in rows] if most else found(actor, wanted)
    filed = _filed(session, among)
    return [_line(case, paper, name, filed.get(case.id)) for case, paper, name in rows]


@dataclass(frozen=True)
class _Filed:
    by: str
    at: datetime
    reference: str | None = None


def _filed(session: Session, cases: Sequence[int] | sa.Select[int]) -> dict[int, _Filed]:
    """Who filed each of these cases and when; before there were items, his act alone tells it."""
    acts = (
        sa.select(Task.case_id, Person.name, Task.done_at)
        .join(Case, Case.id == Task.case_id)
        .join(Person, Person.id == Task.done_by_id)
        .where(Task.case_id.in_(cases), Task.outcome == ARCHIVES, Case.state == "closed")
        .order_by(Task.id)
    )
    items = (
        sa.select(*(ArchiveItem.case_id, Person.name, ArchiveItem.filed_at, ArchiveItem.reference))
        .join(Person, Person.id == ArchiveItem.filed_by_id)
        .where(ArchiveItem.case_id.in_(cases))
    )
    found = {case: _Filed(name, at) for case, name, at in session.execute(acts) if at}
    filed = {row[0]: _Filed(row[1], row[2], row[3]) for row in session.execute(items)}
    return {**found, **filed}


def _line(case: Case, paper: Document, department: str | None, filed: _Filed | None) -> Line:
    incoming = paper.flow == "incoming"
    receipt = f"{paper.receipt_year}-{paper.receipt_number}" if paper.receipt_number else ""
    return Line(
        case_id=case.id,
        number=receipt if incoming else paper.number or "",
        title=paper.title,
        kind=paper.kind or "",
        keywords=paper.keywords_in_force,
        department=department or "",
        from_unit=paper.from_unit or "",
        source_number=paper.source_number or "",
        document_date=paper.document_date,
        signatory=paper.signatory or "",
        signed_on=_day(paper.signed_at),
        sent_on=_day(paper.received_at if incoming else paper.dispatched_at),
        ended_on=_day(case.ended_at),
        main_recipients=paper.main_recipients,
        copy_recipients=paper.copy_recipients,
        copies=paper.copies,
        state=kinds.STATES[paper.state],
        archived_by=filed.by if filed else None,
        archived_on=_day(filed.at) if filed else None,
        reference=filed.reference if filed else None,
    )


def as_csv(book: str, found: Sequence[Line]) -> bytes:
    return tables.as_csv([HEADS[book], *_rows(book, found)])


def title(wanted: Wanted, unit: str) -> str:
    """``江洲县水务局2026年发文台账``."""
    year = f"{wanted.year}年" if wanted.year else ""
    return f"{unit}{year}{BOOKS[wanted.book]}"


def _rows(book: str, found: Sequence[Line]) -> Iterator[Sequence[str]]:
    for each in found:
        if book == "incoming":
            yield (
                *(each.number, _said(each.sent_on), each.from_unit, each.source_number),
                *(each.title, each.kind, _said(each.document_date), _said(each.ended_on)),
                *(each.state, each.archive_state),
            )
            continue
        yield (
            *(each.number, each.title, each.kind, "；".join(each.keywords), each.department),
            *(each.signatory, _said(each.signed_on), _said(each.sent_on)),
            *("；".join(each.main_recipients), "；".join(each.copy_recipients)),
            *("" if each.copies is None else str(each.copies), each.state, each.archive_state),
        )


def _day(at: datetime | None) -> date | None:
    return at and at.astimezone(SHANGHAI).date()


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""
