"""Who may act at a stay: the one place that writes its people."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.handling.act import Act
from app.handling.models import Task, TaskCandidate
from app.organization import Candidate


def settle(act: Act, places: Iterable[tuple[Task, Sequence[Candidate]]]) -> None:
    """Give stays that have just opened to their people, in one statement."""
    rows = [_row(task, each) for task, people in places for each in people]
    if rows:
        act.session.execute(sa.insert(TaskCandidate), rows)


def resettle(act: Act, task: Task, people: Sequence[Candidate]) -> None:
    """Give an open stay to other people; forms drawn before that are stale.

    Somebody who waits for the lock meanwhile has read its people as they were before: the new
    revision of the stay, which he does read, keeps him from ending what is his no more.
    """
    flag_modified(task, "given_by")
    act.session.execute(sa.delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
    settle(act, [(task, people)])


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
