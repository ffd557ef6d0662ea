"""Figures out of rows: by unit, department, person and kind; each table sums up to the same."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.handling.figures.asking import FLOWS, Place
from app.handling.figures.measuring import Handled, Measured


@dataclass(frozen=True)
class Figures:
    """One line of a table; times are minutes of working time.

    label     and ``of``: the department of a person, the unit of a department; who acted in two
              departments has a line in each, so that a department is the sum of its people
    on_time   and ``late`` are of the ``limited``; what has no limit is neither
    minutes   of all items together, from which the average is made
    waiting   not handled and past the limit; None where it has no one person
    missed    check-ins; None where they are not asked for, or are nobody's
    """

    label: str
    of: str
    items: int
    on_time: int
    late: int
    minutes: int
    longest: int
    delay: int
    longest_delay: int
    waiting: int | None
    missed: int | None = None

    @property
    def average(self) -> int:
        return round(self.minutes / self.items) if self.items else 0

    @property
    def average_delay(self) -> int:
        return round(self.delay / self.late) if self.late else 0


@dataclass(frozen=True)
class Tables:
    """``units`` is empty for who leads a department only."""

    units: Sequence[Figures]
    departments: Sequence[Figures]
    people: Sequence[Figures]
    kinds: Sequence[Figures]
    total: Figures

    @property
    def total_handled(self) -> Figures:
        """The sum for tables whose lines say nothing of what nobody has handled."""
        return replace(self.total, waiting=None)

    @property
    def total_of_kinds(self) -> Figures:
        return replace(self.total_handled, missed=None)


def tables(measured: Measured, supervises: bool) -> Tables:
    """All tables of what was measured; departments, people and kinds are of ``own`` alone."""
    own, missed = measured.own, measured.missed
    waiting = [each.place for each in measured.waiting]
    everybody = [*own, *measured.below]
    return Tables(
        units=_by(everybody, lambda row: row.place.unit_id, lambda row: (row.place.unit, ""))
        if supervises
        else (),
        departments=_departments(own, waiting, missed),
        people=_people(own, missed),
        kinds=_by(
            sorted(own, key=lambda row: (row.flow, row.kind)),
            lambda row: (row.flow, row.kind),
            lambda row: (row.kind or "未注明文种", FLOWS.get(row.flow, row.flow)),
        ),
        total=figures("合计", "", own, len(waiting), None if missed is None else len(missed)),
    )


def figures(
    label: str,
    of: str,
    rows: Sequence[Handled],
    waiting: int | None = None,
    missed: int | None = None,
) -> Figures:
    late = [row for row in rows if row.late]
    return Figures(
        label=label,
        of=of,
        items=len(rows),
        on_time=sum(row.limited and not row.late for row in rows),
        late=len(late),
        minutes=sum(row.minutes for row in rows),
        longest=max((row.minutes for row in rows), default=0),
        delay=sum(row.delay for row in late),
        longest_delay=max((row.delay for row in late), default=0),
        waiting=waiting,
        missed=missed,
    )


def _people(rows: Sequence[Handled], missed: Sequence[Place] | None) -> list[Figures]:
    """Also those who have handled nothing and did not look in."""
    places = [*(row.place for row in rows), *(missed or ())]
    places.sort(key=lambda place: (place.position, place.person_id))
    return [
        figures(
            place.person,
            place.department,
            [row for row in rows if _of_person(row.place) == key],
            missed=None if missed is None else sum(_of_person(each) == key for each in missed),
        )
        for key, place in {_of_person(place): place for place in places}.items()
    ]


def _of_person(place: Place) -> tuple[int, int, int | None]:
    return place.person_id, *_key(place)


def _departments(
    rows: Sequence[Handled], waiting: Sequence[Place], missed: Sequence[Place] | None
) -> list[Figures]:
    """Also those that have handled nothing and let something lie (DDL-17)."""
    places = sorted([*(row.place for row in rows), *waiting, *(missed or ())], key=_in_lists)
    return [
        figures(
            place.department,
            place.unit,
            [row for row in rows if _key(row.place) == key],
            sum(_key(each) == key for each in waiting),
            None if missed is None else sum(_key(each) == key for each in missed),
        )
        for key, place in {_key(each): each for each in places}.items()
    ]


def _key(place: Place) -> tuple[int, int | None]:
    return place.unit_id, place.department_id


def _in_lists(place: Place) -> tuple[int, int, int]:
    return place.unit_id, place.position, place.department_id or 0


def _by(
    rows: Iterable[Handled],
    key: Callable[[Handled], Hashable],
    words: Callable[[Handled], tuple[str, str]],
) -> list[Figures]:
    groups: dict[Hashable, list[Handled]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [figures(*words(group[0]), group) for group in groups.values()]
