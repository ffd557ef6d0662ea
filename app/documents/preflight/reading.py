"""From the database to what the checks see: the tree of units, its choices and the attachments.

All of it in one statement: every submission and every sign-off reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.documents import content
from app.documents.models import Attachment, Document
from app.documents.preflight.findings import Explanation, Severity
from app.documents.preflight.models import PreflightPolicy
from app.documents.preflight.paper import File, Kin, Office, Paper, Relation
from app.documents.text import of_stored, plain
from app.organization import Unit
from app.organization.choices import upwards

Severities = Mapping[str, Severity]


@dataclass(frozen=True)
class _Link:
    """A unit with its parent and what it has chosen itself."""

    office: Office
    parent_id: int | None
    own: Mapping[str, str]


def of_document(session: Session, document: Document) -> tuple[Paper, Severities]:
    """An outgoing document as it stands, and how much each check weighs for its unit."""
    return of_values(session, document.unit_id, content.entered(document), document)


def of_values(
    session: Session, unit_id: int, values: Mapping[str, Any], document: Document | None = None
) -> tuple[Paper, Severities]:
    """The same of what stands in a form, whether or not it could be saved.

    document  whose attachments belong to it
    """
    links, files = _read(session, unit_id, document)
    paper = Paper(
        kin=_kin(links, unit_id),
        direction=values.get("direction") or "",
        kind=values.get("kind") or "",
        title=values.get("title") or "",
        body=_lines(values.get("body") or ""),
        urgency=values.get("urgency") or "none",
        note=values.get("note") or "",
        files=files,
        main_recipients=_names(values, "main_recipients"),
        copy_recipients=_names(values, "copy_recipients"),
    )
    return paper, _severities(links, unit_id)


def explanations(document: Document) -> list[Explanation]:
    """The reasons given so far, the oldest first."""
    return [Explanation(**each) for each in document.explained or ()]


_IN_FORCE = sa.and_(PreflightPolicy.unit_id == Unit.id, PreflightPolicy.superseded_at.is_(None))


def _read(
    session: Session, unit_id: int, document: Document | None
) -> tuple[dict[int, _Link], tuple[File, ...]]:
    attached: sa.ColumnElement[bool] = sa.false()
    if document is not None:
        attached = sa.and_(
            Unit.id == unit_id,
            Attachment.document_id == document.id,
            Attachment.ended_at.is_(None),
        )
    query = (
        sa.select(Unit, PreflightPolicy.own, Attachment.name, Attachment.added_by_id)
        .outerjoin(PreflightPolicy, _IN_FORCE)
        .outerjoin(Attachment, attached)
        .order_by(Unit.id, Attachment.id)
    )
    links: dict[int, _Link] = {}
    files: list[File] = []
    for unit, own, name, added_by in session.execute(query):
        office = Office(unit.name, unit.short_name, unit.rank, Relation.OTHER)
        links[unit.id] = _Link(office, unit.parent_id, own or {})
        if name is not None and document is not None:
            files.append(File(name, own=added_by == document.drafter_id))
    return links, tuple(files)


def _kin(links: Mapping[int, _Link], unit_id: int) -> Kin:
    above = upwards(links, unit_id)
    others = []
    for key, each in links.items():
        if key == unit_id:
            continue
        way = upwards(links, key)
        if key in above:
            relation, levels = Relation.SUPERIOR, above.index(key)
        elif unit_id in way:
            relation, levels = Relation.SUBORDINATE, way.index(unit_id)
        else:
            relation, levels = Relation.OTHER, 0
        others.append(replace(each.office, relation=relation, levels=levels))
    return Kin(replace(links[unit_id].office, relation=Relation.SELF), tuple(others))


def _severities(links: Mapping[int, _Link], unit_id: int) -> Severities:
    found: dict[str, Severity] = {}
    for key in reversed(upwards(links, unit_id)):
        found.update({rule: Severity(text) for rule, text in links[key].own.items()})
    return found


def _names(values: Mapping[str, Any], element: str) -> tuple[str, ...]:
    return tuple(each for each in values.get(element) or () if each.strip())


def _lines(body: Any) -> str:
    try:
        return body if isinstance(body, str) else plain(of_stored(body))
    except ValidationError:
        return ""
