"""Joint documents: every unit of this office sets its own seal, in order, by its own keeper."""

import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import NotFound
from app.handling.equipment import equipment
from app.handling.errors import NotYourTask
from app.handling.migrating import rehearsing, walks
from app.handling.models import Task
from app.handling.signing.joint import SealerUnknown
from app.organization import Unit
from app.organization.demo import CITY, EAST
from app.seals import papers, verification
from app.seals.models import Paper, Signature
from app.seals.registry import policies, shelf
from tests.handling.editions import given_to
from tests.handling.migrating.migrating import in_force, propose
from tests.handling.migrating.test_rehearsing import rehearse
from tests.handling.signing.direct import DIGITAL, SigningOffice, processes
from tests.handling.test_reposting import give, take
from tests.seals.certification import Certification
from tests.seals.registry.sealing import made

UNITS = {"东湖区水务局": (EAST, "east."), "江洲市水务局": (CITY, "city.")}


def seal_of(office: SigningOffice, name: str) -> None:
    """The unit gets a seal with its certificate, and seals with keys from now on."""
    world = office.world
    _, prefix = UNITS[name]
    admin = world.actor(f"{prefix}system.admin")
    given = (world.session, admin.unit_id, DIGITAL, "启用签名。", admin, world.at)
    policies.choose(*given, source="市水〔2026〕3号")
    world.session.commit()
    keeper = f"{prefix}seal.keeper"
    seal = made(world, f"{prefix}office.head", wording=name, keeper=keeper)
    authority, keys = processes(office.folder)
    certification = Certification(world.session, world, authority, keys, None)
    application = certification.ask(keeper, person_id=None, seal_id=seal.id)
    certification.review(application, f"{prefix}secretary")
    certification.grant(application, f"{prefix}archivist")
    certification.turn()
    world.session.refresh(application)
    certification.take_over(keeper, application.result_id)


@pytest.mark.parametrize(
    "others", [["东湖区水务局"], ["东湖区水务局", "江洲市水务局"]], ids=["two", "three"]
)
def test_units_of_this_office_seal_one_after_the_other(
    office: SigningOffice, tmp_path: Path, others: list[str]
) -> None:
    world = office.world
    for name in others:
        seal_of(office, name)
    done = world.draft(joint_issuers=others)
    office.run(done, "seal")
    keepers = ["seal.keeper", *(f"{UNITS[each][1]}seal.keeper" for each in others)]
    for keeper in keepers:
        assert world.document(done.case).state == "numbered"
        (task,) = world.open(done.case)
        assert (task.step, world.holders(task)) == ("seal", [keeper])
        for stranger in {*keepers} - {keeper}:
            with pytest.raises((NotYourTask, NotFound)):
                world.complete(task, stranger)
        office.complete(task, keeper)
    document = world.document(done.case)
    assert document.state == "sealed"
    office.run(done)
    kept = shelf.current(world.session, document)
    assert kept is not None
    pdf = equipment().store.get(kept.sha256)
    _ensure_in_order(office, document.id, kept, others)
    expected = verification.expected(world.session, pdf)
    trust = verification.trust(world.session)
    verdict = verification.verify(pdf, trust, world.at, expected=expected)
    assert (verdict.ok, verdict.codes) == (True, ("intact",))
    assert [each.unit for each in verdict.signatures[1:]] == ["江洲县水务局", *others]
    assert [each.changed for each in verdict.signatures] == ["filled"] * (len(others) + 1) + [
        "proof"
    ]
    _ensure_poppler_agrees(pdf, tmp_path / "joint.pdf", len(others) + 2)


def _ensure_in_order(
    office: SigningOffice, document_id: int, kept: Paper, others: list[str]
) -> None:
    """All fields were there at the sign-off; seals stand side by side in the order of 署名."""
    session = office.world.session
    first = session.scalars(
        sa.select(Paper).where(Paper.document_id == document_id).order_by(Paper.id)
    ).first()
    assert first is not None
    assert (first.stage, first.fields) == ("signed", kept.fields)
    seals = [each for each in papers.loaded(kept.fields) if each.locks]
    assert [each.name for each in seals] == [papers.SEAL, "单位印章-2", "单位印章-3"][: len(seals)]
    assert [each.issuer for each in seals] == ["江洲县水务局", *others]
    boxes = [each.box for each in seals if each.box is not None]
    places = [(each.page, each.top, each.left) for each in boxes]
    assert places == sorted(places)
    assert len({*places}) == len(others) + 1
    signed = session.scalars(
        sa.select(Signature.field)
        .where(Signature.document_id == document_id, Signature.kind == "seal")
        .order_by(Signature.id)
    ).all()
    assert [*signed] == [each.name for each in seals]


