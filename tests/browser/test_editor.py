"""The editor of 正文: typing, tables, pasting, pictures; two people at one document; drafts."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from app.database import db
from app.documents.models import Document
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.world import World

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style><!-- p.MsoNormal {mso-style-parent:""; font-size:16.0pt} --></style></head><body>
<p class=MsoNormal style='text-indent:32.0pt'><span style='font-family:仿宋'>　　现将<b>有关</b>事
项通知如下：<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>一、<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span>
<![endif]><span>工作目标</span></p>
<p><img src="file:///C:/x.png" onerror="document.title='bad'">
<script>document.title='bad'</script></p>
<table border=1><tr><td colspan=2><p align=center style='text-align:center'>合计</p></td>
<td><p>3</p></td></tr><tr><td>甲</td><td>乙<br>丙</td><td><p align=right>丁</p></td></tr></table>
</body></html>"""
FROM_WORD = [
    {"type": "paragraph", "text": "现将有关事项通知如下："},
    {"type": "paragraph", "text": "一、工作目标"},
    {
        "type": "table",
        "rows": [
            [{"text": "合计", "across": 2, "align": "center"}, {"text": "3"}],
            [{"text": "甲"}, {"text": "乙\n丙"}, {"text": "丁", "align": "right"}],
        ],
    },
]
PASTE = """(place, [html, plain]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", plain);
  const event = { clipboardData: data, bubbles: true, cancelable: true };
  place.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def draft(app: Flask) -> int:
    with app.app_context():
        document_id = World(db.session()).draft().case.document_id
        db.session.remove()
    return document_id


def text(app: Flask, document_id: int) -> Any:
    with app.app_context():
        found = db.session.get_one(Document, document_id).text
        db.session.remove()
    return found


def editor(page: Page) -> Locator:
    place = page.get_by_role("textbox", name="正文", exact=True)
    expect(place).to_be_visible()
    return place


def blocks(page: Page) -> Any:
    """What the form would post now."""
    sent = page.evaluate("new FormData(document.querySelector('#drafting')).get('blocks')")
    return json.loads(sent)


def emptied(page: Page) -> Locator:
    place = editor(page)
    place.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    return place


def bar(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存为第")).to_be_visible()


def test_the_editor_of_what_was_received_is_as_wide_as_its_form(desk: Sit) -> None:
    page = desk("secretary").go("/incoming/new")
    expect(page.get_by_role("textbox", name="内容摘要", exact=True)).to_be_visible()
    widths = [
        page.locator(each).evaluate("each => each.getBoundingClientRect().width")
        for each in ("[data-editor]", "[data-editor-frame]")
    ]
    assert widths[1] == pytest.approx(widths[0], abs=1)


def test_headings_show_their_faces_while_somebody_types(desk: Sit, draft: int) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    place = emptied(page)
    for line in ("现通知如下。", "一、总体要求。落实到位。", "（一）原则"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    expect(place.locator(".level1")).to_have_text("一、总体要求。")
    expect(place.locator(".level2")).to_have_text("（一）原则")
    page.keyboard.type("名单")
    page.get_by_label("段落级别").select_option(label="一级标题")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("办法")
    page.get_by_label("段落级别").select_option(label="附文标题")
    assert blocks(page)[3:] == [
        {"type": "paragraph", "text": "名单", "level": 1},
        {"type": "title", "text": "办法"},
    ]
    page.keyboard.press("Control+z")
    assert blocks(page)[4] == {"type": "paragraph", "text": "办法"}
    expect(page.locator("#sheet .level2")).to_have_text("（一）原则")


def test_a_table_is_made_changed_and_the_same_when_opened_again(
    app: Flask, desk: Sit, draft: int
) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page)
    bar(page, "表格")
    page.get_by_label("列", exact=True).fill("2")
    page.get_by_label("行", exact=True).fill("2")
    page.keyboard.press("Enter")
    for word in ("项目", "金额", "合计", "3"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    cell = page.locator("#body td")
    cell.nth(3).click()
    bar(page, "右齐")
    bar(page, "下插行")
    bar(page, "右插列")
    cell.nth(6).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    cell.nth(6).drag_to(cell.nth(8))
    bar(page, "合并")
    page.keyboard.type("以上为全年")
    table = {
        "type": "table",
        "head": 1,
        "rows": [
            [{"text": "项目"}, {"text": "金额"}, {}],
            [{"text": "合计"}, {"text": "3", "align": "right"}, {}],
            [{"text": "以上为全年", "across": 3}],
        ],
    }
    assert blocks(page)[0] == table
    save(page)
    assert text(app, draft)[0] == table
    seat.go(f"/documents/{draft}/edit")
    editor(page)
    assert blocks(page)[0] == table
    cell.last.click()
    bar(page, "拆分")
    assert len(blocks(page)[0]["rows"][2]) == 3
    bar(page, "删行")
    cell.first.click()
    bar(page, "表头")
    bar(page, "删列")
    assert blocks(page)[0]["rows"] == [
        [{"text": "金额"}, {}],
        [{"text": "3", "align": "right"}, {}],
    ]
    assert "head" not in blocks(page)[0]
    bar(page, "删表")
    assert blocks(page) == []


def test_a_text_from_word_leaves_its_dress_behind(app: Flask, desk: Sit, draft: int) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page).evaluate(PASTE, [WORD, "x"])
    assert [each for each in blocks(page) if each != {"type": "paragraph"}] == FROM_WORD
    expect(page.get_by_text("粘贴的图片没有带入")).to_be_visible()
    assert page.title() == "修改公文 · 公文办理"
    save(page)
    seat.go(f"/documents/{draft}/edit")
    assert [each for each in blocks(page) if each != {"type": "paragraph"}] == FROM_WORD


def test_plain_text_becomes_paragraphs_and_lines_of_a_cell(desk: Sit, draft: int) -> None:
    page = desk("drafter").go(f"/documents/{draft}/edit")
    emptied(page).evaluate(PASTE, ["", "　　一、甲\r\n# 办法\n    乙"])
    assert blocks(page) == [
        {"type": "paragraph", "text": "一、甲"},
        {"type": "title", "text": "办法"},
        {"type": "paragraph", "text": "乙"},
    ]
    emptied(page)
    bar(page, "表格")
    bar(page, "插入表格")
    editor(page).evaluate(PASTE, ["", "甲\n乙"])
    assert blocks(page)[0]["rows"][0][0] == {"text": "甲\n乙"}


def test_a_picture_is_uploaded_named_and_shown_beside(app: Flask, desk: Sit, draft: int) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page)
    with page.expect_file_chooser() as chooser:
        bar(page, "图片")
    chooser.value.set_files(picture("平面图.png"))
    expect(page.get_by_text("图片已插入")).to_be_visible()
    expect(page.get_by_label("说明", exact=True)).to_have_value("")
    page.get_by_label("宽（毫米）").fill("60")
    page.get_by_label("说明", exact=True).fill("河道平面图")
    page.keyboard.press("Tab")
    image = blocks(page)[0]
    assert (image["type"], image["width"], image["alt"]) == ("image", 60, "河道平面图")
    expect(page.locator("#sheet img")).to_have_js_property("naturalWidth", 640)
    with page.expect_file_chooser() as chooser:
        bar(page, "图片")
    chooser.value.set_files(FilePayload(name="x.png", mimeType="image/png", buffer=b"no picture"))
    expect(page.get_by_text("文件内容与扩展名 png 不符")).to_be_visible()
    save(page)
    assert text(app, draft)[0] == image


def picture(name: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (640, 320), (180, 200, 220)).save(out, "PNG")
    return FilePayload(name=name, mimeType="image/png", buffer=out.getvalue())


def test_words_are_found_and_replaced(desk: Sit, draft: int) -> None:
    page = desk("drafter").go(f"/documents/{draft}/edit")
    emptied(page).evaluate(PASTE, ["", "巡查要求\n按日巡查，巡查记录"])
    bar(page, "查找")
    page.get_by_label("查找", exact=True).fill("巡查")
    page.keyboard.press("Enter")
    expect(page.get_by_text("共 3 处")).to_be_visible()
    page.get_by_label("替换为").fill("巡检")
    bar(page, "全部替换")
    assert [each["text"] for each in blocks(page)] == ["巡检要求", "按日巡检，巡检记录"]


def test_chinese_is_composed_undisturbed(desk: Sit, draft: int) -> None:
    """An input method writes into the text before a word is chosen."""
    page = desk("drafter").go(f"/documents/{draft}/edit")
    emptied(page)
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "yi", "selectionStart": 2, "selectionEnd": 2})
    keys.send("Input.insertText", {"text": "一、"})
    keys.send("Input.imeSetComposition", {"text": "zong", "selectionStart": 4, "selectionEnd": 4})
    keys.send("Input.insertText", {"text": "总则"})
    expect(page.locator("#body .level1")).to_have_text("一、总则")
    assert blocks(page) == [{"type": "paragraph", "text": "一、总则"}]


def test_with_the_keyboard_alone(desk: Sit, draft: int) -> None:
    page = desk("drafter").go(f"/documents/{draft}/edit")
    editor(page).focus()
    page.keyboard.press("Alt+F10")
    expect(page.get_by_label("段落级别")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="表格", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("选择 Word 文档")).to_be_focused()


def test_what_was_typed_is_there_again_after_the_window_was_closed(desk: Sit, draft: int) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page)
    page.keyboard.type("写到一半")
    page.get_by_label("附注").focus()
    expect(page.get_by_text("草稿已存")).to_be_visible()
    seat.go("/")
    seat.go(f"/documents/{draft}/edit")
    expect(page.get_by_text("已恢复")).to_be_visible()
    assert blocks(page) == [{"type": "paragraph", "text": "写到一半"}]
    page.get_by_role("button", name="不要了").click()
    expect(editor(page)).to_contain_text("冬季堤防巡查")


def test_a_colleague_asks_and_the_open_page_says_so(app: Flask, desk: Sit) -> None:
    """Nobody reloads anything by hand: both pages ask every few seconds."""
    with app.app_context():
        world = World(db.session())
        document_id = world.register().case.document_id
        names = [world.actor(login).name for login in ("secretary", "dispatcher")]
        db.session.remove()
    path = f"/documents/{document_id}/edit"
    first, second = desk("secretary"), desk("dispatcher")
    writing, waiting = first.go(path), second.go(path)
    place = writing.get_by_role("textbox", name="内容摘要")
    place.click()
    writing.keyboard.type("没有保存的字。")
    expect(waiting.get_by_text(f"{names[0]}正在修改此件")).to_be_visible()
    waiting.get_by_role("button", name="请求接手").click()
    expect(waiting.get_by_text("以前没有答复就转给您")).to_be_visible()
    expect(writing.get_by_text(f"{names[1]}请求接手修改")).to_be_visible(timeout=40_000)
    assert not [*first.barriers(), *second.barriers()]
    first.shot("lock-holder")
    second.shot("lock-waiting")
    writing.get_by_role("button", name="同意，交给对方").click()
    expect(writing.get_by_text("没有保存的内容还在草稿里")).to_be_visible()
    expect(waiting.get_by_role("button", name="保存", exact=True)).to_be_visible(timeout=40_000)
    waiting.get_by_role("button", name="保存", exact=True).click()
    expect(writing.get_by_role("textbox", name="内容摘要")).to_contain_text(
        "没有保存的字。", timeout=40_000
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_no_barrier_with_everything_open(desk: Sit, draft: int, size: dict[str, int]) -> None:
    seat = desk("drafter", size=size)
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page).evaluate(PASTE, [WORD, "x"])
    page.locator("#body td").first.click()
    bar(page, "图库")
    bar(page, "查找")
    page.get_by_label("查找", exact=True).fill("目标")
    page.wait_for_load_state("networkidle")
    assert not seat.barriers()
    assert not seat.overflows()
    seat.shot(f"{size['width']}-editor")
