"""撤销 before sign-off, 作废 after it."""

import pytest

from app import audit, clock
from app.documents.models import IssuedNumber
from app.errors import Conflict, Invalid, NotAllowed
from app.handling.acts import cancelling
from app.handling.acts.done import Done
from app.handling.models import Notice
from tests.world import World


def at(world: World, step: str) -> Done:
    done = world.draft()
    assert world.run(done, until=step) is not None
    return done


def void(world: World, login: str, done: Done, reason: str = "内容有误。") -> None:
    with clock.moved_to(world.at):
        cancelling.void(world.session, world.actor(login), done.case.id, reason)
        world.session.commit()


def test_a_signed_document_is_voided_with_its_number_and_everybody_knows(world: World) -> None:
    done = at(world, "seal")
    number = world.document(done.case).number
    void(world, "office.head", done)
    assert done.case.state == "cancelled"
    assert world.open(done.case) == []
    assert world.document(done.case).state == "cancelled"
    entry = world.session.query(IssuedNumber).filter_by(text=number).one()
    assert (entry.state, entry.reason) == ("void", "内容有误。")
    told = {row.person_id for row in world.session.query(Notice).filter_by(kind="cancelled")}
    assert {world.actor(login).person_id for login in ("drafter", "leader")} <= told
    last = audit.case_entries(world.session, done.case.id)[-1]
    assert (last.action, last.reason) == ("case.voided", "内容有误。")


def test_the_drafter_voids_until_there_is_a_number(world: World) -> None:
    done = at(world, "register_number")
    with pytest.raises(NotAllowed):
        void(world, "printing", done)
    world.session.rollback()
    with pytest.raises(Invalid, match="原因"):
        void(world, "drafter", done, " ")
    world.session.rollback()
    void(world, "drafter", done)
    numbered = at(world, "seal")
    with pytest.raises(NotAllowed, match="办公室负责人"):
        void(world, "drafter", numbered)


def test_nothing_is_voided_before_it_is_signed_or_after_it_is_sent(world: World) -> None:
    done = at(world, "leader_sign")
    with pytest.raises(Conflict, match="尚未签发"):
        void(world, "office.head", done)
    world.session.rollback()
    world.run(done)
    with pytest.raises(Conflict):
        void(world, "office.head", done)
