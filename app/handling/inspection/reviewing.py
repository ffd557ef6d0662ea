"""What auditors did themselves, for the security administrator to review and sign (三员分立)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import audit
from app.audit import Access, AuditEntry
from app.audit.accesses import sealing
from app.errors import Conflict, NotAllowed
from app.handling.inspection.accesses import Seen, seen
from app.handling.views.history import ACTIONS
from app.organization import Actor, names, roles
from app.organization.models import Appointment

ACTION = "auditors.reviewed"
LONGEST = 500
"""Characters of what the review found."""
MOST = 200
"""Looks, and entries, of one review: nobody signs for what the page did not show him."""


@dataclass(frozen=True)
class Deed:
    """An entry of the record that an auditor caused, such as a proof that he took away."""

    seq: int
    at: datetime
    name: str
    label: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Unreviewed:
    """What has come since the last review, oldest first; ``look`` and ``entry``: up to which."""

    looks: list[Seen]
    deeds: list[Deed]
    look: int
    entry: int


@dataclass(frozen=True)
class Review:
    """A review that was signed: of how many looks and entries, by whom, and what it found."""

    seq: int
    at: datetime
    by: str
    looks: int
    entries: int
    finding: str


def ensure_reviews(by: Actor) -> None:
    """Raises NotAllowed."""
    if not by.holds(roles.SECURITY_ADMIN, unit_id=by.unit_id):
        raise NotAllowed("审计员的操作由本单位安全管理员复核，请联系本单位安全管理员。")


def unreviewed(session: Session, unit_id: int) -> Unreviewed:
    """What auditors of the unit looked at and did. No titles: who reads this reads no documents.

    Looks are offered once they are sealed: before that one of a smaller number may still come.
    """
    look, entry = _reviewed_up_to(session, unit_id)
    his = sa.select(Access).where(*_looks(session, unit_id, look))
    looks = [seen(each) for each in session.scalars(his.order_by(Access.id).limit(MOST))]
    bodies = sa.select(AuditEntry.body).where(_caused_by(unit_id), AuditEntry.seq > entry)
    deeds = [_deed(each) for each in session.scalars(bodies.order_by(AuditEntry.seq).limit(MOST))]
    return Unreviewed(
        looks=looks,
        deeds=deeds,
        look=looks[-1].id if looks else look,
        entry=deeds[-1].seq if deeds else entry,
    )


def waiting(session: Session, unit_id: int) -> int:
    """How many looks and entries of auditors nobody has reviewed."""
    look, entry = _reviewed_up_to(session, unit_id)
    looks = sa.select(sa.func.count()).where(*_looks(session, unit_id, look))
    entries = sa.select(sa.func.count()).where(_caused_by(unit_id), AuditEntry.seq > entry)
    return (session.scalar(looks) or 0) + (session.scalar(entries) or 0)


def sign(session: Session, by: Actor, at: datetime, *, look: int, entry: int, finding: str) -> None:
    """Sign that what the page showed, up to these two, was reviewed; the finding is on record.

    Raises NotAllowed, Invalid without a finding, Conflict where somebody has signed meanwhile.
    """
    ensure_reviews(by)
    said = names.words("finding", "复核意见", finding, longest=LONGEST)
    before = _reviewed_up_to(session, by.unit_id)
    found = unreviewed(session, by.unit_id)
    shown = before[0] <= look <= found.look and before[1] <= entry <= found.entry
    if not shown or (look, entry) == before:
        raise Conflict("这些操作已经复核过，请刷新页面后再看。", code="already_reviewed")
    audit.record(
        session,
        ACTION,
        by.signature(),
        at=at,
        subject=("unit", by.unit_id),
        reason=said,
        detail={
            "after_look": before[0],
            "look": look,
            "looks": sum(each.id <= look for each in found.looks),
            "after_entry": before[1],
            "entry": entry,
            "entries": sum(each.seq <= entry for each in found.deeds),
        },
    )


def reviews(session: Session, unit_id: int, most: int = 50) -> list[Review]:
    """The reviews of a unit, newest first."""
    found = []
    for body in _signed(session, unit_id):
        detail, at = body["detail"], datetime.fromisoformat(body["at"])
        counts = detail["looks"], detail["entries"]
        found.append(Review(body["seq"], at, body["actor"]["name"], *counts, body["reason"]))
        if len(found) == most:
            break
    return found


def _reviewed_up_to(session: Session, unit_id: int) -> tuple[int, int]:
    newest = next(_signed(session, unit_id), None)
    return (newest["detail"]["look"], newest["detail"]["entry"]) if newest else (0, 0)


def _signed(session: Session, unit_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(AuditEntry.body).where(AuditEntry.action == ACTION)
    for text in session.scalars(query.order_by(AuditEntry.seq.desc())):
        body: dict[str, Any] = json.loads(text)
        if body["subject"] == ["unit", unit_id]:
            yield body


def _looks(session: Session, unit_id: int, after: int) -> list[sa.ColumnElement[bool]]:
    last = sealing.last_sealed(session)
    return [_as_auditor(unit_id, Access.person_id, Access.at), Access.id.between(after + 1, last)]


def _caused_by(unit_id: int) -> sa.ColumnElement[bool]:
    return _as_auditor(unit_id, AuditEntry.actor_id, AuditEntry.at)


def _as_auditor(
    unit_id: int, person_id: InstrumentedAttribute[Any], at: InstrumentedAttribute[datetime]
) -> sa.ColumnElement[bool]:
    """By whoever was an auditor of the unit just then: what he did before and after is his own."""
    of_unit = (Appointment.role_key == roles.AUDITOR, Appointment.unit_id == unit_id)
    ever = sa.select(Appointment.person_id).where(*of_unit)
    then = sa.exists().where(
        *of_unit,
        Appointment.person_id == person_id,
        Appointment.since <= at,
        sa.or_(Appointment.until.is_(None), Appointment.until >= at),
    )
    return sa.and_(person_id.in_(ever), then)


def _deed(text: str) -> Deed:
    body = json.loads(text)
    label, at = ACTIONS.get(body["action"], body["action"]), datetime.fromisoformat(body["at"])
    name, reason = body["actor"]["name"], body["reason"] or ""
    return Deed(body["seq"], at, name, label, body["outcome"], reason)
