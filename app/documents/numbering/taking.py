"""A document takes its number, for good, or gives it up to the ledger."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import wording
from app.documents.errors import NotSigned, WrongState
from app.documents.history import hold, record
from app.documents.models import Document, IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering import books
from app.documents.numbering.choosing import chosen
from app.errors import Conflict, Invalid
from app.organization import Actor


def take(session: Session, document: Document, by: Actor, at: datetime, choice: str = "") -> str:
    """The lowest free number of the series, or a reserved one: 江水〔2026〕15号.

    choice  see :func:`choosing.chosen`; "" for the usual series of the document's 文种
    A document that has its number keeps it, so a return consumes none and a repeat is harmless
    (decision 7). Takers of one series queue at its book; takers of others do not wait.
    Raises NotSigned before the sign-off (OUT-09), Conflict when the reserved number is gone.
    """
    hold(session, document)
    if document.number is not None:
        return document.number
    if document.signed_at is None or document.state != "signed":
        raise NotSigned("此件尚未签发，不能编号。请先送领导签发。（OUT-09）")
    series, number = chosen(session, document, by, choice)
    line = _reserved(session, series, number, at) if number else _lowest(session, series, at)
    line.state, line.document_id = "used", document.id
    line.taken_by_id, line.taken_at = by.person_id, at
    session.add(line)
    document.number, document.numbered_at = line.text, at
    record(session, document, "number.taken", by, at, number=line.text, series=series.code)
    return line.text


def void(session: Session, document: Document, by: Actor, at: datetime, reason: str) -> str:
    """Take the number off its document; it stays in the ledger with the reason (decision 7).

    The document goes back behind its numbering and may take another number.
    Raises Invalid without a reason, WrongState when it has no number or has been dispatched.
    """
    if wording.is_blank(reason):
        raise Invalid.at("reason", "作废文号须写明原因。")
    hold(session, document)
    if document.number is None:
        raise WrongState("此件没有文号，无需作废。")
    if document.dispatched_at is not None:
        raise WrongState(f"{document.number}已经发出，文号不能作废。")
    line = _line_in_use(session, document)
    line.state, line.reason = "void", reason.strip()
    line.struck_by_id, line.struck_at = by.person_id, at
    document.number = document.numbered_at = document.sealed_at = None
    if document.state in ("numbered", "sealed"):
        document.state = "signed"
    session.flush()
    record(session, document, "number.voided", by, at, reason=line.reason, number=line.text)
    return line.text


def _lowest(session: Session, series: NumberSeries, at: datetime) -> IssuedNumber:
    """The number of an expired reservation before a new one: none is left behind."""
    year = books.year_of(series, at)
    page = books.next_page(session, series, year)
    free = books.expired(session, page.book_id, at) if page.reserved else None
    if free is None:
        return books.new_line(series, year, page.book_id, page.number, "used")
    session.execute(
        sa.update(NumberBook)
        .where(NumberBook.id == page.book_id)
        .values(last=NumberBook.last - 1, reserved=NumberBook.reserved - 1)
        .execution_options(synchronize_session=False)
    )
    return free


def _reserved(session: Session, series: NumberSeries, number: int, at: datetime) -> IssuedNumber:
    book = books.locked(session, series, books.year_of(series, at))
    line = books.line(session, book.id, number)
    if line is None or line.state != "reserved" or line.expires_at is None:
        raise Conflict(f"{number}号不是预留的号，或者已被取用，请重新选择。")
    if line.expires_at <= at:
        raise Conflict(f"{line.text}的预留已经到期，请取下一个号，或者重新预留。")
    book.reserved -= 1
    return line


def _line_in_use(session: Session, document: Document) -> IssuedNumber:
    query = sa.select(IssuedNumber).where(
        IssuedNumber.document_id == document.id, IssuedNumber.state == "used"
    )
    return session.scalars(query).one()
