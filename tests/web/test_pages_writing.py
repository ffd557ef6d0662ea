"""The form while it is written: blocks of the editor, who has it in hand, drafts, and pictures."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.documents.models import Document
from app.handling.models import Task
from app.handling.views import paper
from app.handling.writing.models import FormDraft
from tests.documents.files import pdf, picture
from tests.documents.word import wordfiles as wf
from tests.web.conftest import At, Caller
from tests.web.desk import Desk, Page
from tests.web.test_pages_drafting import NOTICE, RECEIVED
from tests.world import World

BLOCKS: list[dict[str, Any]] = [
    {"type": "paragraph", "text": "一、总体要求"},
    {"type": "table", "rows": [[{"text": "项目"}, {"text": "金额", "align": "right"}]], "head": 1},
    {"type": "title", "text": "办法"},
    {"type": "page_break"},
    {"type": "paragraph", "text": "现予公布。", "level": 2},
]
FIRST, SECOND = "secretary", "dispatcher"


def as_editor(blocks: Any) -> dict[str, str]:
    return {"blocks": blocks if isinstance(blocks, str) else json.dumps(blocks)}


def send(desk: Desk, path: str, selector: str, **typed: Any) -> Page:
    """As the page with script does: the blocks, and no plain text."""
    page = desk.get(path)
    form = {**page.form(selector), **typed}
    form.pop("body", None)
    return desk.post(path, form)


def only(world: World) -> Document:
    world.session.rollback()
    return world.session.scalars(sa.select(Document)).one()


def shown(page: Page) -> Any:
    (editor,) = page.root.cssselect("[data-editor]")
    return json.loads(editor.get("data-blocks"))


@pytest.fixture
def received(world: World) -> int:
    """A document that two people may change."""
    document_id = world.register().case.document_id
    world.session.commit()
    return document_id


def test_the_blocks_of_the_editor_are_saved_and_shown_again(at: At, world: World) -> None:
    drafter = at("drafter")
    typed = {**NOTICE, **as_editor(BLOCKS)}
    assert send(drafter, "/documents/new", "#drafting", **typed).status == 303
    document = only(world)
    assert document.text == BLOCKS
    path = f"/documents/{document.id}/edit"
    assert shown(drafter.get(path)) == BLOCKS
    changed = [*BLOCKS[:-1], {"type": "paragraph", "text": "现予公布。"}]
    assert send(drafter, path, "#drafting", **as_editor(changed)).status == 303
    assert only(world).text == changed
    assert only(world).version == 2
    assert send(drafter, path, "#drafting", **as_editor(changed)).status == 303
    assert only(world).version == 2


def test_without_script_the_table_stays_where_it_was(at: At, world: World) -> None:
    drafter = at("drafter")
    send(drafter, "/documents/new", "#drafting", **NOTICE, **as_editor(BLOCKS))
    path = f"/documents/{only(world).id}/edit"
    page = drafter.get(path)
    text = page.form("#drafting")["body"]
    assert "｜项目｜金额｜" in text
    typed = text.replace("一、总体要求", "一、工作要求")
    assert drafter.press(path, "#drafting", body=typed).status == 303
    assert only(world).text[0]["text"] == "一、工作要求"
    assert only(world).text[1:] == BLOCKS[1:]


CELL = {"type": "table", "rows": [[{"text": "字" * 2001}]]}
UNEVEN = {"type": "table", "rows": [[{}, {}], [{}]]}
BAD = [
    ([CELL], "正文"),
    ([UNEVEN], "单元格合并得不整齐"),
    ([{"type": "image", "sha256": "0" * 64}], "不是您上传的"),
    ([{"type": "paragraph", "text": "绝密★"}], "本系统不处理涉及国家秘密的公文"),
    ([{"type": "script"}], "正文"),
    ("no json", "正文填写不正确"),
    ("{}", "正文"),
    ("[" * 5000, "正文"),
]


@pytest.mark.parametrize(("blocks", "sentence"), BAD)
def test_refused_blocks_come_back_as_they_were_sent(
    at: At, world: World, blocks: Any, sentence: str
) -> None:
    page = send(at("drafter"), "/documents/new", "#drafting", **NOTICE, **as_editor(blocks))
    assert page.status == 422
    assert any(sentence in each for each in page.texts(".errors li"))
    assert shown(page) == (blocks if isinstance(blocks, list) else [])
    assert page.form("#drafting")["title"] == NOTICE["title"]
    world.session.rollback()
    assert world.session.scalars(sa.select(Document)).all() == []


def test_the_likeness_follows_the_editor(at: At, world: World) -> None:
    typed = {**NOTICE, "do": "preview", **as_editor(BLOCKS)}
    page = send(at("drafter"), "/documents/new", "#drafting", **typed)
    assert page.texts("#sheet .in-text th") == ["项目", "金额"]
    assert shown(page) == BLOCKS


def test_the_second_sees_who_has_it_and_reads(at: At, world: World, received: int) -> None:
    first, second, path = at(FIRST), at(SECOND), f"/documents/{received}/edit"
    assert first.get(path).texts("[data-lock-asked][hidden]")
    page = second.get(path)
    assert page.status == 200
    assert page.text("[data-lock-words]") == f"{world.actor(FIRST).name}正在修改此件（14:00 起）。"
    assert page.root.cssselect("form[enctype]") == []
    assert "请按要求开展河道清障。" in page.text("main")
    assert second.press(path, ".message form", do="ask").status == 303
    assert "14:02 以前没有答复就转给您" in second.get(path).text("[data-lock-words]")
    asked = first.get(path)
    assert f"{world.actor(SECOND).name}请求接手修改" in asked.text("[data-lock-words]")
    assert first.press(path, "[data-lock-asked] form", do="hand-over").status == 303
    assert "已转给" in first.get(path).text(".message.done")
    assert second.get(path).root.cssselect("form[enctype]") != []


def test_whoever_lost_it_keeps_what_was_typed(at: At, world: World, received: int) -> None:
    """Without script: the save is refused, the words are in the drafts and come back."""
    first, second, path = at(FIRST), at(SECOND), f"/documents/{received}/edit"
    form = first.get(path).form("form[enctype]")
    second.get(path)
    second.press(path, ".message form", do="ask")
    second.at += timedelta(minutes=3)
    assert second.get(path).root.cssselect("form[enctype]") != []
    typed = {**form, "title": "江洲市水务局关于甲的通知", "do": "save"}
    first.at += timedelta(minutes=3)
    refused = first.post(path, typed)
    assert refused.status == 409
    assert f"{world.actor(SECOND).name}正在修改此件（14:03 起）" in refused.text(
        ".message.bad > p:first-child"
    )
    assert refused.form("form[enctype]")["title"] == "江洲市水务局关于甲的通知"
    other = second.get(path).form("form[enctype]") | {"title": "江洲市水务局关于乙的通知"}
    assert second.post(path, other | {"do": "save"}).status == 303
    again = first.get(path)
    assert again.form("form[enctype]")["title"] == "江洲市水务局关于甲的通知"
    assert "江洲市水务局关于乙的通知" in again.text("#newest + dl")
    assert "已恢复" in again.text(".message.warn[role=status]")


def test_words_that_could_not_even_be_kept_come_back_on_the_page(
    at: At, world: World, received: int
) -> None:
    """A mark of secrecy is not stored as a draft either; the page still has what was typed."""
    first, second, path = at(FIRST), at(SECOND), f"/documents/{received}/edit"
    form = first.get(path).form("form[enctype]")
    second.get(path)
    second.press(path, ".message form", do="ask")
    second.at += timedelta(minutes=3)
    first.at += timedelta(minutes=3)
    second.get(path)
    refused = first.post(path, {**form, "body": "机密★五年\n摘要", "do": "save"})
    assert refused.status == 409
    assert "摘要" in refused.form("form[enctype]")["body"]


def test_an_open_page_renews_and_learns(at: At, world: World, received: int) -> None:
    first, second, path = at(FIRST), at(SECOND), f"/documents/{received}/edit"
    token = {"csrf_token": first.get(path).form("form[enctype]")["csrf_token"]}
    answer = first.post(f"/documents/{received}/lock/renew", token).answer.json
    assert (answer["mine"], answer["words"]) == (True, "")
    waiting = {"csrf_token": second.get(path).form(".message form")["csrf_token"]}
    answer = second.post(f"/documents/{received}/lock/renew", waiting).answer.json
    assert (answer["mine"], answer["holder"]) == (False, world.actor(FIRST).name)
    second.at += timedelta(minutes=4)
    assert second.post(f"/documents/{received}/lock/renew", waiting).answer.json["mine"]
    leader = at("leader")
    form = {"csrf_token": leader.get("/").form("form[data-text-switch]")["csrf_token"]}
    assert leader.post(f"/documents/{received}/lock/renew", form).status == 404


PLACES = [
    ("drafter", "/documents/new", "/documents/new/draft", NOTICE),
    (FIRST, "/incoming/new", "/incoming/new/draft", RECEIVED),
]


@pytest.mark.parametrize(("login", "page", "address", "typed"), PLACES)
def test_what_is_not_saved_comes_back_until_it_is(
    at: At, world: World, login: str, page: str, address: str, typed: dict[str, Any]
) -> None:
    desk = at(login)
    form = {**desk.get(page).form("form[enctype]"), **typed, **as_editor(BLOCKS)}
    assert form.pop("body")
    kept = desk.post(address, form)
    assert "草稿已存 14:00" in kept.answer.json["message"]
    again = desk.get(page)
    assert again.form("form[enctype]")["title"] == typed["title"]
    assert shown(again) == BLOCKS
    assert "已恢复" in again.text(".message.warn")
    assert at(SECOND if login == FIRST else "sole.head").get(page).texts(".message.warn") == []
    assert desk.post(page, {**again.form("form[enctype]"), **typed, "do": "save"}).status == 303
    assert desk.get(page).texts(".message.warn") == []


def test_what_was_kept_can_be_dropped(at: At, world: World) -> None:
    desk = at("drafter")
    form = {**desk.get("/documents/new").form("#drafting"), **NOTICE}
    desk.post("/documents/new/draft", form)
    dropped = desk.press("/documents/new", ".message.warn form", do="drop")
    assert (dropped.status, dropped.leads_to) == (303, "/documents/new")
    assert desk.get("/documents/new").form("#drafting")["title"] == ""


def test_a_draft_is_refused_where_the_document_is(at: At, world: World, review: Task) -> None:
    """Neither state secrets nor a document at somebody else's desk; and nothing is kept."""
    drafter = at("drafter")
    form = {**drafter.get("/documents/new").form("#drafting"), **NOTICE}
    secret = drafter.post("/documents/new/draft", form | {"title": "秘密★1年"})
    assert (secret.status, secret.answer.json["message"][:4]) == (422, "本系统不")
    document_id = world.session.scalars(sa.select(Document.id)).one()
    assert drafter.post(f"/documents/{document_id}/draft", form).status == 403
    leader = at("leader")
    token = leader.get("/").form("form[data-text-switch]")["csrf_token"]
    assert leader.post("/documents/new/draft", {"csrf_token": token}).status == 403
    world.session.rollback()
    assert world.session.scalars(sa.select(FormDraft)).all() == []


