"""导入 Word and the versions on pages without script: what is shown, kept and refused."""

import io
from typing import Any

import docx
import pytest

from app.database import db
from app.documents.models import Document
from app.handling.acts import editing
from tests.documents.word import wordfiles as wf
from tests.web.conftest import At
from tests.web.desk import Desk, Page
from tests.world import World

TABLE = {
    "type": "table",
    "head": 1,
    "widths": [1, 2],
    "rows": [[{"text": "乡镇"}, {"text": "任务（公里）"}], [{"text": "东山镇"}, {"text": "12"}]],
}


def upload(content: bytes, name: str = "通知.docx") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def read_in(desk: Desk, path: str, content: bytes, name: str = "通知.docx", **typed: Any) -> Page:
    return desk.press(path, "#drafting", do="import", word=upload(content, name), **typed)


def only(world: World) -> Document:
    world.session.rollback()
    return world.session.query(Document).one()


def test_a_file_fills_the_form_and_saves_nothing(at: At, world: World) -> None:
    drafter = at("drafter")
    page = read_in(drafter, "/documents/new", wf.official(), title="已有的标题")
    assert page.status == 200
    form = page.form("#drafting")
    assert form["title"] == "已有的标题"
    assert form["main_recipients"].split() == ["各镇人民政府", "各街道办事处"]
    assert form["note"].startswith("联系人")
    assert "一、提高认识" in form["body"]
    notes = page.text("section[aria-labelledby=imported]")
    assert "批注没有保留：请核对数字" in notes
    assert "文件里的标题是“江洲县水务局关于做好冬春水利建设的通知”；该栏已有内容" in notes
    assert page.texts("#sheet td") == ["东山镇", "12"]
    world.session.rollback()
    assert world.session.query(Document).count() == 0


def tables(document: Document) -> list[Any]:
    return [block for block in document.text if block["type"] == "table"]


def saved(desk: Desk, page: Page, **typed: Any) -> Page:
    form = {**page.form("#drafting"), "direction": "downward", "kind": "通知", "do": "save"}
    return desk.post("/documents/new", {**form, **typed})


def test_what_was_read_is_saved_with_its_table(at: At, world: World) -> None:
    drafter = at("drafter")
    page = read_in(drafter, "/documents/new", wf.official())
    body = page.form("#drafting")["body"].replace("现将有关事项通知如下。", "现通知如下。")
    assert saved(drafter, page, body=body).status == 303
    found = only(world)
    assert tables(found) == [TABLE]
    assert found.text[-1]["type"] == "image"
    assert found.body.startswith("现通知如下。\n一、提高认识")


def test_a_line_of_the_table_is_not_typed_over(at: At, world: World) -> None:
    drafter = at("drafter")
    page = read_in(drafter, "/documents/new", wf.official())
    body = page.form("#drafting")["body"].replace("｜东山镇｜12｜", "｜东山镇｜13｜")
    again = saved(drafter, page, body=body)
    assert again.status == 422
    assert "编辑器" in again.text("#body-error")
    assert again.form("#drafting")["behind"]
    assert saved(drafter, again, body=body.replace("13", "12")).status == 303
    assert tables(only(world)) == [TABLE]


@pytest.mark.parametrize("behind", ["{", "{}", "[1]", '[{"type":"script"}]', "[" * 5000])
def test_what_stands_behind_the_lines_is_checked(at: At, world: World, behind: str) -> None:
    drafter = at("drafter")
    page = read_in(drafter, "/documents/new", wf.official())
    again = saved(drafter, page, behind=behind)
    assert again.status == 422
    assert again.texts("#body-error")


def test_the_text_before_can_be_copied(at: At, world: World) -> None:
    page = read_in(at("drafter"), "/documents/new", wf.official(), body="写了一半的正文。")
    assert page.text("#former").strip() == "写了一半的正文。"


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "请先选择 .docx 文档"),
        ({"word": upload(b"\xd0\xcf\x11\xe0", "旧稿.doc")}, 415, "另存为 .docx"),
        ({"word": upload(b"%PDF-1.7", "稿.pdf")}, 415, "只能导入 .docx"),
        ({"word": upload(b"PK\x03\x04zzz", "坏.docx")}, 422, "已损坏"),
    ],
)
def test_a_refused_file_keeps_what_was_typed(
    at: At, world: World, sent: dict[str, Any], status: int, sentence: str
) -> None:
    page = at("drafter").press(
        "/documents/new", "#drafting", do="import", body="已写的正文。", **sent
    )
    assert page.status == status
    assert sentence in page.text("#word-error")
    assert page.form("#drafting")["body"] == "已写的正文。"


