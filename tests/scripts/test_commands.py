"""The command line: one sentence and a status, whatever is refused."""

import importlib
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import ROOT, audit, clock
from app.audit.cosigning import submitting
from app.audit.cosigning.models import Witness
from app.audit.cosigning.transport import Place, Reply
from app.commands import main, office, record
from app.commands.server import Server, address
from app.config import Config
from app.database import db
from app.deadlines.models import Heartbeat
from app.handling.whatif import saved
from app.organization import actor, person_by_login
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.keys.encryption import new_file
from app.workflow import checks, trial
from app.workflow.definitions import Definition
from tests.organization.factors.authenticator import enrol
from tests.world import MONDAY

witness = importlib.import_module("app.commands.witness")  # the package names the command so

ROUTE = ROOT / "processes/outgoing.bpmn"
CALLED = ROOT / "processes/countersign.bpmn"


@pytest.fixture
def installed(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands work on the installation of this test."""
    monkeypatch.setenv("GONGWEN_DATA", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "of-tests-" * 8)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(office, "create_app", lambda _config: app)
    return tmp_path


def gongwen(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gongwen", *words])
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["verify-audit"], 0, "审计记录完好"),
        (["verify-audit"], 0, "还没有检查点"),
        (["verify-audit", "--witness", "nowhere"], 2, "用法不对"),
        (["checkpoint"], 0, "条的检查点已签署"),
        (["prove-entry", "1"], 1, "还没有覆盖第 1 条记录的检查点"),
        (["prove-entry", "999999"], 1, "没有第 999999 条记录"),
        (["check-proof", "pyproject.toml"], 1, "不是记录证明"),
        (["case-file", "999"], 1, "没有编号为 999 的件"),
        (["check-conformance"], 0, "已检查 0 件"),
        (["event-log"], 1, "没有案件"),
        (["event-log", "--form", "xls"], 2, "用法不对"),
        (["process-net", "outgoing", "--version", "9"], 1, "没有第 9 版"),
        (["process-net", "nothing"], 1, "没有启用的版本"),
        (["check-conformance", "--case", "999"], 1, "没有 999 号案件"),
        (["inspection-pack", "--year", "26", "--seed", "1"], 1, "年度应为四位数字"),
        (
            ["inspection-pack", "--year", "2026", "--seed", "1", "--checkpoint", "7"],
            1,
            "没有第 7 条",
        ),
        (["user", "passwd", "drafter"], 0, "初始密码"),
        (["user", "passwd", "nobody"], 1, "没有这个人员"),
        (["user", "lock", "drafter", "--report", "本人来电"], 0, "已报失封锁"),
        (["user", "unlock", "drafter", "--request", "书面申请，核对身份证"], 1, "没有锁定"),
        (["user", "factor", "drafter", "--basis", "书面申请"], 1, "没有启用双因素"),
        (["user", "add", "x y", "某人", "--unit", "jiangzhou-county-water"], 1, "登录名"),
        (["user", "add", "new.one", "某人", "--unit", "no-such"], 1, "没有标识为“no-such”的单位"),
        (["role", "add", "party-office", "党委办公室"], 0, "已增加角色 党委办公室"),
        (["role", "add", "printing-room", "文印室"], 1, "已有这个标识的角色"),
        (["role", "add", "党办", "党委办公室"], 1, "标识应以小写字母开头"),
        (["unit", "password-only", "jiangzhou-county-water", "--reason", "中断"], 2, "用法不对"),
        (["token", "drafter"], 0, "gw_"),
        (["token", "drafter", "--days", "0"], 1, "有效期"),
        (["clock", "show"], 0, "还没有主机做过到期检查"),
        (["clock", "confirm", "--reason", "校时"], 1, "没有要确认的时钟变动"),
        (["clock", "confirm", "--reason", " "], 1, "请写明时钟变动的原因"),
        (["clock", "confirm"], 2, "用法不对"),
        (["token"], 2, "用法不对"),
        (["no-such-command"], 2, "用法不对"),
    ],
)
def test_answer_and_status(
    installed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    sentence: str,
) -> None:
    assert gongwen(monkeypatch, *words) == status
    printed = capsys.readouterr()
    assert sentence in (printed.err if status else printed.out)
    assert "Traceback" not in printed.err


def test_a_token_of_who_has_a_second_factor_needs_its_code(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.office() as session:
        who = actor(session, person_by_login(session, "drafter").id)
        now = clock.now(session)
        phone, _ = enrol(session, who, now - timedelta(minutes=5))
    assert gongwen(monkeypatch, "token", "drafter") == 1
    assert "--code" in capsys.readouterr().err
    assert gongwen(monkeypatch, "token", "drafter", "--code", phone.code(now)) == 0
    assert capsys.readouterr().out.startswith("gw_")


def test_a_new_account_has_its_post_and_a_password(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["user", "add", "New.One", "某人", "--unit", "jiangzhou-county-water"]
    words += ["--department", "engineering", "--role", "drafter", "--title", "科员"]
    assert gongwen(monkeypatch, *words) == 0
    assert "登录名 new.one" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("process.admin", "process.admin", "另一"),
        ("drafter", "process.admin2", "不是流程管理员"),
    ],
)
def test_publishing_needs_two_process_administrators(
    installed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    first: str,
    second: str,
    sentence: str,
) -> None:
    changed = installed / ROUTE.name
    changed.write_text(
        ROUTE.read_text(encoding="utf-8").replace("提交核稿", "送核稿"), encoding="utf-8"
    )
    words = ["publish", str(changed), str(CALLED), "--by", first, "--second", second]
    assert gongwen(monkeypatch, *words) == 1
    assert sentence in capsys.readouterr().err


def test_what_is_no_diagram_is_named(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / "bad.bpmn").write_text("<a/>", encoding="utf-8")
    words = ["publish", str(installed / "bad.bpmn")]
    words += ["--by", "process.admin", "--second", "process.admin2"]
    assert gongwen(monkeypatch, *words) == 1
    assert "bad.bpmn" in capsys.readouterr().err


def test_a_broken_record_ends_with_a_status(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = audit.Verification(False, 6, 7, "第 7 条记录的内容与散列值不符。")
    monkeypatch.setattr(audit, "verify", lambda *_: broken)
    assert gongwen(monkeypatch, "verify-audit") == 1
    assert "第 7 条" in capsys.readouterr().err


def test_an_entry_is_proved_and_checked_without_the_database(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an auditor would: sign, prove, take the file elsewhere, check it against the key."""

    def said(*words: str, status: int = 0) -> str:
        assert gongwen(monkeypatch, *words) == status
        return "".join(capsys.readouterr())

    key = said("checkpoint").partition("公钥 ")[2].strip("。\n")
    assert "没有新的记录" in said("checkpoint")
    witness = str(installed / "witness")
    assert "其中见证处的 1 个" in said("verify-audit", "--witness", witness, "--key", key)
    assert "另一把密钥" in said("verify-audit", "--key", "0" * 64, status=1)
    file = installed / "proof.json"
    file.write_text(said("prove-entry", "2"), encoding="utf-8")
    assert "第 2 条记录在" in said("check-proof", str(file), "--key", key)
    assert key in said("check-proof", str(file))
    assert "另一把密钥" in said("check-proof", str(file), "--key", "0" * 64, status=1)
    file.write_text(file.read_text().replace('"seq": 2', '"seq": 3'), encoding="utf-8")
    assert "证明不成立" in said("check-proof", str(file), status=1)
    (installed / "witness" / "checkpoints-2026-11.jsonl").write_text("x\n", encoding="utf-8")
    for known in installed.glob("witness/*.jsonl"):
        known.write_text("x\n", encoding="utf-8")
    assert "第 1 行不是检查点" in said("verify-audit", "--witness", witness, status=1)


def test_two_installations_are_made_known_to_each_other(
    app: Flask, installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One installation stands for both: it witnesses its own log, which shows every command."""

    def said(*words: str, status: int = 0) -> str:
        assert gongwen(monkeypatch, *words) == status
        return "".join(capsys.readouterr())

    def to_our_web(_: Place, body: str) -> Reply:
        answer = app.test_client().post("/api/v1/witness/add-checkpoint", data=body)
        return Reply(answer.status_code, answer.text)

    def errand(config: Config) -> submitting.Errand:
        key = record.key_of(config)
        return submitting.submitter(key, config.origin, demo=True, post=to_our_web)

    monkeypatch.setattr(witness, "witnesses_of", errand)
    log, own = (line.partition("：")[2] for line in said("witness", "show").splitlines()[:2])
    origin, name = log.partition("+")[0], own.partition("+")[0]
    assert "不是见证方的公钥" in said("witness", "add", "https://city.example/w", log, status=1)
    assert "应为 https://" in said("witness", "add", "http://city.example/w", own, status=1)
    assert "不是日志的公钥" in said("witness", "trust", own, status=1)
    assert f"已登记见证方 {name}" in said("witness", "add", "https://city.example/w", own)
    assert "没有见证方" in said("verify-audit", "--witness-key", own, status=1)
    said("checkpoint")
    assert "没有登记本系统的日志公钥" in said("witness", "send")
    assert "没有登记本系统的日志公钥" in said("verify-audit")
    assert f"已登记 {origin} 的公钥" in said("witness", "trust", log)
    with app.app_context():
        db.session.execute(sa.update(Witness).values(retry_at=MONDAY))
        db.session.commit()
        db.session.remove()
    assert "收到副署 1 份" in said("witness", "send")
    assert "有见证方副署的 1 个" in said("verify-audit", "--witness-key", own)
    note = installed / "note.txt"
    note.write_text(said("witness", "note", origin), encoding="utf-8")
    assert "完好" in said("verify-audit", "--cosigned", str(note), "--witness-key", own)
    assert "请用 --witness-key" in said("verify-audit", "--cosigned", str(note), status=1)
    monkeypatch.setenv("GONGWEN_LOG_NAME", "renamed.example/gongwen")
    given = ("verify-audit", "--cosigned", str(note), "--witness-key", own)
    assert "用 --origin 给出副署时的名称" in said(*given, status=1)
    assert "完好" in said(*given, "--origin", origin)
    monkeypatch.delenv("GONGWEN_LOG_NAME")
    folder = said("verify-audit", "--cosigned", str(installed), "--witness-key", own, status=2)
    assert "用法不对" in folder
    assert "不是见证方的" in said("verify-audit", "--witness-key", log, status=1)
    assert "不是见证方的公钥" in said("verify-audit", "--witness-key", "x", status=1)
    note.write_text("x", encoding="utf-8")
    wrong = said("verify-audit", "--cosigned", str(note), "--witness-key", own, status=1)
    assert "由所给见证方副署的检查点" in wrong
    note.write_bytes(b"\xff")
    assert "由所给见证方副署的检查点" in said(*given, status=1)
    assert f"不再为 {origin} 副署" in said("witness", "end-log", origin)
    assert f"已停用见证方 {name}" in said("witness", "end", name)
    assert "没有名为" in said("witness", "end", name, status=1)
    assert (installed / "witness-key.pem").stat().st_mode & 0o077 == 0


def test_a_clock_that_was_set_is_shown_and_confirmed(
    installed: Path, app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        at = clock.now(db.session())
        beat = {"worker": "host-1", "at": at, "handled": 0, "lasted_ms": 3, "skew_ms": 0}
        db.session.add(Heartbeat(**beat, jump_ms=3_600_000, boot="one", steady_ms=5))
        db.session.commit()
    assert gongwen(monkeypatch, "clock", "show") == 0
    assert "系统时钟对照实际经过的时间：快 3600 秒" in capsys.readouterr().out
    assert gongwen(monkeypatch, "clock", "confirm", "--reason", "原来慢了") == 0
    assert "已认可系统时钟（host-1）" in capsys.readouterr().out
    assert gongwen(monkeypatch, "clock", "show") == 0
    assert "实际经过的时间：相符" in capsys.readouterr().out


@pytest.mark.parametrize("process", ["signer", "authority"])
def test_a_key_encryption_key_is_made_once_and_changed(
    process: str,
    installed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kek = installed / process / "kek"
    assert gongwen(monkeypatch, process, "new-kek") == 0
    assert gongwen(monkeypatch, process, "new-kek") == 1
    assert "没有改动" in capsys.readouterr().err
    keys = SoftwareKeys(kek.parent / "keys", KeyEncryption.read(kek))
    reference, new = keys.make(), installed / "kek.new"
    new_file(new)
    assert gongwen(monkeypatch, process, "change-kek", str(new)) == 0
    assert "重新加密 1 把密钥" in capsys.readouterr().out
    assert SoftwareKeys(kek.parent / "keys", KeyEncryption.read(new)).open(reference)
    assert gongwen(monkeypatch, process, "change-kek", str(installed / "no")) == 1
    assert "没有这个文件" in capsys.readouterr().err


@pytest.mark.parametrize("process", ["signer", "authority"])
def test_without_its_key_encryption_key_a_process_does_not_start(
    process: str,
    installed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GONGWEN_DEMO", "0")
    assert gongwen(monkeypatch, process) == 1
    assert "new-kek" in capsys.readouterr().err
    assert not (installed / process / "kek").exists(), "an office makes it itself"


def test_the_web_server_starts_without_keys_only(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGWEN_SIGNER_KEK", "ab" * 32)
    assert gongwen(monkeypatch, "serve") == 1
    assert "GONGWEN_SIGNER_KEK_FILE" in capsys.readouterr().err


def test_a_port_that_is_no_number_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "abc")
    assert gongwen(monkeypatch, "serve") == 1
    assert "PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "workers"),
    [("sqlite:///x.sqlite3", 1), ("postgresql+psycopg://u@h/b", 2)],
)
def test_sqlite_is_served_by_one_process(tmp_path: Path, url: str, workers: int) -> None:
    server = Server(Config(tmp_path, url, "s" * 32, demo=True), access_log=False)
    assert (server.cfg.workers, server.cfg.threads, server.cfg.accesslog) == (workers, 8, None)


def test_an_address_of_version_6_stands_in_brackets(tmp_path: Path) -> None:
    assert address(Config(tmp_path, "sqlite://", "s" * 32, host="::1")) == "[::1]:8000"


def test_publishing_plays_with_nothing_held(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The drawing and the saved tests: an office at work does not wait for either."""
    seen: list[tuple[str, bool]] = []
    run_all = saved.run_all

    def playing(*given: Any) -> list[tuple[str, str]]:
        seen.append(("drawing", db.session().in_transaction()))
        return checks.quick(*given)

    def testing(session: Session, definition: Definition) -> saved.Run:
        seen.append(("tests", session.in_transaction()))
        return run_all(session, definition)

    monkeypatch.setattr(trial, "limited_walks", playing)
    monkeypatch.setattr(saved, "run_all", testing)
    changed = installed / ROUTE.name
    changed.write_text(
        ROUTE.read_text(encoding="utf-8").replace("提交核稿", "送核稿"), encoding="utf-8"
    )
    words = ["publish", str(changed), str(CALLED)]
    words += ["--by", "process.admin", "--second", "process.admin2"]
    assert gongwen(monkeypatch, *words) == 0, capsys.readouterr().err
    assert "第 2 版已启用" in capsys.readouterr().out
    assert seen == [("drawing", False), ("tests", False)]
