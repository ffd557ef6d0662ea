"""Who could act in whose stead: delegations count until they end, also before their time."""

import pytest
import sqlalchemy as sa

from app import audit
from app.audit import case_entries, signed_by_rule
from app.handling.conformance.entitled import Posts
from app.handling.models import Case
from app.organization import Actor
from app.organization.models import Appointment, Delegation, Department, Person
from app.organization.operations import appoint, end_appointment
from tests.handling.conformance.planting import of, open_up, rewrite
from tests.handling.conformance.test_replaying import deviations, kinds
from tests.world import Done, World

AGENT, BY = "dept.deputy", signed_by_rule("测试")


def signed_by_the_agent(world: World, done: Done) -> None:
    task = world.run(done, until="dept_review")
    assert task is not None
    world.complete(task, AGENT)
    world.run(done)


def test_what_an_agent_does_in_its_time(world: World) -> None:
    delegation = world.delegate("dept.head", AGENT, with_inbox=True)
    done = world.draft()
    signed_by_the_agent(world, done)
    world.take_back("dept.head", delegation)
    (act,) = [each for each in case_entries(world.session, done.case.id) if each.principal]
    assert (act.principal, act.actor_login) == ("dept.head", AGENT)
    assert deviations(world, done.case) == []


@pytest.fixture
def afterwards(world: World) -> Case:
    """A document that was handled after the delegation had been taken back."""
    world.take_back("dept.head", world.delegate("dept.head", AGENT))
    done = world.draft()
    world.run(done)
    return done.case


def test_not_after_it_was_taken_back(world: World, afterwards: Case) -> None:
    assert deviations(world, afterwards) == []
    open_up(world)
    _let_the_agent_act(world, afterwards)
    (found,) = deviations(world, afterwards)
    assert found.kind == "not_entitled"
    assert "没有受委托" in found.said


def test_a_second_one_counts_though_the_first_has_ended(world: World) -> None:
    world.take_back("dept.head", world.delegate("dept.head", AGENT))
    world.delegate("dept.head", AGENT, with_inbox=True)
    done = world.draft()
    signed_by_the_agent(world, done)
    assert deviations(world, done.case) == []


def test_one_for_another_route_does_not_count(world: World) -> None:
    world.delegate("dept.head", AGENT, scope="process", scope_value="incoming")
    done = world.draft()
    world.run(done)
    open_up(world)
    _let_the_agent_act(world, done.case)
    assert kinds(world, done.case) == ["not_entitled"]


def test_what_is_read_on_is_as_what_is_read_at_once(world: World) -> None:
    posts = Posts().read_on(world.session)
    given: Delegation = world.delegate("dept.head", AGENT)
    posts.read_on(world.session)
    assert posts.delegations[given.id].ended is None
    world.take_back("dept.head", given)
    assert posts.read_on(world.session).delegations == Posts().read_on(world.session).delegations
    assert posts.delegations[given.id].ended is not None


def test_a_role_in_another_department_is_not_enough(world: World) -> None:
    """The head of one department does not review what another one drafts."""
    done = world.draft()
    world.run(done)
    assert deviations(world, done.case) == []
    other = _head_of_another(world)
    open_up(world)
    act = of("task.completed", "dept_review")
    said = {"id": other.person_id, "login": other.login, "name": other.name}
    rewrite(world, done.case, act, actor=said)
    (found,) = deviations(world, done.case)
    assert found.kind == "not_entitled"
    assert "其他部门的岗位" in found.said
    rewrite(world, done.case, of("case.started"), detail={"department": None})
    assert deviations(world, done.case) == []  # entries of before tell no department


def test_a_post_that_ends_leaves_the_one_in_another_department(world: World) -> None:
    session, at = world.session, world.at
    unit = world.actor("drafter").unit_id
    person = session.get_one(Person, world.actor(AGENT).person_id)
    query = (
        sa.select(Department)
        .where(Department.unit_id == unit, Department.id != person.department_id)
        .order_by(Department.id)
    )
    mine, second = [
        appoint(session, BY, at, person=person, role="dept-head", department=department)
        for department in session.scalars(query).all()[:2]
    ]
    session.commit()
    end_appointment(session, BY, at, post=mine)
    session.commit()
    posts, seq = Posts().read_on(session), audit.entries(session)
    assert "dept-head" not in posts.held(AGENT, seq, mine.department_id)
    assert "dept-head" in posts.held(AGENT, seq, second.department_id)


def _head_of_another(world: World) -> Actor:
    """Who heads a department beside that of the drafter."""
    home = world.actor("drafter").department_id
    query = (
        sa.select(Person.login)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.role_key == "dept-head",
            Appointment.department_id.is_not(None),
            Appointment.department_id != home,
            Appointment.until.is_(None),
        )
        .order_by(Person.id)
    )
    return world.actor(world.session.scalars(query).all()[0])


def _let_the_agent_act(world: World, case: Case) -> None:
    agent = world.actor(AGENT)
    said = {"id": agent.person_id, "login": AGENT, "name": agent.name}
    act = of("task.completed", "dept_review")
    rewrite(world, case, act, actor=said, principal="dept.head")
