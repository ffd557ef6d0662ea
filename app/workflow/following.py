"""A unit with a version of its own follows the unit above again: by a term, like any other change.

The term names the version that was seen above when it was proposed. While it is in force the
unit has no version of its own and goes along with whatever holds above.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, NotFound
from app.organization.models import Unit
from app.workflow import terms
from app.workflow.errors import AlreadyDecided, WorkflowError
from app.workflow.models import DefinitionRow, ProcessTerm, TermState


class NothingAbove(WorkflowError, Conflict):
    """No version of the process holds above the unit."""

    code = "nothing_above"

    def __init__(self) -> None:
        super().__init__("上级没有启用这个流程的版本，没有可以跟随的。请保留本单位的版本。")


class AnotherAbove(WorkflowError, Conflict):
    """What holds above is no longer what was looked at when it was proposed."""

    code = "another_above"

    def __init__(self, seen: int, now: int) -> None:
        super().__init__(
            f"提请时上级用第 {seen} 版，现已改用第 {now} 版，没有启用。"
            "请退回这次提请，比较新的版本后重新提请。"
        )


@dataclass(frozen=True)
class Place:
    """How one process stands in one unit.

    own    sha256 of the unit's own version in force; None where it follows
    above  sha256 of what it would begin with otherwise; None where nothing holds above
    """

    unit_id: int
    own: str | None
    above: str | None


def place(session: Session, process_id: str, unit_id: int) -> Place:
    """Raises NotFound for a unit that is not there."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound("没有这个单位，请从列表中选择。")
    own = sa.select(ProcessTerm.sha256).where(
        ProcessTerm.process_id == process_id,
        ProcessTerm.unit_id == unit_id,
        ProcessTerm.state == TermState.IN_FORCE,
        ~ProcessTerm.follows,
    )
    above = terms.holding(session, unit.parent_id).get(process_id)
    return Place(unit_id, session.scalar(own), above)


def propose(
    session: Session,
    process_id: str,
    unit_id: int,
    by: audit.Signature,
    at: datetime,
    *,
    reason: str,
    in_force_from: date | None = None,
) -> ProcessTerm:
    """Ask a second person to have the unit follow the one above.

    Raises AlreadyDecided where it follows already or that is proposed, NothingAbove, Invalid for a
    day that has passed.
    """
    terms.take_turns(session, process_id)
    row = seen(session, process_id, unit_id)
    return terms.propose(
        session,
        row,
        by,
        at,
        unit_id=unit_id,
        reason=reason,
        in_force_from=in_force_from,
        follows=True,
    )


def seen(session: Session, process_id: str, unit_id: int) -> DefinitionRow:
    """What the unit would follow. Raises AlreadyDecided where it follows already, NothingAbove."""
    found = place(session, process_id, unit_id)
    if found.own is None:
        raise AlreadyDecided("这个单位没有自己的版本，已经跟随上级，不需提请。")
    if found.above is None:
        raise NothingAbove
    return session.get_one(DefinitionRow, found.above)


def ensure_same_above(session: Session, term: ProcessTerm) -> None:
    """What is agreed to is what was seen. Raises AnotherAbove, what :func:`seen` does."""
    row = seen(session, term.process_id, term.unit_id or 0)
    if row.sha256 != term.sha256:
        before = session.get_one(DefinitionRow, term.sha256)
        raise AnotherAbove(before.version, row.version)
