"""Versions that cases on the way may be tried on: those in force, and those that wait for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.handling import administering
from app.handling.migrating.outlooks import LIVE
from app.handling.migrating.reach import HOLDS_THERE, OFFICE, PRESENT, Place, Units
from app.handling.models import Case
from app.organization import Actor
from app.workflow import rights
from app.workflow.definitions import Definition
from app.workflow.loading import definition
from app.workflow.models import DefinitionRow, DefinitionState, ProcessTerm, WorkflowCase

STATES = {"submitted": "待启用", "in_force": "现行", "retired": "已停用"}


@dataclass(frozen=True)
class Version:
    """One version.

    others  cases on another one, of units that it reaches and whose cases the actor administers
    below   the same of units below them, whose routes alone he administers
    """

    sha256: str
    process_id: str
    name: str
    version: int
    state: str
    submitted_at: datetime
    others: int
    below: int

    @property
    def state_words(self) -> str:
        return STATES[self.state]


def versions(session: Session, actor: Actor) -> list[Version]:
    """In force or waiting, by process, the newest first. Raises NotAllowed."""
    administering.units(actor)
    states = (DefinitionState.SUBMITTED, DefinitionState.IN_FORCE)
    return _versions(session, actor, DefinitionRow.state.in_(states))


def version(session: Session, actor: Actor, sha256: str) -> Version:
    """Any version, also an old one. Raises NotFound, NotAllowed."""
    administering.units(actor)
    found = _versions(session, actor, DefinitionRow.sha256 == sha256)
    if not found:
        raise NotFound("没有这个流程版本。")
    return found[0]


def target(session: Session, sha256: str) -> Definition:
    """Raises NotFound for a version that is not there."""
    if session.get(DefinitionRow, sha256) is None:
        raise NotFound("没有这个流程版本。")
    return definition(session, sha256)


def _versions(session: Session, actor: Actor, condition: sa.ColumnElement[bool]) -> list[Version]:
    query = (
        sa.select(
            DefinitionRow.sha256,
            DefinitionRow.process_id,
            DefinitionRow.name,
            DefinitionRow.version,
            DefinitionRow.state,
            DefinitionRow.submitted_at,
        )
        .where(condition)
        .order_by(DefinitionRow.process_id, DefinitionRow.version.desc())
    )
    rows = session.execute(query).all()
    units, where = Units(session), _places(session, [row.sha256 for row in rows])
    own, within = frozenset(administering.units(actor)), rights.reach(session, actor).units
    cases = _cases(session, within)
    found = []
    for row in rows:
        reached = units.reached(row.process_id, where.get(row.sha256, OFFICE))
        counts = {True: 0, False: 0}  # whether of his own units
        for process_id, sha256, unit_id, count in cases:
            if process_id == row.process_id and sha256 != row.sha256 and unit_id in reached:
                counts[unit_id in own] += count
        found.append(Version(*row, others=counts[True], below=counts[False]))
    return found


def _places(session: Session, versions: Sequence[str]) -> dict[str, set[Place]]:
    """As ``reach.places`` has it, for many versions."""
    query = sa.select(ProcessTerm.sha256, ProcessTerm.unit_id, ProcessTerm.state)
    rows = session.execute(query.where(ProcessTerm.sha256.in_(versions), HOLDS_THERE)).all()
    present = {row.sha256 for row in rows if row.state in PRESENT}
    found: dict[str, set[Place]] = {}
    for row in rows:
        if row.state in PRESENT or row.sha256 not in present:
            found.setdefault(row.sha256, set()).add(row.unit_id)
    return found


def _cases(session: Session, units: Collection[int]) -> Sequence[sa.Row[str, str, int, int]]:
    """How many are on the way, by process, version and unit."""
    query = (
        sa.select(Case.process_id, WorkflowCase.sha256, Case.unit_id, sa.func.count())
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .where(Case.state.in_(LIVE), Case.unit_id.in_(units))
        .group_by(Case.process_id, WorkflowCase.sha256, Case.unit_id)
    )
    return session.execute(query).all()
