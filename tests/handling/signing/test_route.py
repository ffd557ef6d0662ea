"""A document goes its way with keys: signed off, numbered, sealed, sent; and what stops it."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.documents.errors import FileMissing
from app.errors import Conflict, Invalid, NotAllowed
from app.handling.acts import editing, unsealing
from app.handling.acts.completing import Completion
from app.handling.acts.done import Done
from app.handling.acts.editing import Save
from app.handling.equipment import equipment
from app.handling.errors import OpinionMissing
from app.handling.models import Task
from app.handling.signing import ending
from app.handling.signing.checking import PaperNotGood
from app.handling.signing.needs import SignatureNeeded
from app.handling.views import paper
from app.seals import papers, verification
from app.seals.models import Paper, Signature, SignatureEnd
from app.seals.registry import making, shelf
from app.seals.registry.models import SealUse
from app.seals.signer.registering import TEXT_CHANGED
from tests.handling.administering import propose
from tests.handling.signing.direct import DIGITAL, SigningOffice, choose


def bodies(office: SigningOffice, action: str) -> list[dict[str, Any]]:
    query = sa.select(AuditEntry.body).where(AuditEntry.action == action)
    return [json.loads(each) for each in office.world.session.scalars(query)]


def ended(office: SigningOffice) -> list[tuple[str, str]]:
    query = sa.select(Signature.kind, SignatureEnd.reason).join(
        SignatureEnd, SignatureEnd.signature_id == Signature.id
    )
    return [(row[0], row[1]) for row in office.world.session.execute(query.order_by(Signature.id))]


def at(office: SigningOffice, step: str) -> tuple[Done, Task]:
    done = office.world.draft()
    task = office.run(done, step)
    assert task is not None
    return done, task


def test_a_notice_is_signed_numbered_sealed_and_sent(office: SigningOffice) -> None:
    world = office.world
    done = world.draft()
    office.run(done)
    document = world.document(done.case)
    assert (document.state, document.signatory) == ("dispatched", "刘国强")
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert kept.stage == "sealed"
    pdf = equipment().store.get(kept.sha256)
    assert papers.filled(pdf)[papers.NUMBER] == document.number
    assert paper.issued(world.session, world.actor("drafter"), document.id).pdf() == pdf
    expected = verification.expected(world.session, pdf)
    trust = verification.trust(world.session)
    verdict = verification.verify(pdf, trust, world.at, expected=expected)
    assert (verdict.ok, verdict.codes) == (True, ("intact",))
    (sent,) = bodies(office, "document.dispatched")
    assert sent["detail"]["paper_sha256"] == kept.sha256
    assert sent["detail"]["paper_sm3"] == kept.sm3


def test_an_act_without_a_signature_has_changed_nothing(office: SigningOffice) -> None:
    done, task = at(office, "leader_sign")
    with pytest.raises(SignatureNeeded) as needed:
        office.world.complete(task, "leader")
    assert needed.value.need.field == papers.SIGN_OFF
    assert office.world.document(done.case).state == "reviewing"
    assert [each.step for each in office.world.open(done.case)] == ["leader_sign"]
    assert office.world.session.scalars(sa.select(Paper)).all() == []


def test_what_else_is_wrong_is_said_before_anybody_is_asked_to_sign(office: SigningOffice) -> None:
    _, task = at(office, "leader_sign")
    with pytest.raises(OpinionMissing):
        office.world.complete(task, "leader", opinion="")


def test_a_text_changed_after_the_signature_needs_another(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "leader_sign")
    with pytest.raises(SignatureNeeded) as needed:
        world.complete(task, "leader")
    office.sign(needed.value, Completion(None, task.revision, "同意。"))
    document = world.document(done.case)
    world._act(
        editing.save, world.actor("leader"), document.id, Save({"body": "改了一处。\n如下。"})
    )
    world.session.refresh(task)
    with pytest.raises(SignatureNeeded) as again:
        world.complete(task, "leader")
    office.sign(again.value, Completion(None, task.revision, "同意。"))
    world.complete(task, "leader")
    assert ended(office) == [("signatory", TEXT_CHANGED)]
    assert document.state == "signed"


def test_going_back_behind_the_sign_off_ends_signature_and_seal(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "final_check_dispatch")
    number = world.document(done.case).number
    world.send_back(task, "secretary", "draft")
    assert [kind for kind, _ in ended(office)] == ["signatory", "seal"]
    document = world.document(done.case)
    assert (document.number, document.signatory) == (number, None)
    assert shelf.current(world.session, document) is None
    office.run(done)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert papers.filled(equipment().store.get(kept.sha256))[papers.NUMBER] == number
    assert document.state == "dispatched"


def test_going_back_to_the_seal_keeps_the_sign_off(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "final_check_dispatch")
    world.send_back(task, "secretary", "seal")
    assert [kind for kind, _ in ended(office)] == ["seal"]
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("numbered", "numbered")
    office.run(done)
    assert document.state == "dispatched"


def test_a_suspended_seal_is_not_used(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "seal")
    world._act(making.suspend, world.actor("office.head"), world.at, office.seal.id, "遗失。")
    with pytest.raises(Conflict, match="没有保管可用于此件的印章"):
        world.complete(task, "seal.keeper")
    with pytest.raises(Invalid, match="不在可选范围内"):
        world.complete(task, "seal.keeper", fields={"seal": str(office.seal.id)})
    assert world.document(done.case).state == "numbered"


def test_a_file_with_a_changed_byte_is_not_sent(office: SigningOffice) -> None:
    """SIG-44: one byte changed in the store, whoever did it."""
    world = office.world
    done, task = at(office, "final_check_dispatch")
    kept = shelf.current(world.session, world.document(done.case))
    assert kept is not None
    content = bytearray(equipment().store.get(kept.sha256))
    content[len(content) // 2] ^= 1
    (path,) = office.folder.rglob(kept.sha256)
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(FileMissing):
        office.try_to(task, "secretary")
    assert world.document(done.case).state == "sealed"


def test_a_paper_that_is_not_what_the_record_says_is_not_sent(office: SigningOffice) -> None:
    """The file from before the seal, put in the place of the sealed one."""
    world = office.world
    done, task = at(office, "final_check_dispatch")
    document = world.document(done.case)
    before = shelf.current(world.session, document, "numbered")
    assert before is not None
    content = equipment().store.get(before.sha256)
    shelf.keep(world.session, document, "sealed", content, before.fields, world.at)
    world.session.commit()
    with pytest.raises(PaperNotGood, match="没有通过核验"):
        office.try_to(task, "secretary")
    assert document.state == "sealed"


def test_a_signature_whose_act_never_came_counts_no_more(office: SigningOffice) -> None:
    world = office.world
    _, task = at(office, "leader_sign")
    with pytest.raises(SignatureNeeded) as needed:
        world.complete(task, "leader")
    office.sign(needed.value, Completion(None, task.revision, "同意。"))
    assert ending.end_strays(world.session, world.at) == 0
    world.later(minutes=11)
    assert ending.end_strays(world.session, world.at) == 1
    world.session.commit()
    with pytest.raises(SignatureNeeded):
        world.complete(task, "leader")
    assert ended(office) == [("signatory", "签名之后没有提交，不作数。")]


def test_signatures_of_acts_that_were_done_are_no_strays(office: SigningOffice) -> None:
    at(office, "final_check_dispatch")
    office.world.later(days=1)
    assert ending.end_strays(office.world.session, office.world.at) == 0


def test_what_was_signed_on_record_is_sealed_with_its_number_on_the_page(
    office: SigningOffice,
) -> None:
    """The unit changes over while documents are on their way."""
    world = office.world
    choose(world, {"sign_off": "record", "seal": "digital"})
    done, _ = at(office, "seal")
    choose(world, DIGITAL)
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert [each["name"] for each in kept.fields] == [papers.SEAL]
    assert document.state == "dispatched"


def test_keeper_and_signatory_are_on_record_when_they_are_one(office: SigningOffice) -> None:
    at(office, "final_check_dispatch")
    (sealed,) = bodies(office, "document.sealed")
    assert (sealed["detail"]["same_person"], sealed["detail"]["way"]) == (False, "digital")


def test_a_picture_of_the_seal_stands_on_the_page_and_in_the_register(
    office: SigningOffice,
) -> None:
    """SIG-10."""
    world = office.world
    choose(world, {"sign_off": "record", "seal": "image"})
    done, _ = at(office, "final_check_dispatch")
    document = world.document(done.case)
    issued = paper.issued(world.session, world.actor("drafter"), document.id)
    set_plain = paper.of_document(world.session, world.actor("drafter"), document.id)
    world.session.rollback()
    made, plain = issued.pdf(), set_plain.pdf()
    assert made.startswith(plain)
    assert len(made) > len(plain)
    (use,) = world.session.scalars(sa.select(SealUse))
    keeper = world.actor("seal.keeper").person_id
    assert (use.way, use.person_id, use.content_sha256) == (
        *("image", keeper),
        document.content_sha256,
    )
    office.run(done)
    assert document.state == "dispatched"


def test_where_documents_bear_no_seal_the_step_is_absent(office: SigningOffice) -> None:
    """SIG-11: validity is shown by the sign-off."""
    world = office.world
    choose(world, {"sign_off": "record", "seal": "none"})
    done, task = at(office, "final_check_dispatch")
    document = world.document(done.case)
    assert (document.state, document.sealed_at) == ("numbered", None)
    query = sa.select(Task.step).where(Task.case_id == done.case.id)
    assert "seal" not in set(world.session.scalars(query))
    office.try_to(task, "secretary")
    assert document.state == "dispatched"


def test_where_documents_bear_no_seal_a_jump_asks_for_none(office: SigningOffice) -> None:
    """SIG-11 with OUT-09; the number is asked for all the same."""
    world = office.world
    choose(world, {"sign_off": "record", "seal": "none"})
    done, task = at(office, "register_number")
    with pytest.raises(Invalid, match="此件尚未编号，"):
        propose(world, done.case, "move", task, "final_check_dispatch")


def test_signed_but_not_sealed_it_goes_out_with_an_archival_stamp(office: SigningOffice) -> None:
    """SIG-11, where the leader signs with his key and no seal follows."""
    world = office.world
    choose(world, {"sign_off": "digital", "seal": "none"})
    done = world.draft()
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("dispatched", "renewed")
    pdf = equipment().store.get(kept.sha256)
    expected = verification.expected(world.session, pdf)
    verdict = verification.verify(
        pdf, verification.trust(world.session), world.at, expected=expected
    )
    assert (verdict.ok, verdict.codes) == (True, ("intact",))


def test_the_keeper_takes_his_seal_off_before_dispatch(office: SigningOffice) -> None:
    world = office.world
    done, _ = at(office, "final_check_dispatch")
    document, number = world.document(done.case), world.document(done.case).number
    with pytest.raises(Invalid, match="须写明原因"):
        world._act(unsealing.take_off, world.actor("seal.keeper"), done.case.id, " ")
    with pytest.raises(NotAllowed):
        world._act(unsealing.take_off, world.actor("secretary"), done.case.id, "盖错了。")
    world._act(unsealing.take_off, world.actor("seal.keeper"), done.case.id, "印迹压字。")
    assert ([e.step for e in world.open(done.case)], document.state) == (["seal"], "numbered")
    assert [kind for kind, _ in ended(office)] == ["seal"]
    assert (document.number, document.signatory) == (number, "刘国强")
    office.run(done)
    with pytest.raises(Conflict):
        world._act(unsealing.take_off, world.actor("seal.keeper"), done.case.id, "晚了。")
