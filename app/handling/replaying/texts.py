"""The text of a moment, with what was inserted and deleted on the way to it, and by whom.

Opened by what the record names: a version counts as the one of the record only if its content
still has the hash that the entries give.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import versions
from app.documents.models import DocumentVersion
from app.documents.refusals import LABELS
from app.documents.runs import Run, text_runs
from app.documents.text import of_stored, plain

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What content raises that was changed past the acts."""
MOST_VERSIONS = 60
"""So many saves are marked one by one; of a text saved more often the last ones."""


@dataclass(frozen=True)
class Save:
    """One version: who saved it, when, at which step; ``content`` is its canonical JSON."""

    number: int
    author: str
    step: str | None
    at: datetime
    content: str
    sha256: str

    @property
    def whole(self) -> bool:
        """The content still has its hash."""
        return hashlib.sha256(self.content.encode()).hexdigest() == self.sha256

    @property
    def elements(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def text(self) -> str:
        return plain(of_stored(self.elements.get("body", "")))

    @property
    def readable(self) -> bool:
        """False for content that somebody has spoilt so far that it is no text any more."""
        try:
            return self.text is not None and _fields(self.elements) is not None
        except UNREADABLE:
            return False


@dataclass(frozen=True)
class Piece:
    """A stretch of text. ``born`` and ``gone``: version that inserted it, that deleted it."""

    text: str
    born: int | None = None
    gone: int | None = None


@dataclass(frozen=True)
class Text:
    """What lay before people at a moment.

    lines     paragraphs as pieces, deleted ones where they stood
    authors   of the marks, by version
    fields    the other elements: label and words
    proved    the content has the hash that the record names
    fault     why there is nothing to show of a version that the record names; "" where there is
    """

    version: int
    since: int
    lines: tuple[tuple[Piece, ...], ...]
    authors: Mapping[int, Save]
    fields: tuple[tuple[str, str], ...]
    title: str
    proved: bool
    fault: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who has inserted or deleted something, in the order of their first mark."""
        pieces = [piece for line in self.lines for piece in line]
        marked = {number for each in pieces for number in (each.born, each.gone) if number}
        return tuple(dict.fromkeys(self.authors[number].author for number in sorted(marked)))

    def hand(self, piece: Piece) -> int:
        """Which of ``people`` a marked piece comes from, counted from 1; 0 for one unmarked."""
        number = piece.gone or piece.born
        return self.people.index(self.authors[number].author) + 1 if number else 0


def text_at(
    session: Session, document_id: int, version: int, sha256: str, since: int = 1
) -> Text | None:
    """The text at a version, changes marked since another; None before there was a text.

    sha256  what the record says that its content is
    """
    if not version:
        return None
    first = max(1, min(since, version), version - MOST_VERSIONS)
    found = _saves(session, document_id, first, version)
    if not found or found[-1].number != version:
        return _lost(version, "已不在库中")
    last = found[-1]
    if not last.readable:
        return _lost(version, "的内容读不出来")
    saves = [each for each in found if each.readable]
    return Text(
        version=version,
        since=saves[0].number,
        lines=tuple(_lines(_marked(saves))),
        authors={each.number: each for each in saves},
        fields=_fields(last.elements),
        title=str(last.elements.get("title", "")).replace("\n", ""),
        proved=last.whole and last.sha256 == sha256,
    )


def _lost(version: int, what: str) -> Text:
    said = f"记录所说的第 {version} 版{what}。"
    return Text(version, version, (), {}, (), "", proved=False, fault=said)


def _saves(session: Session, document_id: int, first: int, last: int) -> list[Save]:
    row = DocumentVersion
    query = (
        sa.select(row.number, row.author_name, row.step, row.at, row.elements, row.sha256)
        .where(row.document_id == document_id, row.number.between(first, last))
        .order_by(row.number)
    )
    return [Save(*each) for each in session.execute(query)]


def _fields(elements: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    shown = [name for name in LABELS if name not in ("body", "attachments")]
    named = ((name, versions.readable(name, elements.get(name))) for name in shown)
    return tuple((LABELS[name], words) for name, words in named if words)


def _marked(saves: Sequence[Save]) -> list[Piece]:
    before = saves[0].text
    pieces = [Piece(before)] if before else []
    for save in saves[1:]:
        text = save.text
        if text != before:
            pieces = after(pieces, _runs(before, text), save.number)
            before = text
    return pieces


@lru_cache(maxsize=256)
def _runs(old: str, new: str) -> tuple[Run, ...]:
    return text_runs(old, new)


def after(pieces: Sequence[Piece], runs: Sequence[Run], version: int) -> list[Piece]:
    """The pieces after one more save: the runs are over what is not yet deleted."""
    found: list[Piece] = []
    rest = list(pieces)
    for run in runs:
        if run.kind == "insert":
            found.append(Piece(run.text, born=version))
            continue
        left = len(run.text)
        while left:
            piece = rest.pop(0)
            if piece.gone is not None:
                found.append(piece)
                continue
            taken, kept = piece.text[:left], piece.text[left:]
            gone = version if run.kind == "delete" else None
            found.append(replace(piece, text=taken, gone=gone))
            if kept:
                rest.insert(0, replace(piece, text=kept))
            left -= len(taken)
    return found + rest


def _lines(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """The pieces parted where a line ends, without the lines that hold nothing."""
    line: list[Piece] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        line.append(replace(piece, text=first))
        for text in others:
            yield from _said(line)
            line = [replace(piece, text=text)]
    yield from _said(line)


def _said(line: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    found = tuple(piece for piece in line if piece.text)
    if found:
        yield found
