"""Whoever had a stay gets it again: after an opinion, a withdrawal, or when a colleague is gone."""

import sqlalchemy as sa

from app.handling.act import Act
from app.handling.models import Task, TaskCandidate
from app.handling.stays.staffing import Staffing, staff
from app.handling.stays.succession import pass_on
from app.organization import Candidate, Person
from app.workflow import queries as routes


def had_by(task: Task) -> int | None:
    """Whose stay it was: the principal where an agent ended it, else who ended it."""
    return task.done_for_id or task.done_by_id


def back_to_asker(act: Act, holding: Task | None = None) -> Task:
    """Open the stay from which somebody was asked once more, for its person.

    He may have lost the post meanwhile (ORG-08): then it goes to who holds it now.
    """
    asked = act.session.get_one(Task, act.stay.asked_from_id)
    return pass_on(
        act,
        people_of(act, asked),
        kind=asked.kind,
        given_by=asked.given_by,
        asked_from=asked.asked_from_id,
        holding=holding,
    )


def people_of(act: Act, before: Task) -> Staffing:
    """Whoever had an earlier stay with this token, as far as he may still act there."""
    kept = given_people(act, before)
    if kept is not None:
        return kept
    tokens = routes.open_tokens(act.session, act.engine)
    token = next(each for each in tokens if each.uuid == before.token)
    act.variables = routes.variables(act.engine)
    return staff(act, token, (), offered=False, keep_for=had_by(before))


def given_people(act: Act, before: Task) -> Staffing | None:
    """Those to whom a colleague or an administrator gave a stay, while their accounts are open."""
    if before.given_by not in ("colleague", "administrator"):
        return None
    people = tuple(_as_they_were(act, before))
    return Staffing(people, chosen=True) if people else None


def _as_they_were(act: Act, before: Task) -> list[Candidate]:
    query = (
        sa.select(TaskCandidate, Person)
        .join(Person, Person.id == TaskCandidate.person_id)
        .where(TaskCandidate.task_id == before.id, Person.active)
        .where(TaskCandidate.principal_id.is_(None))
    )
    return [
        Candidate(
            person_id=person.id,
            login=person.login,
            name=person.name,
            reason=row.reason,
            authority=row.authority,
            preselected=True,
            self_review=row.self_review,
            department_id=person.department_id,
        )
        for row, person in act.session.execute(query)
    ]
