"""Renders shared by the tests: each costs about a second."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.documents.layout import (
    FontBook,
    FontsMissing,
    Rendered,
    Sheet,
    font_book,
    render,
    standard_folders,
)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontBook:
    cache: Path = tmp_path_factory.mktemp("faces")
    try:
        return font_book(standard_folders(), cache)
    except FontsMissing as missing:
        pytest.skip(f"fonts are missing: {'、'.join(missing.faces)}")


@pytest.fixture(scope="session")
def rendered(fonts: FontBook) -> Callable[[Sheet], Rendered]:
    """Renders a sheet once, however many tests look at it."""
    done: dict[Sheet, Rendered] = {}

    def once(sheet: Sheet) -> Rendered:
        if sheet not in done:
            done[sheet] = render(sheet, fonts)
        return done[sheet]

    return once
