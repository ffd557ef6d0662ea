"""What the registry does with numbers by itself: keep back, give free, leave out, strike off.

Numbers are kept back and left out from the lowest free one on, so that a book has no gap.
"""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.documents import wording
from app.documents.errors import Classified, WrongState
from app.documents.history import hold
from app.documents.models import Document, IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering import books
from app.documents.numbering.choosing import running
from app.documents.numbering.forms import FORMS
from app.documents.numbering.rights import ensure_may_number
from app.documents.numbering.taking import void
from app.errors import FieldError, Invalid, NotFound
from app.organization import Actor, names

MOST_RESERVED, MOST_SKIPPED = 50, 2000
"""Numbers at once. An office that begins in the middle of a year leaves out many."""

LONGEST_RESERVATION = timedelta(days=366)
LONGEST_REASON = 200


def reserve(
    session: Session, code: str, by: Actor, at: datetime, *, count: int, purpose: str, until: date
) -> list[IssuedNumber]:
    """Keep back the next numbers for a purpose, up to the end of a day (预留).

    A document still gets one only after its sign-off (OUT-09); what has expired is free again.
    Raises NotFound, NotAllowed for whoever does not keep the series, Invalid by field.
    """
    series, by = _kept_by(session, code, by)
    errors = [] if 1 <= count <= MOST_RESERVED else [_of_count(MOST_RESERVED)]
    errors += _wrong_day(series, until, at.astimezone(SHANGHAI).date())
    said = _said("purpose", "用途", purpose, errors)
    until += timedelta(days=1)
    lines = _next_lines(session, series, at, count, "reserved")
    for each in lines:
        each.purpose = said
        each.expires_at = datetime.combine(until, time(), SHANGHAI)
        each.reserved_by_id, each.reserved_at = by.person_id, at
    note(session, "number.reserved", series, by, at, lines, said)
    return lines


def skip(
    session: Session, code: str, by: Actor, at: datetime, *, count: int, reason: str
) -> list[IssuedNumber]:
    """Leave out the next numbers, for good (跳过). Raises like :func:`reserve`."""
    series, by = _kept_by(session, code, by)
    errors = [] if 1 <= count <= MOST_SKIPPED else [_of_count(MOST_SKIPPED)]
    said = _said("reason", "原因", reason, errors)
    lines = _next_lines(session, series, at, count, "skipped")
    for each in lines:
        _strike(each, by, at, said)
    note(session, "number.skipped", series, by, at, lines, said)
    return lines


def release(session: Session, line_id: int, by: Actor, at: datetime) -> IssuedNumber:
    """End a reservation now: the number is the next one to be taken."""
    series, line, by = _reserved(session, line_id, by, at)
    line.expires_at = at
    note(session, "number.released", series, by, at, [line], line.purpose or "")
    return line


def skip_reserved(
    session: Session, line_id: int, by: Actor, at: datetime, reason: str
) -> IssuedNumber:
    """Leave out a number that had been kept back."""
    said = _said("reason", "原因", reason, [])
    series, line, by = _reserved(session, line_id, by, at, also_expired=True)
    book = session.get_one(NumberBook, line.book_id)
    book.reserved -= 1
    line.state = "skipped"
    _strike(line, by, at, said)
    note(session, "number.skipped", series, by, at, [line], said)
    return line


def void_line(session: Session, line_id: int, by: Actor, at: datetime, reason: str) -> IssuedNumber:
    """Strike off the number of a document that has not been dispatched (作废).

    Raises WrongState once it is sealed: the seal stands for the page with this number.
    """
    said = _said("reason", "作废文号的原因", reason, [])
    _, line, by = _line(session, line_id, by)
    if line.state != "used" or line.document_id is None:
        raise WrongState(f"{line.text}没有用在公文上，不能作废。")
    document = session.get_one(Document, line.document_id)
    hold(session, document)
    if document.number is not None and document.state == "sealed":
        raise WrongState(f"{line.text}已经用印，请先把此件退回登记编号环节，再作废文号。")
    void(session, document, by, at, said)
    return line


