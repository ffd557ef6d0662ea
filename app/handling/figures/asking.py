"""What figures are asked for, and the places they are told by."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.clock import SHANGHAI

FLOWS = {"": "收文和发文", "incoming": "收文", "outgoing": "发文"}
NO_DEPARTMENT = "单位领导"


@dataclass(frozen=True)
class Wanted:
    """A period, both days included, and what kind of documents; "" for all."""

    since: date
    until: date
    flow: str = ""
    kind: str = ""

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, time(), SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first instant that does not count any more."""
        return datetime.combine(self.until + timedelta(days=1), time(), SHANGHAI)


@dataclass(frozen=True)
class Place:
    """Where somebody belonged when he acted; ``position`` is that of the department in its lists.

    Of what nobody has done: where its people belong now.
    """

    unit_id: int
    unit: str
    department_id: int | None
    department: str
    position: int
    person_id: int = 0
    person: str = ""


def place_of(row: Any, person_id: int = 0, person: str = "") -> Place:
    """Of a row with unit_id, unit, department_id, department and position."""
    return Place(
        row.unit_id,
        row.unit,
        row.department_id,
        row.department or NO_DEPARTMENT,
        -1 if row.position is None else row.position,
        person_id,
        person,
    )