def _ensure_poppler_agrees(pdf: bytes, file: Path, count: int) -> None:
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("no pdfsig: apt-get install poppler-utils")
    file.write_bytes(pdf)
    said = subprocess.run(  # noqa: S603  our own file
        [program, "-nocert", str(file)], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature Validation: Signature is Valid.") == count


def test_an_agency_outside_and_one_without_keys_get_no_field(office: SigningOffice) -> None:
    world = office.world
    assert world.session.query(Unit).filter_by(key=EAST).one().name == "东湖区水务局"
    admin = world.actor("east.system.admin")
    given = (world.session, admin.unit_id, {"seal": "mark"}, "沿用。", admin, world.at)
    policies.choose(*given, source="市水〔2026〕3号")
    world.session.commit()
    done = world.draft(joint_issuers=["东湖区水务局", "南湖县财政局"])
    office.run(done, "final_check_dispatch")
    kept = shelf.current(world.session, world.document(done.case))
    assert kept is not None
    assert [each.name for each in papers.loaded(kept.fields) if each.locks] == [papers.SEAL]
    office.run(done)
    assert world.document(done.case).state == "dispatched"


def test_nobody_seals_over_the_name_of_a_unit_that_was_renamed(office: SigningOffice) -> None:
    world = office.world
    seal_of(office, "东湖区水务局")
    done = world.draft(joint_issuers=["东湖区水务局"])
    office.run(done, "seal")
    world.session.query(Unit).filter_by(key=EAST).update(
        {"name": "东湖区水利局", "short_name": "东湖水利"}
    )
    world.session.commit()
    (task,) = world.open(done.case)
    with pytest.raises(SealerUnknown, match="东湖区水务局"):
        office.complete(task, "seal.keeper")
    world.session.rollback()
    assert [each.id for each in world.open(done.case)] == [task.id]
    assert world.document(done.case).state == "numbered"


def test_a_unit_that_was_renamed_keeps_its_case_from_moving_and_no_other(
    office: SigningOffice,
) -> None:
    """The rehearsal says of which case it is so, and why, instead of being refused as a whole."""
    world = office.world
    seal_of(office, "东湖区水务局")
    joint, alone = world.draft(joint_issuers=["东湖区水务局"]), world.draft()
    office.run(joint, "seal")
    office.complete(world.open(joint.case)[0], "seal.keeper")
    office.run(alone, "seal")
    new = in_force(world, given_to("seal", "office-secretary"))
    assert rehearse(world, new).movable == 2
    world.session.query(Unit).filter_by(key=EAST).update(
        {"name": "东湖区水利局", "short_name": "东湖水利"}
    )
    world.session.commit()
    walks.forget()
    found = {each.case_id: each for each in rehearse(world, new).listed}
    assert found[alone.case.id].movable
    (why,) = found[joint.case.id].obstacles
    assert "东湖区水务局" in why
    assert "可能已经改名" in why
    above = rehearsing.rehearse(world.session, world.actor("city.process.admin"), new, world.at)
    (county,) = above.below  # which unit a document is issued with is its own business
    assert [(one.sentence, count) for one, count in county.why] == [
        ("“用印”按新版本没有人可以办理", 1)
    ]
    assert [each.case_id for each in propose(world, new, [joint.case, alone.case]).left_out] == [
        joint.case.id
    ]


def rename(office: SigningOffice) -> None:
    office.world.session.query(Unit).filter_by(key=EAST).update(
        {"name": "东湖区水利局", "short_name": "东湖水利"}
    )
    office.world.session.commit()


@pytest.fixture
def waiting(office: SigningOffice) -> Task:
    """The stay at the seal of a unit that has been renamed since it came there."""
    seal_of(office, "东湖区水务局")
    joint = office.world.draft(joint_issuers=["东湖区水务局"])
    office.run(joint, "seal")
    office.complete(office.world.open(joint.case)[0], "seal.keeper")
    rename(office)
    return office.world.open(joint.case)[0]


def test_a_unit_that_was_renamed_does_not_stop_the_following_of_posts(
    office: SigningOffice, waiting: Task
) -> None:
    world = office.world
    alone = world.draft()
    office.run(alone, "register_number")
    give(world, "archivist", "printing-room")
    take(world, "printing", "printing-room")
    assert world.holders(world.open(alone.case)[0]) == ["archivist"]
    assert (world.holders(waiting), waiting.blocked) == (["east.seal.keeper"], None)


def test_its_keeper_can_still_send_the_document_back(office: SigningOffice, waiting: Task) -> None:
    world, case = office.world, office.world.case_of(waiting)
    give(world, "archivist", "printing-room")
    world.send_back(waiting, "east.seal.keeper", "leader_sign", opinion="单位已改名，请重新签发。")
    assert [each.step for each in world.open(case)] == ["leader_sign"]


def test_without_a_keeper_it_stops_in_sight_and_says_why(
    office: SigningOffice, waiting: Task
) -> None:
    world = office.world
    take(world, "east.seal.keeper", "seal-keeper")
    give(world, "archivist", "printing-room")
    world.session.expire_all()
    assert world.holders(waiting) == ["process.admin", "process.admin2"]
    assert waiting.blocked is not None
    assert "东湖区水务局" in waiting.blocked
    give(world, "secretary", "printing-room")  # nothing is new: it stays as it is
    assert world.holders(waiting) == ["process.admin", "process.admin2"]
