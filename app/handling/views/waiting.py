"""等候定时: cases that lie with nobody, because the route waits for a time between two steps."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines import wording
from app.deadlines.models import Due
from app.handling.act import Act
from app.handling.models import CASE_STATES, Task
from app.handling.stays import timers
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase, WorkflowTimer


def for_time(session: Session, case_ids: Collection[int], now: datetime) -> dict[int, str]:
    """``等候“公布日”，12-01 00:00 到时`` by case; asked only for cases without an open stay."""
    if not case_ids:
        return {}
    query = (
        sa.select(WorkflowTimer.case_id, WorkflowCase.sha256, WorkflowTimer.element, Due.due_at)
        .join(WorkflowCase, WorkflowCase.id == WorkflowTimer.case_id)
        .join(Due, (Due.subject_type == timers.SUBJECT) & (Due.subject_id == WorkflowTimer.id))
        .where(WorkflowTimer.case_id.in_(case_ids), WorkflowTimer.closed_at.is_(None))
        .where(Due.state.in_(("pending", "incident")))
        .order_by(Due.due_at.desc())
    )
    found = {}
    for case_id, sha256, element, due_at in session.execute(query):
        name = definition(session, sha256).element(element).name or element
        found[case_id] = f"等候“{name}”，{wording.near(due_at, now).strip()} 到时"
    return found


def state_of(act: Act) -> str:
    """在办, 办结 and so on, or what a case waits for that lies with nobody."""
    state = CASE_STATES[act.case.state]
    if act.case.state != "running":
        return state
    stays = sa.exists().where(Task.case_id == act.case.id, Task.state == "open")
    if act.session.scalar(sa.select(stays)):
        return state
    return for_time(act.session, [act.case.id], act.at).get(act.case.id, state)
