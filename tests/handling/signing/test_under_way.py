"""What changes while a paper is under way: the ways of signing, the seal that the keeper takes."""

import pytest
import sqlalchemy as sa

from app.errors import Conflict
from app.handling.acts.completing import Completion
from app.handling.models import Task
from app.handling.signing import ending
from app.handling.signing.needs import SignatureNeeded
from app.seals import papers
from app.seals.models import Seal, Signature
from app.seals.registry import making, shelf
from tests.handling.signing.direct import DIGITAL, SigningOffice, choose, processes
from tests.handling.signing.test_route import at, ended
from tests.seals.certification import Certification
from tests.seals.registry.sealing import made

NONE = {"sign_off": "digital", "seal": "none"}
ON_RECORD = {"sign_off": "record", "seal": "mark"}


@pytest.mark.parametrize("later", [NONE, ON_RECORD], ids=["none", "mark"])
def test_a_page_that_was_signed_for_a_seal_is_sealed(
    office: SigningOffice, later: dict[str, str]
) -> None:
    """The unit chooses otherwise between sign-off and seal: no field stays empty."""
    world = office.world
    done, _ = at(office, "register_number")
    choose(world, later)
    assert office.run(done, "seal") is not None
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("dispatched", "sealed")


def test_a_page_that_was_signed_without_a_seal_goes_out_without(office: SigningOffice) -> None:
    world = office.world
    choose(world, NONE)
    done, _ = at(office, "register_number")
    choose(world, DIGITAL)
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage, document.sealed_at) == ("dispatched", "renewed", None)


def test_what_was_signed_on_record_follows_the_unit(office: SigningOffice) -> None:
    """No page is bound yet: it is set with its number, and sealed as the unit does by now."""
    world = office.world
    choose(world, ON_RECORD)
    done, _ = at(office, "register_number")
    choose(world, DIGITAL)
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("dispatched", "sealed")


def test_where_the_seal_is_gone_it_goes_back_and_is_signed_off_as_the_unit_does_now(
    office: SigningOffice,
) -> None:
    """The clear path out: the sign-off is taken back, and nothing binds the document any more."""
    world = office.world
    done, task = at(office, "seal")
    world._act(making.suspend, world.actor("office.head"), world.at, office.seal.id, "遗失。")
    choose(world, NONE)
    with pytest.raises(Conflict, match="没有保管可用于此件的印章"):
        world.complete(task, "seal.keeper")
    world.send_back(task, "seal.keeper", "leader_sign")
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert [each["name"] for each in kept.fields if each["kind"] == papers.SEAL] == []
    assert (document.state, kept.stage) == ("dispatched", "renewed")


def second_seal(office: SigningOffice) -> Seal:
    """The office has a seal of its own, with the same keeper."""
    world = office.world
    seal = made(world, wording="江洲县水务局办公室")
    authority, keys = processes(office.folder)
    certification = Certification(world.session, world, authority, keys, None)
    certification.accepted("seal.keeper", person_id=None, seal_id=seal.id)
    return seal


def sealed_with(office: SigningOffice, task: Task, seal_id: int) -> None:
    """The keeper seals, and his browser dies before the act is done again."""
    chosen = {"fields": {"seal": str(seal_id)}}
    with pytest.raises(SignatureNeeded) as needed:
        office.world.complete(task, "seal.keeper", **chosen)
    office.sign(needed.value, Completion(None, task.revision, "同意。", **chosen))


def test_a_seal_that_was_not_submitted_keeps_no_other_out(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "seal")
    first, second = office.seal.id, second_seal(office).id
    sealed_with(office, task, first)
    chosen = {"fields": {"seal": str(second)}}
    office.complete(task, "seal.keeper", **chosen)
    document = world.document(done.case)
    assert document.state == "sealed"
    assert ended(office) == [("seal", "改用另一枚印章，原用印没有提交，不作数。")]
    query = sa.select(Signature.seal_id).where(Signature.kind == "seal").order_by(Signature.id)
    assert world.session.scalars(query).all() == [first, second]
    office.run(done)
    assert document.state == "dispatched"


def test_the_same_order_again_has_the_same_answer(office: SigningOffice) -> None:
    """Sent twice, it is one use of the seal."""
    world = office.world
    _, task = at(office, "seal")
    chosen = {"fields": {"seal": str(office.seal.id)}}
    with pytest.raises(SignatureNeeded) as needed:
        world.complete(task, "seal.keeper", **chosen)
    order = office.order(needed.value, Completion(None, task.revision, "同意。", **chosen))
    office.sign_order(order)
    office.sign_order(order)
    office.complete(task, "seal.keeper", **chosen)
    office.sign_order(order)
    query = sa.select(sa.func.count()).select_from(Signature).where(Signature.kind == "seal")
    assert world.session.scalar(query) == 1


def test_strays_are_ended_one_to_a_transaction(office: SigningOffice) -> None:
    world = office.world
    for _ in range(2):
        _, task = at(office, "leader_sign")
        with pytest.raises(SignatureNeeded) as needed:
            world.complete(task, "leader")
        office.sign(needed.value, Completion(None, task.revision, "同意。"))
    world.later(minutes=30)
    found = []
    for _ in range(3):
        found.append(ending.end_strays(world.session, world.at))
        world.session.commit()
    assert found == [1, 1, 0]
