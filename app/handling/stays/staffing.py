"""Who gets a stay that opens: by name, by role in the department of the case, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app import organization
from app.errors import Invalid
from app.handling.act import Act
from app.handling.errors import NobodyChosen
from app.handling.models import Task, TaskCandidate
from app.handling.signing import joint
from app.handling.stays.successors import successor_of
from app.organization import Candidate, Candidates, Scope, roles
from app.workflow.definitions import Step
from app.workflow.moves import Token


@dataclass(frozen=True)
class Staffing:
    """The people of one stay; with ``problem`` they are the administrators who mend it.

    chosen  not all who may act there, but those whom somebody chose or who did it before
    """

    people: tuple[Candidate, ...]
    problem: str | None = None
    chosen: bool = False


def staff(
    act: Act,
    token: Token,
    chosen: Sequence[str],
    *,
    offered: bool,
    must: bool = False,
    keep_for: int | None = None,
) -> Staffing:
    """Find the people of a stay.

    chosen    logins that the sender named; must be among those who may act
    offered   the sending step lets its sender choose: without a choice the one in charge is taken
    must      of several the sender has to name one; raises NobodyChosen
    keep_for  who did the step before and gets it again, as long as he may still act there
    """
    found = eligible(act, token)
    kept = tuple(each for each in found.people if each.person_id == keep_for)
    if kept and act.definition.step(token.step).signing is None:
        return Staffing(kept, chosen=True)
    if found.problem:
        administrators = organization.process_administrators(act.session, act.case.unit_id)
        return Staffing(administrators.people, problem=found.problem)
    if chosen and not token.person:
        return Staffing(_narrow(token, found, chosen), chosen=True)
    preselected = tuple(each for each in found.people if each.preselected)
    if offered and preselected:
        return Staffing(preselected, chosen=True)
    if must and not token.person:
        names = "、".join(f"{each.name}（{each.login}）" for each in found.people)
        raise NobodyChosen(f"请选择“{token.name}”由谁办理：{names}。")
    return Staffing(found.people)


def as_they_were(act: Act, before: Task) -> list[Candidate]:
    """The people of an earlier stay whose accounts are open, agents left out."""
    query = (
        sa.select(TaskCandidate, organization.Person)
        .join(organization.Person, organization.Person.id == TaskCandidate.person_id)
        .where(TaskCandidate.task_id == before.id, organization.Person.active)
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


def eligible(act: Act, token: Token) -> Candidates:
    """All who may act at this step of this case, with the reasons (OUT-03 to OUT-05)."""
    if token.person:
        return _by_name(act, token, token.person)
    step = act.definition.step(token.step)
    scope = _scope(act, step)
    found = organization.candidates(act.session, token.groups, scope)
    return _by_policy(act, step, scope, found)


def foreseen(act: Act, token: Token) -> Candidates:
    """The same for who only looks: that nobody can be found for a seal is a problem to be shown."""
    try:
        return eligible(act, token)
    except joint.SealerUnknown as error:
        return Candidates((), error.message)


def _by_policy(act: Act, step: Step, scope: Scope, found: Candidates) -> Candidates:
    """What the diagram says for a post without a holder, and for a drafter who is alone there."""
    if not found.people and step.properties.get("nobody") == "next_level":
        found = _next_level(act, step, scope)
    if not only_the_drafter(act, found):
        return found
    wish = step.properties.get("drafter")
    if wish == "next_level":
        return _next_level(act, step, scope, excluding_drafter=True)
    if wish == "stop":
        return Candidates((), f"“{step.name}”只有拟稿人本人可以办理，请联系流程管理员。")
    return found


def only_the_drafter(act: Act, found: Candidates) -> bool:
    """Whether nobody but the drafter, or who stands in for him, could act."""
    drafter = act.scope.drafter_id
    return bool(found.people) and all(
        drafter in (each.person_id, each.principal_id) for each in found.people
    )


def _next_level(
    act: Act, step: Step, scope: Scope, *, excluding_drafter: bool = False
) -> Candidates:
    listed = step.properties.get("next_level", "").split(",")
    wanted = [each.strip() for each in listed if each.strip()]
    return organization.candidates(act.session, wanted, scope, excluding_drafter=excluding_drafter)


def _by_name(act: Act, token: Token, login: str) -> Candidates:
    """The person whom a diagram or a signing names, or who took over from him.

    One who has left without a hand-over stops the case in sight.
    """
    try:
        return organization.named(act.session, [login], act.case.unit_id)
    except Invalid as error:
        successor = successor_of(act.session, login)
        if successor != login:
            return _by_name(act, token, successor)
        return Candidates((), f"“{token.name}”的办理人：{error.message}")


def _scope(act: Act, step: Step) -> Scope:
    """The department of the case, or the one that a case variable names (property ``scope``).

    At the seal of a joint document (property ``joint``): the unit whose turn it is.
    """
    if step.properties.get("joint") == "yes":
        return replace(act.scope, unit_id=joint.turn(act).unit_id)
    variable = step.properties.get("scope")
    if not variable:
        return act.scope
    key = act.variables.get(variable)
    departments = organization.departments(act.session, act.case.unit_id)
    found = next((each for each in departments if each.key == key), None)
    if found is None:
        names = "、".join(each.name for each in departments)
        raise Invalid.at(variable, f"请选择承办部门：{names}。")
    return Scope(act.case.unit_id, found.id)


def _narrow(token: Token, found: Candidates, chosen: Sequence[str]) -> tuple[Candidate, ...]:
    strangers = [login for login in chosen if login not in found.logins]
    if strangers:
        names = "、".join(f"{each.name}（{each.login}）" for each in found.people)
        message = f"{'、'.join(strangers)}不是“{token.name}”的办理人，请从{names}中选择。"
        raise Invalid.at("next", message)
    return tuple(each for each in found.people if each.login in chosen)


WATCHERS = frozenset({roles.AUDITOR, roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN})
"""The three administrators of security handle no documents (三员分立)."""
LEADERS = frozenset({roles.LEADER_IN_CHARGE, roles.UNIT_HEAD})


def by_choice(act: Act, login: str) -> Candidate:
    """Somebody who gets the stay in hand from a person, not by his post. Raises Invalid at ``to``.

    Anybody of the unit but oneself, the administrators of security, and at another's draft its
    drafter; a sign-off goes to another leader only.
    """
    person = colleague(act, login)
    step = act.step
    drafted = person.person_id in (act.document.drafter_id, act.case.caretaker_id)
    if step.properties.get("sign_off") == "yes":
        posts = {post.role for post in organization.actor(act.session, person.person_id).posts}
        if drafted or not posts & LEADERS:
            raise Invalid.at("to", "签发只能交给拟稿人以外的领导。（OUT-13）")
    if drafted and step.properties.get("opinion", "required") != "optional":
        raise Invalid.at("to", f"{person.name}是拟稿人，不能审核本人起草的公文。（OUT-04）")
    return person


def colleague(act: Act, login: str) -> Candidate:
    """Somebody of the unit who may be asked at all. Raises Invalid at ``to``."""
    if not login.strip():
        raise Invalid.at("to", "请选择人员。")
    try:
        person = organization.named(act.session, [login], act.case.unit_id).people[0]
    except Invalid as error:
        raise Invalid.at("to", error.message) from None
    if person.person_id == act.actor.person_id:
        raise Invalid.at("to", "不能选择自己，请选择其他人。")
    posts = {post.role for post in organization.actor(act.session, person.person_id).posts}
    if posts & WATCHERS:
        raise Invalid.at("to", f"{person.name}是系统、安全管理员或审计员，不能办理公文。")
    return person
