"""What the composition root hands to this room: forms, the file store, and the fonts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.documents.layout.fonts import FontBook
from app.documents.layout.render import LAYOUT
from app.documents.proofs import Sessions
from app.documents.storage import Store
from app.workflow.forms import Form


@dataclass(frozen=True)
class Equipment:
    """What acts need.

    forms     by key
    sessions  opens a session of its own, for what is kept beside the transaction in hand
    fonts     None where pages are never set, as in most tests
    stamps    the time-stamp service: query to answer; None where there is none
    """

    forms: Mapping[str, Form]
    store: Store
    sessions: Sessions
    fonts: FontBook | None = None
    stamps: Callable[[bytes], bytes] | None = None

    @property
    def layout(self) -> str:
        """What draws a page: two processes with the same one set the same page."""
        return f"{LAYOUT} {self.fonts.fingerprint}" if self.fonts else ""


_in_use: list[Equipment] = []


def use(equipment: Equipment) -> None:
    """Replace the equipment. Called by create_app."""
    _in_use[:] = [equipment]


def equipment() -> Equipment:
    return _in_use[0]
