"""撤回 per recipient: what nobody has opened comes back, the rest stays where it was read."""

import pytest

from app import clock
from app.handling.act import look_at_task
from app.handling.acts import opening, withdrawing
from app.handling.acts.done import Done, TakenBack
from app.handling.errors import CannotWithdraw
from app.handling.models import Notice, Task
from tests.world import World

LEADERS = ["leader", "leader2", "leader3"]


def asked(world: World, mode: str) -> tuple[Done, Task, dict[str, Task]]:
    """A document that the office has just sent to three countersigners; its stay, and theirs."""
    done = world.draft(countersigners=LEADERS)
    task = world.run(done, until="office_check")
    assert task is not None
    world.complete(task, "office.head", fields={"countersign_mode": mode})
    return done, task, signers(world, done)


def signers(world: World, done: Done) -> dict[str, Task]:
    return {world.holders(task)[0]: task for task in world.open(done.case)}


def look(world: World, task: Task, login: str) -> None:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        opening.open_task(world.session, world.actor(login), task.id)
        world.session.commit()


def take_back(world: World, task: Task, login: str, reason: str = "") -> TakenBack:
    return world.withdraw(task, login, reason)


@pytest.mark.parametrize("mode", ["parallel", "any", "share"])
def test_whoever_has_opened_it_keeps_it_and_the_others_lose_it(world: World, mode: str) -> None:
    done, task, stays = asked(world, mode)
    look(world, stays["leader2"], "leader2")
    names = {login: world.actor(login).name for login in LEADERS}
    taken = take_back(world, task, "office.head")
    assert list(taken.recalled) == [names["leader"], names["leader3"]]
    assert list(taken.kept) == [names["leader2"]]
    assert list(signers(world, done)) == ["leader2"]
    assert {stays["leader"].state, stays["leader3"].state} == {"recalled"}
    world.complete(stays["leader2"], "leader2", "approve")
    assert [each.step for each in world.open(done.case)] == ["office_check"]


@pytest.mark.parametrize("mode", ["sequential", "parallel", "any", "share"])
def test_unread_by_all_it_comes_back_whole(world: World, mode: str) -> None:
    done, task, _ = asked(world, mode)
    taken = take_back(world, task, "office.head")
    assert not taken.kept
    assert [(each.step, world.holders(each)) for each in world.open(done.case)] == [
        ("office_check", ["office.head"])
    ]


def test_in_turn_the_first_reader_keeps_it(world: World) -> None:
    _, task, stays = asked(world, "sequential")
    look(world, stays["leader"], "leader")
    with pytest.raises(CannotWithdraw, match="已打开"):
        take_back(world, task, "office.head")


def test_a_signer_takes_his_answer_back_until_the_next_one_opens(world: World) -> None:
    done, _, stays = asked(world, "sequential")
    world.complete(stays["leader"], "leader", "approve")
    take_back(world, stays["leader"], "leader")
    assert list(signers(world, done)) == ["leader"]
    world.complete(signers(world, done)["leader"], "leader", "object", opinion="再想想。")
    following = signers(world, done)["leader2"]
    look(world, following, "leader2")
    with pytest.raises(CannotWithdraw, match="已打开"):
        take_back(world, following, "leader")


def test_beside_others_a_signer_takes_only_his_own_answer_back(world: World) -> None:
    done, _, stays = asked(world, "parallel")
    world.complete(stays["leader"], "leader", "approve")
    world.complete(stays["leader2"], "leader2", "approve")
    look(world, stays["leader3"], "leader3")
    take_back(world, stays["leader"], "leader")
    assert sorted(signers(world, done)) == ["leader", "leader3"]
    world.complete(stays["leader3"], "leader3", "approve")
    world.complete(signers(world, done)["leader"], "leader", "approve")
    assert [each.step for each in world.open(done.case)] == ["office_check"]


def test_the_last_answer_is_locked_when_the_countersigning_is_over(world: World) -> None:
    _, _, stays = asked(world, "any")
    world.complete(stays["leader"], "leader", "approve")
    with pytest.raises(CannotWithdraw, match="已经结束"):
        take_back(world, stays["leader"], "leader")


def test_an_answer_of_a_lap_given_up_cannot_be_taken_back(world: World) -> None:
    done, _, stays = asked(world, "parallel")
    world.complete(stays["leader"], "leader", "approve")
    world.send_back(stays["leader2"], "leader2", "office_check")
    world.complete(world.open(done.case)[0], "office.head")
    with pytest.raises(CannotWithdraw):
        take_back(world, stays["leader"], "leader")
    assert sorted(signers(world, done)) == LEADERS


def test_what_was_handed_over_comes_back_until_it_is_opened(world: World) -> None:
    task = world.run(world.draft(), until="office_check")
    assert task is not None
    given = world.hand_over(task, "office.head", "secretary")
    (back,) = take_back(world, task, "office.head").opened
    assert (given.state, world.holders(back)) == ("recalled", ["office.head"])
    assert back.due_at == task.due_at
    again = world.hand_over(back, "office.head", "secretary")
    look(world, again, "secretary")
    with pytest.raises(CannotWithdraw, match="已打开"):
        take_back(world, back, "office.head")


def test_nobody_waits_for_ever_for_an_opinion(world: World) -> None:
    task = world.run(world.draft(), until="leader_sign")
    assert task is not None
    given = world.hand_over(task, "leader", "leader2", "consult")
    look(world, given, "leader2")
    with pytest.raises(CannotWithdraw, match="写明原因"):
        take_back(world, task, "leader")
    (back,) = take_back(world, task, "leader", "时限将至，不再等候。").opened
    assert (given.state, world.holders(back), back.kind) == ("closed", ["leader"], "step")
    world.complete(back, "leader")


def test_the_colleague_takes_back_what_he_did_and_has_it_again(world: World) -> None:
    task = world.run(world.draft(), until="office_check")
    assert task is not None
    given = world.hand_over(task, "office.head", "secretary")
    world.complete(given, "secretary")
    (back,) = take_back(world, given, "secretary").opened
    assert (back.step, world.holders(back)) == ("office_check", ["secretary"])


def test_a_recalled_reader_is_told_nothing_any_more(world: World) -> None:
    _, task, stays = asked(world, "parallel")
    world.session.add(
        Notice(
            person_id=world.actor("leader").person_id,
            kind="alarm",
            case_id=task.case_id,
            task_id=stays["leader"].id,
            text="请办。",
            at=world.at,
        )
    )
    world.session.commit()
    look(world, stays["leader2"], "leader2")
    take_back(world, task, "office.head")
    assert world.session.query(Notice).filter_by(task_id=stays["leader"].id).count() == 0


def test_the_page_knows_beforehand_what_would_come_back(world: World) -> None:
    _, task, stays = asked(world, "parallel")
    look(world, stays["leader2"], "leader2")
    plan, why_not = withdrawing.plan_of(
        look_at_task(world.session, world.actor("office.head"), task.id)
    )
    assert why_not is None
    assert plan is not None
    assert len(plan.recalled) == 2
    assert list(plan.kept) == [world.actor("leader2").name]
