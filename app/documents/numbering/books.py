"""The books of a series and their lines, always under the lock of the book."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.database import insert_once
from app.documents.models import IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering.forms import FORMS, number_text


class Page(NamedTuple):
    """Where a number was turned up: its book, the number, and whether any of them is reserved."""

    book_id: int
    number: int
    reserved: int


def year_of(series: NumberSeries, at: datetime) -> int:
    """The year in Asia/Shanghai that a number given now belongs to; 0 where numbers run on."""
    return at.astimezone(SHANGHAI).year if FORMS[series.form].yearly else 0


def next_page(session: Session, series: NumberSeries, year: int) -> Page:
    """Count the book up by one; locks it, so that the next taker waits."""
    count_up = (
        sa.update(NumberBook)
        .where(NumberBook.series_id == series.id, NumberBook.year == year)
        .values(last=NumberBook.last + 1)
        .returning(NumberBook.id, NumberBook.last, NumberBook.reserved)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(count_up).first()
    if row is None:
        _open(session, series, year)
        row = session.execute(count_up).one()
    return Page(*row)


def locked(session: Session, series: NumberSeries, year: int) -> NumberBook:
    """The book, read under its lock; made by whoever comes first."""
    query = (
        sa.select(NumberBook)
        .where(NumberBook.series_id == series.id, NumberBook.year == year)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    book = session.scalars(query).first()
    if book is None:
        _open(session, series, year)
        book = session.scalars(query).one()
    return book


def found(session: Session, series: NumberSeries, year: int) -> NumberBook | None:
    """The book as it is, without its lock; None where nothing was entered yet."""
    query = sa.select(NumberBook).where(NumberBook.series_id == series.id, NumberBook.year == year)
    return session.scalars(query).first()


def expired(session: Session, book_id: int, at: datetime) -> IssuedNumber | None:
    """The lowest number whose reservation has run out: it is free again."""
    query = (
        sa.select(IssuedNumber)
        .where(
            IssuedNumber.book_id == book_id,
            IssuedNumber.state == "reserved",
            IssuedNumber.expires_at <= at,
        )
        .order_by(IssuedNumber.number)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).first()


def line(session: Session, book_id: int, number: int) -> IssuedNumber | None:
    """A line as it is now; the caller holds the book."""
    query = sa.select(IssuedNumber).where(
        IssuedNumber.book_id == book_id, IssuedNumber.number == number
    )
    return session.scalars(query.execution_options(populate_existing=True)).first()


def new_line(
    series: NumberSeries, year: int, book_id: int, number: int, state: str
) -> IssuedNumber:
    text = number_text(series.code, year, number, series.form)
    return IssuedNumber(book_id=book_id, number=number, text=text, state=state)


def _open(session: Session, series: NumberSeries, year: int) -> None:
    insert_once(
        session, NumberBook, {"series_id": series.id, "year": year, "last": 0, "reserved": 0}
    )
