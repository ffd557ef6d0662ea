"""岗位变动: open stays follow the posts; nobody acts without one, nothing is stranded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.audit import signed_by_rule
from app.documents.models import Document
from app.errors import Invalid
from app.handling.act import Act
from app.handling.models import Case, Task
from app.handling.recording import record_act
from app.handling.signing.joint import SealerUnknown
from app.handling.stays.coming_back import back_to_asker
from app.handling.stays.people import in_own_right, renew_agents, resettle
from app.handling.stays.staffing import as_they_were, eligible
from app.handling.stays.succession import release
from app.organization import Actor, Candidate, Candidates
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase
from app.workflow.moves import Token

RULE = signed_by_rule("岗位变动后重新确定办理人（ORG-08）")
NOBODY = Actor(0, "rule", "自动", 0, "", "", None, None, ())
"""Who acts when a rule does; its entries are signed by the rule."""


def follow_posts(session: Session, unit_id: int, at: datetime) -> None:
    """Find the people of every open stay of a unit anew, after its posts have changed.

    A stay for which the sender chose keeps those chosen as long as one of them may still act;
    one that a colleague or an administrator gave to somebody stays with him while his account is
    open. A stay left without anybody stops in sight; one that had stopped goes on when somebody
    holds the post.
    Who stands in for its people is found anew in any case.
    """
    query = (
        sa.select(Task, Case, WorkflowCase, Document)
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(Case.unit_id == unit_id, Case.state == "running", Task.state == "open")
        .order_by(Case.id, Task.id)
        .with_for_update(of=(WorkflowCase, Case, Document, Task), key_share=True)
    )
    for task, case, run, document in session.execute(query).all():
        follow_stay(Act(session, NOBODY, at, case, run, document, task))


def follow_case(act: Act, stays: Sequence[Task]) -> None:
    """The same for the open stays of one case, of which the posts were not followed meanwhile."""
    for task in stays:
        follow_stay(replace(act, task=task))


def follow_stay(act: Act) -> None:
    """The same for the stay in hand."""
    act.variables = routes.variables(act.engine)
    tokens = routes.open_tokens(act.session, act.engine)
    _follow(act, next(each for each in tokens if each.uuid == act.stay.token))


def _follow(act: Act, token: Token) -> None:
    task = act.stay
    present = in_own_right(act, task)
    if task.kind == "consult":
        _ask_no_more(act, present)
        return
    try:
        found = eligible(act, token)
    except Invalid:
        return  # the case lacks what its step asks for; its own act will say so
    except SealerUnknown as error:
        found = _still_keeping(act, token, error)
    if task.given_by in ("colleague", "administrator") and _active(act, present):
        renew_agents(act, task)
        return
    if found.problem:
        administrators = organization.process_administrators(act.session, act.case.unit_id)
        _replace(act, present, administrators.people, found.problem)
        return
    kept = [each for each in found.people if each.person_id in present]
    narrowed = task.given_by == "choice" and task.blocked is None and kept
    _replace(act, present, kept if narrowed else found.people, None)


def _still_keeping(act: Act, token: Token, unknown: SealerUnknown) -> Candidates:
    """Whose the seal of a renamed unit was, while they hold that post: they can send it back.

    Nobody can be looked for there, since the page still bears the name of before.
    """
    people = tuple(
        each
        for each in as_they_were(act, act.stay)
        if any(
            post.role in token.groups
            for post in organization.actor(act.session, each.person_id).posts
        )
    )
    return Candidates(people, None if people else unknown.message)


def _ask_no_more(act: Act, present: set[int]) -> None:
    """Nobody who could answer is there any more: it is again with who asked."""
    if _active(act, present):
        renew_agents(act, act.stay)
        return
    release(act, [act.stay], "closed")
    opened = back_to_asker(act)
    record_act(act, "task.asked_no_more", by=RULE, opened=[opened], closed=[act.stay])


def _replace(act: Act, present: set[int], people: Sequence[Candidate], problem: str | None) -> None:
    task = act.stay
    if {each.person_id for each in people} == present and task.blocked == problem:
        renew_agents(act, task)
        return
    resettle(act, task, people)
    task.blocked = problem
    action = "case.blocked" if problem else "task.restaffed"
    people_now = [each.login for each in people]
    record_act(act, action, by=RULE, reason=problem, people=people_now)


def _active(act: Act, people: set[int]) -> bool:
    query = sa.select(organization.Person.id).where(
        organization.Person.id.in_(people), organization.Person.active
    )
    return act.session.scalars(query).first() is not None
