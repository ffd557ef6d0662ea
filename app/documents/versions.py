"""留痕: what a save changed, in words and as runs of text that were kept, inserted or deleted."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit import chain
from app.clock import SHANGHAI
from app.documents import kinds
from app.documents.refusals import LABELS
from app.documents.runs import Run, text_runs
from app.documents.text import Block, of_stored, plain

FORM = "form"
"""Stands for the field when only widths, merged cells, sizes or levels of the text changed."""

RESTORED = "restored"
"""Stands for the field when an earlier version was brought back: its number, and the reason."""


@dataclass(frozen=True)
class Change:
    """A field other than the text; values as people read them."""

    field: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        if self.field == FORM:
            return "正文中表格、图片或者标题的样式有改动，文字没有改动。"
        if self.field == RESTORED:
            return f"恢复第 {self.old} 版的内容。理由：{self.new}"
        label = LABELS.get(self.field, self.field)
        if not self.old:
            return f"{label}填为“{self.new}”。"
        if not self.new:
            return f"{label}“{self.old}”已删去。"
        return f"{label}由“{self.old}”改为“{self.new}”。"


@dataclass(frozen=True)
class Difference:
    """From one version to the next. ``body`` is empty when the text is the same."""

    changes: tuple[Change, ...]
    body: tuple[Run, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """One sentence per changed field."""
        sentences = [change.sentence for change in self.changes]
        if self.body:
            sentences.append(f"正文{_count(self.body)}。")
        return tuple(sentences)


NOTHING = Difference((), ())
"""Of the first version: there was nothing before it."""


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """What changed between the elements of two versions."""
    names = [name for name in LABELS if name in new and name != "body"]
    pairs = [(name, readable(name, old.get(name)), readable(name, new[name])) for name in names]
    changes = [Change(*pair) for pair in pairs if pair[1] != pair[2]]
    texts = _lines(old), _lines(new)
    body = () if texts[0] == texts[1] else text_runs(*texts)
    if not body and _blocks(old) != _blocks(new):
        changes.append(Change(FORM, "", ""))
    return Difference(tuple(changes), body)


def _lines(elements: Mapping[str, Any]) -> str:
    return plain(_blocks(elements))


def _blocks(elements: Mapping[str, Any]) -> tuple[Block, ...]:
    """The text of a version; those of the first kind hold it as plain lines."""
    return of_stored(elements.get("body", ""))


def difference_of_json(old: str, new: str) -> Difference:
    """The same, from the canonical JSON of two versions."""
    return difference(json.loads(old), json.loads(new))


def readable(field: str, value: Any) -> str:
    """A value of the elements in the words of a page."""
    if value is None or value == "":
        return ""
    if field == "direction":
        return kinds.DIRECTIONS.get(value, "收文")
    if field == "urgency":
        return kinds.URGENCIES[value]
    if field == "nature":
        return kinds.NATURES[value]
    if field == "received_at":
        return f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if field == "attachments":
        return "、".join(f"{each['name']}（校验码 {each['sha256'][:8]}）" for each in value)
    if isinstance(value, list):
        return "、".join(value)
    return str(value)


def to_json(found: Difference) -> str:
    """Canonical JSON; a kept run is only its length, because the version before has its text."""
    body = [[run.kind, len(run.text) if run.kind == "keep" else run.text] for run in found.body]
    changes = [[change.field, change.old, change.new] for change in found.changes]
    return chain.canonical({"changes": changes, "body": body})


def from_json(stored: str, elements_before: str | None) -> Difference:
    """The stored difference, with kept text from the version before (None for the first)."""
    old = _lines(json.loads(elements_before)) if elements_before else ""
    value = json.loads(stored)
    place, runs = 0, []
    for kind, part in value["body"]:
        text = old[place : place + part] if kind == "keep" else part
        place += 0 if kind == "insert" else len(text)
        runs.append(Run(kind, text))
    return Difference(tuple(Change(*each) for each in value["changes"]), tuple(runs))


def words_of_json(stored: str) -> tuple[str, ...]:
    """The sentences of a stored difference, without the text that was kept."""
    value = json.loads(stored)
    changed = tuple(Run(kind, part) for kind, part in value["body"] if kind != "keep")
    return Difference(tuple(Change(*each) for each in value["changes"]), changed).words


def _count(runs: Iterable[Run]) -> str:
    inserted = sum(len(run.text) for run in runs if run.kind == "insert")
    deleted = sum(len(run.text) for run in runs if run.kind == "delete")
    parts = [f"增加 {inserted} 字"] if inserted else []
    parts += [f"删去 {deleted} 字"] if deleted else []
    return "，".join(parts)