def place_of(session: Session, line_id: int, unit_id: int) -> tuple[str, int]:
    """Code of the series and year of a line of this unit. Raises NotFound."""
    query = (
        sa.select(NumberSeries.code, NumberBook.year)
        .join(NumberBook, NumberBook.series_id == NumberSeries.id)
        .join(IssuedNumber, IssuedNumber.book_id == NumberBook.id)
        .where(IssuedNumber.id == line_id, NumberSeries.unit_id == unit_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _kept_by(session: Session, code: str, by: Actor) -> tuple[NumberSeries, Actor]:
    series = next((each for each in running(session, by.unit_id) if each.code == code), None)
    if series is None:
        raise NotFound
    return series, ensure_may_number(session, by, series)


def _line(
    session: Session, line_id: int, by: Actor
) -> tuple[tuple[NumberSeries, int], IssuedNumber, Actor]:
    """The book (series and year), the line, and the actor with the post that lets him keep it."""
    query = (
        sa.select(NumberSeries, NumberBook.year, IssuedNumber)
        .join(NumberBook, NumberBook.series_id == NumberSeries.id)
        .join(IssuedNumber, IssuedNumber.book_id == NumberBook.id)
        .where(IssuedNumber.id == line_id, NumberSeries.unit_id == by.unit_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    series, year, line = row
    return (series, year), line, ensure_may_number(session, by, series)


def _reserved(
    session: Session, line_id: int, by: Actor, at: datetime, *, also_expired: bool = False
) -> tuple[NumberSeries, IssuedNumber, Actor]:
    """A reserved line under the lock of its book."""
    (series, year), line, by = _line(session, line_id, by)
    books.locked(session, series, year)
    session.refresh(line)
    if line.state != "reserved" or line.expires_at is None:
        raise WrongState(f"{line.text}现在不是预留的号，请刷新登记簿查看。")
    if line.expires_at <= at and not also_expired:
        raise WrongState(f"{line.text}的预留已经到期，不需要再解除。")
    return series, line, by


def _next_lines(
    session: Session, series: NumberSeries, at: datetime, count: int, state: str
) -> list[IssuedNumber]:
    """Expired reservations first, then new numbers; the caller fills them in."""
    year = books.year_of(series, at)
    book = books.locked(session, series, year)
    lines = list(_expired_lines(session, book, at, count))
    for each in lines:
        each.state = state
    added = count - len(lines)
    lines += [
        books.new_line(series, year, book.id, number, state)
        for number in range(book.last + 1, book.last + added + 1)
    ]
    session.add_all(lines)
    book.last += added
    book.reserved += added if state == "reserved" else added - count
    return lines


def _expired_lines(
    session: Session, book: NumberBook, at: datetime, most: int
) -> list[IssuedNumber]:
    query = (
        sa.select(IssuedNumber)
        .where(
            IssuedNumber.book_id == book.id,
            IssuedNumber.state == "reserved",
            IssuedNumber.expires_at <= at,
        )
        .order_by(IssuedNumber.number)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query)) if book.reserved else []


def _strike(line: IssuedNumber, by: Actor, at: datetime, reason: str) -> None:
    line.reason, line.struck_by_id, line.struck_at = reason, by.person_id, at


def _wrong_day(series: NumberSeries, until: date, today: date) -> list[FieldError]:
    """A book ends with its year, and what is kept back there cannot be taken any more."""
    last = today + LONGEST_RESERVATION
    if FORMS[series.form].yearly:
        last = min(last, date(today.year, 12, 31))
    if today <= until <= last:
        return []
    return [
        FieldError("until", f"预留到期日应在今天至{last.year}年{last.month}月{last.day}日之间。")
    ]


def _of_count(most: int) -> FieldError:
    return FieldError("count", f"个数应为 1 至 {most}。")


def _said(field: str, label: str, text: str, errors: list[FieldError]) -> str:
    """The words, when nothing is wrong with them nor with the other fields."""
    said = ""
    try:
        said = names.words(field, label, text, longest=LONGEST_REASON)
    except Invalid as refused:
        errors = [*errors, *refused.errors]
    if wording.bears_secrecy_mark(said):
        raise Classified(field)
    if not errors and wording.is_blank(said):
        errors = [FieldError(field, f"请填写{label}。")]
    if errors:
        raise Invalid.of(errors)
    return said


def note(
    session: Session,
    action: str,
    series: NumberSeries,
    by: Actor,
    at: datetime,
    lines: list[IssuedNumber],
    reason: str,
) -> None:
    session.flush()
    ends = [lines[0].text, lines[-1].text]
    detail = {"series": series.code, "count": len(lines), "from": ends[0], "to": ends[1]}
    audit.record(session, action, by.signature(), at=at, reason=reason, detail=detail)