def test_only_who_edits_now_reads_in_for_a_document(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, until="dept_review")
    path = f"/documents/{done.case.document_id}/edit"
    drafter = at("drafter")
    token = drafter.get("/documents/new").form("#drafting")["csrf_token"]
    form = {"do": "import", "word": upload(wf.official()), "csrf_token": token}
    assert drafter.post(path, form).status == 403
    page = read_in(at("dept.head"), path, wf.official())
    assert page.status == 200
    assert "一、提高认识" in page.form("#drafting")["body"]
    assert only(world).version == 1


def test_a_document_is_taken_home_as_word(at: At, world: World) -> None:
    done = world.draft()
    page = at("drafter").get(f"/documents/{done.case.document_id}/document.docx")
    assert page.status == 200
    assert page.answer.headers["Content-Disposition"].startswith("attachment")
    document = docx.Document(io.BytesIO(page.answer.data))
    assert "非正式稿" in document.sections[0].header.paragraphs[0].text
    assert at("east.drafter").get(f"/documents/{done.case.document_id}/document.docx").status == 404


def test_of_what_came_in_no_word_file_is_made(at: At, world: World) -> None:
    done = world.register()
    page = at("secretary").get(f"/documents/{done.case.document_id}/document.docx")
    assert page.status == 409
    assert "来文以原件为准" in page.text("main")


@pytest.fixture
def three(world: World) -> int:
    """A document of three versions that lies at the review."""
    done = world.draft(body=[{"type": "paragraph", "text": "第一段，按日巡查。"}, TABLE])
    world.run(done, until="dept_review")
    changed = [{"type": "paragraph", "text": "第一段，按周巡查。"}, TABLE]
    for change in ({"body": changed}, {"title": "改后的通知"}):
        save = editing.Save(change)
        world._act(editing.save, world.actor("dept.head"), done.case.document_id, save)
    task = world.open(done.case)[0].id
    db.session.remove()
    return task


def test_any_two_versions_stand_side_by_side(at: At, three: int) -> None:
    head = at("dept.head")
    page = head.get(f"/tasks/{three}?tab=versions&from=3&to=1&view=side")
    assert page.text("h2.under") == "从第 1 版到第 3 版的改动"
    assert (page.texts(".pair del"), page.texts(".pair ins")) == (["日"], ["周"])
    assert any("标题由" in text for text in page.texts(".in > p"))
    same = head.get(f"/tasks/{three}?tab=versions&from=2&to=2&view=side")
    assert "选的是同一版" in same.text("section[aria-label=公文]")
    assert head.get(f"/tasks/{three}?tab=versions&from=9&to=1").status == 404


def test_each_paragraph_names_who_wrote_it(at: At, three: int) -> None:
    page = at("dept.head").get(f"/tasks/{three}?tab=versions&view=authors")
    lines = page.texts(".written small")
    assert [line.split(" · ")[0] for line in lines] == ["第 2 版", "第 1 版"]
    assert "部门负责人核稿" in lines[0]


def test_an_old_version_is_brought_back_with_a_reason(at: At, three: int, world: World) -> None:
    head = at("dept.head")
    page = head.get(f"/tasks/{three}?tab=versions")
    links = [each.get("href") for each in page.root.cssselect("a[href*=restore]")]
    assert len(links) == 2
    refused = head.press(links[0], "main form", reason=" ")
    assert refused.status == 422
    assert "须写明理由" in refused.text("#reason-error")
    done = head.press(links[0], "main form", reason="按初稿报批。")
    assert done.leads_to.endswith("/edit")
    assert "已恢复第 1 版的内容，保存为第 4 版" in head.get(done.leads_to).text(".message.done")
    assert only(world).version == 4
    old = head.press(links[0], "main form", reason="再来。", version="3")
    assert old.status == 409


def test_who_only_reads_has_no_link_and_no_page(at: At, three: int, world: World) -> None:
    document_id = only(world).id
    drafter = at("drafter")
    page = drafter.get("/cases/1?tab=versions")
    assert page.status == 200
    assert not page.root.cssselect("a[href*=restore]")
    assert drafter.get(f"/documents/{document_id}/versions/1/restore").status == 403


def test_the_signed_version_is_marked(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, until="register_number")
    page = at("drafter").get(f"/cases/{done.case.id}?tab=versions")
    assert page.texts(".in td .tag") == ["签发稿"]
    assert "从签发起内容固定" in page.text("section[aria-label=公文]")