def upload(desk: Desk, content: bytes, name: str = "图.png", **more: Any) -> Page:
    token = desk.get("/").form("form[data-text-switch]")["csrf_token"]
    file = (io.BytesIO(content), name)
    return desk.post("/pictures", {"csrf_token": token, "file": file, **more})


def test_a_picture_is_seen_by_whoever_sees_a_text_with_it(at: At, world: World) -> None:
    drafter, head, stranger = at("drafter"), at("dept.head"), at("city.drafter")
    sent = upload(drafter, picture("PNG", (300, 200))).answer.json
    assert (sent["width"], sent["height"]) == (300, 200)
    address = f"/pictures/{sent['sha256']}"
    assert [each.get(address).status for each in (drafter, head, stranger)] == [200, 404, 404]
    blocks = [{"type": "image", "sha256": sent["sha256"], "width": 60, "alt": "平面图"}]
    send(drafter, "/documents/new", "#drafting", **NOTICE, **as_editor(blocks))
    task = world.session.scalars(sa.select(Task)).one()
    world.complete(task, "drafter", "submit")
    world.session.commit()
    assert [each.get(address).status for each in (drafter, head, stranger)] == [200, 200, 404]
    shown_to_head = head.get(address).answer
    assert shown_to_head.mimetype == "image/png"
    assert "sandbox" in shown_to_head.headers["Content-Security-Policy"]
    assert shown_to_head.headers["X-Content-Type-Options"] == "nosniff"
    review = head.get(head.get("/").root.cssselect("[data-rows] a[data-open]")[0].get("href"))
    (image,) = review.root.cssselect(".sheet img")
    assert (image.get("src"), image.get("alt"), image.get("width")) == (address, "平面图", "38%")


