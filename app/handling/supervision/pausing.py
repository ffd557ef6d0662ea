"""暂停 of a case: its supervisions stand still too, and go on with the working time they had left.

What was late before stays late; who is above is told of it so much later as the case stood still.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import audit, deadlines
from app.deadlines.arithmetic import after, working_time
from app.handling.act import Act
from app.handling.supervision.holding import Held
from app.handling.supervision.models import Supervision
from app.handling.supervision.opening import SUBJECT, open_reminder
from app.handling.supervision.telling import day, record, tell_department, tell_supervisors
from app.organization import Department

RULE = audit.signed_by_rule("督办随件暂停、恢复（DDL-21）")


def stop(act: Act) -> dict[str, list[Any]]:
    """Nothing presses until the case goes on. What was left, as ``Intervention.left`` keeps it."""
    found = _open(act)
    left = _left(act, [each.supervision.id for each in found])
    deadlines.close_limits(act.session, SUBJECT, [each.supervision.id for each in found], act.at)
    for each in found:
        each.supervision.paused_at = act.at
        record(each, "supervision.paused", said="此件暂停，督办期限随之停计。", by=RULE)
    return left


def go_on(act: Act, left: Mapping[str, Any]) -> None:
    """The rest of the time runs from now; a ladder that was climbed already is not begun again."""
    for each in _open(act):
        each.supervision.paused_at = None
        kind, seconds = left.get(_name(each.supervision.id), (None, 0))
        if kind == "overdue":
            _run_on(each, timedelta(seconds=seconds))
        elif kind == "escalate":
            _climb_on(each, timedelta(seconds=seconds))
        due_at = each.supervision.due_at
        said = f"此件恢复办理，督办期限为 {day(due_at)}。"
        record(each, "supervision.resumed", said=said, until=due_at, by=RULE)
        tell_department(each, "supervised", said)
        tell_supervisors(each, "supervised", said)


def _run_on(held: Held, rest: timedelta) -> None:
    """What had run out without anybody seeing it keeps its end, and is late now."""
    act, of = held.act, held.supervision
    if rest:
        of.due_at = after(act.at, rest, deadlines.load(act.session, of.unit_id))
    of.limit_revision += 1
    act.session.flush()
    deadlines.move_limit(
        act.session, SUBJECT, of.id, of.due_at, revision=of.limit_revision, at=act.at
    )
    open_reminder(held)


def _climb_on(held: Held, rest: timedelta) -> None:
    act, of = held.act, held.supervision
    at = after(act.at, rest, deadlines.load(act.session, of.unit_id))
    deadlines.open_again(
        act.session, SUBJECT, of.id, kind="escalate", revision=of.limit_revision, due_at=at
    )


def _left(act: Act, ids: Sequence[int]) -> dict[str, list[Any]]:
    """Of each supervision the end that waits, and its working seconds; none of a whole ladder."""
    calendar = deadlines.load(act.session, act.case.unit_id)
    return {
        _name(row.subject_id): [
            row.kind,
            int(working_time(act.at, row.due_at, calendar).total_seconds()),
        ]
        for row in deadlines.limits_of(act.session, SUBJECT, ids)
        if row.state == "pending" and row.kind in ("overdue", "escalate")
    }


def _name(supervision_id: int) -> str:
    return f"supervision-{supervision_id}"


def _open(act: Act) -> list[Held]:
    """Under their locks: the sweep marks them without the lock of the case."""
    query = (
        sa.select(Supervision, Department.name)
        .join(Department, Department.id == Supervision.department_id)
        .where(Supervision.case_id == act.case.id, Supervision.state == "open")
        .order_by(Supervision.id)
        .with_for_update(of=Supervision, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [Held(act, each, name) for each, name in act.session.execute(query)]
