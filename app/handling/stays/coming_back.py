"""Whoever had a stay gets it again: after an opinion, a withdrawal, or when a colleague is gone."""

from app.handling.act import Act
from app.handling.models import Task
from app.handling.stays.staffing import Staffing, as_they_were, staff
from app.handling.stays.succession import pass_on
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
    people = tuple(as_they_were(act, before))
    return Staffing(people, chosen=True) if people else None
