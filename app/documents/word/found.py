"""What is found of a document in a file, while it is being looked for."""

from dataclasses import dataclass, field
from typing import Any

from app.documents.word.items import Item
from app.documents.word.notes import Note


@dataclass
class Found:
    """Elements by their names in the API, the items that are text, and what to tell about it."""

    items: list[Item]
    elements: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def tell(self, text: str) -> None:
        self.notes.append(Note("found", text))
