"""The command line: one sentence and a status, whatever is refused."""

import sys
from pathlib import Path

import pytest
from flask import Flask

from app import ROOT, audit, clock
from app.commands import main, office
from app.commands.server import Server, address
from app.config import Config
from app.database import db
from app.deadlines.models import Heartbeat

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
        (["user", "passwd", "drafter"], 0, "初始密码"),
        (["user", "passwd", "nobody"], 1, "没有这个人员"),
        (["user", "unlock", "drafter"], 0, "已解除锁定"),
        (["user", "add", "x y", "某人", "--unit", "jiangzhou-county-water"], 1, "登录名"),
        (["user", "add", "new.one", "某人", "--unit", "no-such"], 1, "没有标识为“no-such”的单位"),
        (["role", "add", "party-office", "党委办公室"], 0, "已增加角色 党委办公室"),
        (["role", "add", "printing-room", "文印室"], 1, "已有这个标识的角色"),
        (["role", "add", "党办", "党委办公室"], 1, "标识应以小写字母开头"),
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
    monkeypatch.setattr(audit, "verify", lambda _session: broken)
    assert gongwen(monkeypatch, "verify-audit") == 1
    assert "第 7 条" in capsys.readouterr().err


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
