"""Numbers that papers bear already: entered in the ledger as they stand on the scan (OUT-17).

A number belongs to one of the unit's series, or it could be given twice. There it has to be free:
left out, kept back, or the very next one. A book of a year that is over gets the lines before it
as left out, since nothing else can fill them any more.
"""

import re
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.history import record
from app.documents.models import Document, IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering import books, ledger
from app.documents.numbering.choosing import listed, running
from app.documents.numbering.forms import FORMS, number_text
from app.errors import Invalid
from app.organization import Actor

FIELD = "paper_number"
BEFORE = "系统中没有登记，留给纸质发文"
"""Reason of the lines that an old book gets before a number."""

MOST_BEFORE = 2000


class Place(NamedTuple):
    """Where a number stands: its series, the year of the book, and the running number."""

    series: NumberSeries
    year: int
    number: int


def ensure_free(
    session: Session, unit_id: int, kind: str, text: str, day: date, at: datetime
) -> None:
    """The ledger could take this number now; nothing is written.

    day  that the paper bears, for numbers that start anew each year without naming it
    Raises Invalid that says what to do.
    """
    place = _place(session, unit_id, kind, text, day)
    _ensure_begun(place, at)
    page = books.found(session, place.series, place.year)
    line = books.line(session, page.id, place.number) if page else None
    _ensure(place, line, page.last if page else 0, at)


def enter(session: Session, document: Document, by: Actor, at: datetime) -> IssuedNumber:
    """The line of the number on the paper, taken by the document, under the lock of its book.

    What had been said about a number left out stays in ``purpose``. Raises like ensure_free.
    """
    kind, text, day = document.kind or "", document.source_number or "", document.document_date
    place = _place(session, document.unit_id, kind, text, day or at.date())
    _ensure_begun(place, at)
    if sa.inspect(place.series).transient:  # the main series is stored with its first number
        running(session, document.unit_id)
        place = _place(session, document.unit_id, kind, text, day or at.date())
    book = books.locked(session, place.series, place.year)
    line = books.line(session, book.id, place.number)
    _ensure(place, line, book.last, at)
    if line is None:
        _leave_out(session, place, book, by, at)
        line = books.new_line(place.series, place.year, book.id, place.number, "used")
        book.last = place.number
        session.add(line)
    elif line.state == "reserved":
        book.reserved -= 1
    else:
        line.purpose, line.reason = line.reason, None
        line.struck_by_id = line.struck_at = None
    line.state, line.document_id = "used", document.id
    line.taken_by_id, line.taken_at = by.person_id, at
    record(session, document, "number.taken", by, at, number=line.text, series=place.series.code)
    return line


def _leave_out(session: Session, place: Place, book: NumberBook, by: Actor, at: datetime) -> None:
    """The lines before a number of a book that is over."""
    lines = [
        books.new_line(place.series, place.year, book.id, number, "skipped")
        for number in range(book.last + 1, place.number)
    ]
    for each in lines:
        each.reason, each.struck_by_id, each.struck_at = BEFORE, by.person_id, at
    session.add_all(lines)
    if lines:
        ledger.note(session, "number.skipped", place.series, by, at, lines, BEFORE)


def _ensure(place: Place, line: IssuedNumber | None, last: int, at: datetime) -> None:
    text = number_text(place.series.code, place.year, place.number, place.series.form)
    if line is not None and line.state in ("used", "void"):
        what = "已经用在另一件公文上" if line.state == "used" else "已经作废"
        raise Invalid.at(FIELD, f"{text}{what}，请照纸质件核对；确有重号的，请先查明再登记。")
    missing = place.number - last - 1
    if line is not None or missing <= 0:
        return
    if not _is_over(place, at):
        raise Invalid.at(
            FIELD,
            f"{text}之前还有 {missing} 个号没有登记，"
            "请先由管理该序列的部门在发文登记中跳过或者预留。",
        )
    if missing > MOST_BEFORE:
        raise Invalid.at(FIELD, f"{text}的顺序号太大，请照纸质件核对。")


def _is_over(place: Place, at: datetime) -> bool:
    return 0 < place.year < at.astimezone(SHANGHAI).year


def _place(session: Session, unit_id: int, kind: str, text: str, day: date) -> Place:
    """Series that are ended count as well: papers bear their numbers."""
    own = listed(session, unit_id)
    found = [place for each in own if (place := _in(each, text, day))]
    fitting = [each for each in found if kind in each.series.kinds]
    place = next(iter([*fitting, *found]), None)
    if place is None:
        forms = "、".join(_pattern(each) for each in own)
        raise Invalid.at(
            FIELD,
            f"“{text[:40]}”不属于本单位的任何序列，请照纸质件核对（如 {forms}）；"
            "确有这一序列的，请先由流程管理员设置。",
        )
    return place


def _ensure_begun(place: Place, at: datetime) -> None:
    if place.year > at.astimezone(SHANGHAI).year:
        raise Invalid.at(FIELD, "发文字号的年份还没有到，请照纸质件核对。")


def _in(series: NumberSeries, text: str, day: date) -> Place | None:
    """The place of a number written exactly as this series writes it, else None."""
    pattern = re.escape(FORMS[series.form].pattern)
    for name, part in (
        ("code", re.escape(series.code)),
        ("year", r"(?P<year>[1-9]\d{3})"),
        ("number", r"(?P<number>[1-9]\d{0,5})"),
    ):
        pattern = pattern.replace(re.escape(f"{{{name}}}"), part)
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        return None
    year = found.groupdict().get("year") or (day.year if FORMS[series.form].yearly else 0)
    return Place(series, int(year), int(found["number"]))


def _pattern(series: NumberSeries) -> str:
    return FORMS[series.form].pattern.format(code=series.code, year="年份", number="顺序号")
