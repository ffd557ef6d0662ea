"""A confirmed plan is carried out case by case, each in a transaction of its own.

What is still to do stands in the rows of the plan, so that it goes on after a crash where it
stopped: a case is ``planned`` until it is moved or refused, and ``moved`` without a reason until
an undoing has put it back or said why not.
"""

import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import audit, organization
from app.audit import signed_by_rule
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import administering
from app.handling.act import Act
from app.handling.migrating import moving, planning, targets
from app.handling.migrating.models import Migration, MigrationCase
from app.workflow.errors import EngineFault

OF_ONE_CASE = (Conflict, Invalid, NotAllowed, NotFound)
log = logging.getLogger(__name__)
TO_TRY_AGAIN = (OperationalError, StaleDataError)
"""Somebody else was at it, or the database was away."""
FAULT = "新版本的流程从此件所在的环节无法继续，没有迁移。请检查流程图。"
BROKEN = "程序在这一件上出错，件没有改动。详情在系统日志里，请联系系统管理员。"
RULE = signed_by_rule("迁移方案确认后逐件执行")

TO_MOVE = sa.and_(
    Migration.state == "done",
    MigrationCase.state == sa.literal_column("'planned'"),  # as its partial index has it
)
UNDOING = sa.and_(Migration.state == "done", Migration.undone_at.is_not(None))
TO_PUT_BACK = sa.and_(UNDOING, MigrationCase.state == "moved", MigrationCase.why == "")

Operation = Callable[[Act, Migration, MigrationCase], bool]
"""False where somebody else has done it meanwhile."""


def carry_out(session: Session, now: datetime) -> int:
    """The next case of any plan, in a transaction that the caller commits; 0 when none is left.

    It is done as an act of who confirmed the plan, or is undoing it. Several may do this at once.
    """
    found = _next(session)
    if found is None:
        return 0
    migration = session.get_one(Migration, found.migration_id, populate_existing=True)
    row = session.get_one(MigrationCase, (found.migration_id, found.case_id))
    backwards = migration.undone_at is not None
    failed = _tried(session, migration, row, _put_back if backwards else _move)
    if failed:
        # Another may have failed at it, or done it, before this one held anything.
        session.refresh(row, with_for_update={"key_share": True})
    if failed is None or (failed and not _waits(row, backwards=backwards)):
        return 1
    if failed:
        row.why = failed
        row.state = row.state if backwards else "refused"
    session.flush()
    _finish(session, migration, now)
    return 1


def left(session: Session, migration_id: int) -> int:
    """How many cases of a plan are still to be moved, or put back."""
    query = (
        sa.select(sa.func.count())
        .select_from(MigrationCase)
        .join(Migration, Migration.id == MigrationCase.migration_id)
        .where(MigrationCase.migration_id == migration_id, sa.or_(TO_MOVE, TO_PUT_BACK))
    )
    return session.scalar(query) or 0


def _next(session: Session) -> sa.Row[int, int] | None:
    """By case within a plan, so that two who do this lock the same cases in the same order.

    Asked every few seconds for good: only what waits is read, not all cases ever moved.
    """
    found = session.execute(_first(TO_MOVE)).first()
    if found is not None:
        return found
    for ident in session.scalars(sa.select(Migration.id).where(UNDOING).order_by(Migration.id)):
        found = session.execute(_first(TO_PUT_BACK, MigrationCase.migration_id == ident)).first()
        if found is not None:
            return found
    return None


def _first(*conditions: sa.ColumnElement[bool]) -> sa.Select[int, int]:
    return (
        sa.select(MigrationCase.migration_id, MigrationCase.case_id)
        .join(Migration, Migration.id == MigrationCase.migration_id)
        .where(*conditions)
        # "+ 0": sorted, for in the order of the primary key both engines walk through all of it
        .order_by(MigrationCase.migration_id + 0, MigrationCase.case_id)
        .limit(1)
    )


def _waits(row: MigrationCase, *, backwards: bool) -> bool:
    """Whether it is still to be moved, or put back."""
    return (row.state, row.why) == ("moved", "") if backwards else row.state == "planned"


def _tried(
    session: Session, migration: Migration, row: MigrationCase, operation: Operation
) -> str | None:
    """Why it could not be done; "" when it was, None when somebody else did it meanwhile."""
    by = migration.decided_by_id if migration.undone_at is None else migration.undone_by_id
    try:
        with session.begin_nested():
            actor = organization.actor(session, by or 0)
            act = administering.hold(session, actor, row.case_id)
            session.refresh(row, with_for_update={"key_share": True})
            if not operation(act, migration, row):
                return None
    except EngineFault:
        return FAULT
    except OF_ONE_CASE as error:
        return error.message
    except TO_TRY_AGAIN:
        raise
    except Exception:
        log.exception("case %s of plan %s", row.case_id, migration.id)
        return BROKEN  # whatever is wrong with one case keeps no other back
    return ""


def _move(act: Act, migration: Migration, row: MigrationCase) -> bool:
    if not _waits(row, backwards=False):
        return False
    new = targets.target(act.session, migration.to_sha256)
    planning.ensure_in_force(act.session, new, migration.unit_id)
    moving.move(act, migration, row, new)
    return True


def _put_back(act: Act, migration: Migration, row: MigrationCase) -> bool:
    if not _waits(row, backwards=True):
        return False
    moving.move_back(act, migration, row, migration.undone_why or "")
    return True


def _finish(session: Session, migration: Migration, now: datetime) -> None:
    """After the last case: the plan says what became of it. One of several says so."""
    locked = sa.select(Migration).where(Migration.id == migration.id)
    session.scalars(
        locked.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one()
    if left(session, migration.id):
        return
    of = MigrationCase.migration_id == migration.id
    states = sa.select(MigrationCase.state, sa.func.count()).where(of)
    counts = {row[0]: row[1] for row in session.execute(states.group_by(MigrationCase.state))}
    if migration.undone_at is not None and not counts.get("moved"):
        migration.state = "undone"
    audit.record(
        session,
        "migration.finished",
        RULE,
        at=now,
        subject=("migration", migration.id),
        detail={"process": migration.process_id, "to": migration.to_sha256, "cases": counts},
    )
