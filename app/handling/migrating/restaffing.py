"""People of open stays follow the version where it asks for another role. The case is held."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.errors import Conflict
from app.handling import noting
from app.handling.act import Act
from app.handling.migrating import people
from app.handling.models import Task, TaskCandidate
from app.handling.stays.notices import tell
from app.handling.stays.people import in_own_right, resettle
from app.handling.stays.reposting import follow_stay
from app.handling.stays.staffing import as_they_were
from app.organization import Candidate
from app.workflow import queries as routes
from app.workflow.definitions import Definition
from app.workflow.moves import Token

KEPT = ("named", "given_by", "blocked", "opened_at", "opened_by_id")


@dataclass
class Given:
    """Stays that went to others, or name their people otherwise.

    kept  what :func:`go_back` needs, in JSON, by the id of the stay; of one that only names its
          people otherwise and went to nobody else just ``named``
    said  a sentence each, for the record
    """

    kept: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def follow(act: Act, stays: Sequence[Task], old: Definition) -> Given:
    """Give the open stays of a case that has just changed over to those whom it asks for now.

    Whoever had one keeps seeing it, as a stay that has ended, and is told. What a colleague or an
    administrator gave to somebody stays his; what had stopped for want of people stays stopped
    where there are none by the new version either. Raises Conflict where nobody else could act.
    """
    new, given = act.definition, Given()
    asked = [
        task
        for task in stays
        if task.given_by not in people.GIVEN
        and task.step in old.by_id
        and people.differs(old.step(task.step), new.step(task.step))
    ]
    if not asked:
        return given
    act.variables = routes.variables(act.engine)
    tokens = {each.uuid: each for each in routes.open_tokens(act.session, act.engine)}
    for task in asked:
        token = tokens[task.token]
        found = _found(act, task, token)
        if found is not None:
            _give(act, task, token, found, given)
    return given


def go_back(act: Act, stays: Sequence[Task], kept: dict[str, Any]) -> list[str]:
    """Who had a stay before has it again, as far as he may still act there; a sentence each.

    Those to whom the version gave it keep it to read only where one of them has opened it.
    """
    said = []
    for task in stays:
        before = kept.get(str(task.id))
        if before is None:
            continue
        if "past" not in before:
            task.named = before["named"]
            continue
        past = act.session.get_one(Task, before["past"])
        them = as_they_were(act, past)
        if not them:  # their accounts are closed; who has the post is found below
            them = as_they_were(act, task)
        present = _names(them)
        ended = "recalled" if task.opened_at is None else "closed"
        _end_for_those_before(act, task, set(present), ended)
        for name in KEPT:
            setattr(task, name, _moment(name, before[name]))
        resettle(act, task, them)
        said.append(f"“{task.step_name}”恢复由{'、'.join(present.values())}办理")
        follow_stay(replace(act, task=task))
    return said


def _found(act: Act, task: Task, token: Token) -> list[Candidate] | None:
    """None where the stay is left as it is; see :func:`follow`.

    So it is where the case lacks what the step asks for: its own act will say so.
    """
    found = people.who_may(act, token)
    if found is None or (found.problem and task.blocked):
        return None
    if found.problem:
        why = found.problem.rstrip("。")
        message = f"“{token.name}”按新版本没有人可以办理：{why}，不能迁移。"
        raise Conflict(message, code="cannot_migrate")
    return list(found.people)


def _give(act: Act, task: Task, token: Token, found: list[Candidate], given: Given) -> None:
    present = in_own_right(act, task)
    still = [each for each in found if each.person_id in present]
    narrowed = still if task.given_by == "choice" and task.blocked is None and still else found
    if {each.person_id for each in narrowed} == present and task.blocked is None:
        if task.named != token.person:
            given.kept[str(task.id)] = {"named": task.named}
            task.named = token.person
        return
    before = {name: _plain(getattr(task, name)) for name in KEPT}
    names = _names(narrowed)
    past = _end_for_those_before(act, task, set(names), "closed")
    task.named, task.blocked = token.person, None
    task.given_by = "choice" if narrowed is still else "post"
    task.opened_at, task.opened_by_id = None, None
    resettle(act, task, narrowed)
    given.kept[str(task.id)] = {**before, "past": past.id}
    given.said.append(f"“{task.step_name}”改由{'、'.join(names.values())}办理")


def _end_for_those_before(act: Act, task: Task, staying: set[int], state: str) -> Task:
    """A stay of theirs that ends here; ``closed``: what was before somebody stays his to read."""
    past = Task(
        case_id=task.case_id,
        token=task.token,
        kind=task.kind,
        step=task.step,
        step_name=task.step_name,
        state=state,
        arrived_at=task.arrived_at,
        returned=task.returned,
        named=task.named,
        blocked=task.blocked,
        given_by=task.given_by,
        opened_at=task.opened_at,
        opened_by_id=task.opened_by_id,
        due_at=task.due_at,
        done_at=act.at,
        done_by_id=act.actor.person_id or None,
    )
    act.session.add(past)
    act.session.flush()
    rows = sa.update(TaskCandidate).where(TaskCandidate.task_id == task.id)
    act.session.execute(rows.values(task_id=past.id))
    noting.people(act.session, past, as_they_were(act, past))
    if task.blocked is None:
        away = sorted(in_own_right(act, past) - staying - {act.actor.person_id})
        text = f"此件的流程版本有变动，“{task.step_name}”改由他人办理，不再需要您办理。"
        tell(act.session, away, "moved", act.case.id, past.id, text, act.at)
    return past


def _names(found: Sequence[Candidate]) -> dict[int, str]:
    return {each.person_id: each.name for each in found}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name == "opened_at" and value else value
