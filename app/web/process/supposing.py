"""Which version a what-if is about: one that was submitted, or a draft as it is saved now."""

from dataclasses import dataclass

from flask import url_for

from app.database import current_session
from app.handling.migrating import drawn
from app.handling.migrating.drawn import DRAFT
from app.handling.migrating.reach import Place
from app.web.current import current_actor
from app.workflow.definitions import Definition


@dataclass(frozen=True)
class Source:
    """``key``: as it stands in addresses: a sha256, or ``draft-`` and a number.

    places  where a draft is to hold; None for a version, whose terms say so
    """

    key: str
    label: str
    definition: Definition
    places: frozenset[Place] | None = None

    @property
    def is_draft(self) -> bool:
        return self.key.startswith(DRAFT)

    @property
    def rehearsal(self) -> str:
        return url_for("process.rehearsal", sha256=self.key)


def source(key: str) -> Source:
    """Raises NotFound, BadDraft for a draft that cannot run yet, NotAllowed."""
    definition = drawn.of_key(current_session(), current_actor(), key)
    if key.startswith(DRAFT):
        number = key.removeprefix(DRAFT)
        where = drawn.places_of(current_session(), current_actor(), key)
        return Source(key, f"{definition.name}（草稿第 {number} 号）", definition, where)
    return Source(key, f"{definition.name}第 {definition.version} 版", definition)
