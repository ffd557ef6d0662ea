"""198 arrivals with their limits, worked out by hand and explained, and reckoned a second way.

``arrivals.csv``: times of Asia/Shanghai; ``calendar`` names a calendar below, empty for the one
of the program; ``why`` says in words what the row is about.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.deadlines.hours import read
from app.deadlines.limits import for_step
from app.deadlines.previewing import PROFILES
from app.deadlines.workdays import Override, WorkCalendar

from .reckoning import Reckoner
from .times import at, day, said

with (Path(__file__).parent / "arrivals.csv").open(encoding="utf-8") as table:
    ROWS = list(csv.DictReader(table))

HALF, SUMMER, EARLY = "08:30-12:00", "08:00-12:00 15:00-18:00", "09:00-12:00 13:30-17:00"
CALENDARS = {
    "": (WorkCalendar(), Reckoner({})),
    "half": (
        WorkCalendar(overrides={day("2026-11-24"): Override(True, "半日", "", read(HALF))}),
        Reckoner({"2026-11-24": HALF}),
    ),
    "summer": (
        WorkCalendar(hours=((day("2026-07-01"), read(SUMMER)),)),
        Reckoner({}, ("2026-07-01", SUMMER)),
    ),
    "early": (
        WorkCalendar(hours=((day("2026-01-01"), read(EARLY)),)),
        Reckoner({}, ("2026-01-01", EARLY)),
    ),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['arrived']} {row['profile']}")
def test_the_limit_is_as_worked_out(row: dict[str, str]) -> None:
    calendar, second = CALENDARS[row["calendar"]]
    found = for_step(
        calendar, at(row["arrived"]), row["urgency"], row["limit"], PROFILES[row["profile"]]
    )
    assert found is not None
    assert said(found.due_at) == row["due"], row["why"]
    assert ("yes" if found.provisional else "no") == row["provisional"], row["why"]
    reckoned = second.reckon(
        at(row["arrived"]).replace(tzinfo=None), row["profile"], row["limit"], row["urgency"]
    )
    assert f"{reckoned:%Y-%m-%d %H:%M:%S}" == row["due"], row["why"]


def test_the_table_covers_what_it_should() -> None:
    assert len(ROWS) >= 150
    assert all(len(row["why"]) >= 6 for row in ROWS)
    years = Counter(row["arrived"][:4] for row in ROWS)
    assert set(years) == {"2024", "2025", "2026", "2027"}
    assert min(years.values()) >= 10
    modes = Counter((row["profile"], row["urgency"] != "none") for row in ROWS)
    assert min(modes["civil_code", False], modes["elapsed", False], modes["civil_code", True]) > 25
    assert {"half", "summer", "early"} < {row["calendar"] for row in ROWS}
    assert {row["provisional"] for row in ROWS} == {"yes", "no"}
