"""Days off by official notice, and by statute where no notice is known yet.

The notices come with chinesecalendar, whose tables are read directly: its functions search all
years at every call. A year that it does not have is never asked of it. The statutory festivals
of the lunar calendar are facts of astronomy; a test holds the table against a second library.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import version
from types import MappingProxyType

import chinese_calendar

LIBRARY = f"chinesecalendar {version('chinesecalendar')}"

_LABELS: Mapping[str, str] = {
    holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday
}
OFF: Mapping[date, str] = MappingProxyType(
    {day: _LABELS[name] for day, name in chinese_calendar.holidays.items()}
)
"""Days off of the known notices, weekends inside a period included, with their festival."""
MAKE_UP: Mapping[date, str] = MappingProxyType(
    {day: _LABELS[name] for day, name in chinese_calendar.workdays.items()}
)
"""Weekend days worked (调休上班) of the known notices, with the festival they pay for."""
YEARS = frozenset(day.year for day in OFF)
"""Years whose notice the library has."""

# year: 清明, 春节 (初一), 端午, 中秋
_FESTIVALS = {
    2027: ("04-05", "02-06", "06-09", "09-15"),
    2028: ("04-04", "01-26", "05-28", "10-03"),
    2029: ("04-04", "02-13", "06-16", "09-22"),
    2030: ("04-05", "02-03", "06-05", "09-12"),
    2031: ("04-05", "01-23", "06-24", "10-01"),
    2032: ("04-04", "02-11", "06-12", "09-19"),
    2033: ("04-04", "01-31", "06-01", "09-08"),
    2034: ("04-05", "02-19", "06-20", "09-27"),
    2035: ("04-05", "02-08", "06-10", "09-16"),
    2036: ("04-04", "01-28", "05-30", "10-04"),
}


def statutory(year: int) -> dict[date, str]:
    """The thirteen statutory days (国务院令第795号); beyond the table only those of fixed date.

    Which weekends are worked and which days are given in lieu is for the notice to say, so none
    of that is guessed here.
    """
    days = {date(year, 1, 1): "元旦"}
    days |= {date(year, 5, day): "劳动节" for day in (1, 2)}
    if year in _FESTIVALS:
        tombs, spring, boats, moon = (
            date.fromisoformat(f"{year}-{day}") for day in _FESTIVALS[year]
        )
        days |= {spring + timedelta(days=shift): "春节" for shift in (-1, 0, 1, 2)}
        days |= {tombs: "清明", boats: "端午", moon: "中秋"}
    days |= {date(year, 10, day): "国庆节" for day in (1, 2, 3)}
    return days
