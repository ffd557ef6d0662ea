"""A signing as stays: who sent the document to it, who stands in it, whose turn comes again."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from app.handling.act import Act
from app.handling.models import Task, TaskCandidate
from app.organization import Person
from app.workflow import queries as routes
from app.workflow.definitions import Step
from app.workflow.moves import Token

IN_IT = ("open", "consulting", "waiting", "done")
"""States of a stay whose person has a place in the signing that nobody else has got meanwhile."""


def sent_by(act: Act) -> Task | None:
    """The stay whose act opened the signing that the stay in hand belongs to."""
    stay = _way_here(act)[-1]
    return act.session.get(Task, stay.sent_from_id) if stay.sent_from_id else None


def stays_of(act: Act) -> Sequence[Task]:
    """The stays of the signing in hand, earlier laps of the same step left out; oldest first."""
    sender = sent_by(act)
    return [each for each in _stays_at(act) if each.id > (sender.id if sender else 0)]


def people_in(act: Act) -> dict[str, Task]:
    """Who holds, held or waits to hold a place by himself, with his latest stay, by login.

    Neither agents nor those who are only asked for an opinion are among them.
    """
    of_signing = [
        each.id
        for each in stays_of(act)
        if each.state in IN_IT and each.kind == "step" and each.blocked is None
    ]
    query = (
        sa.select(Person.login, Task)
        .join(TaskCandidate, TaskCandidate.person_id == Person.id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(Task.id.in_(of_signing), TaskCandidate.principal_id.is_(None))
        .order_by(Task.id)
    )
    return {row[0]: row[1] for row in act.session.execute(query)}


def everybody_in(act: Act) -> set[str]:
    """Logins of all who signed, sign or will sign here, and of those who hold a place of theirs."""
    named = routes.signers(act.session, act.engine, act.stay.token)
    return {each.person for each in named} | people_in(act).keys()


def stay_of(act: Act, name: str) -> Task | None:
    """The open stay of somebody whom the signing names, or the one at which he began to wait."""
    stays = [each for each in stays_of(act) if each.named == name]
    present = next((each for each in stays if each.state == "open"), None)
    return present or _still_waiting(stays)


def waited(act: Act, token: Token) -> Task | None:
    """The stay that a token repeats whose person has let others sign before him."""
    if not goes_on(act, token) or token.person is None:
        return None
    return _still_waiting([each for each in _way_here(act) if each.named == token.person])


def goes_on(act: Act, token: Token) -> bool:
    """Whether a token that opens belongs to the signing that the stay in hand belongs to."""
    here = act.task
    signing = act.definition.step(token.step).signing
    return here is not None and here.step == token.step and signing is not None


def not_again(act: Act, step: Step, people: Collection[str]) -> dict[str, list[str]]:
    """Whoever is let off is not asked about a newer text either, as far as others are left."""
    if step.signing is None:
        return {}
    named = routes.variables(act.engine).get(step.signing.collection) or []
    left = [each for each in named if each not in people]
    return {step.signing.collection: left} if left else {}


def in_whose_name(act: Act) -> str:
    """Login of the actor, or of the principal in whose stead he acts at the stay in hand."""
    principal = act.as_candidate.stands_for
    return principal.login if principal else act.actor.login


def _still_waiting(stays: Sequence[Task]) -> Task | None:
    repeated = {each.instead_of_id for each in stays}
    found = (each for each in stays if each.state == "waiting" and each.id not in repeated)
    return next(found, None)


def _way_here(act: Act) -> list[Task]:
    """The stay in hand and those at the same step that led to it, nearest first."""
    stays = {each.id: each for each in _stays_at(act)}
    found = [act.stay]
    while found[-1].sent_from_id in stays:
        found.append(stays[found[-1].sent_from_id])
    return found


def _stays_at(act: Act) -> Sequence[Task]:
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.step == act.stay.step)
    return act.session.scalars(query.order_by(Task.id)).all()
