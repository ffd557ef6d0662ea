"""委托代办 at stays: the agent may act too, both are named, and it ends by itself (ORG-27)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit, clock, organization
from app.database import db
from app.errors import NotFound
from app.handling.access import sees_case
from app.handling.act import look_at_task
from app.handling.errors import DelegationOver, StepAlreadyDone
from app.handling.models import Opinion, Task, TaskCandidate
from app.handling.views import foresight, history, queries, trace
from app.organization import absences, operations
from tests.handling.test_races import at_once, completing
from tests.world import World

RULE = audit.signed_by_rule("测试")


def at(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


def test_what_arrives_is_the_agents_too_and_both_are_named(world: World) -> None:
    world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    assert world.holders(task) == ["office.head", "secretary"]
    principal, agent = world.actor("office.head").name, world.actor("secretary").name
    row = next(each for each in queries.todo(world.session, world.actor("secretary")))
    assert row.agents["secretary"].name == principal
    done = world.complete(task, "secretary")
    assert (task.done_by_id, task.done_for_id) == (
        world.actor("secretary").person_id,
        world.actor("office.head").person_id,
    )
    opinion = world.session.scalars(sa.select(Opinion).where(Opinion.task_id == task.id)).one()
    assert (opinion.person_name, opinion.principal_name) == (agent, principal)
    assert opinion.authority == f"受{principal}委托（11月23日至28日）"
    line = next(
        each
        for each in history.lines(world.session, done.case)
        if each.entry.action == "task.completed" and each.step_name == task.step_name
    )
    assert (line.entry.actor_login, line.entry.principal) == ("secretary", "office.head")
    assert line.principal == principal
    stop = trace.stops(look_at_task(world.session, world.actor("drafter"), task.id))[-2]
    assert stop.person == f"{agent}（代{principal}）"


def test_the_principal_keeps_his_right(world: World) -> None:
    world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    world.complete(task, "office.head")
    assert task.done_for_id is None
    with pytest.raises(StepAlreadyDone):
        world.complete(task, "secretary")


def test_the_inbox_moves_only_when_asked_and_comes_back_by_itself(world: World) -> None:
    task = at(world, "office_check")
    first = world.delegate("office.head", "secretary")
    assert world.holders(task) == ["office.head"]
    world.take_back("office.head", first)
    second = world.delegate("office.head", "secretary", days=2, with_inbox=True)
    assert world.holders(task) == ["office.head", "secretary"]
    world.at = second.until + timedelta(minutes=1)
    world.sweep()
    assert world.holders(task) == ["office.head"]
    actions = [each.action for each in audit.case_entries(world.session, task.case_id)]
    assert actions.count("task.agents") == 2


def test_one_that_begins_later_begins_by_itself(world: World) -> None:
    task = at(world, "office_check")
    given = world.delegate(
        "office.head", "secretary", since=world.at + timedelta(days=1), with_inbox=True
    )
    world.sweep()
    assert world.holders(task) == ["office.head"]
    world.at = given.since + timedelta(minutes=1)
    world.sweep()
    assert world.holders(task) == ["office.head", "secretary"]
    world.at = given.until + timedelta(minutes=1)
    world.sweep()
    assert world.holders(task) == ["office.head"]


def test_ended_by_hand_it_is_over_at_once(world: World) -> None:
    given = world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    world.take_back("office.head", given)
    assert world.holders(task) == ["office.head"]
    world.at = given.until + timedelta(hours=1)
    world.sweep()
    assert world.holders(task) == ["office.head"]


def test_time_ends_the_right_before_the_sweep_does(world: World) -> None:
    """D3: 403 for who may see the document besides, 404 for who may not."""
    given = world.delegate("office.head", "secretary", days=1)
    other = world.delegate("leader", "leader2", days=1)
    task = at(world, "office_check")
    signing = at(world, "leader_sign")
    assert world.holders(signing) == ["leader", "leader2"]
    world.at = max(given.until, other.until)
    with pytest.raises(DelegationOver):
        world.complete(task, "secretary")
    with pytest.raises(NotFound):
        world.complete(signing, "leader2")
    world.complete(signing, "leader")


def test_an_agent_sees_afterwards_only_where_he_acted(world: World) -> None:
    given = world.delegate("leader", "leader2", days=1)
    acted, looked = at(world, "leader_sign"), at(world, "leader_sign")
    agent = world.actor("leader2")
    world.complete(acted, "leader2")
    world.complete(looked, "leader")
    with clock.moved_to(world.at):
        assert sees_case(world.session, agent, looked.case_id)
    with clock.moved_to(given.until):
        assert sees_case(world.session, agent, acted.case_id)
        assert not sees_case(world.session, agent, looked.case_id)


def test_an_agents_agent_gets_nothing(world: World) -> None:
    world.delegate("office.head", "secretary")
    world.delegate("secretary", "printing")
    assert world.holders(at(world, "office_check")) == ["office.head", "secretary"]


def test_a_drafter_does_not_review_his_own_and_only_leaders_sign(world: World) -> None:
    world.delegate("dept.head", "drafter")
    world.delegate("leader", "dept.deputy")
    assert "drafter" not in world.holders(at(world, "dept_review"))
    assert world.holders(at(world, "leader_sign")) == ["leader"]
    world.take_back("leader", world.session.query(organization.models.Delegation).all()[-1])
    world.delegate("leader", "unit.head")
    task = at(world, "leader_sign")
    assert world.holders(task) == ["leader", "unit.head"]


def test_the_scope_decides(world: World) -> None:
    world.delegate("office.head", "secretary", scope="kind", scope_value="请示")
    world.delegate("printing", "archivist", scope="process", scope_value="outgoing")
    assert world.holders(at(world, "office_check")) == ["office.head"]
    request = world.run(world.request(), until="office_check")
    assert request is not None
    assert world.holders(request) == ["office.head", "secretary"]
    assert world.holders(at(world, "register_number")) == ["printing", "archivist"]


def test_an_opinion_asked_of_a_person_is_his_agents_only_with_everything(world: World) -> None:
    world.delegate("leader2", "leader3", scope="kind", scope_value="通知")
    task = at(world, "leader_sign")
    assert world.holders(world.hand_over(task, "leader", "leader2", "consult")) == ["leader2"]
    world.delegate("office.head", "secretary")
    other = at(world, "leader_sign")
    asked = world.hand_over(other, "leader", "office.head", "consult")
    assert world.holders(asked) == ["office.head", "secretary"]
    (back,) = world.complete(asked, "secretary", opinion="可行。").opened
    assert world.holders(back) == ["leader"]


def test_what_the_agent_sent_back_or_took_back_is_the_principals_again(world: World) -> None:
    world.delegate("dept.head", "dept.deputy", days=1)
    world.delegate("office.head", "secretary", days=1)
    task = at(world, "office_check")
    done = world.complete(task, "secretary")
    (back,) = world.withdraw(done.opened[0], "secretary").opened
    assert world.holders(back) == ["office.head", "secretary"]
    world.complete(back, "secretary")
    world.at += timedelta(days=2)
    world.sweep()
    (signing,) = world.open(done.case)
    (again,) = world.send_back(signing, "leader", "office_check").opened
    assert world.holders(again) == ["office.head"]


def test_agents_follow_posts_and_accounts(world: World) -> None:
    world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    person = organization.person_by_login(world.session, "office.head")
    post = next(
        each
        for each in organization.operations.in_force(world.session, person)
        if each.role_key == "office-head"
    )
    deputy = organization.person_by_login(world.session, "archivist")
    world._act(
        lambda session: operations.appoint(
            session, RULE, world.at, person=deputy, role="office-head"
        )
    )
    assert world.holders(task) == ["office.head", "archivist", "secretary"]
    world._act(lambda session: operations.end_appointment(session, RULE, world.at, post=post))
    assert world.holders(task) == ["archivist"]


def test_an_agent_whose_account_closes_is_gone(world: World) -> None:
    world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    agent = organization.person_by_login(world.session, "secretary")
    world._act(lambda session: operations.deactivate(session, RULE, world.at, person=agent))
    assert world.holders(task) == ["office.head"]


def test_senders_are_told_who_is_away(world: World) -> None:
    task = at(world, "office_check")
    world.delegate("leader", "leader2")
    until = world.at.replace(hour=0, minute=0) + timedelta(days=5)

    def away(session: object) -> None:
        absences.set_absence(
            world.session,
            world.actor("leader"),
            world.at,
            since=world.at,
            until=until,
            words="开会",
        )

    def told() -> list[str]:
        with clock.moved_to(world.at):
            act = look_at_task(world.session, world.actor("office.head"), task.id)
            ahead = foresight.view(act).ahead or {}
        return [sentence for steps in ahead.values() for step in steps for sentence in step.absent]

    assert told() == []
    world._act(away)
    agent, names = world.actor("leader2").name, world.actor("leader").name
    assert any(f"{names} 11月28日前" in each and f"由{agent}代办" in each for each in told())
    world.complete(task, "office.head")


@pytest.mark.postgres
def test_agent_and_principal_at_once_have_one_winner(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        world.delegate("secretary", "archivist")
        tasks = [world.open(world.register().case)[0] for _ in range(30)]
        pairs = [(task.id, task.revision) for task in tasks]
        db.session.remove()
    moment = world.at
    losers = []
    for task_id, revision in pairs:
        acts = [completing(login, task_id, revision) for login in ("secretary", "archivist")]
        results = at_once(postgres_app, *(_at(moment, act) for act in acts))
        lost = [error for error in results if error is not None]
        assert len(lost) == 1, results
        losers += lost
    assert all(isinstance(each, StepAlreadyDone) for each in losers), losers
    with postgres_app.app_context():
        done = [task_id for task_id, _ in pairs]
        assert db.session.query(Opinion).filter(Opinion.task_id.in_(done)).count() == len(done)
        db.session.remove()


@pytest.mark.postgres
def test_the_sweep_waits_for_nobody_who_holds_a_case(postgres_app: Flask) -> None:
    """All of the inbox moves, or none of it yet: a case in use is looked at again later."""
    with postgres_app.app_context():
        world = World(db.session())
        tasks = [world.open(world.register().case)[0].id for _ in range(2)]
        since = world.at + timedelta(hours=1)
        world.delegate("secretary", "archivist", since=since, with_inbox=True)
        world.at = since + timedelta(minutes=1)
        agents = sa.select(sa.func.count()).where(TaskCandidate.principal_id.is_not(None))
        with db.engine.connect() as other, other.begin():
            held = sa.select(Task.id).where(Task.id == tasks[1]).with_for_update()
            other.execute(held)
            world.sweep()
            assert world.session.scalar(agents) == 0
        world.later(minutes=1)
        world.sweep()
        assert world.session.scalar(agents) == 2
        db.session.remove()


def _at(moment: datetime, act: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with clock.moved_to(moment):
            act()

    return run
