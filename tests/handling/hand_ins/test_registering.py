"""Papers handed in for review: taken in beside their electronic document, or not at all."""

import pytest
import sqlalchemy as sa

from app import clock
from app.errors import DomainError, Invalid, NotAllowed
from app.handling.acts.done import Done
from app.handling.hand_ins import registering
from app.handling.hand_ins.models import HandIn
from tests.world import World


def take_in(world: World, login: str, number: str, remark: str = "稿纸一份") -> HandIn:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        paper = registering.register(world.session, world.actor(login), number, remark)
        world.session.commit()
    return paper


def refused(world: World, login: str, number: str, kind: type[DomainError], words: str) -> None:
    with pytest.raises(kind, match=words):
        take_in(world, login, number)
    world.session.rollback()
    assert world.session.scalars(sa.select(HandIn)).all() == []


@pytest.fixture
def at_check(world: World) -> Done:
    done = world.draft()
    world.run(done, "office_check")
    return done


@pytest.mark.parametrize("login", ["secretary", "dispatcher", "office.head"])
def test_the_office_takes_in_what_is_on_its_way(world: World, at_check: Done, login: str) -> None:
    paper = take_in(world, login, f" {at_check.case.id} ")
    assert (paper.case_id, paper.version, paper.remark) == (at_check.case.id, 1, "稿纸一份")
    assert paper.received_by_name == world.actor(login).name
    assert registering.of_case(world.session, at_check.case.id) == [paper]
    assert [task.step for task in world.open(at_check.case)] == ["office_check"]


def test_nobody_else_does(world: World, at_check: Done) -> None:
    refused(world, "drafter", str(at_check.case.id), NotAllowed, "由办公室登记")


@pytest.mark.parametrize("number", ["", " ", "0", "99", "-1", "1.5", "一", "9" * 30])
def test_without_an_electronic_document_nothing_is_begun(
    world: World, at_check: Done, number: str
) -> None:
    refused(world, "secretary", number, Invalid, "不予受理")


def test_a_draft_was_not_submitted_yet(world: World) -> None:
    done = world.draft()
    refused(world, "secretary", str(done.case.id), Invalid, "还在拟稿人手上")


def test_what_is_signed_is_not_handed_in_any_more(world: World) -> None:
    done = world.draft()
    world.run(done, "register_number")
    refused(world, "secretary", str(done.case.id), Invalid, "已经签发")


def test_a_received_document_is_not_sent_for_review(world: World) -> None:
    done = world.register()
    refused(world, "secretary", str(done.case.id), Invalid, "不是本单位拟稿的公文")


def test_that_of_another_unit_is_as_good_as_none(world: World) -> None:
    done = world.draft("city.drafter")
    world.run(done, "office_check")
    refused(world, "secretary", str(done.case.id), Invalid, "没有件号为")
