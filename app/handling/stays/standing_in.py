"""Who may act at a stay in somebody's stead: the delegations that fit it (ORG-27, ORG-20)."""

from collections.abc import Mapping, Sequence

from app import organization
from app.handling.act import Act
from app.handling.models import Task
from app.handling.stays.staffing import LEADERS, WATCHERS
from app.organization import Candidate, standing
from app.organization.standing import Standing
from app.workflow.definitions import Step

Places = Sequence[tuple[Task, Sequence[int]]]
"""Stays, each with the ids of those to whom it lies in their own right."""


def agents_for(act: Act, places: Places) -> Mapping[int, Sequence[Candidate]]:
    """Agents by the id of the stay. One statement while nobody has delegated anything.

    An agent's own agent gets nothing: only those who may act in their own right are looked up.
    """
    if not act.somebody_stands_in:
        return {}
    principals = {person for task, people in places if not task.blocked for person in people}
    found = standing.in_force(act.session, sorted(principals), act.at)
    return fitting(act, places, found) if found else {}


def fitting(
    act: Act, places: Places, found: Sequence[Standing]
) -> Mapping[int, Sequence[Candidate]]:
    """The same with these delegations, whether they are written down or only supposed."""
    return {task.id: _at(act, task, people, found) for task, people in places}


def _at(
    act: Act, task: Task, people: Sequence[int], found: Sequence[Standing]
) -> Sequence[Candidate]:
    if task.blocked:
        return ()
    step = act.definition.step(task.step) if task.kind == "step" else None
    agents: dict[int, Candidate] = {}
    for each in found:
        of_this = each.principal_id in people and each.agent_id not in people
        if of_this and _reaches(act, task, each) and may_act(act, step, each):
            agents.setdefault(each.agent_id, _candidate(each))
    return tuple(agents.values())


def _reaches(act: Act, task: Task, delegation: Standing) -> bool:
    """Whether the stay is among what was delegated; asking for an opinion is asking a person."""
    if task.kind == "consult" and delegation.scope != "all":
        return False
    arrived = delegation.with_inbox or task.arrived_at >= delegation.since
    return arrived and concerns(act, delegation)


def concerns(act: Act, delegation: Standing) -> bool:
    matter = {
        "all": None,
        "process": act.case.process_id,
        "kind": act.document.kind,
    }[delegation.scope]
    return matter == delegation.scope_value


def may_act(act: Act, step: Step | None, delegation: Standing) -> bool:
    """OUT-04: no drafter reviews his own document. OUT-13: only a leader signs off.

    step  None where the agent decides nothing, or it is not known yet
    """
    agent = organization.actor(act.session, delegation.agent_id)
    posts = {post.role for post in agent.posts}
    if posts & WATCHERS:
        return False
    if step is None:
        return True
    if delegation.agent_id == act.scope.drafter_id:
        return False
    return step.properties.get("sign_off") != "yes" or bool(posts & LEADERS)


def _candidate(delegation: Standing) -> Candidate:
    return Candidate(
        person_id=delegation.agent_id,
        login=delegation.agent_login,
        name=delegation.agent,
        reason=f"代{delegation.principal}办理。",
        authority=delegation.authority,
        preselected=False,
        self_review=False,
        department_id=delegation.agent_department_id,
        principal_id=delegation.principal_id,
        delegation_id=delegation.id,
    )
