"""The typed text as paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.paragraphs import paragraphs
from app.documents.text import Paragraph as Typed
from app.documents.text import from_lines

LINES = [
    # line                                part       level  head
    ("一、基本情况", "text", 1, "一、基本情况"),
    ("十二、其他", "text", 1, "十二、其他"),
    ("（一）渗水段。采用黏土截渗墙。", "text", 2, "（一）渗水段。"),
    ("(三)工期。月底完工。", "text", 2, "(三)工期。"),
    ("1.明确责任。各镇要落实。", "text", 3, "1.明确责任。"),
    ("2．加强检查", "text", 3, "2．加强检查"),
    ("（1）现场勘查", "text", 4, "（1）现场勘查"),
    ("（一）负责设备管理；", "text", 2, ""),
    ("一、有关要求如下：", "text", 1, ""),
    ("三、请各镇按日报送情况。", "text", 1, ""),
    ("一、" + "字" * 60 + "。后文", "text", 1, ""),
    ("1.4 万亩耕地受益。", "text", 0, ""),
    ("1998 年建成。", "text", 0, ""),
    ("妥否，请批示。", "text", 0, ""),
    ("# 延安市电子公文传输管理暂行办法", "title", 0, "延安市电子公文传输管理暂行办法"),
    ("第一章 总 则", "chapter", 0, "第一章 总 则"),
    ("第二十一条 除特别紧急重要的公文外。", "article", 0, "第二十一条"),
    ("第一条例外", "text", 0, ""),
]


@pytest.mark.parametrize(("line", "part", "level", "head"), LINES)
def test_levels(line: str, part: str, level: int, head: str) -> None:
    (found,) = paragraphs(from_lines(line))
    assert (found.part, found.level, found.head) == (part, level, head)


def test_items_of_an_article_are_no_headings() -> None:
    found = paragraphs(from_lines("第七条 职责：\n（一）负责设备管理。\n（二）负责传输。"))
    assert [(each.part, each.level, each.head) for each in found] == [
        ("article", 0, "第七条"),
        ("text", 2, ""),
        ("text", 2, ""),
    ]


def test_headings_of_a_notice_stay_headings_beside_the_articles_that_it_issues() -> None:
    text = "一、抓好落实\n# 办法\n第一条 职责：\n（一）负责管理。"
    heading, _, _, item = paragraphs(from_lines(text))
    assert (heading.head, item.head) == ("一、抓好落实", "")


@pytest.mark.parametrize(
    ("level", "head"), [(None, ""), (0, ""), (1, "总体安排。"), (4, "总体安排。")]
)
def test_a_level_can_be_given(level: int | None, head: str) -> None:
    text = " 总体安排。各镇按日巡查。"
    (found,) = paragraphs([Typed(type="paragraph", text=text, level=level)])
    assert (found.level, found.head) == (level or 0, head)
    assert found.text == "总体安排。各镇按日巡查。"


@pytest.mark.parametrize("line", ["第二章总则", "第二章", "第三节 收文、发文办理"])
def test_chapters(line: str) -> None:
    (found,) = paragraphs(from_lines(line))
    assert found.part == "chapter"


def test_a_sentence_that_names_a_chapter_is_text() -> None:
    (found,) = paragraphs(from_lines("第二章规定的事项，由水务局负责解释；其余另行规定。"))
    assert found.part == "text"


def test_blank_lines_only_part() -> None:
    body = "现将办法印发你们。\n\n\u3000\n　　一、目的\n# 办法\n"
    assert [each.text for each in paragraphs(from_lines(body))] == [
        "现将办法印发你们。",
        "一、目的",
        "办法",
    ]


@given(st.text(st.sampled_from("一二、。（）(1)2. #第章条\n甲"), max_size=60))
def test_nothing_is_lost(body: str) -> None:
    kept = "".join(each.text for each in paragraphs(from_lines(body)))
    assert kept.replace(" ", "").replace("#", "") == (
        "".join(line.strip() for line in body.split("\n")).replace(" ", "").replace("#", "")
    )
