"""拟稿, 收文登记 and 修改: what is typed is saved whole, or kept on the page with the reason."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.documents.models import Attachment, Document, DocumentVersion
from tests.documents.files import pdf
from tests.web.desk import Desk, Page
from tests.world import World

At = Callable[[str], Desk]
NOTICE: dict[str, Any] = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好冬季堤防巡查的通知",
    "main_recipients": "各乡镇水务站\r\n 局属各单位 \r\n\r\n",
    "copy_recipients": "县应急管理局",
    "body": "现通知如下。\r\n一、按日巡查。每日一次。\r\n（一）水位。",
    "note": "联系人：值班室",
    "do": "save",
}
RECEIVED: dict[str, Any] = {
    "from_unit": "江洲市水务局",
    "number": "江市水〔2026〕12号",
    "title": "江洲市水务局关于开展河道清障的通知",
    "received_at": "2026-11-23T08:40",
    "document_date": "2026-11-20",
    "source": "上级来文",
    "urgency": "urgent",
    "body": "请按要求开展河道清障。",
    "do": "save",
}
TABLE = "按期完成情况表.pdf"


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    """``at("leader")``: that person's browser, signed in, on the Monday afternoon."""

    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


def only(world: World) -> Document:
    world.session.rollback()
    return world.session.scalars(sa.select(Document)).one()


def count(world: World, table: Any) -> int:
    world.session.rollback()
    return world.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def upload(name: str = TABLE, content: bytes | None = None) -> tuple[io.BytesIO, str]:
    return io.BytesIO(pdf() if content is None else content), name


def test_a_draft_is_saved_and_leads_to_where_it_is_handled(at: At, world: World) -> None:
    drafter = at("drafter")
    page = drafter.press("/documents/new", "#drafting", **NOTICE, countersigners=["leader2"])
    assert page.status == 303
    document = only(world)
    assert document.main_recipients == ["各乡镇水务站", "局属各单位"]
    assert document.body == "现通知如下。\n一、按日巡查。每日一次。\n（一）水位。"
    assert (document.urgency, document.note) == ("none", "联系人：值班室")
    task = drafter.get(page.leads_to)
    assert "草稿已保存。" in task.text(".message.done")
    assert "草稿已保存。" not in drafter.get("/").answer.text


def test_sending_twice_drafts_once(at: At, world: World) -> None:
    drafter = at("drafter")
    form = drafter.get("/documents/new").form("#drafting") | NOTICE
    first, second = drafter.post("/documents/new", form), drafter.post("/documents/new", form)
    assert first.leads_to == second.leads_to
    assert count(world, Document) == 1


def test_the_likeness_follows_what_is_typed_and_saves_nothing(at: At, world: World) -> None:
    drafter = at("drafter")
    typed = {**NOTICE, "direction": "upward", "kind": "请示", "urgency": "extra_urgent"}
    page = drafter.press("/documents/new", "#drafting", **{**typed, "do": "preview"})
    assert page.status == 200
    sheet = page.text("#sheet")
    for words in (
        "特急",
        "江洲县水务局文件",
        "签发人：",
        "各乡镇水务站、局属各单位：",
        "（联系人：值班室）",
    ):
        assert words in sheet
    assert page.texts("#sheet .level1") == ["一、按日巡查。"]
    assert page.texts("#sheet .level2") == []  # a sentence alone is an item, no heading
    assert page.form("#drafting")["direction"] == "upward"
    assert count(world, Document) == 0