def test_a_picture_of_others_is_not_to_be_had_by_its_hash(at: At, world: World) -> None:
    sha256 = upload(at("drafter"), picture("PNG")).answer.json["sha256"]
    blocks = as_editor([{"type": "image", "sha256": sha256}])
    page = send(at("sole.head"), "/documents/new", "#drafting", **NOTICE, **blocks)
    assert page.status == 422
    assert at("sole.head").get(f"/pictures/{sha256}").status == 404


@pytest.mark.parametrize(
    ("login", "name", "content", "status", "sentence"),
    [
        ("drafter", "a.pdf", pdf(), 415, "只接收 png 和 jpg"),
        ("drafter", "a.png", pdf(), 415, "不符"),
        ("drafter", "a.png", picture("PNG", (500, 500))[:-40], 422, "不完整"),
        ("leader", "a.png", picture("PNG"), 403, "登记来文"),
    ],
)
def test_a_refused_picture_is_told_in_a_sentence(
    at: At, login: str, name: str, content: bytes, status: int, sentence: str
) -> None:
    answer = upload(at(login), content, name)
    assert (answer.status, sentence in answer.answer.json["message"]) == (status, True)


def test_a_reviewer_uploads_for_the_document_at_hand(at: At, review: Task, world: World) -> None:
    document_id = only(world).id
    head = at("dept.head")
    assert upload(head, picture("PNG"), document=str(document_id)).status == 200
    assert upload(at("drafter"), picture("PNG"), document=str(document_id)).status == 403


