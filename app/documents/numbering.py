"""发文字号 and 收文编号: running numbers without gaps (NUM-01 to NUM-04)."""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.documents import wording
from app.documents.errors import NotSigned, WrongState
from app.documents.history import hold, record
from app.documents.models import Document, IssuedNumber, NumberSeries, ReceiptSeries
from app.errors import Invalid
from app.organization import Actor

_TEXT = re.compile(r"(?P<code>[^〔〕]+)〔(?P<year>[1-9]\d{3})〕(?P<number>[1-9]\d*)号")


def number_text(agency_code: str, year: int, number: int) -> str:
    """江水〔2026〕15号: full year in U+3014 and U+3015, no 第, no leading zero (7.2.5, NUM-03)."""
    return f"{agency_code}〔{year}〕{number}号"


def parse(text: str) -> tuple[str, int, int] | None:
    """Agency code, year and number of a 发文字号 in its exact form, else None."""
    found = _TEXT.fullmatch(text)
    return found and (found["code"], int(found["year"]), int(found["number"]))


def take(
    session: Session, agency_code: str, year: int, document: Document, by: Actor, at: datetime
) -> str:
    """The next number of the series, for good: 江水〔2026〕15号.

    A document that has its number keeps it, so a return consumes none and a repeat is harmless
    (decision 7). Takers of one series queue at its row; takers of others do not wait.
    Raises NotSigned before the sign-off (OUT-09), Invalid when the unit has no 机关代字.
    """
    hold(session, document)
    if document.number is not None:
        return document.number
    if document.signed_at is None or document.state != "signed":
        raise NotSigned("此件尚未签发，不能编号。请先送领导签发。（OUT-09）")
    if wording.is_blank(agency_code):
        raise Invalid("本单位还没有机关代字，不能编号。请联系流程管理员设置后再试。")
    series = _locked_series(session, agency_code, year)
    series.last += 1
    text = number_text(agency_code, year, series.last)
    line = IssuedNumber(
        series_id=series.id,
        number=series.last,
        text=text,
        document_id=document.id,
        state="used",
        taken_by_id=by.person_id,
        taken_at=at,
    )
    session.add(line)
    document.number, document.numbered_at = text, at
    session.flush()
    record(session, document, "number.taken", by, at, number=text)
    return text


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
    line.voided_by_id, line.voided_at = by.person_id, at
    document.number = document.numbered_at = document.sealed_at = None
    if document.state in ("numbered", "sealed"):
        document.state = "signed"
    session.flush()
    record(session, document, "number.voided", by, at, reason=line.reason, number=line.text)
    return line.text


def receipt(session: Session, unit_id: int, year: int) -> int:
    """The next 收文编号 of the unit in this year (NUM-04, INC-24)."""
    query = (
        sa.select(ReceiptSeries)
        .where(ReceiptSeries.unit_id == unit_id, ReceiptSeries.year == year)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    series = session.scalars(query).first()
    if series is None:
        insert_once(session, ReceiptSeries, {"unit_id": unit_id, "year": year, "last": 0})
        series = session.scalars(query).one()
    series.last += 1
    session.flush()
    return series.last


def _locked_series(session: Session, agency_code: str, year: int) -> NumberSeries:
    """The row of the series, read under its lock; made by whoever comes first."""
    query = (
        sa.select(NumberSeries)
        .where(NumberSeries.agency_code == agency_code, NumberSeries.year == year)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    series = session.scalars(query).first()
    if series is None:
        values = {"agency_code": agency_code, "year": year, "last": 0}
        insert_once(session, NumberSeries, values)
        series = session.scalars(query).one()
    return series


def _line_in_use(session: Session, document: Document) -> IssuedNumber:
    query = sa.select(IssuedNumber).where(
        IssuedNumber.document_id == document.id, IssuedNumber.state == "used"
    )
    return session.scalars(query).one()
