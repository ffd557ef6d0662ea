"""扫描件发文: only the dispatcher gets the form; what is refused stays on the page as typed."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.documents.models import Attachment, Document
from tests.documents.files import pdf, picture
from tests.web.desk import Desk, Page
from tests.world import SCAN, World

At = Callable[[str], Desk]
TYPED: dict[str, Any] = {
    **SCAN,
    "main_recipients": "各乡镇水务站",
    "copy_recipients": "",
    "urgency": "none",
    "body": "",
    "do": "save",
}


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    """``at("leader")``: that person's browser, signed in, on the Monday afternoon."""

    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


def register(desk: Desk, name: str = "通知.tif", content: bytes = b"", **typed: Any) -> Page:
    form = desk.get("/scans/new").form("main form.card")
    file = {"file": (io.BytesIO(content or picture("TIFF")), name)} if name else {}
    return desk.post("/scans/new", {**form, **TYPED, **typed, **file})


def documents(world: World) -> list[Document]:
    world.session.expire_all()
    return list(world.session.scalars(sa.select(Document)))


@pytest.mark.parametrize("login", ["drafter", "secretary", "leader", "printing", "process.admin"])
def test_the_form_is_the_dispatchers(at: At, world: World, login: str) -> None:
    desk = at(login)
    assert desk.get("/scans/new").status == 403
    assert "扫描件发文" not in desk.get("/").texts("header nav a")
    assert documents(world) == []


def test_sending_it_without_its_form_is_refused_as_well(at: At, world: World) -> None:
    desk = at("drafter")
    form = desk.get("/documents/new").form("#drafting")
    assert desk.post("/scans/new", {**form, **TYPED}).status == 403
    assert documents(world) == []


def test_what_is_registered_waits_at_its_first_step(at: At, world: World) -> None:
    page = register(at("dispatcher"))
    assert page.status == 303, page.texts("main")
    (document,) = documents(world)
    assert (document.state, document.number, document.signatory) == ("draft", None, None)
    assert (document.source_number, document.paper_signatory) == ("江水〔2026〕1号", "赵纸签")
    assert [each.name for each in document.attachments] == ["通知.tif"]
    shown = at("dispatcher").get(page.leads_to)
    assert "扫描件，签发人为手工录入" in shown.texts("main .tag")
    assert "江水〔2026〕1号" in " ".join(at("dispatcher").get("/").texts("main"))


@pytest.mark.parametrize(
    ("typed", "name", "content", "status", "words"),
    [
        ({"paper_signatory": "　"}, "通知.tif", b"", 422, "请填写签发人。"),
        ({}, "", b"", 422, "请选择扫描件"),
        ({}, "通知.txt", b"text", 415, "只接收 PDF、TIFF 和 JPEG"),
        ({}, "通知.tif", b"no picture", 415, "文件内容与扩展名"),
        ({"paper_number": "他水〔2026〕1号"}, "通知.tif", b"", 422, "不属于本单位的任何序列"),
        ({"paper_date": "2026-11-24"}, "通知.tif", b"", 422, "成文日期不能晚于今天"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    at: At,
    world: World,
    typed: dict[str, Any],
    name: str,
    content: bytes,
    status: int,
    words: str,
) -> None:
    page = register(at("dispatcher"), name, content, **typed)
    assert page.status == status
    assert words in " ".join(page.texts("main"))
    assert page.form("main form.card")["title"] == SCAN["title"]
    assert documents(world) == []


def test_its_scan_is_replaced_and_its_elements_are_mended(at: At, world: World) -> None:
    desk = at("dispatcher")
    assert register(desk).status == 303
    (document,) = documents(world)
    edit = f"/documents/{document.id}/edit"
    form = desk.get(edit).form("main form.card")
    first = document.attachments[0].id
    file = (io.BytesIO(pdf()), "通知.pdf")
    typed = {**form, "paper_signatory": "钱纸签", "do": f"replace:{first}", "file": file}
    assert desk.post(edit, typed).status == 303
    (document,) = documents(world)
    assert document.paper_signatory == "钱纸签"
    files = world.session.scalars(sa.select(Attachment.name).where(Attachment.ended_at.is_(None)))
    assert list(files) == ["通知.pdf"]
    page = desk.get(f"/documents/{document.id}/document.pdf")
    assert (page.status, "以扫描件为准" in page.answer.text) == (409, True)
