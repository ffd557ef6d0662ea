"""预演: a version is tried on every case on the way, and nothing is written."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.administering import administered, units
from app.handling.migrating import walks
from app.handling.migrating.outlooks import KINDS, Outlook, comparing, on_others, outlooks
from app.handling.migrating.reach import Apart, Place, Units, places
from app.handling.models import Case
from app.organization import Actor
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowCase

LISTED = 100


@dataclass
class Rehearsal:
    """Counts over all cases that the actor administers, and the first ones of a kind.

    walked     when all cases were looked at; those touched since were looked at again
    elsewhere  cases on the way in units that he does not administer
    apart      cases of his units that the version does not reach, and why; not counted
    following  id after which the list goes on; None at its end
    """

    walked: datetime
    total: int = 0
    elsewhere: int = 0
    apart: Sequence[Apart] = ()
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    listed: list[Outlook] = field(default_factory=list)
    following: int | None = None

    @property
    def movable(self) -> int:
        return self.total - self.counts["cannot"]


def rehearse(
    session: Session,
    actor: Actor,
    new: Definition,
    now: datetime,
    *,
    at: Collection[Place] | None = None,
    kind: str = "",
    after: int = 0,
    most: int = LISTED,
) -> Rehearsal:
    """Every case of the process that runs on another version. Raises NotAllowed.

    at     where the version is to hold; None: where it is in force or proposed
    kind   only these are listed; "" lists all
    after  id of the last case of the page before
    """
    units(actor)
    all_units = Units(session)
    reached = all_units.reached(new.process_id, places(session, new.sha256) if at is None else at)
    walk = walks.held(actor, new, now, reached)
    with walk.lock:
        walks.renew(session, actor, walk, now, reached)
        found = Rehearsal(walk.at, total=len(walk.kinds))
        for names in walk.kinds.values():
            for name in names:
                found.counts[name] += 1
        ids = [each for each in sorted(walk.kinds) if each > after]
        wanted = [each for each in ids if not kind or kind in walk.kinds[each]]
        shown = wanted[:most]
        found.listed = list(
            outlooks(session, actor, walk.comparison, now, units=reached, only=shown)
        )
    found.following = shown[-1] if len(wanted) > most else None
    found.elsewhere = sum(_counts(session, new, ~administered(actor), reached=reached).values())
    missed = _counts(session, new, administered(actor), Case.unit_id.not_in(reached))
    found.apart = all_units.apart(new.process_id, missed)
    return found


def movable(
    session: Session, actor: Actor, new: Definition, now: datetime, most: int
) -> Iterator[int]:
    """Ids of the first cases that a version in force can take over, the oldest first."""
    for each in of_version(session, actor, new, now):
        if each.movable:
            yield each.case_id
            most -= 1
        if most == 0:
            return


def of_version(
    session: Session,
    actor: Actor,
    new: Definition,
    now: datetime,
    only: Sequence[int] | None = None,
) -> Iterator[Outlook]:
    """One case after the other, as it is at this moment; see :func:`outlooks`."""
    reached = Units(session).reached(new.process_id, places(session, new.sha256))
    return outlooks(session, actor, comparing(new), now, units=reached, only=only)


def _counts(
    session: Session,
    new: Definition,
    *conditions: sa.ColumnElement[bool],
    reached: Collection[int] | None = None,
) -> dict[int, int]:
    """Cases on other versions, by unit."""
    query = (
        sa.select(Case.unit_id, sa.func.count())
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .where(*on_others(new), *conditions)
        .group_by(Case.unit_id)
    )
    if reached is not None:
        query = query.where(Case.unit_id.in_(reached))
    return {row[0]: row[1] for row in session.execute(query)}
