"""The left column: text, process sheet, record, versions, and the files behind it."""

import pytest
from flask import Flask

from app.database import db
from app.handling.acts import editing
from app.handling.models import Case, Task
from app.handling.views import paper
from tests.web.conftest import At
from tests.web.handling import HOSTILE, submit, waiting
from tests.world import World


@pytest.mark.parametrize("tab", ["text", "sheet", "files", "diagram", "record", "versions", "x"])
def test_each_tab_has_an_address(at: At, review: Task, tab: str) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}?tab={tab}")
    assert page.status == 200
    expected = "正文" if tab == "x" else None
    (current,) = page.texts(".tabs a[aria-current]")
    assert expected in (None, current)


def test_a_version_that_is_not_there_is_not_found(at: At, review: Task) -> None:
    head = at("dept.head")
    assert head.get(f"/tasks/{review.id}?tab=versions&version=1").status == 200
    for number in ("9", "9" * 30, "²"):
        page = head.get(f"/tasks/{review.id}?tab=versions&version={number}")
        assert page.status in (200, 404)
    assert head.get(f"/tasks/{review.id}?tab=versions&version=9").status == 404


def test_a_change_is_shown_with_insertions_and_deletions(at: At, world: World) -> None:
    done = world.draft()
    text = world.document(done.case).body.replace("按日", "按周")
    document_id = done.case.document_id
    world._act(editing.save, world.actor("drafter"), document_id, editing.Save({"body": text}))
    page = at("drafter").get(f"/tasks/{done.opened[0].id}?tab=versions")
    assert (page.text(".sheet del"), page.text(".sheet ins")) == ("日", "周")


def test_the_text_has_an_outline(at: At, world: World) -> None:
    done = world.draft(body="（一）先有二级\n一、再有一级。内容。\n1.三级")
    page = at("drafter").get(f"/tasks/{done.opened[0].id}")
    levels = [each.get("aria-level") for each in page.root.cssselect(".sheet [role=heading]")]
    assert levels == ["3", "3", "4"]


def test_the_sheet_of_a_received_document_follows_the_rule(at: At, world: World) -> None:
    given = {
        "distribute": {"next": ["leader"]},
        "leader_read": {"opinion": "请工程科办理。"},
        "collect": {"outcome": "to_handle", "next": ["dept.head"]},
        "handle": {"fields": {"result": "已清障三处。"}},
    }
    task = waiting(world, world.run(world.register(), "close", **given))
    page = at("secretary").get(f"/tasks/{task.id}?tab=sheet")
    labels = page.texts("table.form:first-of-type th")
    assert labels == [
        *("来文机关", "文号", "来文日期", "附件份数", "收文编号", "收文日期"),
        *("事由", "办公室意见", "领导批示", "处理结果"),
    ]
    text = page.text("table.form:first-of-type")
    for words in ("2026-1", "请工程科办理。", "已清障三处。", "江市水〔2026〕12号"):
        assert words in text


def test_automatic_acts_are_signed_by_their_rule(at: At, world: World, stopped: Task) -> None:
    page = at("drafter").get(f"/cases/{stopped.case_id}?tab=record")
    assert any("规则：" in line for line in page.texts("tr.auto"))
    drawn = at("drafter").get(f"/cases/{stopped.case_id}?tab=diagram")
    states = dict(zip(drawn.texts("tbody th"), drawn.texts("tbody td:nth-child(2)"), strict=True))
    assert states["拟稿"] == "✓ 已办"
    assert states["用印"] == "● 在办"
    assert states["办公室秘书审核发送"] == "○ 未到"


def test_what_people_wrote_is_text_and_never_markup(at: At, world: World) -> None:
    done = world.draft(title=HOSTILE, body=HOSTILE, main_recipients=[HOSTILE])
    task = world.run(done, "office_check", dept_review={"opinion": HOSTILE})
    task = waiting(world, task)
    head = at("office.head")
    pages = [head.get(f"/tasks/{task.id}?tab={tab}") for tab in ("text", "sheet", "record")]
    pages.append(submit(head, task, opinion=HOSTILE))
    pages.append(head.get(f"/tasks/{task.id}/limit"))
    for page in pages:
        assert "<script>alert" not in page.answer.text
        assert HOSTILE in page.root.text_content()


@pytest.fixture
def drawn_outside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Notes whether a transaction was open while a page was set."""
    seen: list[bool] = []

    def pdf(_: paper.Paper) -> bytes:
        seen.append(db.session().in_transaction())
        return b"%PDF-"

    monkeypatch.setattr(paper.Paper, "pdf", pdf)
    return seen


def test_nobody_waits_on_a_lock_while_a_page_is_set(
    at: At, world: World, review: Task, drawn_outside: list[bool]
) -> None:
    document_id = world.session.get_one(Case, review.case_id).document_id
    for prefix in ("", "/api/v1"):
        answer = at("dept.head").get(f"{prefix}/documents/{document_id}/document.pdf").answer
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
    assert drawn_outside == [False, False]
    assert at("east.leader").get(f"/documents/{document_id}/document.pdf").status == 404