def test_programs_take_ask_answer_and_are_refused_alike(
    call: Any, world: World, received: int
) -> None:
    first: Caller = call(FIRST)
    second: Caller = call(SECOND)
    path = f"/api/v1/documents/{received}"
    assert first.post(f"{path}/lock").json["mine"]
    assert second.post(f"{path}/lock").json["holder"] == world.actor(FIRST).name
    change = {"version": 1, "title": "江洲市水务局关于改题的通知"}
    refused = second.patch(path, change)
    assert (refused.status_code, refused.json["code"]) == (409, "being_edited")
    assert second.post(f"{path}/lock/ask").json["asking"]
    assert first.post(f"{path}/lock/answer", {"consent": True}).json["mine"] is False
    assert first.patch(path, change).status_code == 409
    assert second.patch(path, change).status_code == 200
    assert second.delete(f"{path}/lock").status_code == 204
    assert first.patch(path, change).json["code"] == "stale_version"
    assert call("leader").post(f"{path}/lock").status_code == 404


def test_programs_upload_and_fetch_pictures(call: Any, app: Flask) -> None:
    drafter: Caller = call("drafter")
    made = drafter.post(
        "/api/v1/pictures",
        data={"file": (io.BytesIO(picture("JPEG")), "a.jpg")},
        content_type="multipart/form-data",
    )
    assert made.status_code == 201
    assert made.json["media_type"] == "image/jpeg"
    path = f"/api/v1/pictures/{made.json['sha256']}"
    assert drafter.get(path).data == picture("JPEG")
    assert call("leader").get(path).status_code == 404
    assert drafter.get("/api/v1/pictures/0").status_code == 404


def test_pictures_of_a_word_file_come_along_and_onto_the_paper(at: At, world: World) -> None:
    content = wf.docx(wf.p(wf.run("图示如下。")), wf.p(wf.drawing()), pictures={"a.png": wf.png()})
    drafter = at("drafter")
    typed = {**NOTICE, "do": "import", "word": (io.BytesIO(content), "通知.docx")}
    page = send(drafter, "/documents/new", "#drafting", **typed)
    (image,) = [each for each in shown(page) if each["type"] == "image"]
    assert drafter.get(f"/pictures/{image['sha256']}").answer.data == wf.png()
    assert at("dept.head").get(f"/pictures/{image['sha256']}").status == 404
    saved = {**page.form("#drafting"), **as_editor(shown(page)), "do": "save"}
    assert drafter.post("/documents/new", saved).status == 303
    sheet = paper.sheet_of(world.session, only(world))
    assert sheet.pictures == {image["sha256"]: wf.png()}
