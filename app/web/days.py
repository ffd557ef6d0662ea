"""A day as it stands in an address."""

import re
from datetime import date

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
"""After that a day has no instant that a database could hold."""


def day(text: str) -> date | None:
    """``2026-11-23``; None for words that are no day of this office."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
