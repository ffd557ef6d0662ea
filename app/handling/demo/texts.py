"""The texts of the demonstration documents, read from ``papers/*.txt``.

A file is named for the direction of its documents. A text begins with ``## key`` and its
elements, one to a line; after a blank line comes the body. ``{unit}`` and ``{year}`` are filled
in; people, towns and sums are invented, but for one public notice (Yan'an, 2017).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.clock import SHANGHAI
from app.documents import fields
from app.documents.fields import IncomingFields, OutgoingFields

FOLDER = Path(__file__).with_name("papers")
OUTGOING = {
    "文种": "kind",
    "标题": "title",
    "主送": "main_recipients",
    "抄送": "copy_recipients",
    "缓急": "urgency",
    "附注": "note",
    "主题词": "keywords",
}
INCOMING = {
    "来文单位": "from_unit",
    "来文字号": "number",
    "标题": "title",
    "来源": "source",
    "缓急": "urgency",
}
ON_THE_WAY = timedelta(minutes=25)
"""From the arrival of a received document to its registration."""


@dataclass(frozen=True)
class Text:
    """One text with its elements, by the names that the form gives them."""

    direction: str
    elements: Mapping[str, str]
    body: str

    def outgoing(self, unit: str, at: datetime) -> OutgoingFields:
        values: dict[str, Any] = {**self._filled(unit, at), "direction": self.direction}
        for name in ("main_recipients", "copy_recipients"):
            values[name] = [each for each in values.get(name, "").split("；") if each]
        values["keywords"] = [each for each in values.get("keywords", "").split("、") if each]
        return fields.read(OutgoingFields, values)

    def incoming(self, unit: str, at: datetime) -> IncomingFields:
        """As it is registered at ``at``, received shortly before."""
        values: dict[str, Any] = dict(self._filled(unit, at))
        values["received_at"] = at - ON_THE_WAY
        values["document_date"] = (at - timedelta(days=2)).astimezone(SHANGHAI).date()
        return fields.read(IncomingFields, values)

    def _filled(self, unit: str, at: datetime) -> dict[str, str]:
        year = str(at.astimezone(SHANGHAI).year)
        given = {**self.elements, "body": self.body}
        return {
            name: text.replace("{unit}", unit).replace("{year}", year)
            for name, text in given.items()
        }


@cache
def texts() -> Mapping[str, Text]:
    """Every text by its key; a key stands in one file only."""
    found: dict[str, Text] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            key, _, rest = block.partition("\n")
            if key in found:
                raise ValueError(f"two texts are called {key}")
            found[key] = _text(path.stem, rest)
    return found


def _text(direction: str, block: str) -> Text:
    head, _, body = block.partition("\n\n")
    names = INCOMING if direction == "incoming" else OUTGOING
    lines = (line.partition("：") for line in head.splitlines())
    return Text(direction, {names[word]: value for word, _, value in lines}, body.strip())
