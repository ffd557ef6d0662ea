"""The blocks of a text, and the same as plain lines."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import versions
from app.documents.fields import OutgoingFields, read
from app.documents.paragraphs import paragraphs
from app.documents.text import Block, from_lines, of_stored, plain, retyped, stored
from app.errors import Invalid

SHA = "0f" * 32
TABLE = {
    "type": "table",
    "head": 1,
    "rows": [
        [{"text": "项目"}, {"text": "金额", "align": "right"}],
        [{"text": "加固"}, {"text": "12\n万元"}],
    ],
}
RICH = [
    {"type": "paragraph", "text": "安排如下。"},
    TABLE,
    {"type": "image", "sha256": SHA, "alt": "平面图"},
    {"type": "page_break"},
    {"type": "title", "text": "办法"},
    {"type": "paragraph", "text": "总体要求", "level": 1},
]
NOTICE = {
    "direction": "downward",
    "kind": "通知",
    "title": "关于防汛值班的通知",
    "main_recipients": ["各镇"],
}

typed = st.text(st.sampled_from("一、。# ｜［分页］甲\n"), max_size=40)
words = st.text(st.sampled_from("一、# 甲乙"), max_size=6)
blocks = st.lists(
    st.one_of(
        words.map(lambda text: {"type": "paragraph", "text": text}),
        st.sampled_from(RICH),
    ),
    max_size=8,
)


def cells(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "rows": list(rows)}


def read_body(body: Any, before: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    return read(OutgoingFields, {**NOTICE, "body": body}, before=before).body


@given(typed)
def test_lines_come_back_as_they_were_typed(text: str) -> None:
    assert plain(from_lines(text)) == text


@given(blocks)
def test_what_is_stored_is_read_as_it_was(body: list[dict[str, Any]]) -> None:
    found = of_stored(body)
    assert of_stored(stored(found)) == found


@given(blocks)
def test_a_text_typed_over_unchanged_stays_as_it_was(body: list[dict[str, Any]]) -> None:
    found = of_stored(body)
    again = retyped(plain(found), found)
    assert plain(again) == plain(found)
    assert [b for b in again if b.type in ("table", "image", "page_break")] == [
        b for b in found if b.type in ("table", "image", "page_break")
    ]


def test_what_equals_its_default_is_left_out() -> None:
    assert stored(of_stored(RICH)) == RICH


def test_plain_lines_of_every_block() -> None:
    assert plain(of_stored(RICH)).split("\n") == [
        "安排如下。",
        "｜项目｜金额｜",
        "｜加固｜12↵万元｜",
        "［图片 平面图 0f0f0f0f］",
        "［分页］",
        "# 办法",
        "总体要求",
    ]


def test_words_around_a_table_may_be_typed_over() -> None:
    before = of_stored(RICH)
    after = read_body(plain(before).replace("安排如下。", "安排：\n\n见表。"), before)
    assert stored(after) == [
        {"type": "paragraph", "text": "安排："},
        {"type": "paragraph"},
        {"type": "paragraph", "text": "见表。"},
        *RICH[1:],
    ]


@pytest.mark.parametrize("line", ["｜项目｜金额｜", "［分页］", "［图片 平面图 0f0f0f0f］"])
def test_a_line_of_a_table_is_not_typed_over(line: str) -> None:
    before = of_stored(RICH)
    with pytest.raises(Invalid, match="编辑器"):
        read_body(plain(before).replace(line, "改"), before)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([{"type": "script", "text": "x"}], "正文"),
        ([{"type": "paragraph", "text": "甲", "style": "color:red"}], "正文"),
        ([{"type": "paragraph", "text": "甲\x00"}], "U.0000"),
        ([{"type": "image", "sha256": "../../etc/passwd"}], "正文"),
        ([cells([{"text": "甲"}], [{"text": "乙"}, {"text": "丙"}])], "合并得不整齐"),
        ([cells([{"down": 2}, {}], [{}, {}])], "合并得不整齐"),
        ([cells([{"down": 2}])], "合并得不整齐"),
        ([cells([{"across": 2}, {}], [{}, {"across": 3}])], "合并得不整齐"),
        ([{**cells([{}, {}]), "widths": [1]}], "列宽"),
        ([cells(*([[{}] * 30] * 700))], "20000 格"),
        ([{"type": "paragraph", "text": "秘密★5年"}], "涉及国家秘密"),
        ([{"type": "paragraph", "text": "字" * 500_001}], "不能超过 500000 个字"),
    ],
)
def test_what_a_text_does_not_hold_is_refused(body: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_body(body)


def test_cells_may_cover_several_columns_and_rows() -> None:
    table = cells(
        [{"text": "甲", "down": 2}, {"text": "乙", "across": 2}],
        [{"text": "丙"}, {"text": "丁"}],
        [{"across": 3}],
    )
    assert stored(read_body([table])) == [table]


def test_an_empty_text_is_empty_however_it_comes() -> None:
    assert read_body("") == read_body([]) == read_body([{"type": "paragraph", "text": ""}]) == ()


def test_a_changed_cell_is_a_difference_of_characters() -> None:
    after = json.loads(json.dumps(RICH).replace("\\u52a0\\u56fa", "\\u52a0\\u9ad8"))
    found = versions.difference({"body": RICH}, {"body": after})
    assert [(r.kind, r.text) for r in found.body if r.kind != "keep"] == [
        ("delete", "固"),
        ("insert", "高"),
    ]


def test_a_changed_width_is_no_change_of_words() -> None:
    after = [{**TABLE, "widths": [1.0, 2.0]}]
    (sentence,) = versions.difference({"body": [TABLE]}, {"body": after}).words
    assert sentence == "正文中表格、图片或者标题的样式有改动，文字没有改动。"


def test_versions_of_the_first_kind_are_compared_too() -> None:
    found = versions.difference({"body": "甲\n乙"}, {"body": stored(from_lines("甲\n乙丙"))})
    assert found.words == ("正文增加 1 字。",)
    assert versions.difference({"body": "甲"}, {"body": stored(from_lines("甲"))}) == (
        versions.NOTHING
    )


def test_a_level_set_by_hand_counts_more_than_the_numbering() -> None:
    found = paragraphs(
        of_stored(
            [
                {"type": "paragraph", "text": "一、不是标题", "level": 0},
                {"type": "paragraph", "text": "总体要求", "level": 1},
            ]
        )
    )
    assert [(each.level, each.head, each.rest) for each in found] == [
        (0, "", "一、不是标题"),
        (1, "总体要求", ""),
    ]


def test_a_heading_that_is_deleted_is_not_looked_for_behind_a_table() -> None:
    heading = {"type": "paragraph", "text": "附件", "level": 1}
    text = {"type": "paragraph", "text": "附件"}
    before = of_stored([heading, TABLE, text])
    assert stored(read_body("\n".join(plain(before).split("\n")[1:]), before)) == [TABLE, text]


def test_words_that_look_like_a_title_stay_words() -> None:
    before = of_stored([{"type": "paragraph", "text": "# 号键"}, TABLE])
    assert read_body(plain(before), before) == before
