"""A plan is put before the other process administrators; no case changes by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import administering, impartiality, remarks
from app.handling.act import Act
from app.handling.migrating import rehearsing, targets, wording
from app.handling.migrating.errors import CaseHasMoved, NotInForce
from app.handling.migrating.models import Migration, MigrationCase
from app.handling.migrating.outlooks import Outlook
from app.organization import Actor
from app.workflow import terms
from app.workflow.definitions import Definition

MOST = 200
"""Cases of one plan; more nobody looks over before he confirms."""


@dataclass(frozen=True)
class Plan:
    """What an administrator wants. ``case_ids``: the chosen ones."""

    sha256: str
    case_ids: Sequence[int]
    reason: str
    clause: str
    with_limits: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A chosen case that is not in the plan, and why."""

    case_id: int
    title: str
    why: str


@dataclass
class Planned:
    migration: Migration
    left_out: list[LeftOut] = field(default_factory=list)


def propose(session: Session, actor: Actor, plan: Plan) -> Planned:
    """Write the plan down with each case as it is now.

    A case that cannot be moved, or that the actor is a party to, is left out and named.
    Raises NotAllowed, NotFound, NotInForce; Invalid naming the field, also where none is left.
    """
    administering.units(actor)
    new = targets.target(session, plan.sha256)
    reason, clause = (
        _written("reason", "原因", plan.reason),
        _written("clause", "依据", plan.clause),
    )
    ids = _chosen(plan.case_ids)
    acts = [_hold(session, actor, each) for each in ids]
    if len({act.case.unit_id for act in acts}) > 1:
        raise Invalid.at("cases", "一份方案只能迁移一个单位的在办件，请分开提请。")
    ensure_in_force(session, new, acts[0].case.unit_id)
    migration = Migration(
        unit_id=acts[0].case.unit_id,
        process_id=new.process_id,
        to_sha256=new.sha256,
        with_limits=plan.with_limits,
        reason=reason,
        clause=clause,
        proposed_by_id=actor.person_id,
        proposed_at=acts[0].at,
    )
    session.add(migration)
    session.flush()
    planned = Planned(migration)
    seen = {
        each.case_id: each
        for each in rehearsing.of_version(session, actor, new, acts[0].at, only=ids)
    }
    for act in acts:
        _plan(planned, act, seen.get(act.case.id))
    if len(planned.left_out) == len(acts):
        raise Invalid.at("cases", f"所选的件都不能迁移：{_sentences(planned.left_out)}")
    session.flush()
    _record(session, actor, planned, acts)
    return planned


def ensure_in_force(session: Session, new: Definition, unit_id: int) -> None:
    """New cases of the unit begin with it. Raises NotInForce."""
    if terms.holding(session, unit_id).get(new.process_id) != new.sha256:
        raise NotInForce(new.name, new.version)


def snapshot(act: Act) -> tuple[int, list[list[int]]]:
    """What any act on the case would change: the engine's revision, and the open stays."""
    stays = administering.hold_stays(act)
    return act.engine.revision, [[task.id, task.revision] for task in stays]


def ensure_untouched(act: Act, row: MigrationCase, sentence: str) -> None:
    """Raises CaseHasMoved with this sentence."""
    if snapshot(act) != (row.revision, row.stays):
        raise CaseHasMoved(sentence)


def _hold(session: Session, actor: Actor, case_id: int) -> Act:
    try:
        return administering.hold(session, actor, case_id)
    except NotFound:
        raise Invalid.at(
            "cases", f"没有编号为 {case_id} 的在办件，请刷新页面后重新选择。"
        ) from None


def _chosen(case_ids: Sequence[int]) -> list[int]:
    ids = sorted(set(case_ids))
    if not ids:
        raise Invalid.at("cases", "请至少选择一件。")
    if len(ids) > MOST:
        raise Invalid.at("cases", f"一份方案最多 {MOST} 件，现选了 {len(ids)} 件，请分批提请。")
    return ids


def _plan(planned: Planned, act: Act, seen: Outlook | None) -> None:
    try:
        _ensure_fit(act, seen)
    except (Conflict, NotAllowed) as error:
        planned.left_out.append(LeftOut(act.case.id, act.document.title, error.message))
        return
    revision, stays = snapshot(act)
    act.session.add(
        MigrationCase(
            migration_id=planned.migration.id,
            case_id=act.case.id,
            from_sha256=act.engine.sha256,
            from_version=act.case.process_version,
            revision=revision,
            stays=stays,
            foreseen=wording.foreseen(seen) if seen else [],
        )
    )
    act.session.flush()


def _ensure_fit(act: Act, seen: Outlook | None) -> None:
    """Raises PartyToCase, Conflict."""
    if seen is None:
        raise Conflict("已经用这个版本，或者已经办结", code="nothing_to_migrate")
    if not seen.movable:
        raise Conflict(wording.obstacles(seen), code="cannot_migrate")
    impartiality.ensure_may_propose(act)
    _ensure_in_no_other_plan(act)


def _ensure_in_no_other_plan(act: Act) -> None:
    """One at a time; one that the case has left behind is put away while it waits.

    What is confirmed is for ``carry_out`` alone, which tells of the plan once no case is left.
    Nobody confirms the other plan meanwhile; two who propose do not wait for each other by it.
    """
    query = (
        sa.select(MigrationCase, Migration)
        .join(Migration, Migration.id == MigrationCase.migration_id)
        .where(MigrationCase.case_id == act.case.id, MigrationCase.state == "planned")
        .with_for_update(of=Migration, read=True)
    )
    found = act.session.execute(query.execution_options(populate_existing=True)).first()
    if found is None:
        return
    other, plan = found
    sentence = f"已列入第 {plan.id} 号迁移方案"
    if plan.state == "done":
        raise Conflict(f"{sentence}，正在迁移", code="still_moving")
    if plan.state != "proposed":
        return  # it was decided while this one waited for it
    if snapshot(act) == (other.revision, other.stays):
        raise Conflict(f"{sentence}，待确认", code="proposal_waits")
    other.state, other.why = "refused", MOVED_ON
    act.session.flush()


MOVED_ON = "提请之后此件有变动，没有迁移。需要的请重新预演并提请。"


def _written(name: str, label: str, text: str) -> str:
    written = remarks.read(name, label, text)
    if not written:
        raise Invalid.at(name, f"请写明{label}，记入每件的流转记录。")
    return written


def _sentences(left: Sequence[LeftOut]) -> str:
    shown = "；".join(f"《{each.title}》{each.why}".rstrip("。") for each in left[:5])
    return f"{shown}等 {len(left)} 件。" if len(left) > len(left[:5]) else f"{shown}。"


def _record(session: Session, actor: Actor, planned: Planned, acts: Sequence[Act]) -> None:
    migration = planned.migration
    left = {each.case_id for each in planned.left_out}
    audit.record(
        session,
        "migration.proposed",
        administering.signing(actor, migration.unit_id).signature(),
        at=migration.proposed_at,
        subject=("migration", migration.id),
        reason=migration.reason,
        detail={
            "process": migration.process_id,
            "to": migration.to_sha256,
            "with_limits": migration.with_limits,
            "clause": migration.clause,
            "cases": [act.case.id for act in acts if act.case.id not in left],
        },
    )
