"""One case changes over to another version, or back: all of it or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from app import deadlines
from app.audit import Signature
from app.errors import Conflict
from app.handling import administering, impartiality, noting
from app.handling.act import Act
from app.handling.migrating import planning, restaffing, setting_limits, times, wording
from app.handling.migrating.models import Migration, MigrationCase
from app.handling.models import Intervention, Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays import timers
from app.handling.stays.notices import tell
from app.organization import Person
from app.workflow import versions
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowTimer
from app.workflow.moves import Move

TASK = cast(sa.Table, Task.__table__)
TOUCHED = "迁移之后此件已有办理，不能恢复原版本；需要的请用新的迁移方案。"


def move(act: Act, migration: Migration, row: MigrationCase, new: Definition) -> None:
    """Move the case in hand as planned; the confirming administrator is the actor.

    Raises CaseHasMoved when anybody acted on it since, PartyToCase, CannotMigrate naming the
    element; then nothing has changed once its transaction is undone.
    """
    planning.ensure_untouched(act, row, planning.MOVED_ON)
    impartiality.ensure_may_decide(act, migration.proposed_by_id)
    impartiality.ensure_proposer_is_none(act, migration.proposed_by_id)
    stays, old = administering.hold_stays(act), act.definition
    state = act.engine.state
    moved = setting_limits.of_version(act, stays, old, new) if _counts(act, migration) else []
    change = versions.migrate(act.session, act.engine, new, context=act)
    tokens = _follow_tokens(act, stays, change)
    _ensure_runs(act, change)
    timers.follow(act, [change])
    retimed = timers.change(act, change)
    given = restaffing.follow(act, stays, old)
    row.kept = {
        "state": state,
        "tokens": tokens,
        "limits": setting_limits.kept(stays, moved),
        "timers": {str(each.timer_id): each.before.isoformat() for each in retimed},
        "people": given.kept,
    }
    setting_limits.follow(act, stays, moved)
    act.case.process_version, act.case.process_name = new.version, new.name
    _put_proposals_away(act)
    row.state = "moved"
    _remember(act, row)
    said = {
        "limits": [wording.limit(each) for each in moved],
        "timers": [wording.timer(each) for each in retimed],
        "people": given.said,
    }
    _record(act, migration, row, new, said)
    text = f"此件改按流程第 {new.version} 版办理：{migration.reason}"
    _tell(act, "；".join([text, *said["people"], *said["limits"], *said["timers"]]))


def move_back(act: Act, migration: Migration, row: MigrationCase, reason: str) -> None:
    """Put the case back as it was before. Raises CaseHasMoved, PartyToCase."""
    planning.ensure_untouched(act, row, TOUCHED)
    impartiality.ensure_may_decide(act, 0)
    stays = administering.hold_stays(act)
    change = versions.go_back(act.session, act.engine, row.from_sha256, row.kept["state"])
    for task_id, (before, _) in row.kept["tokens"].items():
        _give_token(act, int(task_id), before)
    _ensure_runs(act, change)
    _timers_go_back(act, change)
    timers.change_back(act, row.kept.get("timers", {}))  # a row of an older program has none
    setting_limits.go_back(act, stays, row.kept["limits"])
    people = restaffing.go_back(act, stays, row.kept.get("people", {}))
    old = act.definition
    act.case.process_version, act.case.process_name = old.version, old.name
    _put_proposals_away(act)
    row.state, row.why, row.kept = "undone", "", {}
    act.session.flush()
    record_act(
        act,
        "case.migration_undone",
        by=act.actor.signature(),
        reason=reason,
        outcome_label=f"恢复按第 {old.version} 版办理",
        migration=migration.id,
        people=people,
        **_version(old),
    )
    _tell(act, f"此件恢复按流程第 {old.version} 版办理：{reason}")


def _counts(act: Act, migration: Migration) -> bool:
    """What stands still has no limit that runs."""
    return migration.with_limits and act.case.state == "running"


def _follow_tokens(act: Act, stays: Sequence[Task], change: Move) -> dict[str, list[str]]:
    """A step that is entered afresh keeps its stay, with the new token. Never a stay less."""
    closed, found = set(change.closed), {}
    for token in change.opened:
        task = next(
            (each for each in stays if each.token in closed and each.step == token.step), None
        )
        if task is None:
            raise Conflict(
                f"“{token.name}”迁移后没有对应的办理人，不能迁移。", code="cannot_migrate"
            )
        closed.discard(task.token)
        found[str(task.id)] = [task.token, token.uuid]
        _give_token(act, task.id, token.uuid)
    left = [each.step_name for each in stays if each.token in closed]
    if left:
        raise Conflict(f"“{left[0]}”迁移后会结束，不能迁移。", code="cannot_migrate")
    return found


def _give_token(act: Act, task_id: int, token: str) -> None:
    """Past the revision of the stay: what is typed at it can still be sent."""
    update = sa.update(TASK).where(TASK.c.id == task_id).values(token=token)
    act.session.connection().execute(update)
    act.session.refresh(act.session.get_one(Task, task_id), ["token"])


def _ensure_runs(act: Act, change: Move) -> None:
    """What a timer of a case that stands still has left is kept elsewhere. Raises Conflict."""
    changed = change.timers_opened or change.timers_closed or change.timers_changed
    if act.case.state == "suspended" and changed:
        raise Conflict(f"{times.STANDS_STILL}。", code="cannot_migrate")


def _timers_go_back(act: Act, change: Move) -> None:
    """Ends of before count again; one that has passed meanwhile takes effect at once."""
    act.session.flush()
    closed = _ids(act, change.timers_closed)
    deadlines.close_limits(act.session, timers.SUBJECT, closed, act.at)
    noting.timers_closed(act.session, act.case.id, closed)
    reopened = _ids(act, [timer.token for timer in change.timers_opened])
    noting.timers_reopened(act.session, act.case.id, reopened)
    rows = deadlines.limits_of(act.session, timers.SUBJECT, reopened)
    latest = {row.subject_id: row for row in rows}  # the last has the highest revision
    for row in latest.values():
        deadlines.open_again(
            act.session,
            timers.SUBJECT,
            row.subject_id,
            kind=timers.KIND,
            revision=row.deadline_revision,
            due_at=row.due_at,
        )


def _ids(act: Act, tokens: Sequence[str]) -> Sequence[int]:
    query = sa.select(WorkflowTimer.id).where(WorkflowTimer.token.in_(tokens))
    return act.session.scalars(query).all()


def _put_proposals_away(act: Act) -> None:
    """Measures that wait for a second person were thought out on the other version."""
    waiting = sa.update(Intervention).where(
        Intervention.case_id == act.case.id, Intervention.state == "proposed"
    )
    act.session.execute(waiting.values(state="stale", decided_at=act.at))


def _remember(act: Act, row: MigrationCase) -> None:
    """How the case is now, to see later whether anybody has touched it."""
    act.session.flush()
    row.revision, row.stays = planning.snapshot(act)
    act.session.flush()


def _record(
    act: Act,
    migration: Migration,
    row: MigrationCase,
    new: Definition,
    said: Mapping[str, Any],
) -> None:
    proposer = act.session.get_one(Person, migration.proposed_by_id)
    record_act(
        act,
        "case.migrated",
        by=_signed_by_both(act, proposer),
        reason=migration.reason,
        outcome_label=f"从第 {row.from_version} 版改按第 {new.version} 版办理",
        clause=migration.clause,
        migration=migration.id,
        from_sha256=row.from_sha256,
        **said,
        proposed_by={"login": proposer.login, "name": proposer.name},
        answer=migration.answer,
        **_version(new),
    )


def _version(definition: Definition) -> dict[str, Any]:
    return {
        "process": definition.process_id,
        "process_version": definition.version,
        "definition_sha256": definition.sha256,
    }


def _signed_by_both(act: Act, proposer: Person) -> Signature:
    post = act.actor.title
    return act.actor.signature(f"{post}，{proposer.name}提请，{act.actor.name}确认")


def _tell(act: Act, text: str) -> None:
    """Who has the case now."""
    query = (
        sa.select(TaskCandidate.person_id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(Task.case_id == act.case.id, Task.state == "open", Task.blocked.is_(None))
    )
    people = sorted(set(act.session.scalars(query)) - {act.actor.person_id})
    tell(act.session, people, "moved", act.case.id, None, text, act.at)
