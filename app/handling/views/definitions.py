"""流程 for process administrators: versions, their terms, what runs on them, and what differs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.handling.views import term_lines
from app.handling.views.term_lines import OFFICE, OPEN, WORDS, TermLine, units
from app.organization import Actor, role_labels
from app.workflow import drafts, losing, rights
from app.workflow.bundle import Bundle
from app.workflow.differing import Differences, Drawn, compare
from app.workflow.losing import Kept
from app.workflow.models import (
    CaseStatus,
    DefinitionRow,
    ProcessTerm,
    TermState,
    WorkflowCase,
)
from app.workflow.parser import read_graphs

LIVE = (CaseStatus.RUNNING, CaseStatus.SUSPENDED)


@dataclass(frozen=True)
class VersionLine:
    """``running``: cases on their way that keep this version."""

    sha256: str
    version: int
    name: str
    state: str
    shipped: bool
    running: int
    submitted_by: str
    submitted_at: datetime
    terms: Sequence[TermLine]

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def reason(self) -> str:
        return next((each.reason for each in self.terms if each.reason), "")


@dataclass(frozen=True)
class DraftLine:
    id: int
    process_id: str
    name: str
    where: str
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True)
class ProcessLine:
    """One process for the list. ``holds``: (where, version) in force; ``waiting``: proposals."""

    process_id: str
    name: str
    holds: Sequence[tuple[str, int]]
    running: Sequence[tuple[int, int]]
    drafts: int
    waiting: int
    last_by: str
    last_at: datetime | None


def processes(session: Session, actor: Actor) -> list[ProcessLine]:
    """Every process with a version or a draft, by name."""
    versions = _versions(session, actor)
    open_drafts = drafts.open_drafts(session, actor)
    found = [
        _line(ident, lines, sum(each.process_id == ident for each in open_drafts))
        for ident, lines in versions.items()
    ]
    new = {each.process_id: each.name for each in open_drafts if each.process_id not in versions}
    found += [
        ProcessLine(
            ident, name, (), (), sum(each.process_id == ident for each in open_drafts), 0, "", None
        )
        for ident, name in new.items()
    ]
    return sorted(found, key=lambda each: (each.name, each.process_id))


def versions(session: Session, actor: Actor, process_id: str) -> list[VersionLine]:
    """The newest first. Raises NotFound for a process without any."""
    found = _versions(session, actor, process_id).get(process_id)
    if not found:
        raise NotFound("没有这个流程，请从流程列表中选择。")
    return found


def version(session: Session, actor: Actor, sha256: str) -> VersionLine:
    """Raises NotFound."""
    ident = process_of(session, sha256)
    return next(each for each in versions(session, actor, ident) if each.sha256 == sha256)


def process_of(session: Session, sha256: str) -> str:
    """The process that a version is of. Raises NotFound."""
    query = sa.select(DefinitionRow.process_id).where(DefinitionRow.sha256 == sha256)
    found = session.scalar(query)
    if found is None:
        raise NotFound("没有这个流程版本，请从流程列表中选择。")
    return found


def waiting(session: Session, actor: Actor) -> int:
    """Proposals that want the reader as their second person."""
    query = sa.select(ProcessTerm.unit_id).where(
        ProcessTerm.state == TermState.PROPOSED,
        ProcessTerm.proposed_by.is_distinct_from(actor.person_id),
    )
    reach = rights.reach(session, actor)
    return sum(reach.over(unit_id) for unit_id in session.scalars(query))


def draft_lines(session: Session, actor: Actor, process_id: str | None = None) -> list[DraftLine]:
    """Drafts that the reader may go on with, the one saved last first."""
    people, places = term_lines.people(session), units(session)
    return [
        DraftLine(
            each.id,
            each.process_id,
            each.name,
            places.get(each.unit_id, OFFICE),
            people.get(each.updated_by, ""),
            each.updated_at,
        )
        for each in drafts.open_drafts(session, actor, process_id)
    ]


def files_of(session: Session, sha256: str) -> dict[str, bytes]:
    """What was published. Raises NotFound."""
    text = session.scalar(sa.select(DefinitionRow.files).where(DefinitionRow.sha256 == sha256))
    if text is None:
        raise NotFound("没有这个流程版本，请从流程列表中选择。")
    return {name: each.encode() for name, each in json.loads(text).items()}


def drawings(
    session: Session, sha256: str, files: Mapping[str, bytes]
) -> tuple[str, dict[str, str]]:
    """The drawing of a version itself, and those of the processes that it calls by their ids."""
    ident = process_of(session, sha256)
    graphs = read_graphs(files)[0]
    texts = {name: files[graph.file].decode() for name, graph in graphs.items()}
    return texts.pop(ident), {name: text for name, text in texts.items() if text}


def differences(
    session: Session, old: Mapping[str, bytes], new: Mapping[str, bytes]
) -> Differences:
    return compare(Drawn.of(old), Drawn.of(new), role_labels(session))


def labels(files: Mapping[str, bytes]) -> dict[str, str]:
    """Name of each element by its id, as the drawing shows it."""
    nodes = Bundle(read_graphs(files)[0]).nodes()
    return {node.id: f"“{node.name}”" for _, node in nodes if node.name}


def clauses(files: Mapping[str, bytes]) -> list[Kept]:
    """Which clauses these files enforce."""
    return losing.enforced(Bundle(read_graphs(files)[0]))


def lost_clauses(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Mapping[str, str]:
    """Mandatory clauses that the second one no longer enforces: id to title."""
    return losing.lost(Bundle(read_graphs(new)[0]), Bundle(read_graphs(old)[0]))


def _line(ident: str, lines: Sequence[VersionLine], open_drafts: int) -> ProcessLine:
    terms = [term for line in lines for term in line.terms]
    last = max((term for term in terms if term.started_at), key=_begun, default=None)
    return ProcessLine(
        process_id=ident,
        name=lines[0].name,
        holds=[
            (term.where, term.version)
            for term in terms
            if term.state == TermState.IN_FORCE and not term.follows
        ],
        running=[(line.version, line.running) for line in lines if line.running],
        drafts=open_drafts,
        waiting=sum(term.state in OPEN for term in terms),
        last_by=(last.decided_by or "随程序安装") if last else "",
        last_at=last.started_at if last else None,
    )


def _begun(term: TermLine) -> datetime:
    return term.started_at or term.proposed_at


def _versions(
    session: Session, actor: Actor, process_id: str | None = None
) -> dict[str, list[VersionLine]]:
    query = sa.select(DefinitionRow).order_by(
        DefinitionRow.process_id, DefinitionRow.version.desc()
    )
    if process_id is not None:
        query = query.where(DefinitionRow.process_id == process_id)
    rows = session.scalars(query).all()
    people, running = term_lines.people(session), _running(session)
    terms = term_lines.of_versions(session, actor, {row.sha256: row.version for row in rows})
    found: dict[str, list[VersionLine]] = {}
    for row in rows:
        by = people.get(row.submitted_by, "随程序安装")
        line = VersionLine(
            row.sha256,
            row.version,
            row.name,
            row.state,
            row.shipped,
            running.get(row.sha256, 0),
            by,
            row.submitted_at,
            terms.get(row.sha256, ()),
        )
        found.setdefault(row.process_id, []).append(line)
    return found


def _running(session: Session) -> dict[str, int]:
    query = (
        sa.select(WorkflowCase.sha256, sa.func.count())
        .where(WorkflowCase.status.in_(LIVE))
        .group_by(WorkflowCase.sha256)
    )
    return {row[0]: row[1] for row in session.execute(query)}
