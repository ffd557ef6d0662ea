"""转办 and 征求意见: same token, same limit, another stay; every opinion is kept."""

import pytest
import sqlalchemy as sa

from app import audit
from app.deadlines.models import Due
from app.errors import Invalid, NotAllowed
from app.handling.acts.done import Done
from app.handling.errors import NotYourTask, OpinionMissing, StepAlreadyDone
from app.handling.models import Opinion, Task
from tests.world import World


def at(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


LIMIT = Due.kind != "remind"
"""What is told before a limit runs out stands beside it."""


def pending(world: World, task: Task) -> list[Due]:
    query = sa.select(Due).where(Due.subject_id == task.id, Due.state == "pending", LIMIT)
    return list(world.session.scalars(query))


def test_a_stay_handed_over_is_the_colleagues_with_the_same_limit(world: World) -> None:
    task = at(world, "office_check")
    limit = pending(world, task)[0]
    world.later(hours=2)
    given = world.hand_over(task, "office.head", "secretary", opinion="我出差，请代为把关。")
    assert (task.state, given.step, given.token) == ("handed_over", task.step, task.token)
    assert world.holders(given) == ["secretary"]
    assert given.due_at == task.due_at
    assert [(each.due_at, each.started_at) for each in pending(world, given)] == [
        (limit.due_at, limit.started_at)
    ]
    assert pending(world, task) == []
    with pytest.raises(StepAlreadyDone):
        world.complete(task, "office.head")
    with pytest.raises(NotYourTask):
        world.complete(given, "office.head")
    world.complete(given, "secretary")
    opinions = world.session.scalars(sa.select(Opinion).where(Opinion.step == "office_check"))
    assert [(each.person_name, each.outcome) for each in opinions] == [
        (world.actor("office.head").name, "hand_over"),
        (world.actor("secretary").name, "approve"),
    ]
    entry = next(
        each
        for each in audit.case_entries(world.session, task.case_id)
        if each.action == "task.handed_over"
    )
    assert (entry.actor_login, entry.detail["to"]) == ("office.head", "secretary")


def test_an_opinion_asked_for_comes_back_to_who_asked(world: World) -> None:
    task = at(world, "leader_sign")
    asked = world.hand_over(task, "leader", "leader2", "consult", "经费是否落实？")
    assert (task.state, asked.kind) == ("consulting", "consult")
    assert [each.id for each in world.open(world.case_of(task))] == [asked.id]
    with pytest.raises(NotYourTask):
        world.complete(asked, "leader")
    with pytest.raises(OpinionMissing):
        world.complete(asked, "leader2", opinion="  ")
    with pytest.raises(Invalid):
        world.send_back(asked, "leader2", "draft")
    done = world.complete(asked, "leader2", opinion="已落实。")
    (back,) = done.opened
    assert (back.kind, back.step, world.holders(back)) == ("step", "leader_sign", ["leader"])
    world.complete(back, "leader")
    assert world.document(done.case).signatory == world.actor("leader").name


def test_what_was_asked_can_be_passed_on_and_asked_again(world: World) -> None:
    task = at(world, "office_check")
    asked = world.hand_over(task, "office.head", "dept.head", "consult")
    passed = world.hand_over(asked, "dept.head", "dept.deputy")
    assert passed.kind == "consult"
    deeper = world.hand_over(passed, "dept.deputy", "leader3", "consult")
    (second,) = world.complete(deeper, "leader3", opinion="可行。").opened
    assert (second.kind, world.holders(second)) == ("consult", ["dept.deputy"])
    (back,) = world.complete(second, "dept.deputy", opinion="可行，见总工意见。").opened
    assert (back.kind, world.holders(back)) == ("step", ["office.head"])


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("leader", "自己"),
        ("drafter", "签发只能"),
        ("secretary", "签发只能"),
        ("auditor", "审计员"),
        ("city.leader", "找不到"),
        ("", "请选择"),
    ],
)
def test_a_sign_off_goes_to_another_leader_only(world: World, to: str, words: str) -> None:
    task = at(world, "leader_sign")
    with pytest.raises(Invalid, match=words):
        world.hand_over(task, "leader", to)
    world.session.refresh(task)
    assert task.state == "open"


def test_nobody_checks_his_own_draft(world: World) -> None:
    task = at(world, "dept_review")
    with pytest.raises(Invalid, match="OUT-04"):
        world.hand_over(task, "dept.head", "drafter")


def test_nobody_stands_twice_in_one_countersigning(world: World) -> None:
    done = world.draft(countersigners=["leader2", "leader3"])
    world.run(done, until="office_check")
    world.complete(world.open(done.case)[0], "office.head", fields={"countersign_mode": "parallel"})
    mine = next(each for each in world.open(done.case) if world.holders(each) == ["leader2"])
    with pytest.raises(Invalid, match="已由"):
        world.hand_over(mine, "leader2", "leader3")
    given = world.hand_over(mine, "leader2", "leader")
    for task, login in ((given, "leader"), (world.open(done.case)[0], "leader3")):
        world.complete(task, login, "approve")
    assert [each.step for each in world.open(done.case)] == ["office_check"]


def test_a_return_finds_the_way_past_colleagues(world: World) -> None:
    task = at(world, "office_check")
    given = world.hand_over(task, "office.head", "secretary")
    (sign,) = world.complete(given, "secretary").opened
    world.send_back(sign, "leader", "dept_review")
    assert world.run(Done(world.case_of(task), [])) is None


def test_only_its_person_hands_a_stay_over_and_gives_a_reason(world: World) -> None:
    task = at(world, "office_check")
    with pytest.raises((NotYourTask, NotAllowed)):
        world.hand_over(task, "drafter", "secretary")
    with pytest.raises(Invalid, match="原因"):
        world.hand_over(task, "office.head", "secretary", opinion=" ")


def test_nobody_gets_a_place_before_his_own(world: World) -> None:
    """In a countersigning one after another, the next signer is not there yet but will be."""
    done = world.draft(countersigners=["leader2", "leader3"])
    task = world.run(done, until="sign")
    assert task is not None
    with pytest.raises(Invalid, match="会签之列"):
        world.hand_over(task, "leader2", "leader3")
    given = world.hand_over(task, "leader2", "leader")
    back = world.hand_over(given, "leader", "leader2")  # his own place he may have again
    world.complete(world.hand_over(back, "leader2", "leader"), "leader", "approve")
    with pytest.raises(Invalid, match="会签之列"):
        world.hand_over(world.open(done.case)[0], "leader3", "leader2")
