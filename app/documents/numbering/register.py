"""登记簿: every number of a series in a year, once, with what became of it (NUM-02)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from app.clock import SHANGHAI
from app.documents.models import Document, IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering.forms import number_text
from app.organization import Person

STATES: Mapping[str, str] = MappingProxyType(
    {
        "used": "使用",
        "reserved": "预留",
        "expired": "预留到期",
        "void": "作废",
        "skipped": "跳过",
    }
)
"""States of the ledger; a reservation that has run out is told apart, its number is free."""

TYPED = "（手工录入）"
"""Behind the signatory of a scanned paper (OUT-17)."""


@dataclass(frozen=True)
class Line:
    """A number. ``by`` and ``at``: who brought it into its state, and when.

    title, kind, signatory, keywords, copies, proofreader  of the document, "" without one (REC-03)
    words                   purpose of a reservation, reason of what is void or skipped
    until                   last day of a reservation
    voidable                on a document that is not sealed yet
    """

    id: int
    number: int
    text: str
    state: str
    document_id: int | None
    title: str
    kind: str
    signatory: str
    by: str
    at: datetime
    words: str
    until: date | None = None
    voidable: bool = False
    keywords: str = ""
    copies: str = ""
    proofreader: str = ""

    @property
    def label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Register:
    """A 登记簿 as it stands at an instant; ``year`` 0 where the series runs on."""

    code: str
    name: str
    form: str
    year: int
    lines: Sequence[Line]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many numbers there are in each state, those of none left out."""
        found = Counter(each.state for each in self.lines)
        return {state: found[state] for state in STATES if found[state]}

    @property
    def gaps(self) -> Sequence[Line]:
        """缺号: the numbers under which no document goes out, each with its reason."""
        return [each for each in self.lines if each.state != "used"]

    @property
    def next_text(self) -> str:
        """The lowest free number: what is given next."""
        free = next((each.text for each in self.lines if each.state == "expired"), None)
        return free or number_text(self.code, self.year, len(self.lines) + 1, self.form)

    def between(self, first: int, last: int) -> "Register":
        """The part of the book from one number to another, both included."""
        lines = [each for each in self.lines if first <= each.number <= last]
        return replace(self, lines=lines)


def register(session: Session, series: NumberSeries, year: int, at: datetime) -> Register:
    """The whole book in the order of its numbers, in one statement."""
    found = (
        () if series.id is None else session.execute(_LINES, {"series": series.id, "year": year})
    )
    lines = [_line(row, at) for row in found]
    return Register(series.code, series.name, series.form, year, lines)


def years(session: Session, series: NumberSeries) -> list[int]:
    """The years that a series has books of, newest first."""
    query = sa.select(NumberBook.year).where(NumberBook.series_id == series.id)
    return list(session.scalars(query.order_by(NumberBook.year.desc())))


def reserved(
    session: Session, unit_id: int, year: int, at: datetime
) -> list[tuple[str, IssuedNumber]]:
    """(code, line) of the numbers that are kept back now, in the books that are open."""
    query = (
        sa.select(NumberSeries.code, IssuedNumber)
        .join(NumberBook, NumberBook.series_id == NumberSeries.id)
        .join(IssuedNumber, IssuedNumber.book_id == NumberBook.id)
        .where(
            NumberSeries.unit_id == unit_id,
            NumberBook.year.in_((0, year)),
            IssuedNumber.state == "reserved",
            IssuedNumber.expires_at > at,
        )
        .order_by(NumberSeries.id, IssuedNumber.number)
    )
    return [(code, line) for code, line in session.execute(query)]


def _line(row: Sequence[Any], at: datetime) -> Line:
    line, paper, taken_by, reserved_by, struck_by = row
    state, by, when = line.state, taken_by, line.taken_at
    if state == "reserved":
        state = "reserved" if line.expires_at > at else "expired"
        by, when = reserved_by, line.reserved_at
    elif state in ("void", "skipped"):
        by, when = struck_by, line.struck_at
    return Line(
        id=line.id,
        number=line.number,
        text=line.text,
        state=state,
        document_id=line.document_id,
        by=by or "",
        at=when,
        words=line.reason or line.purpose or "",
        until=_last_day(line.expires_at) if line.state == "reserved" else None,
        voidable=state == "used" and paper.state not in ("sealed", "dispatched"),
        **_of_document(paper),
    )


def _of_document(paper: Document | None) -> dict[str, str]:
    if paper is None:
        return {"title": "", "kind": "", "signatory": ""}
    return {
        "title": paper.title.replace("\n", ""),
        "kind": paper.kind or "",
        "signatory": f"{paper.signatory or ''}{TYPED if paper.scanned else ''}",
        "keywords": "、".join(paper.keywords_in_force),
        "copies": "" if paper.copies is None else str(paper.copies),
        "proofreader": paper.proofreader or "",
    }


def _last_day(expires_at: datetime) -> date:
    return (expires_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


_TAKER, _RESERVER, _STRIKER = aliased(Person), aliased(Person), aliased(Person)
_LINES = (
    sa.select(IssuedNumber, Document, _TAKER.name, _RESERVER.name, _STRIKER.name)
    .options(defer(Document.text), defer(Document.explained))
    .join(NumberBook, NumberBook.id == IssuedNumber.book_id)
    .outerjoin(Document, Document.id == IssuedNumber.document_id)
    .outerjoin(_TAKER, _TAKER.id == IssuedNumber.taken_by_id)
    .outerjoin(_RESERVER, _RESERVER.id == IssuedNumber.reserved_by_id)
    .outerjoin(_STRIKER, _STRIKER.id == IssuedNumber.struck_by_id)
    .where(NumberBook.series_id == sa.bindparam("series"), NumberBook.year == sa.bindparam("year"))
    .order_by(IssuedNumber.number)
    .execution_options(populate_existing=True)
)
