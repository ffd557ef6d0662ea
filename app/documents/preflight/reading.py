"""From the database to what the checks see: the tree of units, its choices and the attachments.

All of it in one statement: every submission and every sign-off reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.documents import content
from app.documents.admission import AttachmentPolicy
from app.documents.admission.policies import Admitted, admitted
from app.documents.models import Attachment, Document, NumberSeries
from app.documents.preflight.findings import Explanation, Severity
from app.documents.preflight.models import PreflightPolicy
from app.documents.preflight.paper import File, Kin, Office, Paper, Relation, Signing
from app.documents.proofs import DRAFT, Proof, newest_letterhead, standing_of
from app.documents.text import of_stored, plain
from app.organization import Unit
from app.organization.choices import Link, UnitChoice, upwards

Severities = Mapping[str, Severity]


@dataclass(frozen=True)
class _Link:
    """A unit with its parent and what it has chosen itself."""

    office: Office
    parent_id: int | None
    own: Mapping[str, str]
    unit: Unit


@dataclass(frozen=True)
class _Series:
    """What is known of the series that a document proposes.

    kinds  文种 that it takes; None where it gives no numbers
    main   it is the unit's first one, which is stored with its first number
    """

    kinds: Sequence[str] | None = None
    main: bool = False

    def misfit(self, code: str, kind: str) -> str:
        """Why the document could not be numbered there (OUT-29); "" where it can."""
        if not code or self.main or (self.kinds is not None and kind in self.kinds):
            return ""
        why = "没有或者已停用" if self.kinds is None else f"不适用于“{kind}”"
        return f"拟编的文号序列“{code[:20]}”{why}，请改选，或者不选，由登记编号的人决定。"


@dataclass
class _Found:
    """proofs: what setting the page has shown, by the name it was set in, with its standing."""

    links: dict[int, _Link] = field(default_factory=dict)
    takes: str = ""
    files: tuple[File, ...] = ()
    proofs: dict[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    letterhead: int | None = None
    series: _Series = _Series()

    def judged(self, unit_id: int, layout: str, signing: Signing | None) -> dict[str, Any]:
        """What the page lacks: as it is signed, or else as a draft, if that is known."""
        standing = standing_of(layout, self.links[unit_id].unit, self.letterhead)
        known = {name: unfit for name, (of, unfit) in self.proofs.items() if of == standing}
        proved = signing is not None and signing.by in known
        name = signing.by if signing is not None and proved else DRAFT
        return {"unfit": tuple(known.get(name, ())), "proved": proved}


def of_document(
    session: Session, document: Document, layout: str, signing: Signing | None = None
) -> tuple[Paper, Severities]:
    """An outgoing document as it stands, and how much each check weighs for its unit.

    layout  by which its page is judged, see ``proofs``
    """
    values = content.entered(document)
    found = _read(session, document.unit_id, document, signing, values.get("series") or "")
    paper = _paper(found, document.unit_id, values, numbered=document.number is not None)
    paper = replace(paper, signing=signing, **found.judged(document.unit_id, layout, signing))
    return paper, _severities(found.links, document.unit_id)


def of_values(
    session: Session, unit_id: int, values: Mapping[str, Any], document: Document | None = None
) -> tuple[Paper, Severities]:
    """The same of what stands in a form, whether or not it could be saved.

    document  whose attachments belong to it
    """
    found = _read(session, unit_id, document, None, values.get("series") or "")
    numbered = document is not None and document.number is not None
    return _paper(found, unit_id, values, numbered), _severities(found.links, unit_id)


def _paper(found: "_Found", unit_id: int, values: Mapping[str, Any], numbered: bool) -> Paper:
    code, kind = values.get("series") or "", values.get("kind") or ""
    return Paper(
        kin=_kin(found.links, unit_id),
        direction=values.get("direction") or "",
        kind=kind,
        title=values.get("title") or "",
        body=_lines(values.get("body") or ""),
        urgency=values.get("urgency") or "none",
        note=values.get("note") or "",
        files=found.files,
        takes=found.takes,
        main_recipients=_names(values, "main_recipients"),
        copy_recipients=_names(values, "copy_recipients"),
        present=_names(values, "present"),
        excused=_names(values, "excused"),
        observers=_names(values, "observers"),
        keywords=_names(values, "keywords"),
        misnumbered="" if numbered else found.series.misfit(code, kind),
    )


def explanations(document: Document) -> list[Explanation]:
    """The reasons given so far, the oldest first."""
    return [Explanation(**each) for each in document.explained or ()]


def _in_force(table: type[UnitChoice]) -> sa.ColumnElement[bool]:
    return sa.and_(table.unit_id == Unit.id, table.superseded_at.is_(None))


def _read(
    session: Session,
    unit_id: int,
    document: Document | None,
    signing: Signing | None,
    code: str,
) -> _Found:
    attached: sa.ColumnElement[bool] = sa.false()
    judged: sa.ColumnElement[bool] = sa.false()
    if document is not None:
        attached = sa.and_(
            Unit.id == unit_id,
            Attachment.document_id == document.id,
            Attachment.ended_at.is_(None),
        )
        judged = sa.and_(
            Unit.id == unit_id,
            Proof.document_id == document.id,
            Proof.content_sha256 == document.content_sha256,
            Proof.signatory.in_((DRAFT, signing.by if signing else DRAFT)),
        )
    query = (
        sa.select(Unit, PreflightPolicy.own, AttachmentPolicy.own, Attachment, Proof)
        .add_columns(newest_letterhead(unit_id), _kinds_taken(unit_id, code))
        .add_columns(_numbers_nothing(unit_id))
        .outerjoin(PreflightPolicy, _in_force(PreflightPolicy))
        .outerjoin(AttachmentPolicy, _in_force(AttachmentPolicy))
        .outerjoin(Attachment, attached)
        .outerjoin(Proof, judged)
        .order_by(Unit.id, Attachment.id)
    )
    found = _Found()
    choices: dict[int, Link] = {}
    files: dict[int, Attachment] = {}
    drafter_id = document.drafter_id if document is not None else None
    for unit, own, chosen, attachment, proof, *of_unit in session.execute(query):
        office = Office(unit.name, unit.short_name, unit.rank, Relation.OTHER)
        found.links[unit.id] = _Link(office, unit.parent_id, own or {}, unit)
        choices[unit.id] = Link(unit.name, unit.parent_id, chosen or {})
        if attachment is not None:
            files[attachment.id] = attachment
        if proof is not None:
            found.proofs[proof.signatory] = proof.standing, proof.unfit
        found.letterhead, kinds, nothing = of_unit
        if unit.id == unit_id:
            found.series = _Series(kinds, main=nothing and code == unit.agency_code)
    takes = admitted(choices, unit_id)
    found.takes = takes.words
    found.files = tuple(_file(each, drafter_id, takes) for each in files.values())
    return found


def _file(attachment: Attachment, drafter_id: int | None, takes: Admitted) -> File:
    return File(
        attachment.name,
        own=attachment.added_by_id == drafter_id and attachment.received_id is None,
        admitted=takes.has_type(attachment.media_type) and takes.has_size(attachment.size),
    )


def _kinds_taken(unit_id: int, code: str) -> sa.ScalarSelect[list[str]]:
    query = sa.select(NumberSeries.kinds).where(
        NumberSeries.unit_id == unit_id,
        NumberSeries.code == code,
        NumberSeries.ended_at.is_(None),
    )
    return query.scalar_subquery()


def _numbers_nothing(unit_id: int) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(NumberSeries.unit_id == unit_id)


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
