"""One process in each unit that has or had a version of its own: what holds there and whose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.handling.views import definitions
from app.handling.views.definitions import VersionLine
from app.handling.views.term_lines import OFFICE, TermLine
from app.organization import Actor
from app.organization.choices import upwards
from app.organization.models import Unit
from app.workflow import rights, staffing
from app.workflow.bundle import Bundle
from app.workflow.models import TermState
from app.workflow.parser import read_graphs
from app.workflow.rights import Reach


@dataclass(frozen=True)
class PlaceLine:
    """How a process stands in one unit.

    own         its own version in force; None where it follows
    above       what it would follow, and does without an own one; None where nothing holds above
    above_from  whose version that is: a unit, or 全机关
    terms       every term of the unit, the newest first
    may_follow  the reader may propose to follow the unit above: there is an own version, one
                above, and no such proposal waits
    """

    key: str
    name: str
    own: VersionLine | None
    above: VersionLine | None
    above_from: str
    terms: Sequence[TermLine]
    may_follow: bool

    @property
    def waiting(self) -> Sequence[TermLine]:
        """Proposals to follow the unit above that are not begun."""
        return [each for each in self.terms if each.follows and each.open]


@dataclass(frozen=True)
class _Whole:
    """What the lines of all units are made of, read once.

    units  every unit by its id
    own    sha256 of the version in force of its own, by the key of a unit; None: the whole office
    """

    lines: Sequence[VersionLine]
    units: Mapping[int, Unit]
    own: Mapping[str | None, str]
    reach: Reach

    @property
    def terms(self) -> Iterator[TermLine]:
        return (term for line in self.lines for term in line.terms)


def of_process(session: Session, actor: Actor, process_id: str) -> list[PlaceLine]:
    """Units that have or had a version of their own, by name. Raises NotFound."""
    whole = _whole(session, actor, process_id)
    keys = {term.unit for term in whole.terms}
    return [_line(whole, unit) for unit in whole.units.values() if unit.key in keys]


def one(session: Session, actor: Actor, process_id: str, key: str) -> PlaceLine:
    """Any unit, also one that has always followed. Raises NotFound."""
    whole = _whole(session, actor, process_id)
    return _line(whole, whole.units[organization.unit_by_key(session, key).id])


def stops(session: Session, process_id: str, place: PlaceLine) -> list[str]:
    """Steps of the version above for which the unit has nobody: following it, new cases stop there.

    Sentences, to be shown before it is proposed and agreed to; [] where the unit follows already.
    """
    if place.own is None or place.above is None:
        return []
    bundle = Bundle(read_graphs(definitions.files_of(session, place.above.sha256))[0])
    unit_id = organization.unit_by_key(session, place.key).id
    return list(staffing.stops(session, bundle, process_id, unit_id))


def _whole(session: Session, actor: Actor, process_id: str) -> _Whole:
    lines = definitions.versions(session, actor, process_id)
    units = {each.id: each for each in session.scalars(sa.select(Unit).order_by(Unit.name))}
    own = {
        term.unit: term.sha256
        for line in lines
        for term in line.terms
        if term.state == TermState.IN_FORCE and not term.follows
    }
    return _Whole(lines, units, own, rights.reach(session, actor))


def _line(whole: _Whole, unit: Unit) -> PlaceLine:
    by_sha256 = {line.sha256: line for line in whole.lines}
    own = by_sha256.get(whole.own.get(unit.key, ""))
    holder = _holder_above(whole, unit)
    above = by_sha256.get(whole.own.get(holder.key if holder else None, ""))
    found = sorted(
        (term for term in whole.terms if term.unit == unit.key), key=lambda term: -term.id
    )
    waits = any(each.follows and each.open for each in found)
    possible = own is not None and above is not None and not waits
    return PlaceLine(
        key=unit.key,
        name=unit.name,
        own=own,
        above=above,
        above_from=holder.name if holder else OFFICE,
        terms=found,
        may_follow=possible and whole.reach.over(unit.id),
    )


def _holder_above(whole: _Whole, unit: Unit) -> Unit | None:
    """The nearest unit above with a version of its own; None where it is the whole office's."""
    if unit.parent_id is None:
        return None
    chain = (whole.units[each] for each in upwards(whole.units, unit.parent_id))
    return next((each for each in chain if each.key in whole.own), None)
