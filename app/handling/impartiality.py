"""Nobody administers his own case (S12): who is a party to it neither proposes nor decides.

That a stopped stay lies with the process administrators makes none of them a party to it.
"""

import sqlalchemy as sa

from app import organization
from app.documents.models import Document
from app.errors import Conflict, DomainError
from app.handling.act import Act
from app.handling.errors import PartyToCase
from app.handling.models import Case, Task, TaskCandidate
from app.organization import Person

OWN_ENDS = ("done", "returned", "withdrawn", "handed_over", "consulting", "waiting")
"""How a stay ends by its own person; it ends otherwise by what others did elsewhere."""


def is_party(person: int | sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
    """Condition on :class:`Case`: the person drafted, began or keeps it, has or had a stay of it.

    person  an id, or a column of them; who acted through an agent counts like the agent
    """
    drafted = sa.exists().where(Document.id == Case.document_id, Document.drafter_id == person)
    has = sa.exists().where(
        TaskCandidate.task_id == Task.id,
        TaskCandidate.person_id == person,
        Task.case_id == Case.id,
        Task.state == "open",
        Task.blocked.is_(None),
    )
    had = sa.exists().where(
        Task.case_id == Case.id,
        Task.state.in_(OWN_ENDS),
        sa.or_(Task.done_by_id == person, Task.done_for_id == person),
    )
    kept = Case.caretaker_id.is_not_distinct_from(person)  # never NULL, so that it can be negated
    there = (each.correlate(Case, Person) for each in (drafted, has, had))
    return sa.or_(Case.starter_id == person, kept, *there)


def ensure_may_propose(act: Act) -> None:
    """Raises PartyToCase; Conflict where no other impartial administrator could decide."""
    impartial = _impartial(act)
    others = [name for person, name in impartial.items() if person != act.actor.person_id]
    if act.actor.person_id not in impartial:
        raise PartyToCase.proposing(others)
    if not others:
        message = "本单位没有另一位与此件无关的流程管理员，无人能够确认。请安全管理员先增设一位。"
        raise Conflict(message, code="second_person_needed")


def ensure_may_decide(act: Act, proposer_id: int) -> None:
    """Raises PartyToCase, naming who may decide besides the proposer."""
    impartial = _impartial(act)
    if act.actor.person_id in impartial:
        return
    left_out = (act.actor.person_id, proposer_id)
    raise PartyToCase.deciding([name for id, name in impartial.items() if id not in left_out])


def ensure_proposer_is_none(act: Act, proposer_id: int) -> None:
    """The case may have come to the proposer since. Raises Conflict."""
    query = sa.select(sa.exists().where(Case.id == act.case.id, is_party(proposer_id)))
    if act.session.scalar(query):
        message = (
            "提请人现在经办此件，这项提请不能执行，请答复不同意。确需处理的，由其他流程管理员提请。"
        )
        raise Conflict(message, code="proposer_is_party")


def why_not(act: Act) -> str | None:
    """Why the actor can propose nothing for this case, for its page; None when he can."""
    try:
        ensure_may_propose(act)
    except DomainError as error:
        return error.message
    return None


def _impartial(act: Act) -> dict[int, str]:
    """Names of the process administrators of the unit who are no party, by their ids."""
    people = organization.process_administrators(act.session, act.case.unit_id).people
    ids = [each.person_id for each in people]
    query = sa.select(Person.id).join(
        Case, sa.and_(Case.id == act.case.id, Person.id.in_(ids), is_party(Person.id))
    )
    parties = set(act.session.scalars(query))
    return {each.person_id: each.name for each in people if each.person_id not in parties}
