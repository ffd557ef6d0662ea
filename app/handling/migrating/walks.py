"""What a version means for all cases is found once a day; afterwards only for those touched since.

Kept in the memory of the process, by content: a draft that is saved again is another version. The
record tells which cases have been touched; where it cannot tell, all are looked at again.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry, AuditHead
from app.clock import SHANGHAI
from app.handling.migrating.outlooks import comparing, on_others, outlooks
from app.handling.models import Case
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowCase
from app.workflow.rehearsing import Comparison
from app.workflow.versions import Obstacle

KEPT = 8
"""Versions that are remembered; one with ten thousand cases takes about 2 MiB."""
MOST_SINCE = 2_000
"""Entries since the last look; with more of them it is quicker to look at all."""
MATTERS = (
    *("calendar", "clock", "policy", "definition", "handover"),
    *("account", "department", "person", "post", "role", "unit"),
)
"""What is on record of no case and changes limits, or who may act."""


class Seen(NamedTuple):
    """What is remembered of a case: nothing that says which it is.

    kinds  keys of :data:`outlooks.KINDS`
    why    what keeps it from being moved; see :attr:`outlooks.Outlook.nameless`
    """

    unit_id: int
    kinds: tuple[str, ...]
    why: tuple[Obstacle, ...]


@dataclass
class Walk:
    """All cases of some units by their ids, as they were at one end of the record.

    units  whose cases; who may see what of them is for the reader to say
    at     when all of them were looked at
    lock   held by who reads or renews it; a second one waits instead of walking as well
    """

    comparison: Comparison
    units: frozenset[int]
    at: datetime
    end: tuple[int, str] = (0, "")
    seen: dict[int, Seen] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()


_walks: OrderedDict[Hashable, Walk] = OrderedDict()
_lock = threading.Lock()


def held(new: Definition, now: datetime, units: frozenset[int]) -> Walk:
    """What is known of the version for these units; to be locked, and renewed."""
    key = (new.sha256, units)
    with _lock:
        found = _walks.get(key)
        if found is None or found.day != now.astimezone(SHANGHAI).date():
            found = _walks[key] = Walk(comparing(new), units, now)
        _walks.move_to_end(key)
        while len(_walks) > KEPT:
            _walks.popitem(last=False)
    return found


def forget() -> None:
    """As a restart does."""
    with _lock:
        _walks.clear()


def renew(session: Session, walk: Walk, now: datetime) -> None:
    """Look at what has been touched since, or at all of them. The walk is locked."""
    end = _end(session)
    touched = _touched(session, walk.comparison.new, walk.end)
    if touched:
        _look(session, walk, now, touched)
    if touched is None or len(walk.seen) != _count(session, walk):
        walk.at, walk.seen = now, {}
        _look(session, walk, now, None)
    walk.end = end


def _look(session: Session, walk: Walk, now: datetime, only: list[int] | None) -> None:
    alike: dict[Seen, Seen] = {}
    for ident in only or ():
        walk.seen.pop(ident, None)
    for each in outlooks(session, walk.comparison, now, units=walk.units, only=only):
        found = Seen(each.unit_id, each.kinds, each.nameless)
        walk.seen[each.case_id] = alike.setdefault(found, found)


def _touched(session: Session, new: Definition, since: tuple[int, str]) -> list[int] | None:
    """Cases of the process on record since then; None where all are to be looked at.

    A record that does not hold that end any more is another one: a database was restored.
    """
    seq, digest = since
    if session.scalar(sa.select(AuditEntry.hash).where(AuditEntry.seq == seq)) != digest:
        return None
    query = (
        sa.select(AuditEntry.action, AuditEntry.document_id, AuditEntry.case_id)
        .where(AuditEntry.seq > seq)
        .order_by(AuditEntry.seq)
        .limit(MOST_SINCE + 1)
    )
    rows = session.execute(query).all()
    if len(rows) > MOST_SINCE or any(row.action.split(".")[0] in MATTERS for row in rows):
        return None
    cases = {row.case_id for row in rows if row.case_id is not None}
    documents = {row.document_id for row in rows if row.document_id is not None}
    named = sa.or_(Case.id.in_(cases), Case.document_id.in_(documents))
    return list(session.scalars(sa.select(Case.id).where(Case.process_id == new.process_id, named)))


def _end(session: Session) -> tuple[int, str]:
    row = session.execute(sa.select(AuditHead.seq, AuditHead.hash)).first()
    return (row.seq, row.hash) if row else (0, "")


def _count(session: Session, walk: Walk) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(Case)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .where(*on_others(walk.comparison.new), Case.unit_id.in_(walk.units))
    )
    return session.scalar(query) or 0
