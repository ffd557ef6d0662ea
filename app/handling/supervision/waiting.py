"""What waits with departments, as board, lists and forecast show it: rows of one kind.

All of them are made of these rows, so that a number and its list agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.deadlines import lamps

KINDS = {"supervision": "督办件", "stay": "在办环节", "receipt": "核查接收"}


@dataclass(frozen=True)
class Waiting:
    """One supervision, one open stay with its limit, or one check of receipt (DDL-08).

    department_id  None for who belongs to none
    what           the requirement, or the name of the step; ``people``: who answers for it
    asked          an extension waits for consent
    paused         it stands still with its case; its lamp is that of the moment at which it stopped
    """

    kind: str
    id: int
    case_id: int
    unit_id: int
    department_id: int | None
    department: str
    position: int
    title: str
    number: str | None
    what: str
    people: Sequence[str]
    since: datetime
    due_at: datetime
    lamp: lamps.Lamp
    asked: bool = False
    paused: bool = False


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; "" and False for everything.

    department  the id of one, or ``none`` for who belongs to none
    lamp        red, amber or green
    """

    kind: str = ""
    department: str = ""
    lamp: str = ""
    asked: bool = False
    today: bool = False
    q: str = ""

    def fits(self, row: Waiting) -> bool:
        words = self.q.strip().casefold()
        texts = (row.title, row.number or "", row.what)
        return (
            self.kind in ("", row.kind)
            and self.department in ("", str(row.department_id or "none"))
            and self.lamp in ("", row.lamp.key)
            and (row.asked or not self.asked)
            and (not words or any(words in text.casefold() for text in texts))
        )


@dataclass(frozen=True)
class Line:
    """A department on the board. ``longest``: how long its longest overdue is, "" for none."""

    department: str
    key: str
    total: int
    red: int
    amber: int
    green: int
    longest: str


def board(found: Iterable[Waiting]) -> list[Line]:
    """Rows by department, in the order of the unit's lists; no ranking."""
    by_department: dict[str, list[Waiting]] = {}
    for row in sorted(found, key=lambda row: (row.position, row.department_id or 0)):
        by_department.setdefault(str(row.department_id or "none"), []).append(row)
    return [line(key, of[0].department, of) for key, of in by_department.items()]


def line(key: str, department: str, found: Sequence[Waiting]) -> Line:
    """``longest`` is that of what was due first: working time and clock time do not compare."""
    lamps_of = [row.lamp for row in sorted(found, key=lambda row: row.due_at)]
    red = [lamp for lamp in lamps_of if lamp.key == "red"]
    return Line(
        department=department,
        key=key,
        total=len(found),
        red=len(red),
        amber=sum(lamp.key == "amber" for lamp in lamps_of),
        green=sum(lamp.key == "green" for lamp in lamps_of),
        longest=red[0].text.removeprefix(red[0].word).strip() if red else "",
    )
