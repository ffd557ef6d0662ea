"""The two samples through the pages, from the first word to the typeset page, by their people."""

import io
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import expect

from tests import samples
from tests.browser.acts import Sit, choose_in_order, decide, draft, open_first, register

DOWNWARD = [
    ("drafter", "提交核稿"),
    ("dept.head", "同意"),
    ("office.head", "同意"),
    ("leader", "同意签发"),
    ("printing", "登记编号"),
    ("seal.keeper", "用印"),
    ("secretary", "审核发送"),
]
UPWARD = [
    *DOWNWARD[:3],
    ("leader", "同意"),
    ("unit.head", "同意签发"),
    *DOWNWARD[4:],
]


@pytest.mark.parametrize(
    ("document", "way", "pages"),
    [(samples.NOTICE, DOWNWARD, 8), (samples.REQUEST, UPWARD, 2)],
    ids=["notice", "request"],
)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_sample_goes_its_whole_way(
    desk: Sit, document: dict[str, Any], way: list[tuple[str, str]], pages: int, scripts: bool
) -> None:
    people = {login: desk(login, scripts=scripts) for login, _ in way}
    draft(people["drafter"], document)
    for login, outcome in way:
        page = open_first(people[login], document["title"])
        decide(page, outcome)
        expect(page.get_by_role("main")).not_to_contain_text("有误")
    page = people["drafter"].go("/mine")
    page.get_by_role("main").get_by_role("link", name=document["title"]).first.click()
    link = page.get_by_role("link", name="打开 PDF").get_attribute("href")
    assert link is not None
    pdf = page.request.get(people["drafter"].server + link)
    assert pdf.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.body())) as opened:
        assert len(opened.pages) == pages
    page.get_by_role("link", name="流转记录").click()
    for _, outcome in way:
        expect(page.get_by_role("table").first).to_contain_text(outcome)


def test_the_notice_comes_in_at_a_subordinate_unit(desk: Sit) -> None:
    """Registered, read by three leaders one after another, handled and closed."""
    title = samples.NOTICE["title"]
    secretary = desk("east.secretary")
    register(
        secretary,
        {
            "来文单位": "延安市人民政府办公室",
            "来文字号": "延政办函〔2017〕130号",
            "来文日期": "2017-08-09",
            "标题": title,
            "公文来源": "上级来文",
            "内容摘要": samples.NOTICE["body"],
        },
    )
    decide(open_first(secretary, title), "送拟办")
    decide(open_first(desk("east.office.head"), title), "送秘书分送", "请领导阅示。")
    leaders = [desk(login) for login in ("east.leader", "east.leader2", "east.leader3")]
    page = open_first(secretary, title)
    choose_in_order(page, 3)
    decide(page, "送领导阅批")
    for leader in leaders:
        decide(open_first(leader, title), "已阅", "已阅，请按要求办理。")
    page = open_first(secretary, title)
    page.get_by_label("承办部门", exact=True).select_option(label="工程科")
    decide(page, "转承办部门")
    decide(open_first(desk("east.dept.head"), title), "办理完毕", "已组织学习并落实。")
    decide(open_first(secretary, title), "办结")
    page = secretary.go("/done")
    expect(page.get_by_role("main")).to_contain_text("办结")
