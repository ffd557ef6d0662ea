"""What becomes of a plan: another administrator confirms it or not, its proposer takes it back.

Its cases follow one by one, each for itself; see :mod:`carrying_out`.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import administering, remarks
from app.handling.errors import OneselfConfirms
from app.handling.migrating import carrying_out, planning, targets
from app.handling.migrating.models import STATES, Migration, MigrationCase
from app.organization import Actor


def decide(
    session: Session, actor: Actor, migration_id: int, *, agree: bool, answer: str = ""
) -> Migration:
    """Let it happen, or not (S12). Cases are moved by ``carry_out``, after the commit.

    Raises NotFound, OneselfConfirms for who proposed it, NotInForce when another version is in
    force by now, Conflict when it is decided already, Invalid without a reason for not agreeing.
    """
    migration = _hold(session, actor, migration_id)
    if migration.proposed_by_id == actor.person_id:
        raise OneselfConfirms
    _ensure_waits(migration)
    written = remarks.read("answer", "答复", answer)
    if not agree and not written:
        raise Invalid.at("answer", "不同意须写明理由。")
    migration.decided_by_id, migration.decided_at = actor.person_id, clock.now(session)
    migration.answer = written
    if not agree:
        _drop(session, migration, "refused")
        _record(session, actor, migration, "migration.refused", written)
        return migration
    new = targets.target(session, migration.to_sha256)
    planning.ensure_in_force(session, new, migration.unit_id)
    migration.state = "done"
    _record(session, actor, migration, "migration.confirmed", migration.reason)
    return migration


def withdraw(session: Session, actor: Actor, migration_id: int) -> Migration:
    """Take one's own plan back while it waits. Raises NotAllowed for anybody else's, Conflict."""
    migration = _hold(session, actor, migration_id)
    if migration.proposed_by_id != actor.person_id:
        message = "只有提请人本人可以撤回方案。您认为不应执行的，请答复不同意并写明理由。"
        raise NotAllowed(message)
    _ensure_waits(migration)
    migration.decided_by_id, migration.decided_at = actor.person_id, clock.now(session)
    _drop(session, migration, "withdrawn")
    _record(session, actor, migration, "migration.withdrawn", "")
    return migration


def undo(session: Session, actor: Actor, migration_id: int, reason: str) -> Migration:
    """Have every case of a plan put back that nobody has touched since; the others are named.

    One administrator is enough: what two had agreed on is put back as it was, and nothing else.
    Raises Conflict where nothing is left to put back or cases still move, Invalid without a reason.
    """
    migration = _hold(session, actor, migration_id)
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "请写明原因，记入每件的流转记录。")
    _ensure_at_rest(session, migration)
    rows = _rows(session, migration_id, "moved")
    if not rows:
        raise Conflict("这份方案没有可以恢复的件。", code="nothing_to_undo")
    for row in rows:
        row.why = ""
    migration.undone_by_id, migration.undone_at = actor.person_id, clock.now(session)
    migration.undone_why = written
    _record(session, actor, migration, "migration.undone", written)
    return migration


def _hold(session: Session, actor: Actor, migration_id: int) -> Migration:
    """Under its lock; whoever does not administer its unit is told that it is not there."""
    query = sa.select(Migration).where(
        Migration.id == migration_id, Migration.unit_id.in_(administering.units(actor))
    )
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    migration = session.scalar(locked)
    if migration is None:
        raise NotFound("没有这份迁移方案。")
    return migration


def _rows(session: Session, migration_id: int, state: str) -> list[MigrationCase]:
    """By case, so that two plans lock the same cases in the same order."""
    query = sa.select(MigrationCase).where(
        MigrationCase.migration_id == migration_id, MigrationCase.state == state
    )
    return list(
        session.scalars(
            query.order_by(MigrationCase.case_id).execution_options(populate_existing=True)
        )
    )


def _drop(session: Session, migration: Migration, state: str) -> None:
    migration.state = state
    for row in _rows(session, migration.id, "planned"):
        row.state = "dropped"


def _ensure_waits(migration: Migration) -> None:
    if migration.state != "proposed":
        message = f"这份方案{STATES[migration.state]}，请刷新页面查看。"
        raise Conflict(message, code="already_decided")


def _ensure_at_rest(session: Session, migration: Migration) -> None:
    """Raises Conflict while its cases are being moved, or put back."""
    left = carrying_out.left(session, migration.id)
    if left:
        message = f"这份方案还有 {left} 件正在办理，请等全部办完再撤销。"
        raise Conflict(message, code="still_moving")


def _record(session: Session, actor: Actor, migration: Migration, action: str, reason: str) -> None:
    session.flush()
    query = (
        sa.select(MigrationCase.state, sa.func.count())
        .where(MigrationCase.migration_id == migration.id)
        .group_by(MigrationCase.state)
    )
    counts = {row[0]: row[1] for row in session.execute(query)}
    audit.record(
        session,
        action,
        administering.signing(actor, migration.unit_id).signature(),
        at=clock.now(session),
        subject=("migration", migration.id),
        reason=reason or None,
        detail={"process": migration.process_id, "to": migration.to_sha256, "cases": counts},
    )
