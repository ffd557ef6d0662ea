"""指定办理人: a stay that stopped because nobody could act gets somebody by name."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app import deadlines
from app.errors import Conflict, Invalid
from app.handling import remarks
from app.handling.act import Act, ensure_running, hold_task
from app.handling.errors import NotYourTask
from app.handling.models import Task
from app.handling.recording import record_act
from app.handling.stays.people import resettle
from app.handling.stays.staffing import by_choice
from app.handling.stays.succession import limit_of
from app.organization import Actor, Candidate


def assign(session: Session, actor: Actor, task_id: int, login: str, reason: str) -> Task:
    """Name somebody for a stopped stay (process administrator); its limit counts from now.

    Raises Conflict for a stay that has not stopped, Invalid for somebody who must not act there:
    oneself, the administrators of security, and at the sign-off anybody but another leader.
    """
    act = hold_task(session, actor, task_id)
    if act.candidate is None:
        raise NotYourTask(act.stay.step_name, [])
    if act.stay.blocked is None or act.stay.state != "open":
        raise Conflict("此环节没有停下，不需要指定办理人。", code="not_blocked")
    ensure_running(act.case)
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "指定办理人须写明原因。")
    person = by_choice(act, login)
    replace_people(act, person, f"由流程管理员{act.actor.name}指定")
    count_from_now(act)
    record_act(act, "task.assigned", reason=written, to=person.login)
    return act.stay


def replace_people(act: Act, person: Candidate, reason: str) -> None:
    """The stay in hand is this person's alone, as if he had just got it."""
    task = act.stay
    resettle(act, task, [replace(person, reason=reason)])
    task.blocked, task.given_by = None, "administrator"
    task.opened_at = task.opened_by_id = None


def count_from_now(act: Act) -> None:
    """The person has not lost the time in which the case stood still."""
    limit = limit_of(act, act.stay, act.step)
    if limit is not None:
        revision = deadlines.next_revision(act.session, "task", act.stay.id)
        calendar = deadlines.load(act.session, act.case.unit_id)
        deadlines.move_limit(
            act.session,
            "task",
            act.stay.id,
            limit,
            revision=revision,
            at=act.at,
            reminder=deadlines.amber_from(limit.due_at, act.at, calendar),
        )
