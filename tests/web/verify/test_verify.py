"""Everybody may ask what a file is worth: on the page, through the API, from the command line."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from app.commands import gongwen
from app.commands.office import Refused
from app.database import db
from app.seals import papers
from app.seals.models import Paper
from app.web.pace import Pace
from app.web.verify import examining
from tests.seals.house import AT
from tests.seals.issued import Stages
from tests.seals.verification import attacks

API = "/api/v1/verifications"


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with nobody counted."""
    monkeypatch.setattr(examining, "_pace", Pace(20, timedelta(minutes=1)))


def sent(*files: tuple[bytes, str]) -> dict[str, object]:
    return {"file": [(io.BytesIO(content), name) for content, name in files]}


def asked(client: FlaskClient, *files: tuple[bytes, str]):
    return client.post(API, data=sent(*files), content_type="multipart/form-data")


def page(client: FlaskClient, *files: tuple[bytes, str]):
    form = client.get("/verify").get_data(as_text=True)
    token = form.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = sent(*files) | {"csrf_token": token}
    return client.post("/verify", data=data, content_type="multipart/form-data")


def test_a_program_verifies_without_signing_in(known: Flask, paper: Stages) -> None:
    answer = asked(known.test_client(), (paper.sealed, "公文.pdf"))
    assert answer.status_code == 200
    (file,) = answer.json["files"]
    assert file["ok"], file["sentences"]
    assert [each["code"] for each in file["findings"]] == ["intact"]
    assert [each["field"] for each in file["signatures"]] == ["签发", "单位印章"]
    assert file["texts"]["发文字号"] == "江水〔2026〕15号"


def test_several_files_each_with_its_verdict(known: Flask, paper: Stages) -> None:
    altered = attacks.flipped(paper.sealed)
    answer = asked(known.test_client(), (paper.sealed, "甲.pdf"), (altered, "乙.pdf"))
    assert [(each["name"], each["ok"]) for each in answer.json["files"]] == [
        ("甲.pdf", True),
        ("乙.pdf", False),
    ]


def test_a_good_file_that_is_not_on_record(known: Flask, house, paper: Stages) -> None:
    other = papers.renew(paper.sealed, house.evidence(), house.stamper(), AT)
    (file,) = asked(known.test_client(), (other, "公文.pdf")).json["files"]
    assert [each["code"] for each in file["findings"]] == ["not_ours"]


def test_an_office_without_an_authority_trusts_nobody(app: Flask, paper: Stages) -> None:
    (file,) = asked(app.test_client(), (paper.sealed, "公文.pdf")).json["files"]
    assert "unknown_issuer" in [each["code"] for each in file["findings"]]


def test_the_page_says_it_in_words(known: Flask, paper: Stages) -> None:
    answer = page(known.test_client(), (paper.sealed, "公文.pdf"))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "文件有效" in text
    assert "王建国" in text
    assert "GB/T 38540" in text


def test_the_page_says_what_is_wrong(known: Flask, paper: Stages) -> None:
    text = page(known.test_client(), (attacks.drawing_added(paper.sealed), "改.pdf"))
    assert "文件无效" in text.get_data(as_text=True)
    assert "又被添加或改动" in text.get_data(as_text=True)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "没有选择文件"),
        ([(b"%PDF-1", f"{i}.pdf") for i in range(6)], "一次最多核验 5 个文件"),
        ([(b"%PDF-" + bytes(2000), "大.pdf")], "不能在这里核验"),
    ],
)
def test_too_little_or_too_much_is_refused_with_a_sentence(
    known: Flask, files, sentence: str, monkeypatch
) -> None:
    monkeypatch.setattr(examining, "MOST_BYTES", 2000)
    client = known.test_client()
    answer = page(client, *files)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    refused = asked(client, *files)
    assert refused.status_code == 422
    assert sentence in refused.json["detail"]


def test_who_asks_too_often_waits(known: Flask, monkeypatch) -> None:
    monkeypatch.setattr(examining, "_pace", Pace(1, timedelta(minutes=1)))
    client = known.test_client()
    assert asked(client, (b"x", "a.pdf")).status_code == 200
    assert asked(client, (b"x", "a.pdf")).status_code == 429
    answer = page(client, (b"x", "a.pdf"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_nothing_is_kept(known: Flask, paper: Stages) -> None:
    def count() -> tuple[int, int]:
        with known.app_context():
            stored = sum(1 for _ in Path(known.config["SETTINGS"].data).rglob("*.pdf"))
            return db.session().query(Paper).count(), stored

    before = count()
    asked(known.test_client(), (paper.sealed, "公文.pdf"))
    assert count() == before


def test_the_command_line_says_it_and_ends_with_a_status(
    known: Flask, file: Path, paper: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = known.config["SETTINGS"]
    monkeypatch.setenv("GONGWEN_DATA", str(settings.data))
    bad = tmp_path / "改.pdf"
    bad.write_bytes(attacks.flipped(paper.sealed))
    good = CliRunner().invoke(gongwen, ["verify", str(file)])
    assert good.exit_code == 0, good.output
    assert "文件有效" in good.output
    mixed = CliRunner().invoke(gongwen, ["verify", "--json", str(file), str(bad), "没有.pdf"])
    lines = [json.loads(line) for line in mixed.output.splitlines() if line.startswith("{")]
    assert [line["ok"] for line in lines] == [True, False, False]
    assert lines[2]["sentences"] == ["没有这个文件。请核对路径。"]
    assert isinstance(mixed.exception, Refused)
    assert "有 2 个" in str(mixed.exception)


def test_the_command_that_renews_says_how_many(
    known: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGWEN_DATA", str(known.config["SETTINGS"].data))
    done = CliRunner().invoke(gongwen, ["renew-timestamps"])
    assert done.exit_code == 0, done.output
    assert "已续 0 份" in done.output