BAD = [
    ({"direction": ""}, "direction", "请填写行文方向。"),
    ({"direction": "sideways"}, "direction", "行文方向不在可选的范围内"),
    ({"kind": ""}, "kind", "请填写文种。"),
    ({"kind": "通报信"}, "kind", "文种应为下列之一"),
    ({"kind": "请示"}, "kind", "“请示”只能作上行文，请改文种或行文方向。"),
    ({"direction": "upward", "kind": "请示"}, "main_recipients", "只能主送一个上级机关"),
    ({"urgency": "soon"}, "urgency", "紧急程度不在可选的范围内"),
    ({"title": " \u3000"}, "title", "请填写标题。"),
    ({"title": "长" * 201}, "title", "标题不能超过 200 个字。"),
    ({"title": "关于\x00的通知"}, "title", "标题中有不能显示的控制字符 U+0000"),
    ({"main_recipients": "机" * 101}, "main_recipients", "主送机关第 1 项不能超过 100 个字。"),
    ({"copy_recipients": "\n".join("甲" * 201)}, "copy_recipients", "抄送机关最多 200 项。"),
    ({"body": "字" * 500_001}, "body", "正文不能超过 500000 个字。"),
    ({"note": "\x07"}, "note", "附注中有不能显示的控制字符"),
    ({"title": "秘密★一年的通知"}, "title", "本系统不处理涉及国家秘密的公文"),
    ({"countersigners": ["nobody"]}, "countersigners", "nobody"),
]


UNSAID = [{"direction": ""}, {"kind": ""}]
ALSO_WHEN_CHANGED = [each for each in BAD if each[0] not in UNSAID and each[1] != "countersigners"]
"""What a change leaves out stays as it was, and countersigners belong to the case."""


@pytest.mark.parametrize(("typed", "field", "sentence"), BAD)
def test_a_refused_draft_keeps_what_was_typed(
    at: At, world: World, typed: dict[str, Any], field: str, sentence: str
) -> None:
    page = at("drafter").press("/documents/new", "#drafting", **{**NOTICE, **typed})
    assert page.status == 422
    assert sentence in page.texts(".errors li")[0]
    if field != "countersigners":
        assert sentence in page.text(f"#{field}-error")
        assert page.root.cssselect(f".errors a[href='#{field}']")
        assert page.root.cssselect(f"#{field}")
    kept = page.form("#drafting")
    for name in ("note", "copy_recipients"):
        assert kept[name].strip() == typed.get(name, NOTICE[name]).strip()
    title = typed.get("title", NOTICE["title"])
    assert kept["title"] == title.replace("\x00", "\ufffd")  # HTML has no NUL
    assert count(world, Document) == 0
    assert count(world, DocumentVersion) == 0


def test_every_error_is_listed_at_once(at: At) -> None:
    nothing = {"direction": "", "kind": "", "title": ""}
    page = at("drafter").press("/documents/new", "#drafting", **{**NOTICE, **nothing})
    assert "有 3 处需要修改：" in page.text(".errors")
    assert page.text("title").startswith("有误：")


def test_only_who_drafts_may_draft(at: At, world: World) -> None:
    leader = at("leader")
    form = at("drafter").get("/documents/new").form("#drafting")
    form["csrf_token"] = leader.get("/").form("form[action='/sign-out']")["csrf_token"]
    page = leader.post("/documents/new", form | NOTICE)
    assert page.status == 403
    assert "请联系本部门拟稿人" in page.text("[role=alert]")
    assert count(world, Document) == 0


def edit_page(world: World, **fields: Any) -> str:
    done = world.draft(**fields)
    return f"/documents/{done.case.document_id}/edit"


def test_a_change_makes_a_version_and_no_change_makes_none(at: At, world: World) -> None:
    path = edit_page(world, body="\n首行空着\n\n末行\n")
    drafter = at("drafter")
    page = drafter.press(path, "#drafting", do="save")
    assert "没有改动" in drafter.get(page.leads_to).text(".message.done")
    assert only(world).version == 1
    page = drafter.press(path, "#drafting", do="save", note="联系人：办公室")
    assert "已保存为第 2 版。" in drafter.get(page.leads_to).text(".message.done")
    assert only(world).body == "\n首行空着\n\n末行\n"
    assert only(world).note == "联系人：办公室"


@pytest.mark.parametrize(("typed", "field", "sentence"), ALSO_WHEN_CHANGED)
def test_a_refused_change_changes_nothing(
    at: At, world: World, typed: dict[str, Any], field: str, sentence: str
) -> None:
    path = edit_page(world)
    page = at("drafter").press(path, "#drafting", **{**NOTICE, **typed, "note": "改过", **typed})
    assert page.status == 422
    assert sentence in page.text(f"#{field}-error")
    assert (only(world).version, only(world).note) == (1, "")


