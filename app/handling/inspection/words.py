"""What people type into a search, as conditions: a person, a document, a period."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.models import Document
from app.errors import Invalid
from app.organization.models import Person

MOST = 500
"""Documents whose number contains the words; a search for 号 alone means nothing."""
BEGIN, END = date(2000, 1, 1), date(2200, 1, 1)


def plain(text: str) -> str:
    """What was typed, without what cannot be shown; PostgreSQL cannot even ask for NUL."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def people_called(session: Session, words: str) -> Sequence[Person]:
    """People of this login, or whose name contains the words."""
    said = plain(words)
    called = sa.or_(Person.login == said.lower(), Person.name.contains(said, autoescape=True))
    return session.scalars(sa.select(Person).where(called).order_by(Person.id)).all()


def documents_numbered(session: Session, words: str) -> Sequence[int]:
    """Ids of documents whose own number, or that of who sent them, contains the words."""
    said = plain(words)
    bears = sa.or_(
        Document.number.contains(said, autoescape=True),
        Document.source_number.contains(said, autoescape=True),
    )
    query = sa.select(Document.id).where(bears).order_by(Document.id.desc()).limit(MOST)
    return session.scalars(query).all()


def day(field: str, text: str) -> date | None:
    """A date as browsers send it, None for nothing. Raises Invalid at the field."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid.at(field, "日期应写成 2026-11-23 这样的格式。") from None
    if not BEGIN <= found < END:
        raise Invalid.at(field, "日期应在 2000 年至 2199 年之间。")
    return found


def starts(on: date) -> datetime:
    """The first instant of a day here."""
    return datetime.combine(on, time(), SHANGHAI).astimezone(UTC)


def ends(on: date) -> datetime:
    """The first instant after it."""
    return starts(on + timedelta(days=1))
