"""Elements of a 公文 in a Word file: taken out where they are unmistakable, else left as text."""

import io
from typing import Any

import pytest

from app.documents.readers import words
from app.documents.text import plain, stored
from app.documents.word import Imported
from app.documents.word.importing import of_words
from app.documents.word.recipients import parted
from tests.documents.word import wordfiles as wf
from tests.documents.word.wordfiles import cell, centred, docx, p, right, row, run, table

TITLE = centred("关于做好防汛工作的通知", 22)


def imported(*body: str, **more: Any) -> Imported:
    return of_words(words(io.BytesIO(docx(*body, **more)), "docx"))


def lines(found: Imported) -> list[str]:
    return plain(found.blocks).split("\n")


def test_a_whole_notice() -> None:
    found = of_words(words(io.BytesIO(wf.official()), "docx"))
    assert found.elements == {
        "title": "江洲县水务局\n关于做好冬春水利建设的通知",
        "main_recipients": ["各镇人民政府", "各街道办事处"],
        "copy_recipients": ["县政府办公室", "县应急管理局"],
        "note": "联系人：张三，电话：0000-0000000",
    }
    assert lines(found) == [
        "现将有关事项通知如下。",
        "一、提高认识",
        "（一）加强领导",
        "1.落实到人、到岗。",
        "二、落实资金",
        "任务见下表。",
        "｜乡镇｜任务（公里）｜",
        "｜东山镇｜12｜",
    ]
    (made,) = [block for block in stored(found.blocks) if block["type"] == "table"]
    assert (made["head"], made["widths"]) == (1, [1, 2])
    told = [note.text for note in found.notes if note.kind == "found"]
    assert "“江水发〔2026〕3号”由系统写入版头，没有读入正文。" in told
    assert "落款“江洲县水务局”“2026年11月20日”由系统写入，没有读入正文。" in told
    assert any("附件说明写有 2 个附件" in text for text in told)


def test_a_plain_text_stays_as_it_is() -> None:
    found = imported("第一段。", "", "第二段：", "　　第三段。")
    assert found.elements == {}
    assert lines(found) == ["第一段。", "", "第二段：", "第三段。"]


@pytest.mark.parametrize(
    "line",
    [
        *("各镇要做到：", "一、总体要求：", "各镇注意。做到："),
        "为进一步做好工作，现将有关事项通知如下。",
    ],
)
def test_what_follows_the_title_is_not_always_recipients(line: str) -> None:
    found = imported(TITLE, wf.p(line), "正文。")
    assert "main_recipients" not in found.elements
    assert lines(found)[0] == line


def test_a_head_without_the_word_file_is_no_title() -> None:
    found = imported(centred("江洲县水务局", 36), right("江水函〔2026〕8号"), TITLE, "正文。")
    assert found.elements["title"] == "关于做好防汛工作的通知"
    assert lines(found) == ["正文。"]


def test_urgency_is_offered() -> None:
    assert imported(p("特急"), TITLE, "正文。").elements["urgency"] == "extra_urgent"


def test_words_above_the_title_that_are_no_head_stay() -> None:
    assert lines(imported("（征求意见稿）", TITLE, "正文。")) == ["（征求意见稿）", "正文。"]


def test_a_date_inside_of_the_text_is_no_closing() -> None:
    found = imported(TITLE, "自下列日期起施行：", "2026年1月1日", "请各镇遵照执行。")
    assert lines(found) == ["自下列日期起施行：", "2026年1月1日", "请各镇遵照执行。"]


def test_the_closing_may_stand_before_what_is_appended() -> None:
    page = p('<w:r><w:br w:type="page"/></w:r>')
    found = imported(
        TITLE,
        "现将办法印发给你们。",
        right("江洲县水务局"),
        right("二〇二六年三月五日"),
        page,
        centred("防汛值班办法", 22),
        "第一条　为了做好值班。",
        "第二条　值班应当有记录。",
    )
    assert stored(found.blocks) == [
        {"type": "paragraph", "text": "现将办法印发给你们。"},
        {"type": "title", "text": "防汛值班办法"},
        {"type": "paragraph", "text": "第一条　为了做好值班。"},
        {"type": "paragraph", "text": "第二条　值班应当有记录。"},
    ]


def test_a_long_last_line_is_no_signature() -> None:
    found = imported(TITLE, "请各镇于月底前报送。", right("2026年11月20日"))
    assert lines(found) == ["请各镇于月底前报送。"]


def test_a_heading_by_style_keeps_its_level() -> None:
    styled = '<w:pStyle w:val="1"/>'
    found = imported("开头。", p("总体要求", properties=styled), p("一、目标", properties=styled))
    assert stored(found.blocks)[1:] == [
        {"type": "paragraph", "text": "总体要求", "level": 1},
        {"type": "paragraph", "text": "一、目标"},
    ]


def test_lines_broken_by_hand_are_parted() -> None:
    assert lines(imported("开头。", p(run("甲"), "<w:r><w:br/></w:r>", run("乙")))) == [
        *("开头。", "甲", "乙")
    ]


def test_copies_stand_in_a_table_at_the_end_or_in_lines() -> None:
    made = table(row(cell("抄送：县委办、县政府办。")), row(cell("办公室  2026年1月1日印发")))
    found = imported(TITLE, "正文。", right("水务局"), right("2026年1月1日"), made)
    assert found.elements["copy_recipients"] == ["县委办", "县政府办"]
    assert lines(found) == ["正文。"]
    other = imported(TITLE, "正文。", table(row(cell("甲"), cell("乙"))))
    assert lines(other) == ["正文。", "｜甲｜乙｜"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("各镇人民政府、各街道办事处", ["各镇人民政府", "各街道办事处"]),
        ("各市、县人民政府，省政府各部门", ["各市、县人民政府", "省政府各部门"]),
        ("各镇（街道、农场）、局机关各科", ["各镇（街道、农场）", "局机关各科"]),
        ("市水务局：", ["市水务局"]),
        ("、，", ["、"]),
    ],
)
def test_names_of_units_are_parted_as_they_are_joined(line: str, names: list[str]) -> None:
    assert parted(line) == names