def test_who_saves_second_keeps_his_text_and_sees_the_other(at: At, world: World) -> None:
    path = edit_page(world)
    drafter = at("drafter")
    mine = drafter.get(path).form("#drafting")
    drafter.press(path, "#drafting", do="save", body="先存的正文。")
    page = drafter.post(path, mine | {"body": "后存的正文。", "do": "save"})
    assert page.status == 409
    assert "陈雨桐已于11月23日 14:00 保存了新的一版" in page.text("[role=alert]")
    assert page.form("#drafting")["body"] == "后存的正文。"
    assert "先存的正文。" in page.text(".facts.in")
    assert only(world).body == "先存的正文。"
    again = page.form("#drafting") | {"do": "save"}
    assert drafter.post(path, again).status == 303
    assert (only(world).body, only(world).version) == ("后存的正文。", 3)


def test_text_is_kept_when_the_document_has_gone_on(at: At, world: World) -> None:
    done = world.draft()
    path = f"/documents/{done.case.document_id}/edit"
    drafter = at("drafter")
    mine = drafter.get(path).form("#drafting")
    world.run(done, "dept_review")
    page = drafter.post(path, mine | {"body": "来不及存的正文。", "do": "save"})
    assert page.status == 403
    assert "此件不在您手上，不能修改" in page.text("[role=alert]")
    assert page.form("#drafting")["body"] == "来不及存的正文。"
    assert page.root.cssselect("#drafting button") == []
    assert drafter.get(path).status == 403
    assert at("dept.head").get(path).status == 200
    assert at("east.drafter").get(path).status == 404


def add(desk: Desk, path: str, **typed: Any) -> Page:
    return desk.press(path, "#drafting", **{"do": "attach", **typed})


def files(page: Page) -> list[str]:
    return [each for each in page.texts(".files .rows a") if each != "预览"]


def test_files_are_added_replaced_and_taken_off(at: At, world: World) -> None:
    path = edit_page(world)
    drafter = at("drafter")
    page = add(drafter, path, file=[upload(), upload("第二.pdf")], note="一同保存")
    assert page.leads_to == path
    page = drafter.get(path)
    assert "已添加附件 2 个" in page.text(".message.done")
    assert files(page) == [TABLE, "第二.pdf"]
    assert "附件：1.按期完成情况表" in page.texts("#sheet p")
    assert only(world).note == "一同保存"
    (replace, remove) = [each.get("value") for each in page.root.cssselect(".rows button")[2:]]
    add(drafter, path, do=replace, file=upload("第二（修订）.pdf"))
    page = drafter.get(path)
    assert files(page) == [TABLE, "第二（修订）.pdf"]
    add(drafter, path, do=page.root.cssselect(".rows button")[1].get("value"))
    assert files(drafter.get(path)) == ["第二（修订）.pdf"]
    assert add(drafter, path, do=remove).status == 404
    assert count(world, Attachment) == 3


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "请先选择文件"),
        ({"do": "replace:1"}, 422, "请先选择文件"),
        ({"file": ("表.exe", b"MZ")}, 415, "“表.exe”：不接收这种类型的附件。"),
        ({"file": ("表.pdf", b"not a pdf")}, 415, "“表.pdf”"),
        ({"file": ("表.pdf", b"")}, 422, "附件是空文件（0 字节）"),
    ],
)
def test_a_refused_file_keeps_the_text_and_says_which(
    at: At, world: World, sent: dict[str, Any], status: int, sentence: str
) -> None:
    path = edit_page(world)
    given = dict(sent)
    if "file" in given:
        name, content = given["file"]
        given["file"] = upload(name, content)
    page = add(at("drafter"), path, **given, note="还没有保存的附注")
    assert page.status == status
    assert sentence in page.text("#file-error")
    assert page.form("#drafting")["note"] == "还没有保存的附注"
    assert (only(world).version, count(world, Attachment)) == (1, 0)


