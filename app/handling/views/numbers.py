"""发文登记簿 for those who keep it or see every case: its books, the cases of its documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import NumberSeries
from app.documents.numbering import register
from app.documents.numbering.books import year_of
from app.documents.numbering.choosing import listed
from app.documents.numbering.register import Register
from app.documents.numbering.rights import may_look, may_number
from app.errors import NotAllowed, NotFound
from app.handling.access import visible
from app.handling.models import Case
from app.organization import Actor


@dataclass(frozen=True)
class Shelf:
    """The series whose books the actor may see, one of them, and its books.

    keeps  the actor gives the numbers of this series
    years  newest first, the present one always among them; [0] where the numbers run on
    """

    series: list[NumberSeries]
    chosen: NumberSeries
    keeps: bool
    years: list[int]


def shelf(session: Session, actor: Actor, code: str, at: datetime) -> Shelf:
    """``code`` "" for the first series. Raises NotAllowed for who sees none, NotFound."""
    series = [each for each in listed(session, actor.unit_id) if may_look(actor, each)]
    if not series:
        raise NotAllowed("发文登记簿由文印室登记，办公室负责人和档案员可以查看。")
    chosen = next((each for each in series if code in ("", each.code)), None)
    if chosen is None:
        raise NotFound
    years = {*register.years(session, chosen), year_of(chosen, at)}
    keeps = may_number(actor, chosen) and chosen.ended_at is None
    return Shelf(series, chosen, keeps, sorted(years, reverse=True))


def book(
    session: Session, actor: Actor, code: str, year: int | None, at: datetime
) -> tuple[Shelf, Register]:
    """A book of a series; the present one unless a year is given. Raises like :func:`shelf`."""
    found = shelf(session, actor, code, at)
    wanted = year_of(found.chosen, at) if year is None else year
    if wanted not in found.years:
        raise NotFound
    return found, register.register(session, found.chosen, wanted, at)


def cases_of(session: Session, actor: Actor, documents: Iterable[int]) -> dict[int, int]:
    """The case of each document that the actor may see, by the document."""
    query = sa.select(Case.document_id, Case.id).where(
        Case.document_id.in_(list(documents)), visible(actor)
    )
    return {row.document_id: row.id for row in session.execute(query)}
