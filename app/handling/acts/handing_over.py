"""转办 and 征求意见: the stay goes to a colleague, for good or for an opinion. The token stays."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.handling import remarks
from app.handling.act import ANSWER, Act, ensure_mine_and_open, hold_task
from app.handling.acts.done import Done
from app.handling.errors import OpinionMissing
from app.handling.models import Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.coming_back import back_to_asker
from app.handling.stays.signings import everybody_in
from app.handling.stays.staffing import Staffing, by_choice, colleague
from app.handling.stays.succession import pass_on, write_end
from app.organization import Actor, Candidate
from app.workflow.definitions import Outcome

MODES = {
    "transfer": Outcome("hand_over", "转办"),
    "consult": Outcome("consult", "征求意见"),
}
"""For good, or for an opinion after which it comes back."""


@dataclass(frozen=True)
class HandOver:
    """What a person submits who gives his stay to somebody else.

    to        login of a colleague
    opinion   why, or what is asked; both sides and the record keep it
    revision  of the stay, as it was when the form was drawn; None: as it is now
    """

    to: str
    opinion: str
    mode: str = "transfer"
    revision: int | None = None


def hand_over(session: Session, actor: Actor, task_id: int, form: HandOver) -> Done:
    """Give the actor's stay to a colleague. Limit, step and route are the same as before.

    Raises what every act at a stay raises, and Invalid for somebody who must not get it.
    """
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, act.stay.revision if form.revision is None else form.revision)
    if form.mode not in MODES:
        raise Invalid.at("mode", "mode 应为 transfer（转办）或 consult（征求意见）。")
    outcome = MODES[form.mode]
    reason = remarks.read("opinion", "原因", form.opinion)
    if not reason:
        raise Invalid.at("opinion", f"{outcome.label}须写明原因或要求。")
    if form.mode == "transfer":
        opened = _transfer(act, form.to, outcome, reason)
    else:
        opened = _consult(act, form.to, outcome, reason)
    return Done(act.case, [opened])


def _transfer(act: Act, login: str, outcome: Outcome, reason: str) -> Task:
    consulted = act.stay.kind == "consult"
    person = colleague(act, login) if consulted else by_choice(act, login)
    ensure_not_there(act, person)
    write_end(act, "handed_over", outcome, reason)
    opened = pass_on(
        act,
        _given(act, person, outcome),
        kind=act.stay.kind,
        asked_from=act.stay.asked_from_id,
    )
    _record(act, "task.handed_over", opened, person, reason)
    return opened


def _consult(act: Act, login: str, outcome: Outcome, reason: str) -> Task:
    person = colleague(act, login)
    write_end(act, "consulting", outcome, reason)
    to = _given(act, person, outcome)
    opened = pass_on(act, to, kind="consult", asked_from=act.stay.id)
    _record(act, "task.consulted", opened, person, reason)
    return opened


def answer(act: Act, opinion: str) -> Done:
    """Give the opinion that was asked for; the stay is again with who asked, or with his post."""
    if not opinion:
        raise OpinionMissing(f"{act.stay.step_name}（征求意见）")
    write_end(act, "done", ANSWER, opinion)
    opened = back_to_asker(act)
    record_act(
        act,
        "task.answered",
        opened=[opened],
        outcome=ANSWER.key,
        outcome_label=ANSWER.label,
        opinion=opinion,
    )
    return Done(act.case, [opened])


def _given(act: Act, person: Candidate, outcome: Outcome) -> Staffing:
    reason = f"由{act.actor.name}{outcome.label}。"
    return Staffing((replace(person, reason=reason),), chosen=True)


def ensure_not_there(act: Act, person: Candidate) -> None:
    """Nobody stands twice in one countersigning, and nobody gets what lies with him already."""
    there = (
        sa.select(Task.state)
        .outerjoin(TaskCandidate, TaskCandidate.task_id == Task.id)
        .where(
            Task.case_id == act.case.id,
            Task.step == act.stay.step,
            Task.state == "open",
            TaskCandidate.person_id == person.person_id,
        )
    )
    if act.session.scalars(there).first() is not None:
        raise Invalid.at("to", f"此件在本环节已由{person.name}办理，不需再转。")
    signs = act.step.signing is not None and act.stay.kind == "step"
    if signs and person.login in everybody_in(act) - {act.stay.named}:
        raise Invalid.at("to", f"{person.name}已在本环节会签之列，不能再转给其办理。")


def _record(act: Act, action: str, opened: Task, person: Candidate, reason: str) -> None:
    record_act(act, action, opened=[opened], reason=reason, opinion=reason, to=person.login)
