"""Searches that an auditor keeps under a name: his own, and nobody else's."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.handling.inspection.models import SavedSearch
from app.handling.inspection.searching import Wanted
from app.organization import Actor, names

MOST = 50
LONGEST = 30


def saved(session: Session, by: Actor) -> Sequence[SavedSearch]:
    query = sa.select(SavedSearch).where(SavedSearch.person_id == by.person_id)
    return session.scalars(query.order_by(SavedSearch.name)).all()


def save(session: Session, by: Actor, at: datetime, name: str, wanted: Wanted) -> SavedSearch:
    """Keep it; the same name takes the place of what it named. Raises Invalid, Conflict."""
    said = names.words("name", "名称", name, longest=LONGEST)
    mine = saved(session, by)
    kept = next((each for each in mine if each.name == said), None)
    if kept is None and len(mine) >= MOST:
        raise Conflict(f"最多保存 {MOST} 个检索，请先删除不用的。", code="too_many_searches")
    kept = kept or SavedSearch(person_id=by.person_id, name=said)
    kept.asked, kept.saved_at = wanted.as_asked(), at
    session.add(kept)
    session.flush()
    return kept


def drop(session: Session, by: Actor, search_id: int) -> None:
    """Raises NotFound for one that is not his."""
    kept = session.get(SavedSearch, search_id)
    if kept is None or kept.person_id != by.person_id:
        raise NotFound("没有这个保存的检索。")
    session.execute(sa.delete(SavedSearch).where(SavedSearch.id == search_id))
