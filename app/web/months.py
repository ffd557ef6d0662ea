"""A month in the address of a page."""

import re
from collections.abc import Mapping
from datetime import date

from app.deadlines.workdays import local_date
from app.handling.checkins.lists import Month
from app.web.current import asked_at


def read(given: Mapping[str, str]) -> Month:
    """The month that is asked for; the present one where it cannot be read."""
    text = given.get("month", "").strip()
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return Month(date.fromisoformat(f"{text}-01"))
    return Month(local_date(asked_at()).replace(day=1))
