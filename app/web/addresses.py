"""What an address asks of a list. Words that mean nothing there are as good as none."""

import re

LONGEST = 100
"""Characters that are looked for."""


def page_number(text: str) -> int:
    """Which page of the list, from 1."""
    return int(text) if re.fullmatch("[1-9][0-9]{0,4}", text) else 1


def sought(text: str, longest: int = LONGEST) -> str:
    """What to look for, without what cannot be shown."""
    return "".join(each for each in text if each.isprintable()).strip()[:longest]


def showable(text: str) -> str:
    """For the record: an address may hold anything, and PostgreSQL keeps no NUL."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
