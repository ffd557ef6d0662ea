"""Who may act at a stay: the one place that writes its people."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.audit import signed_by_rule
from app.handling import noting
from app.handling.act import Act
from app.handling.models import Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.standing_in import agents_for
from app.organization import Candidate

AGENTS = signed_by_rule("委托代办期间由代办人办理，期满收回（ORG-27）")


def settle(act: Act, places: Iterable[tuple[Task, Sequence[Candidate]]]) -> None:
    """Give stays that have just opened to their people, and to who stands in for them."""
    given = list(places)
    agents = agents_for(act, [(task, _ids(people)) for task, people in given])
    rows = [
        _row(task, each) for task, people in given for each in (*people, *agents.get(task.id, ()))
    ]
    if rows:
        act.session.execute(sa.insert(TaskCandidate), rows)
    for task, people in given:
        noting.people(act.session, task, people)
        noting.agents(act.session, task, agents.get(task.id, ()))


def resettle(act: Act, task: Task, people: Sequence[Candidate]) -> None:
    """Give an open stay to other people; forms drawn before that are stale.

    Somebody who waits for the lock meanwhile has read its people as they were before: the new
    revision of the stay, which he does read, keeps him from ending what is his no more.
    """
    flag_modified(task, "given_by")
    act.session.execute(sa.delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
    settle(act, [(task, people)])


def in_own_right(act: Act, task: Task) -> set[int]:
    """Ids of those who may act at a stay for themselves."""
    query = sa.select(TaskCandidate.person_id).where(
        TaskCandidate.task_id == task.id, TaskCandidate.principal_id.is_(None)
    )
    return set(act.session.scalars(query))


def renew_agents(act: Act, task: Task) -> None:
    """Let the agents of an open stay be those whose delegations fit it at this moment."""
    people = sorted(in_own_right(act, task))
    wanted = agents_for(act, [(task, people)]).get(task.id, ())
    agents = sa.and_(TaskCandidate.task_id == task.id, TaskCandidate.principal_id.is_not(None))
    present = act.session.execute(
        sa.select(TaskCandidate.person_id, TaskCandidate.delegation_id).where(agents)
    )
    if {tuple(row) for row in present} == {(each.person_id, each.delegation_id) for each in wanted}:
        return
    act.session.execute(sa.delete(TaskCandidate).where(agents))
    if wanted:
        act.session.execute(sa.insert(TaskCandidate), [_row(task, each) for each in wanted])
    noting.agents(act.session, task, wanted)
    record_act(act, "task.agents", by=AGENTS, agents=[each.login for each in wanted])


def _ids(people: Sequence[Candidate]) -> list[int]:
    return [each.person_id for each in people]


def _row(task: Task, person: Candidate) -> dict[str, object]:
    return {
        "task_id": task.id,
        "person_id": person.person_id,
        "reason": person.reason,
        "authority": person.authority,
        "self_review": person.self_review,
        "principal_id": person.principal_id,
        "delegation_id": person.delegation_id,
    }
