"""卷宗包: judged by its own verifier, alone with the standard library, whole and damaged."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import clock
from app.audit import Checkpoint, record, signed_by_rule
from app.documents.attachments import Upload
from app.documents.storage import Store
from app.errors import Conflict, NotFound
from app.handling.acts import editing
from app.handling.casefile import packing, verify
from app.handling.casefile.errors import NotItself
from app.handling.casefile.verify import Broken, Files
from app.handling.equipment import equipment
from tests.handling.casefiles import KEY, OTHER, PUBLIC, resigned, sign
from tests.handling.casefiles import taken as taken_of
from tests.handling.editions import renamed
from tests.handling.migrating.migrating import in_force, moved, stand
from tests.handling.test_recomputing import enter
from tests.world import World


@dataclass
class Taken:
    """A case file with what it was made of."""

    data: bytes
    case_id: int
    checkpoint: Checkpoint

    @property
    def files(self) -> Files:
        return verify.unpack(self.data)


@pytest.fixture
def taken(world: World) -> Taken:
    """A document that was changed, sent back and dispatched, with an attachment."""
    done = world.draft()
    digest = equipment().store.put(b"annex")
    with clock.moved_to(world.at):
        upload = Upload("附表 一.tif", "image/tiff", 5, digest)
        editing.attach_all(world.session, world.actor("drafter"), done, [upload])
        world.session.commit()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "dept_review", opinion="请补充依据。")
    world.run(done)
    checkpoint = sign(world)
    store = equipment().store
    data = packing.case_file(world.session, done.case.id, checkpoint, KEY, store, world.at)
    return Taken(data, done.case.id, checkpoint)


def refused(data: bytes, key: str | None = None) -> str:
    with pytest.raises(Broken) as fault:
        verify.verify(data, key)
    return str(fault.value)


def test_a_case_file_stands_and_says_what_was_checked(taken: Taken) -> None:
    said = verify.verify(taken.data, PUBLIC)
    assert "文件与清单一致" in said[0]
    assert "都在" in said[1]
    assert "附件 1 个" in said[2]
    assert "与给出的一致" in said[3]
    names = {name.partition("/")[0] for name in taken.files}
    assert {"versions", "attachments", "diagram", "verify.py", "case.html", "说明.txt"} <= names
    assert {"limits.json", "words.json", "check.html"} <= names
    page = taken.files["case.html"].decode()
    assert "请补充依据。" in page
    assert "<script" not in page


def test_it_says_by_which_calendar_and_rules_limits_were_counted(
    world: World, taken: Taken
) -> None:
    limits = json.loads(taken.files["limits.json"])
    stays = {each["step"]: each for each in limits["stays"]}
    assert stays["dept_review"]["due_at"]
    assert stays["dept_review"]["sum"]
    assert any((each["rule"] or {}).get("id") for each in limits["limits"])
    (calendar,) = limits["calendars"]
    days = {each["day"]: each for each in calendar["days"]}
    assert days["2026-11-23"]["hours"] == ["08:30-12:00", "14:00-18:00"]
    assert calendar["version"] == stays["dept_review"]["calendar_version"]


def test_each_limit_comes_with_the_calendar_it_was_counted_by(world: World) -> None:
    """A day off is entered under way, and longer hours after the end: neither moves what was."""
    done = world.draft()
    enter(world, "2026-11-24")
    world.run(done, until="office_check")
    checkpoint = sign(world)
    enter(world, "2026-11-25")
    data = taken_of(world, done.case.id, checkpoint)
    verify.verify(data, PUBLIC)
    said = json.loads(verify.unpack(data)["limits.json"])
    old, new = said["calendars"]
    days = [{each["day"]: each["hours"] for each in found["days"]} for found in (old, new)]
    assert (len(days[0]["2026-11-24"]), days[1]["2026-11-24"]) == (2, [])
    assert len(days[1]["2026-11-25"]) == 2
    named = {each["calendar_version"] for each in said["limits"]}
    assert named == {old["version"], new["version"]}
    sentence = verify.recounted(verify.unpack(data))
    counted = sum(each["kind"] == "overdue" for each in said["limits"])
    assert sentence == f"时限 {counted} 个，用所附工作日历重新计算，{counted} 个与记录一致。"

    for each in said["limits"]:
        each["calendar_version"] = new["version"]
    files = {**verify.unpack(data), "limits.json": json.dumps(said).encode()}
    assert "另有安排" in verify.recounted(files)


def test_an_archive_of_before_the_calendars_is_believed_as_before(taken: Taken) -> None:
    def change(files: Files) -> None:
        said = json.loads(files["limits.json"])
        said["calendar"] = said.pop("calendars")[0]
        files["limits.json"] = json.dumps(said).encode()

    older = resigned(taken.files, change)
    verify.verify(older, PUBLIC)
    assert verify.recounted(verify.unpack(older)) == ""


def test_what_its_unit_had_chosen_goes_along_with_proofs(world: World) -> None:
    """What other units chose, or what was chosen after the case had ended, does not."""
    unit, other = world.actor("drafter").unit_id, world.actor("drafter").unit_id + 999
    by = signed_by_rule("测试")

    def chosen(of: int | None) -> None:
        detail = {"unit": of, "from": {}, "to": {}}
        record(world.session, "policy.chosen", by, at=world.at, detail=detail)
        world.session.commit()

    chosen(unit)
    chosen(other)
    done = world.draft()
    world.run(done)
    world.later(hours=1)
    chosen(unit)
    data = taken_of(world, done.case.id, sign(world))
    verify.verify(data, PUBLIC)
    basis = json.loads(verify.unpack(data)["record.json"])["basis"]
    assert [json.loads(each["body"])["detail"]["unit"] for each in basis] == [unit]


def test_an_entry_left_out_is_missed_although_everything_is_signed(taken: Taken) -> None:
    """By whoever holds the key: each entry names the one before it of its case."""

    def change(files: Files) -> None:
        record = json.loads(files["record.json"])
        del record["entries"][3]
        files["record.json"] = json.dumps(record).encode()

    assert "之前缺少此件的记录" in refused(resigned(taken.files, change))


def test_the_verifier_alone_judges_with_nothing_but_python(taken: Taken, tmp_path: Path) -> None:
    """As somebody outside: only what is in the archive, no package of ours."""
    (tmp_path / "verify.py").write_bytes(taken.files["verify.py"])
    (tmp_path / "good.zip").write_bytes(taken.data)
    (tmp_path / "bad.zip").write_bytes(taken.data.replace("请补充依据".encode(), b"\xe8" * 15))

    def judge(*words: str) -> tuple[int, str]:
        run = [sys.executable, "-I", "-S", "verify.py", *words]
        ended = subprocess.run(  # noqa: S603  (our own verifier)
            run, cwd=tmp_path, capture_output=True, timeout=60, check=False
        )
        return ended.returncode, (ended.stdout + ended.stderr).decode()

    status, said = judge("good.zip", "--key", PUBLIC)
    assert (status, "卷宗包完好" in said) == (0, True), said
    status, said = judge("bad.zip")
    assert (status, "卷宗包不可信" in said) == (1, True), said
    assert judge()[0] == 2


def test_any_byte_that_was_changed_is_found(taken: Taken) -> None:
    """A hundred places, drawn with a stated seed, and every place of the list's end."""
    chance = random.Random(20261126)  # noqa: S311  (places to damage, no secret)
    places = [chance.randrange(len(taken.data)) for _ in range(40)]
    places += [len(taken.data) - 1 - each for each in range(8)]
    places += [*range(0, 30, 3)]
    for place in places:
        damaged = bytearray(taken.data)
        damaged[place] ^= 1 << chance.randrange(8)
        assert not whole(bytes(damaged)), place
    for length in (0, 1, 29, len(taken.data) // 2, len(taken.data) - 1):
        assert not whole(taken.data[:length])
    assert not whole(taken.data + b"\0")


def whole(data: bytes) -> bool:
    try:
        verify.verify(data)
    except (Broken, KeyError, TypeError, ValueError, AttributeError, IndexError):
        return False
    return True


def replaced(folder: str, content: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        name = next(name for name in sorted(files) if name.startswith(folder))
        files[name] = content

    return change


FORGED = [
    ("a text", replaced("versions/", b"{}"), "不是记录里的任何一个版本"),
    ("an attachment", replaced("attachments/", b"other"), "不是任何一个版本的附件"),
    ("the diagram", replaced("diagram/", b"<a/>"), "不是此件办理时的版本"),
    ("a paper", lambda files: files.update({"papers/1-sealed.pdf": b"%PDF"}), "不是记录里的版式"),
    ("the record", replaced("record.json", b"no"), "不能读取"),
]


@pytest.mark.parametrize(("what", "change", "sentence"), FORGED, ids=[each[0] for each in FORGED])
def test_what_the_record_does_not_name_is_refused_although_signed(
    taken: Taken, what: str, change: Callable[[Files], None], sentence: str
) -> None:
    assert sentence in refused(resigned(taken.files, change))


def test_the_record_inside_cannot_be_changed_although_the_list_is_signed(taken: Taken) -> None:
    def change(files: Files) -> None:
        record = json.loads(files["record.json"])
        record["entries"][2]["body"] = record["entries"][2]["body"].replace("同意", "不同意")
        del record["entries"][4]["path"][0]
        files["record.json"] = json.dumps(record).encode()

    assert "不在检查点之内" in refused(resigned(taken.files, change))


def test_another_key_is_seen(taken: Taken) -> None:
    forged = resigned(taken.files, lambda files: None, OTHER)
    assert "检查点的签名不符" in refused(forged)
    assert "另一把密钥" in refused(forged, PUBLIC)


def test_files_added_or_taken_out_are_named(taken: Taken) -> None:
    assert "清单里没有“more.txt”" in refused(verify.pack({**taken.files, "more.txt": b""}))
    less = {name: data for name, data in taken.files.items() if name != "verify.py"}
    assert "缺少“verify.py”" in refused(verify.pack(less))
    assert "缺少清单" in refused(verify.pack({"a": b""}))


def test_what_cannot_be_packed_is_said(world: World, tmp_path: Path) -> None:
    early = sign(world)
    done = world.draft()
    store = Store(tmp_path)
    with pytest.raises(Conflict, match="检查点之后才发起"):
        packing.case_file(world.session, done.case.id, early, KEY, store, world.at)
    with pytest.raises(NotFound):
        packing.case_file(world.session, 999, early, KEY, store, world.at)


@pytest.mark.parametrize("place", range(12))
def test_the_signatures_are_judged_as_the_library_judges_them(place: int) -> None:
    """RFC 8032 against ``cryptography``, on good signatures and on damaged ones."""
    chance = random.Random(place)  # noqa: S311  (messages to sign, no secret)
    key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    public, message = key.public_key().public_bytes_raw().hex(), chance.randbytes(place * 7)
    signature = key.sign(message)
    assert verify.signed(public, signature.hex(), message)
    damaged = bytearray(signature)
    damaged[chance.randrange(64)] ^= 1 << chance.randrange(8)
    assert not verify.signed(public, bytes(damaged).hex(), message)
    assert not verify.signed(public, signature.hex(), message + b"!")
    assert not verify.signed("00" * 31, signature.hex(), message)
    assert not verify.signed(public, "zz", message)


def incoming(world: World) -> int:
    done = world.register()
    world.run(done, until="distribute")
    return done.case.id


def requested(world: World) -> int:
    return world.request().case.id


def withdrawn(world: World) -> int:
    """Handed over, changed by an agent's colleague, withdrawn, and sent back."""
    done = world.draft(countersigners=["leader2", "leader3"])
    task = world.run(done, until="dept_review")
    assert task is not None
    world.withdraw(task, "drafter", "漏了附件。")
    world.run(done, until="sign")
    return done.case.id


def test_what_comes_after_the_checkpoint_does_not_change_it(world: World) -> None:
    """A text, an attachment, a return, a number, a seal: the same checkpoint, the same bytes."""
    done = world.draft()
    task = world.run(done, until="dept_review")
    assert task is not None
    checkpoint = sign(world)

    def made() -> bytes:
        store, at = equipment().store, checkpoint.moment
        return packing.case_file(world.session, done.case.id, checkpoint, KEY, store, at)

    first = made()
    assert b'"rule"' in verify.unpack(first)["limits.json"]
    world.send_back(task, "dept.head", "draft", opinion="请附图。")
    assert made() == first
    enter(world, "2026-11-24")
    assert made() == first
    with clock.moved_to(world.at):
        upload = Upload("图.tif", "image/tiff", 5, equipment().store.put(b"annex"))
        editing.attach_all(world.session, world.actor("drafter"), done, [upload])
        world.session.commit()
    assert made() == first
    world.run(done)
    assert made() == first


def test_a_file_that_does_not_stand_its_own_verification_says_why(world: World) -> None:
    done = world.draft()
    checkpoint = sign(world)
    world.session.execute(sa.text("DROP TRIGGER document_version_no_update"))
    world.session.execute(sa.text("UPDATE document_version SET elements = '{}'"))
    world.session.commit()
    with pytest.raises(NotItself, match="不是记录里的任何一个版本"):
        taken_of(world, done.case.id, checkpoint)


@pytest.mark.parametrize("kind", [incoming, requested, withdrawn])
def test_every_kind_of_case_can_be_taken(world: World, kind: Callable[[World], int]) -> None:
    case_id = kind(world)
    assert len(verify.verify(taken_of(world, case_id, sign(world)), PUBLIC)) == 4


def test_a_case_that_was_moved_has_each_diagram_in_its_turn(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    moved(world, in_force(world, renamed("seal", "加盖印章")), case)
    data = taken_of(world, case.id, sign(world))
    verify.verify(data, PUBLIC)
    turns = {name.split("/")[1] for name in verify.unpack(data) if name.startswith("diagram/")}
    assert turns == {"1", "2"}

    def without(files: Files) -> None:
        for name in [each for each in files if each.startswith("diagram/1/")]:
            del files[name]

    assert "不是此件办理时的版本" in refused(resigned(verify.unpack(data), without))
