"""The working calendar and policy of a unit as they were at a moment, or in an earlier version.

Days, hours and choices are superseded and never erased, so that what was known at any time can be
put together again; which change made which version is what the record says of it. What the program
itself shipped with (``statutory.LIBRARY``) is the present one: a version of another library is not
known any more.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry
from app.deadlines import calendar, statutory
from app.deadlines.workdays import WorkCalendar

CONFIRMED = "calendar.year_confirmed"
CHANGES = ("calendar.day_entered", "calendar.hours_set", CONFIRMED, "policy.chosen")
"""Every act that raises the version, each by one."""


@dataclass(frozen=True)
class Raised:
    """A change: the version that it made, and when. ``notice``: the year confirmed, its source."""

    number: int
    at: datetime
    notice: tuple[int, str] | None


@dataclass
class Calendars:
    """Calendars of the past for one reading of the record; each is put together once."""

    session: Session
    _known: dict[tuple[int | None, int], WorkCalendar] = field(default_factory=dict)

    def at(self, unit_id: int | None, moment: datetime) -> WorkCalendar:
        """What a page computed with at this moment, its changes included."""
        made = sum(each.at <= moment for each in self.changes)
        return self._after(unit_id, made)

    def of(self, unit_id: int | None, version: str) -> WorkCalendar | None:
        """That version of a unit's calendar, as limits name it; None where it is not known."""
        number, _, library = version.partition("/")
        if library != statutory.LIBRARY or not number.isdecimal():
            return None
        first = self._present - len(self.changes)  # of before all recorded changes
        if not first <= int(number) <= self._present:
            return None
        return self._after(unit_id, int(number) - first)

    @cached_property
    def changes(self) -> Sequence[Raised]:
        query = (
            sa.select(AuditEntry.at, AuditEntry.action, AuditEntry.body)
            .where(AuditEntry.action.in_(CHANGES), AuditEntry.outcome == "done")
            .order_by(AuditEntry.seq)
        )
        rows = self.session.execute(query).all()
        first = self._present - len(rows) + 1
        return [
            Raised(first + place, row.at, _notice(row.body) if row.action == CONFIRMED else None)
            for place, row in enumerate(rows)
        ]

    @cached_property
    def _present(self) -> int:
        return calendar.number(self.session)

    def _after(self, unit_id: int | None, made: int) -> WorkCalendar:
        """After so many of the changes."""
        if made == len(self.changes):
            return calendar.load(self.session, unit_id)
        if (unit_id, made) not in self._known:
            self._known[unit_id, made] = self._read(unit_id, made)
        return self._known[unit_id, made]

    def _read(self, unit_id: int | None, made: int) -> WorkCalendar:
        """Just before the change that came next: several may have been made in one moment."""
        following = self.changes[made]
        at = following.at - timedelta(microseconds=1)
        if made:
            at = max(at, self.changes[made - 1].at)
        found = calendar.known_at(self.session, unit_id, at, following.number - 1)
        return replace(found, notices={**found.notices, **self._notices(made)})

    def _notices(self, made: int) -> Mapping[int, str]:
        """Confirmed by then: a correction since has taken the place of the row."""
        return dict(each.notice for each in self.changes[:made] if each.notice)


def _notice(body: str) -> tuple[int, str] | None:
    with suppress(ValueError, LookupError, TypeError):  # spoilt: it confirms nothing
        detail = json.loads(body)["detail"]
        return int(detail["year"]), str(detail["source"])
    return None
