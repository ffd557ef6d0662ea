"""预演: a version is tried on every case on the way, and nothing is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.administering import units
from app.handling.migrating import below, walks
from app.handling.migrating.below import Below
from app.handling.migrating.outlooks import KINDS, Outlook, comparing, on_others, outlooks
from app.handling.migrating.reach import Apart, Place, Units, places
from app.handling.models import Case
from app.organization import Actor
from app.workflow import rights
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowCase

LISTED = 100


@dataclass
class Rehearsal:
    """Counts over all cases that the actor administers, and the first ones of a kind.

    walked     when all cases were looked at; those touched since were looked at again
    below      units below his own whose routes he administers: counts, and never which cases
    elsewhere  cases on the way in units out of his reach
    apart      cases of units within his reach that the version does not reach, and why; not counted
    following  id after which the list goes on; None at its end
    """

    walked: datetime
    total: int = 0
    below: Sequence[Below] = ()
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
    own, within = frozenset(units(actor)), rights.reach(session, actor).units
    every = Units(session)
    reached = every.reached(new.process_id, places(session, new.sha256) if at is None else at)
    walk = walks.held(new, now, reached & within)
    with walk.lock:
        walks.renew(session, walk, now)
        mine = {ident: each.kinds for ident, each in walk.seen.items() if each.unit_id in own}
        found = Rehearsal(walk.at, total=len(mine), counts=_by_kind(mine.values()))
        ids = [each for each in sorted(mine) if each > after]
        wanted = [each for each in ids if not kind or kind in mine[each]]
        shown = wanted[:most]
        found.listed = list(
            outlooks(session, walk.comparison, now, units=reached & own, only=shown)
        )
        others = [each for each in walk.seen.values() if each.unit_id not in own]
        found.below = below.counted(every, others)
    found.following = shown[-1] if len(wanted) > most else None
    found.elsewhere = sum(_by_unit(session, new, reached - within).values())
    found.apart = every.apart(new.process_id, _by_unit(session, new, within - reached))
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
    own = frozenset(units(actor))
    reached = Units(session).reached(new.process_id, places(session, new.sha256))
    return outlooks(session, comparing(new), now, units=reached & own, only=only)


def _by_kind(cases: Iterable[Sequence[str]]) -> dict[str, int]:
    counts = dict.fromkeys(KINDS, 0)
    for name in chain.from_iterable(cases):
        counts[name] += 1
    return counts


def _by_unit(session: Session, new: Definition, units: Collection[int]) -> Mapping[int, int]:
    """Cases on other versions, by the unit that they are of."""
    query = (
        sa.select(Case.unit_id, sa.func.count())
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .where(*on_others(new), Case.unit_id.in_(units))
        .group_by(Case.unit_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
