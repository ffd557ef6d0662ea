"""预览: attachments looked at on their page and through the API, by whoever sees the document."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.database import db
from app.documents import inspection
from app.documents.models import Document
from app.handling.acts import editing
from app.handling.models import Case
from tests.documents.files import office, pdf, picture
from tests.documents.word import wordfiles
from tests.web.conftest import At, Caller
from tests.world import World

FILES = {
    "通知.pdf": pdf,
    "扫描.tif": lambda: picture("TIFF", frames=2),
    "现场.jpg": lambda: picture("JPEG"),
    "说明.txt": lambda: "一、<script>alert(1)</script>\n二、完".encode(),
    "稿.docx": lambda: wordfiles.docx("工程量清单"),
    "表.xlsx": lambda: office("xlsx"),
}


def attach(world: World, document_id: int, name: str, replaces: int | None = None) -> int:
    uploads = editing.take_in([(name, io.BytesIO(FILES[name]()))])
    save = editing.Save({}, uploads=uploads, replaces=replaces)
    world._act(editing.save, world.actor("drafter"), document_id, save)
    found = world.session.get_one(Document, document_id).attachments[-1].id
    world.session.rollback()
    return found


@pytest.fixture
def document(world: World) -> int:
    return world.draft().case.document_id


def case_of(world: World, document: int) -> int:
    found = world.session.scalars(sa.select(Case.id).where(Case.document_id == document)).one()
    world.session.rollback()
    return found


def test_a_pdf_is_shown_by_the_browser_itself(at: At, world: World, document: int) -> None:
    file = attach(world, document, "通知.pdf")
    answer = at("drafter").get(f"/documents/{document}/attachments/{file}/preview").answer
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_scan_is_shown_page_by_page(at: At, world: World, document: int) -> None:
    file = attach(world, document, "扫描.tif")
    path = f"/documents/{document}/attachments/{file}"
    drafter = at("drafter")
    page = drafter.get(f"{path}/preview")
    assert page.text("main nav") == "第 1 页，共 2 页 下一页"
    (shown,) = page.root.cssselect("main img")
    assert shown.get("src") == f"{path}/pages/1"
    second = drafter.get(f"{path}/preview?page=2")
    assert second.text("main nav") == "上一页 第 2 页，共 2 页"
    answer = drafter.get(f"{path}/pages/2").answer
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for wrong in ("preview?page=3", "pages/3", "pages/0"):
        assert drafter.get(f"{path}/{wrong}").status == 404
    assert drafter.get(f"{path}/preview?page=x").status == 200


def test_a_text_is_shown_escaped(at: At, world: World, document: int) -> None:
    file = attach(world, document, "说明.txt")
    path = f"/documents/{document}/attachments/{file}"
    page = at("drafter").get(f"{path}/preview")
    assert page.texts(".sheet p") == ["一、<script>alert(1)</script>", "二、完"]
    assert page.root.cssselect("main script") == []
    assert at("drafter").get(f"{path}/pages/1").status == 404


def test_a_table_of_excel_is_offered_for_saving_only(at: At, world: World, document: int) -> None:
    file = attach(world, document, "表.xlsx")
    page = at("drafter").get(f"/documents/{document}/attachments/{file}/preview")
    assert page.status == 409
    assert "这种附件不能预览，请下载后查看" in page.text("main")


def test_the_files_tab_shows_which_file_took_which_place(
    at: At, world: World, document: int
) -> None:
    first = attach(world, document, "稿.docx")
    second = attach(world, document, "说明.txt", replaces=first)
    other = attach(world, document, "表.xlsx")
    world._act(editing.save, world.actor("drafter"), document, editing.Save({}, removes=other))
    case_id = case_of(world, document)
    drafter = at("drafter")
    page = drafter.get(f"/cases/{case_id}?tab=files")
    assert page.texts("td:first-child") == [
        *("说明.txt 第 2 版，现行", "稿.docx 第 1 版，已替换", "表.xlsx 已移除")
    ]
    assert page.texts("td:nth-child(3)") == ["文本 T", "文本 T", "数据 D"]
    assert page.texts("td:nth-child(2)") == ["预览", "预览", "请下载查看"]
    old = drafter.get(f"/documents/{document}/attachments/{first}/preview")
    assert "工程量清单" in old.text(".sheet")
    assert "旧版" in old.text(".case-head")
    assert drafter.get(f"/documents/{document}/attachments/{first}").status == 200
    assert drafter.get(f"/documents/{document}/attachments/{second}/preview").status == 200


def test_programs_find_the_preview_at_the_attachment(
    call: Callable[[str], Caller], world: World, document: int
) -> None:
    for name in FILES:
        attach(world, document, name)
    drafter = call("drafter")
    found = drafter.get(f"/api/v1/documents/{document}").json["attachments"]
    kinds = {each["name"]: (each["category"], bool(each["preview"])) for each in found}
    assert kinds == {
        "通知.pdf": ("T", True),
        "扫描.tif": ("I", True),
        "现场.jpg": ("I", True),
        "说明.txt": ("T", True),
        "稿.docx": ("T", True),
        "表.xlsx": ("D", False),
    }
    by_name = {each["name"]: each for each in found}
    text = drafter.get(by_name["稿.docx"]["preview"])
    assert text.json == {"items": [{"type": "line", "text": "工程量清单"}], "cut": False}
    scan = by_name["扫描.tif"]["preview"]
    assert drafter.get(f"{scan}?page=2").mimetype == "image/png"
    assert drafter.get(f"{scan}?page=3").status_code == 404
    assert drafter.get(f"{scan}?page=0").status_code == 422
    excel = f"/api/v1/documents/{document}/attachments/{by_name['表.xlsx']['id']}/preview"
    refused = drafter.get(excel)
    assert (refused.status_code, refused.json["code"]) == (409, "no_preview")


def test_who_may_not_see_the_document_may_not_look(
    at: At, call: Callable[[str], Caller], world: World, document: int
) -> None:
    file = attach(world, document, "扫描.tif")
    path = f"/documents/{document}/attachments/{file}"
    for page in (f"{path}/preview", f"{path}/pages/1", path):
        assert at("east.drafter").get(page).status == 404
    assert call("east.drafter").get(f"/api/v1{path}/preview").status_code == 404
    assert at("drafter").get(f"/documents/{document}/attachments/999/preview").status == 404


def test_a_file_of_another_document_is_not_found(at: At, world: World, document: int) -> None:
    file = attach(world, document, "说明.txt")
    other = world.draft().case.document_id
    world.session.rollback()
    assert at("drafter").get(f"/documents/{other}/attachments/{file}/preview").status == 404


def test_nothing_is_held_while_a_file_is_read(
    at: At, world: World, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = attach(world, document, "说明.txt")
    free: list[bool] = []
    ask = inspection.ask

    def slow(*given: object) -> object:
        free.append(not db.session().in_transaction())
        return ask(*given)

    monkeypatch.setattr(inspection, "ask", slow)
    assert at("drafter").get(f"/documents/{document}/attachments/{file}/preview").status == 200
    assert free == [True]
