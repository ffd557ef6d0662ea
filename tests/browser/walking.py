"""Going through pages as their audience, in every size of window that people have."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE, Desk

SMALL = {"width": 320, "height": 640}
ALL = (DESK, PHONE, SMALL)
SIZES = pytest.mark.parametrize("size", ALL, ids=["1366", "390", "320"])
"""For tests that act on a page, each in a window of its own."""


def faults_of(
    desk: Sit,
    pages: Sequence[tuple[str, str]],
    given: Mapping[str, Any],
    shots: str,
    sizes: Sequence[dict[str, int]] = ALL,
) -> list[str]:
    """Barriers, and what is wider than the window, on (login, path) pages; [] where all is well.

    given  what the paths name
    shots  how the pictures of the pages begin
    """
    people: dict[str, Desk] = {}
    found: list[str] = []
    for place, (login, path) in enumerate(pages):
        if login not in people:
            people[login] = desk(login)
        seat = people[login]
        seat.go(path.format(**given))
        seat.page.wait_for_load_state("networkidle")
        for size in sizes:
            seat.page.set_viewport_size(size)  # type: ignore[arg-type]
            seat.shot(f"{shots}-{size['width']}-{place:02}-{login}")
            faults = [*seat.barriers(), *(["wider than the window"] if seat.overflows() else [])]
            found += [f"{path} at {size['width']}: {fault}" for fault in faults]
    return found
