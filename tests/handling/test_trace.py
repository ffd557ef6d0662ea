"""流转: what was, is, and will be by the usual way."""

from app import clock
from app.handling import act as acts
from app.handling.act import Act
from app.handling.acts import opening
from app.handling.models import Case, Task
from app.handling.stays import limits
from app.handling.views import foresight, trace
from app.workflow import outlook
from tests.world import World


def seen(world: World, case: Case, login: str = "drafter") -> Act:
    with clock.moved_to(world.at):
        return acts.look_at_case(world.session, world.actor(login), case.id)


def held(world: World, task: Task, login: str) -> Act:
    with clock.moved_to(world.at):
        return opening.open_task(world.session, world.actor(login), task.id)


def coming(world: World, case: Case, login: str = "drafter") -> list[tuple[str, list[str]]]:
    return [(each.step, list(each.people)) for each in trace.ahead(seen(world, case, login))]


def test_the_usual_way_of_a_notice(world: World) -> None:
    assert coming(world, world.draft().case) == [
        ("dept_review", ["王建军"]),
        ("office_check", ["赵文涛"]),
        ("leader_sign", ["刘国强"]),
        ("register_number", ["林小雅"]),
        ("seal", ["黄守印"]),
        ("final_check_dispatch", ["杨晓燕"]),
    ]


def test_a_request_to_the_superior_goes_to_the_head_of_the_unit(world: World) -> None:
    steps = [step for step, _ in coming(world, world.request().case)]
    assert steps[2:4] == ["leader_review", "unit_head_sign"]


def test_signers_come_one_after_another_and_then_the_office_again(world: World) -> None:
    done = world.draft(countersigners=["leader2", "leader3"])
    assert coming(world, done.case)[1:5] == [
        ("office_check", ["赵文涛"]),
        ("sign", ["孙丽华"]),
        ("sign", ["吴志刚"]),
        ("office_check", ["赵文涛"]),
    ]


def test_nobody_is_made_up_where_people_are_yet_to_be_named(world: World) -> None:
    done = world.register()
    expected = dict(coming(world, done.case, "secretary"))
    assert list(expected) == ["propose", "distribute", "leader_read", "collect", "handle", "close"]
    assert expected["leader_read"] == expected["handle"] == []
    branching = [
        each.step for each in trace.ahead(seen(world, done.case, "secretary")) if each.branches
    ]
    assert branching == ["collect"]


def test_limits_follow_one_another(world: World) -> None:
    days = [f"{each.by:%d}" for each in trace.ahead(seen(world, world.draft().case)) if each.by]
    assert days[:5] == ["25", "26", "27", "30", "01"]


def test_looking_ahead_changes_nothing(world: World) -> None:
    done = world.draft(countersigners=["leader2"])
    before = world.session.get_one(Case, done.case.id), world.open(done.case)
    act = seen(world, done.case)
    state = act.engine.state
    trace.ahead(act)
    assert act.engine.state == state
    assert not world.session.dirty
    assert (world.session.get_one(Case, done.case.id), world.open(done.case)) == before


def test_a_case_that_has_ended_goes_nowhere(world: World) -> None:
    done = world.draft()
    world.run(done)
    assert coming(world, done.case) == []
    stops = trace.stops(seen(world, done.case))
    assert [each.state for each in stops] == ["done"] * 7
    assert stops[0].person == "陈雨桐"


def test_what_decides_the_way(world: World) -> None:
    deciding = outlook.deciding(seen(world, world.draft().case).definition)
    assert deciding >= {"needs_countersign", "countersigners", "countersign_mode", "direction"}
    assert "outcome" not in deciding


def test_a_document_that_is_wanted_straight_back_goes_to_the_returner(world: World) -> None:
    done = world.draft()
    world.complete(done.opened[0], "drafter", "submit", next=["dept.deputy"])
    (review,) = world.open(done.case)
    world.send_back(review, "dept.deputy", "draft", then="back_to_me")
    (again,) = world.open(done.case)
    view = foresight.view(held(world, again, "drafter"))
    assert view.ahead is not None
    (step,) = view.ahead["submit"]
    assert (step.people, step.choosable) == ([("dept.deputy", "李春梅")], False)


def test_the_sum_stays_what_it_was_when_the_urgency_changes(world: World) -> None:
    done = world.draft()
    act = held(world, done.opened[0], "drafter")
    act.document.urgency = "urgent"
    found = limits.sum_of(act)
    assert found is not None
    assert found.rule == "DDL-01"
    assert found.sentence == "今天 09:01 到达，时限 1 个工作日，应于明天 18:00 前办结。"
    world.session.rollback()
