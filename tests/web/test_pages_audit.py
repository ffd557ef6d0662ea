"""记录核验 on pages and at the API: for auditors alone, and on record."""

import io
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.orm import Session

from app.audit import AuditEntry, accesses, chain, checkpoints, proofs
from app.audit.cosigning.models import Witness, WitnessedLog
from tests.handling.casefiles import cosigned
from tests.web.conftest import At, Caller
from tests.web.desk import Desk, Page
from tests.world import World

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def signed(app: Flask, world: World) -> int:
    """A checkpoint over everything so far; how many entries that are."""
    world.run(world.draft(), "seal")
    found = checkpoints.make(world.session, KEY, world.at, now=True)
    world.session.commit()
    assert found is not None
    return found.size


def actions(world: World) -> list[str]:
    world.session.rollback()
    return list(world.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_only_auditors_come_in(at: At) -> None:
    assert "记录核验" in at("auditor").get("/").texts("header nav a")
    for login in ("drafter", "unit.head", "process.admin", "system.admin", "security.admin"):
        desk = at(login)
        assert "记录核验" not in desk.get("/").texts("header nav a")
        page = desk.get("/audit/")
        assert (page.status, "请联系安全审计员" in page.answer.text) == (403, True)


def test_the_whole_record_is_proved_and_that_is_on_record(
    at: At, world: World, signed: int
) -> None:
    desk = at("auditor")
    page = desk.press("/audit/", "form[action='/audit/verify']")
    assert "与 1 个检查点一致" in page.text("main .message p")
    assert actions(world)[-1] == "audit.verified"
    assert page.texts("tbody tr td:first-child") == [str(signed)]
    state = page.text("#state + .in > p:first-child")
    assert state.startswith(f"共 {len(actions(world)) - 1} 条")
    assert f"最近的检查点在第 {signed} 条" in state


def test_a_record_that_was_changed_is_named(at: At, world: World, signed: int) -> None:
    session = world.session
    session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    session.execute(sa.text("UPDATE audit_entry SET body = body || ' ' WHERE seq = 3"))
    session.commit()
    page = at("auditor").press("/audit/", "form[action='/audit/verify']")
    assert "第 3 条记录的内容与散列值不符" in page.text("main .message.bad p")


def given(desk: Desk, text: bytes, **fields: str) -> Page:
    """The form of the verification, with a witness's file."""
    form = desk.get("/audit/").form("form[action='/audit/verify']")
    witness = (io.BytesIO(text), "checkpoints-2026-11.jsonl")
    return desk.post("/audit/verify", {**form, **fields, "witness": witness})


def test_a_record_written_anew_is_shown_by_the_file_of_a_witness(
    at: At, world: World, signed: int
) -> None:
    """By somebody with full access, who took the checkpoints away: only the witness tells."""
    (kept,) = checkpoints.listed(world.session)
    line = json.dumps(kept.as_json()).encode()
    desk = at("auditor")
    assert "其中见证处的 1 个" in given(desk, line).text("main .message p")
    assert "另一把密钥" in given(desk, line, key="0" * 64).text("main .message p")
    world.session.rollback()
    world.session.execute(sa.text("DROP TRIGGER audit_checkpoint_no_delete"))
    world.session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    world.session.execute(sa.text("DELETE FROM audit_checkpoint"))
    rehash(world.session)
    world.session.commit()
    page = desk.press("/audit/", "form[action='/audit/verify']")
    assert "记录完好" in page.text("main .message p")
    assert f"第 1 至 {signed} 条与检查点不符" in given(desk, line).text("main .message.bad p")


def rehash(session: Session) -> None:
    """Every entry with another reason and right hashes, and the head that fits."""
    previous = chain.GENESIS
    for seq, text in session.execute(sa.text("SELECT seq, body FROM audit_entry ORDER BY seq")):
        body = chain.canonical({**json.loads(text), "previous": previous, "reason": "改写"})
        previous = chain.leaf_hash(body)
        new = {"seq": seq, "body": body, "hash": previous, "sm3": chain.sm3(body)}
        change = "UPDATE audit_entry SET body = :body, hash = :hash, sm3 = :sm3 WHERE seq = :seq"
        session.execute(sa.text(change), new)
    session.execute(sa.text("UPDATE audit_head SET hash = :hash"), {"hash": previous})


@pytest.mark.parametrize("text", [b"nonsense", b"\xff\xfe", b'{"size": 3}'])
def test_what_is_no_file_of_a_witness_is_said(at: At, signed: int, text: bytes) -> None:
    page = given(at("auditor"), text)
    assert page.status == 422
    assert "请选取见证处的 .jsonl 文件" in page.answer.text


def test_proof_and_checkpoints_are_taken_away(at: At, world: World, signed: int) -> None:
    desk = at("auditor")
    proof = json.loads(desk.press("/audit/", "form[action='/audit/proof']", seq="2").answer.text)
    assert proofs.holds(proof)
    lines = desk.press("/audit/", "form[action='/audit/checkpoints']").answer.text.splitlines()
    assert [checkpoints.of_json(json.loads(line)).size for line in lines] == [signed]
    assert actions(world)[-2:] == ["audit.exported"] * 2


@pytest.mark.parametrize(
    ("seq", "status", "sentence"),
    [
        ("", 422, "记录序号应为数字"),
        ("-1", 422, "记录序号应为数字"),
        ("9" * 12, 404, "没有第 999999999999 条记录"),
    ],
)
def test_what_cannot_be_proved_is_said(
    at: At, signed: int, seq: str, status: int, sentence: str
) -> None:
    page = at("auditor").press("/audit/", "form[action='/audit/proof']", seq=seq)
    assert (page.status, sentence in page.answer.text) == (status, True)


def test_programs_get_the_same(signed: int, at: At) -> None:
    desk = at("auditor")
    items = desk.get("/api/v1/audit/checkpoints").answer.json["items"]
    assert [each["size"] for each in items] == [signed]
    assert proofs.holds(desk.get("/api/v1/audit/entries/1/proof").answer.json)
    path = f"/api/v1/audit/consistency?earlier={signed}&later={signed}"
    assert desk.get(path).answer.json["path"] == []
    assert desk.get("/api/v1/audit/consistency?earlier=1&later=2").status == 404
    for path in ("checkpoints", "entries/1/proof", "consistency?earlier=1&later=1"):
        assert at("drafter").get(f"/api/v1/audit/{path}").status == 403


def test_looks_that_were_changed_fail_the_verification_on_record(
    at: At, call: Callable[[str], Caller], world: World
) -> None:
    """On the page and at the API."""
    desk, program = at("auditor"), call("auditor")
    desk.get("/audit/accesses?person=x")
    accesses.seal(world.session, world.at)
    world.session.execute(sa.text("DROP TRIGGER access_entry_no_update"))
    world.session.execute(sa.text("UPDATE access_entry SET part = ''"))
    world.session.commit()
    desk.press("/audit/", "form[action='/audit/verify']")
    found = program.get("/api/v1/audit/verification").json or {}
    assert (found["ok"], found["first_bad"], found["looks"]["ok"]) == (False, None, False)
    assert "与封存时不符" in found["looks"]["reason"]
    world.session.rollback()
    query = sa.select(AuditEntry.body).where(AuditEntry.action == "audit.verified")
    for body in map(json.loads, world.session.scalars(query)):
        assert (body["outcome"], body["detail"]["first_bad_look"]) == ("failed", 1)


@pytest.mark.parametrize("query", ["since=0001-01-01", "until=9999-12-31"])
@pytest.mark.parametrize(
    "path",
    [
        *("/audit/accesses?", "/audit/deviations?", "/audit/event-log?"),
        *("/flow?process=outgoing&version=1&", "/seal-uses?"),
    ],
)
def test_days_without_an_instant_are_refused(
    call: Callable[[str], Caller], path: str, query: str
) -> None:
    answer = call("auditor").get(f"/api/v1{path}{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.text


def test_witnesses_and_what_is_wrong_with_them_are_shown(at: At, world: World, signed: int) -> None:
    page = at("auditor").get("/audit/")
    assert "还没有见证方" in page.text("#cosigners + .in")
    (checkpoint,) = checkpoints.listed(world.session)
    cosigned(world, checkpoint)
    page = at("auditor").get("/audit/")
    assert "已副署最近的检查点" in page.text("#cosigners + .in")
    assert str(signed) in page.text("#cosigners + .in")
    assert not page.texts("main .message.bad p")
    world.session.execute(
        sa.update(Witness).values(fault="disagrees", fault_at=world.at, size=signed)
    )
    log = WitnessedLog(origin="east.example/gongwen", public_key="00" * 32, size=3)
    log.trusted_at = log.refused_at = world.at
    world.session.add(log)
    world.session.commit()
    bad = at("auditor").get("/audit/").texts("main .message.bad p")
    assert "见证方 city.example/witness 自" in bad[0]
    assert "不认可本系统的记录" in bad[0]
    assert "east.example/gongwen 的记录前后不一" in bad[1]
