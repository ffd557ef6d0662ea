"""命令 and 议案: the sign-off shows the 签名章 of who signs, and leaves nothing to seal."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.handling.equipment import equipment
from app.handling.models import Task
from app.handling.signing.needs import SignatureNeeded
from app.handling.views import paper, process_sheet_print
from app.seals import papers, verification
from app.seals.models import Seal, Signature
from app.seals.registry import making, shelf
from app.seals.registry.errors import SealNotActive
from app.seals.registry.models import SealUse
from tests.handling.signing.direct import SigningOffice, choose
from tests.seals.registry.sealing import handwriting, made

BILL = {
    "kind": "议案",
    "direction": "upward",
    "title": "江洲县水务局关于提请审议河道管理办法的议案",
}


def stamp(office: SigningOffice, login: str = "unit.head", name: str = "郑德明") -> Seal:
    """签名章 of a leader with his handwriting, looked at by the second person."""
    world = office.world
    seal = made(world, kind="signature", wording=name, diameter=40, owner=login)
    picture = equipment().store.put(handwriting())
    world._act(making.bring_picture, world.actor("office.head"), world.at, seal.id, picture)
    world._act(making.resume, world.actor("security.admin"), world.at, seal.id, "已核对。")
    return seal


def bill(office: SigningOffice, until: str) -> tuple[Any, Task]:
    done = office.world.request(**BILL)
    task = office.run(done, until)
    assert task is not None
    return done, task


def test_a_bill_is_signed_with_the_stamp_and_not_sealed(office: SigningOffice) -> None:
    world = office.world
    seal = stamp(office)
    done, task = bill(office, "final_check_dispatch")
    document = world.document(done.case)
    assert (document.state, document.sealed_at) == ("numbered", None)
    steps = set(world.session.scalars(sa.select(Task.step).where(Task.case_id == done.case.id)))
    assert "seal" not in steps
    (signature,) = world.session.scalars(sa.select(Signature))
    assert (signature.kind, signature.seal_id) == ("signatory", seal.id)
    kept = shelf.current(world.session, document)
    assert kept is not None
    fields = papers.loaded(kept.fields)
    (own,) = [each for each in fields if not each.is_text]
    assert (own.name, own.box is not None) == (papers.SIGN_OFF, True)
    office.try_to(task, "secretary")
    assert document.state == "dispatched"
    sent = shelf.current(world.session, document)
    assert sent is not None
    pdf = equipment().store.get(sent.sha256)
    expected, trust = verification.expected(world.session, pdf), verification.trust(world.session)
    assert verification.verify(pdf, trust, world.at, expected=expected).codes == ("intact",)


def test_a_suspended_stamp_signs_nothing(office: SigningOffice) -> None:
    """SIG-15; until the second person has looked at a picture it signs nothing either."""
    world = office.world
    seal = stamp(office)
    world._act(making.suspend, world.actor("office.head"), world.at, seal.id, "遗失。")
    done, task = bill(office, "unit_head_sign")
    with pytest.raises(SealNotActive, match="签名章停用"):
        world.complete(task, "unit.head")
    assert world.document(done.case).state == "reviewing"


def test_the_stamp_of_somebody_else_is_not_shown(office: SigningOffice) -> None:
    """Its own signatory has none: the paper is stamped by hand, and marked."""
    stamp(office, login="leader", name="刘国强")
    done, task = bill(office, "unit_head_sign")
    with pytest.raises(SignatureNeeded) as needed:
        office.world.complete(task, "unit.head")
    assert (needed.value.need.stamp_id, needed.value.need.seal_id) == (None, None)
    office.complete(task, "unit.head")
    waiting = office.run(done, "seal")
    assert waiting is not None
    office.world.complete(waiting, "seal.keeper")
    assert office.world.document(done.case).state == "sealed"


def test_handwriting_is_shown_where_the_unit_wants_it(office: SigningOffice) -> None:
    """SIG-10: signed off on record, on page and sheet as a picture, each on the register."""
    world = office.world
    seal = stamp(office)
    choose(world, {"sign_off": "record", "seal": "mark", "picture": "shown"})
    done, _ = bill(office, "final_check_dispatch")
    document = world.document(done.case)
    assert (document.state, document.sealed_at) == ("numbered", None)
    (use,) = world.session.scalars(sa.select(SealUse))
    assert (use.way, use.seal_id, use.content_sha256) == (
        *("image", seal.id),
        document.content_sha256,
    )
    sheet = process_sheet_print.of_case(world.session, world.actor("drafter"), done.case.id)
    issued = paper.issued(world.session, world.actor("drafter"), document.id)
    plain = paper.of_document(world.session, world.actor("drafter"), document.id)
    (entry,) = sheet.sheet.boxes[0].entries
    assert entry.picture == seal.picture
    world.session.rollback()
    assert b"/Subtype /Image" in sheet.pdf()
    made_of, before = issued.pdf(), plain.pdf()
    assert made_of.startswith(before)
    assert len(made_of) > len(before)


def test_handwriting_stays_as_it_was_when_another_picture_is_brought(
    office: SigningOffice,
) -> None:
    world = office.world
    seal = stamp(office)
    before = seal.picture
    choose(world, {"sign_off": "record", "seal": "mark", "picture": "shown"})
    done, _ = bill(office, "final_check_dispatch")
    world._act(making.bring_picture, world.actor("office.head"), world.at, seal.id, "b" * 64)
    sheet = process_sheet_print.of_case(world.session, world.actor("drafter"), done.case.id)
    assert [each.picture for each in sheet.sheet.boxes[0].entries] == [before]


def test_no_handwriting_is_shown_where_the_unit_has_not_chosen_it(office: SigningOffice) -> None:
    world = office.world
    stamp(office)
    choose(world, {"sign_off": "record", "seal": "mark"})
    done, _ = bill(office, "seal")
    sheet = process_sheet_print.of_case(world.session, world.actor("drafter"), done.case.id)
    assert [each.picture for each in sheet.sheet.boxes[0].entries] == [""]
    assert world.session.scalars(sa.select(SealUse)).all() == []
