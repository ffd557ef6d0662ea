"""The versions of processes on which cases have run, and their drawings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.migrating.models import Migration, MigrationCase
from app.handling.models import Case, Task
from app.workflow import queries as routes
from app.workflow.loading import definition
from app.workflow.models import DefinitionRow

MOVED = "moved"


@dataclass(frozen=True)
class Version:
    """``cases``: that have run on it, ``open``: of them those that run on it now."""

    sha256: str
    process: str
    name: str
    version: int
    cases: int
    open: int


def versions(session: Session, units: Collection[int] | None = None) -> Sequence[Version]:
    """Those with cases, in these units where given; the newest of each process first."""
    ran = _ran()
    live = Case.state.in_(("running", "suspended")) & (Case.process_version == ran.c.version)
    query = (
        sa.select(
            DefinitionRow.sha256,
            DefinitionRow.process_id,
            DefinitionRow.name,
            DefinitionRow.version,
            sa.func.count(Case.id),
            sa.func.count(Case.id).filter(live),
        )
        .join(
            ran,
            (ran.c.process_id == DefinitionRow.process_id)
            & (ran.c.version == DefinitionRow.version),
        )
        .join(Case, Case.id == ran.c.id)
        .group_by(
            *(DefinitionRow.sha256, DefinitionRow.process_id),
            *(DefinitionRow.name, DefinitionRow.version),
        )
        .order_by(DefinitionRow.process_id, DefinitionRow.version.desc())
    )
    if units is not None:
        query = query.where(Case.unit_id.in_(units))
    return [Version(*row) for row in session.execute(query)]


def _ran() -> sa.Subquery:
    """(case, process, version) of each version that a case runs on or has left, once each."""
    now = sa.select(Case.id, Case.process_id, Case.process_version.label("version"))
    left = (
        sa.select(Case.id, Case.process_id, MigrationCase.from_version)
        .join(MigrationCase, MigrationCase.case_id == Case.id)
        .where(MigrationCase.state == MOVED, MigrationCase.from_version != Case.process_version)
        .distinct()
    )
    return now.union_all(left).subquery()


def ended_under(version: int) -> sa.ColumnElement[bool]:
    """On stays joined with their cases: whether one ended, or is open, under this version.

    The next move of its case after its end tells what it ran on; where none came, the case does.
    A move that was undone is none: between it and its end nobody has acted.
    """
    next_move = (
        sa.select(MigrationCase.from_version)
        .join(Migration, Migration.id == MigrationCase.migration_id)
        .where(
            MigrationCase.case_id == Case.id,
            MigrationCase.state == MOVED,
            Migration.decided_at >= Task.done_at,
        )
        .order_by(Migration.decided_at, Migration.id)
        .limit(1)
        .correlate(Case, Task)
        .scalar_subquery()
    )
    moved = Case.id.in_(sa.select(MigrationCase.case_id).where(MigrationCase.state == MOVED))
    then = sa.func.coalesce(next_move, Case.process_version) == version
    return sa.or_(sa.and_(moved, then), sa.and_(~moved, Case.process_version == version))


def version_of(session: Session, sha256: str) -> DefinitionRow | None:
    return session.get(DefinitionRow, sha256)


def drawing(session: Session, sha256: str) -> dict[str, Any]:
    """Its file and those of what it calls, as the viewer takes them."""
    found = routes.diagram_of(definition(session, sha256))
    called = {name: data.decode() for name, data in found.called.items()}
    return {"xml": found.own.decode(), "called": called}
