"""检查包: whole, readable, and repeatable byte for byte from its seed."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

import lxml.html
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit import Checkpoint, checkpoints, tree
from app.documents.numbering import ledger
from app.errors import Conflict, Invalid
from app.handling.casefile import gathering, verify
from app.handling.equipment import equipment
from app.handling.inspection import indexing, packing, sampling
from app.handling.inspection.packing import Plan
from tests.world import World

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PLAN = Plan(2026, "第七号", 2)


@pytest.fixture
def seen(world: World) -> Checkpoint:
    """Three documents: one numbered whose number was struck off, one returned, one just begun."""
    numbered = world.draft()
    world.run(numbered, "seal")
    task = world.run(world.draft(), "dept_review")
    assert task is not None
    world.send_back(task, "dept.head", "draft", opinion="<水位>数据有误。")
    world.draft()
    line = world.session.scalar(sa.text("SELECT id FROM issued_number"))
    by = world.actor("printing")
    ledger.void_line(world.session, line, by, world.at, "取号有误。")
    world.session.commit()
    found = checkpoints.make(world.session, KEY, world.at, now=True)
    world.session.commit()
    while indexing.catch_up(world.session):
        world.session.commit()
    assert found is not None
    return found


def pack(world: World, seen: Checkpoint, plan: Plan = PLAN) -> tuple[bytes, dict[str, object]]:
    found = packing.pack(world.session, plan, seen, KEY, equipment().store)
    world.session.rollback()
    return found


def rows(files: dict[str, bytes], name: str) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def test_the_same_seed_gives_the_same_bytes_later(world: World, seen: Checkpoint) -> None:
    first, said = pack(world, seen)
    world.draft()  # what comes after the checkpoint does not change it
    indexing.catch_up(world.session)
    world.session.commit()
    again, told = pack(world, seen)
    assert first == again
    assert said == told
    assert pack(world, seen, Plan(2026, "别的", 2))[0] != first


def test_all_proofs_come_from_one_pass_over_the_record(
    world: World, seen: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And they are those that each case file would have found for itself."""
    one_by_one: list[bytes] = []
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "shared", lambda *_: gathering.Proven({}, None))
        one_by_one.append(pack(world, seen, Plan(2026, "全部", 3))[0])
    passes: list[int] = []

    def counted(leaves: Iterable[bytes], size: int, places: Sequence[int]) -> list[list[bytes]]:
        passes.append(len(places))
        return tree_paths(leaves, size, places)

    tree_paths = tree.paths
    monkeypatch.setattr(tree, "paths", counted)
    assert [pack(world, seen, Plan(2026, "全部", 3))[0]] == one_by_one
    assert len(passes) == 1


def test_what_is_in_it(world: World, seen: Checkpoint) -> None:
    files = verify.unpack(pack(world, seen)[0])
    manifest = json.loads(files["manifest.json"])
    drawn = sampling.draw([1, 2, 3], PLAN.seed, 2)
    assert (manifest["among"], manifest["drawn"]) == (3, drawn)
    for number in drawn:
        assert verify.verify(files[f"cases/卷宗包-{number}.zip"], manifest["public_key"])
    (gap,) = rows(files, "缺号.csv")
    assert (gap["状态"], gap["用途或原因"]) == ("作废", "取号有误。")
    assert [each["动作"] for each in rows(files, "退回撤回.csv")] == ["退回"]
    assert "发文字号作废" in [each["动作"] for each in rows(files, "破窗.csv")]
    assert rows(files, "超时.csv") == []
    page = lxml.html.fromstring(files["index.html"].decode())
    assert page.cssselect("a")[0].get("href") == f"cases/卷宗包-{drawn[0]}.zip"
    assert "<水位>数据有误。" in page.text_content()
    assert not page.cssselect("script, link, img")


def test_every_file_is_listed_and_the_list_is_signed(world: World, seen: Checkpoint) -> None:
    files = verify.unpack(pack(world, seen)[0])
    text = files["manifest.json"]
    KEY.public_key().verify(bytes.fromhex(files["manifest.sig"].decode()), packing.PURPOSE + text)
    assert set(json.loads(text)["files"]) == set(files) - {"manifest.json", "manifest.sig"}


def test_a_case_file_that_cannot_be_made_is_a_finding(world: World, seen: Checkpoint) -> None:
    plan = Plan(2026, "第七号", 3)
    world.session.execute(sa.text("DROP TRIGGER document_version_no_update"))
    world.session.execute(sa.text("UPDATE document_version SET elements = '{}' WHERE id = 1"))
    world.session.commit()
    files = verify.unpack(pack(world, seen, plan)[0])
    made = {each["办件"]: each["卷宗包"] for each in rows(files, "抽样.csv")}
    assert "不是记录里的任何一个版本" in made["1"]
    assert made["2"] == "cases/卷宗包-2.zip"


def test_a_case_whose_record_cannot_be_read_is_a_finding(
    world: World, seen: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(*_: object) -> bytes:
        raise json.JSONDecodeError("no JSON", "{", 1)

    monkeypatch.setattr(packing.packing, "case_file", spoilt)
    files = verify.unpack(pack(world, seen)[0])
    assert all("读不出来" in each["卷宗包"] for each in rows(files, "抽样.csv"))


def test_what_witnesses_cosigned_is_read_once_for_all_case_files(
    world: World, seen: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(_: object, checkpoint: Checkpoint) -> list[object]:
        asked.append(checkpoint.size)
        return []

    monkeypatch.setattr(gathering.witnesses, "for_case_file", counted)
    files = verify.unpack(pack(world, seen)[0])
    assert len([name for name in files if name.startswith("cases/")]) == 2
    assert asked == [seen.size]


def test_what_is_too_large_for_an_archive_is_said(
    world: World, seen: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 1000)
    with pytest.raises(Conflict, match=r"超过 2 GB.*减少抽取数"):
        pack(world, seen)


def test_other_years_and_units_have_nothing(world: World, seen: Checkpoint) -> None:
    for plan in (Plan(2025, "1"), Plan(2026, "1", unit="east")):
        assert pack(world, seen, plan)[1]["among"] == 0


def test_a_directory_that_is_behind_makes_none(world: World, seen: Checkpoint) -> None:
    indexing.rebuild(world.session)
    with pytest.raises(Conflict, match="还没有跟上"):
        packing.pack(world.session, PLAN, seen, KEY, equipment().store)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("26", "1", "20", ""), "year"),
        (("二零二六", "1", "20", ""), "year"),
        (("2026", " ", "20", ""), "seed"),
        (("2026", "1", "0", ""), "count"),
        (("2026", "1", "101", ""), "count"),
        (("2026", "1", "20", "nowhere"), "unit"),
    ],
)
def test_what_cannot_be_packed_is_said(given: tuple[str, str, str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        packing.read(*given, ["county"])
    assert [each.field for each in refused.value.errors] == [field]