def test_a_draft_may_come_with_its_files(at: At, world: World) -> None:
    page = at("drafter").press("/documents/new", "#drafting", **NOTICE, file=upload())
    assert page.status == 303
    assert [each.name for each in only(world).attachments] == [TABLE]
    page = at("drafter").press(
        "/documents/new", "#drafting", **NOTICE, file=upload("坏.docx", b"no")
    )
    assert page.status == 415
    assert page.form("#drafting")["title"] == NOTICE["title"]
    assert count(world, Document) == 1


def test_what_came_in_is_registered(at: At, world: World) -> None:
    secretary = at("secretary")
    page = secretary.get("/incoming/new")
    assert page.form("main form[enctype]")["received_at"] == "2026-11-23T14:00"
    page = secretary.press(
        "/incoming/new", "main form[enctype]", **RECEIVED, file=upload("原件.pdf")
    )
    assert page.status == 303
    document = only(world)
    assert (document.kind, document.urgency, document.receipt_number) == ("通知", "urgent", 1)
    assert str(document.document_date) == "2026-11-20"
    assert document.received_at is not None
    assert document.received_at.isoformat() == "2026-11-23T00:40:00+00:00"
    assert "来文已登记。" in secretary.get(page.leads_to).text(".message.done")
    path = f"/documents/{document.id}/edit"
    assert secretary.press(path, "main form[enctype]", do="save").status == 303
    assert only(world).version == 2  # the first version, and the one with its file
    secretary.press(path, "main form[enctype]", do="save", number="", source="")
    assert (only(world).source_number, only(world).source, only(world).version) == ("", "", 3)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"from_unit": ""}, "from_unit", "请填写来文单位。"),
        ({"from_unit": "单" * 101}, "from_unit", "来文单位不能超过 100 个字。"),
        ({"number": "号" * 101}, "number", "来文字号不能超过 100 个字。"),
        ({"title": ""}, "title", "请填写标题。"),
        ({"title": "机密★的通知"}, "title", "本系统不处理涉及国家秘密的公文"),
        ({"received_at": ""}, "received_at", "请填写收文时间。"),
        ({"received_at": "昨天"}, "received_at", "收文时间不是有效的时间"),
        ({"received_at": "2026-11-24T08:00"}, "received_at", "收文时间不能晚于现在，请核对。"),
        ({"document_date": "2026-13-01"}, "document_date", "来文日期不是有效的日期"),
        ({"document_date": "2026-11-24"}, "document_date", "来文日期不能晚于收文时间，请核对。"),
        ({"kind": "便条"}, "kind", "文种应为下列之一"),
        ({"urgency": "平急"}, "urgency", "紧急程度不在可选的范围内"),
        ({"source": "源" * 101}, "source", "公文来源不能超过 100 个字。"),
        ({"body": "\x1b"}, "body", "正文中有不能显示的控制字符 U+001B"),
    ],
)
def test_a_refused_registration_keeps_what_was_typed(
    at: At, world: World, typed: dict[str, Any], field: str, sentence: str
) -> None:
    page = at("secretary").press("/incoming/new", "main form[enctype]", **{**RECEIVED, **typed})
    assert page.status == 422
    assert sentence in page.text(f"#{field}-error")
    assert page.root.cssselect(f"#{field}[aria-invalid=true]")
    kept = page.form("main form[enctype]")
    for name in ("from_unit", "number", "source"):
        assert kept[name] == typed.get(name, RECEIVED[name])
    assert count(world, Document) == 0


def test_without_a_source_it_is_not_forwarded_but_can_be_mended(at: At, world: World) -> None:
    """INC-05: the page of the document is the place to mend it."""
    done = world.register(source="")
    path = f"/documents/{done.case.document_id}/edit"
    secretary = at("secretary")
    page = secretary.press(path, "main form[enctype]", do="save", source="电话记录")
    assert page.status == 303
    assert only(world).source == "电话记录"
