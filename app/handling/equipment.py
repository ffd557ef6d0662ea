"""What the composition root hands to this room: forms, the file store, and the fonts."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.documents.layout.fonts import FontBook
from app.documents.storage import Store
from app.workflow.forms import Form


@dataclass(frozen=True)
class Equipment:
    """forms by key; ``fonts`` is None where pages are never set, as in most tests."""

    forms: Mapping[str, Form]
    store: Store
    fonts: FontBook | None = None


_in_use: list[Equipment] = []


def use(equipment: Equipment) -> None:
    """Replace the equipment. Called by create_app."""
    _in_use[:] = [equipment]


def equipment() -> Equipment:
    return _in_use[0]
