"""Reading the versions of a document: two of them compared, one of them, and who wrote what."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import authorship, comparing, versions
from app.documents.models import DocumentVersion
from app.documents.text import Block, of_stored
from app.errors import NotFound

READ_AT_ONCE = 20
"""Versions in memory at a time while all of them are read."""


@dataclass(frozen=True)
class Comparison:
    """From version ``old`` to version ``new``: the elements in words, and the texts as pairs."""

    old: int
    new: int
    difference: versions.Difference
    pairs: tuple[comparing.Pair, ...]


@dataclass(frozen=True)
class Written:
    """A block of a text with the save that it comes from as it is."""

    block: Block
    version: int
    author: str
    step: str | None
    at: datetime


def compare(session: Session, document_id: int, one: int, other: int) -> Comparison:
    """Two versions of a document, the earlier one first, however they are given. Raises NotFound.

    What a restoring says of itself belongs to its version and is not part of it.
    """
    old, new = sorted((one, other))
    query = sa.select(DocumentVersion.number, DocumentVersion.elements).where(
        DocumentVersion.document_id == document_id, DocumentVersion.number.in_((old, new))
    )
    found = {number: json.loads(elements) for number, elements in session.execute(query)}
    if not {old, new} <= found.keys():
        raise NotFound
    before, after = found[old], found[new]
    return Comparison(
        old,
        new,
        versions.difference(before, after),
        comparing.pairs(_blocks(before), _blocks(after)),
    )


def towards(session: Session, document_id: int, one: int, other: int) -> versions.Difference:
    """What changes from one version to another, which may be the earlier one. Raises NotFound."""
    before = elements_of(session, document_id, one)
    return versions.difference(before, elements_of(session, document_id, other))


def elements_of(session: Session, document_id: int, number: int) -> dict[str, Any]:
    """What people had entered at a version, its text as blocks. Raises NotFound."""
    query = sa.select(DocumentVersion.elements).where(
        DocumentVersion.document_id == document_id, DocumentVersion.number == number
    )
    text = session.scalar(query)
    if text is None:
        raise NotFound
    found: dict[str, Any] = json.loads(text)
    return found


def authors(session: Session, document_id: int) -> tuple[Written, ...]:
    """Each block of the newest text, with who wrote it last, at which step and when."""
    row = DocumentVersion
    about = sa.select(row.number, row.author_name, row.step, row.at)
    saves = {
        number: (author, step, at)
        for number, author, step, at in session.execute(about.where(row.document_id == document_id))
    }
    return tuple(
        Written(block, number, *saves[number])
        for block, number in authorship.since(_texts(session, document_id))
    )


def _texts(session: Session, document_id: int) -> Iterator[tuple[int, tuple[Block, ...]]]:
    """The text of every version in order; those that did not change it are passed over."""
    query = (
        sa.select(DocumentVersion.number, DocumentVersion.elements)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    before: Any = None
    for number, text in session.execute(query):
        body = json.loads(text).get("body", "")
        if body != before:
            before = body
            yield number, of_stored(body)


def _blocks(elements: dict[str, Any]) -> tuple[Block, ...]:
    return of_stored(elements.get("body", ""))
