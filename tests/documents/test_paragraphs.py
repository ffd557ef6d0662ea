"""The typed text as paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.paragraphs import paragraphs
from app.documents.text import from_lines

LINES = [
    # line                                part       level  head
    ("一、基本情况", "text", 1, "一、基本情况"),
    ("十二、其他", "text", 1, "十二、其他"),
    ("（一）渗水段。采用黏土截渗墙。", "text", 2, "（一）渗水段。"),
    ("(三)工期。", "text", 2, "(三)工期。"),
    ("1.明确责任。各镇要落实。", "text", 3, "1.明确责任。"),
    ("2．加强检查", "text", 3, "2．加强检查"),
    ("（1）现场勘查", "text", 4, "（1）现场勘查"),
    ("（一）负责设备管理；", "text", 2, ""),
    ("一、有关要求如下：", "text", 1, ""),
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
