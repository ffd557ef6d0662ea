"""What people do on the pages, in words of the desk; every step works with a keyboard alone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Sit = Callable[..., Desk]


def draft(desk: Desk, document: dict[str, Any]) -> None:
    """Fill in 拟稿 and save; the handling page of the draft opens."""
    page = desk.go("/documents/new")
    page.locator(f"input[name=direction][value={document['direction']}]").check()
    page.locator(f"input[name=kind][value={document['kind']}]").check()
    page.get_by_label("紧急程度").select_option(document["urgency"])
    page.get_by_label("标题").fill(document["title"])
    page.get_by_label("主送机关").fill("\n".join(document["main_recipients"]))
    page.get_by_label("正文").fill(document["body"])
    page.get_by_label("附注").fill(document["note"])
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("heading", name="我的办理 · 拟稿")).to_be_visible()


def register(desk: Desk, document: dict[str, str]) -> None:
    """Fill in 收文登记 and save."""
    page = desk.go("/incoming/new")
    for label in ("来文单位", "来文字号", "来文日期", "标题", "公文来源"):
        page.get_by_label(label).fill(document[label])
    page.get_by_label("内容摘要").fill(document["内容摘要"])
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="我的办理 · 登记")).to_be_visible()


def open_first(desk: Desk, title: str) -> Page:
    """Open the task of this title from 待办."""
    page = desk.go("/")
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.locator("#decision")).to_be_visible()
    return page


def decide(page: Page, outcome: str, opinion: str = "同意。") -> None:
    """Choose a way out, write the opinion, submit; nothing was chosen beforehand."""
    assert page.locator("input[name=outcome]:checked").count() == 0
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_role("textbox", name="意见").fill(opinion)
    page.get_by_role("button", name="提交").click()
    done = page.get_by_text("已提交").or_(page.get_by_text("已办结"))
    at_night = page.get_by_role("radio", name="现在发送")
    expect(done.or_(at_night).first).to_be_visible()
    if at_night.count():  # the clock of the browser is the real one (TRN-04)
        at_night.check()
        page.get_by_role("button", name="提交").click()
    expect(done.first).to_be_visible()


def choose_in_order(page: Page, count: int) -> None:
    """Name the first people offered one after another, first place first."""
    for place in range(count):
        page.locator("fieldset .check select").nth(place).select_option(index=place + 1)
