"""Documents that wait for their number, series beside the main one, and books as they stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.documents import Document, OutgoingFields, create_outgoing, mark_signed, read
from app.documents.models import NumberSeries
from app.documents.numbering import register, series
from app.documents.numbering.choosing import listed
from app.documents.numbering.register import Line
from tests.documents.conftest import ADMIN, AT, DRAFTER, LEADER, NOTICE

ORDER = {"kind": "命令", "title": "江洲县水务局关于防汛的命令"}
PARTY_CODE = "江水党"


def signed(session: Session, title: str = "关于某事的通知", **fields: Any) -> Document:
    given = read(OutgoingFields, {**NOTICE, "title": title, **fields})
    document = create_outgoing(session, DRAFTER, AT, given)
    mark_signed(session, document, LEADER, AT)
    return document


def party_series(session: Session, kinds: Sequence[str] = ("通知", "决定")) -> NumberSeries:
    """A second series, whose numbers another office gives (OUT-29)."""
    plan = series.Plan("党委发文", kinds, "party-office", PARTY_CODE)
    return series.define(session, ADMIN, AT, plan)


def book(
    session: Session, code: str = "江水", year: int = 2026, at: datetime = AT
) -> Sequence[Line]:
    """The lines of a book; those of a series that nobody has opened yet are none."""
    found = {each.code: each for each in listed(session, 1)}
    return register.register(session, found[code], year, at).lines


def states(session: Session, code: str = "江水", year: int = 2026, at: datetime = AT) -> list[Any]:
    """(number, state) of each line."""
    return [(line.number, line.state) for line in book(session, code, year, at)]
