import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.documents.layout.composer import CELLS, LOOSE_GAP, Line, compose
from app.documents.layout.units import CLOSING, NO_LINE_END, NO_LINE_START, Run, units_of

from .sheets import MEASURES, Cells

HANZI = "公文处理工作条例电子传输管理办法各县区人民政府"
MARKS = "，。、；：？！）》（《“”…—·％"
WORDS = st.sampled_from(
    ["GB/T 9704—2012", "99.5%", "2026", "K4+120", "http://a.gov.cn/b/c?d=e&f=g"]
)
TEXT = st.lists(
    st.one_of(
        st.text(alphabet=HANZI, min_size=1, max_size=12),
        st.sampled_from([*MARKS, "——", "……", " ", "　"]),
        WORDS,
    ),
    max_size=60,
).map("".join)


def lines_of(text: str, **options: float) -> list[Line]:
    return compose([Run(text, "fangsong")], Cells(), **options)


def legal(before: str, after: str) -> bool:
    return after.strip()[:1] not in NO_LINE_START and before.strip()[-1:] not in NO_LINE_END


@settings(deadline=None)
@given(TEXT)
@example("。" * 80)
@example("《" * 80)
@example("A" * 300)
@example("公" * 26 + "文。”（二）")
def test_nothing_is_lost_and_nothing_is_doubled(text: str) -> None:
    composed = "".join(line.text for line in lines_of(text))
    assert re.sub(r"\s", "", composed) == re.sub(r"\s", "", text)


@settings(deadline=None)
@given(TEXT, st.sampled_from([0.0, 2.0]), st.sampled_from([28.0, 22.5]))
@example("。" * 80, 2.0, 28.0)
@example("A" * 300, 0.0, 22.5)
def test_lines_fill_the_width_and_never_exceed_it(text: str, indent: float, width: float) -> None:
    lines = lines_of(text, indent=indent, width=width)
    for line in lines:
        assert line.width <= width + 1e-6
    for line in lines[:-1]:
        assert line.width == pytest.approx(width) or len(line.units) == 1


@settings(deadline=None)
@given(TEXT)
@example("公" * 26 + "（" + "文" * 30)
@example("公" * 25 + "文）。”" + "文" * 30)
def test_forbidden_marks_start_and_end_no_line_unless_there_is_no_other_way(text: str) -> None:
    lines = lines_of(text)
    for line, following in pairwise(lines):
        inside = pairwise([unit.text for unit in line.units if not unit.is_space])
        if line.forced:
            assert not any(legal(before, after) for before, after in inside)
        else:
            assert legal(line.text, following.text)


@settings(deadline=None)
@given(TEXT, st.sampled_from([27, 29]))
def test_tighter_and_wider_spacing_keep_the_width(text: str, cells: int) -> None:
    lines = lines_of(text, tracking=CELLS / cells - 1)
    assert all(line.width <= CELLS + 1e-6 for line in lines)


def test_a_full_line_holds_28_characters() -> None:
    lines = lines_of("公" * 100, indent=0)
    assert [len(line.units) for line in lines] == [28, 28, 28, 16]
    assert all(abs(line.gap) < 1e-9 for line in lines)


def test_one_closing_mark_is_pulled_in() -> None:
    first, second = lines_of("公" * 28 + "，" + "文" * 10, indent=0)
    assert first.text.endswith("，")
    assert first.gap < 0
    assert second.text == "文" * 10


def test_two_closing_marks_push_a_character_out() -> None:
    first, second = lines_of("公" * 28 + "？”" + "文" * 10, indent=0)
    assert len(first.units) == 27
    assert second.text.startswith("公？”")
    assert 0 < first.gap < LOOSE_GAP


def test_adjacent_marks_share_a_half_cell() -> None:
    (line,) = lines_of("《通知》（试行）", indent=0)
    assert line.width == pytest.approx(8 - 0.5 - 0.5)


def test_an_end_mark_takes_half_a_cell() -> None:
    first, _ = lines_of("公" * 27 + "，" + "文" * 10, indent=0)
    assert first.units[-1].text in CLOSING
    assert first.width == pytest.approx(CELLS)
    assert first.gap == pytest.approx(0.5 / 27)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("执行GB/T 9704—2012的规定", "GB/T 9704—2012"),
        ("达到99.5%，", "99.5%"),
        ("在2012—2020年间", "2012—2020"),
        ("桩号 K4+120 至", "K4+120"),
        ("完成——停止", "——"),
        ("等等……停止", "……"),
    ],
)
def test_runs_stay_in_one_piece(text: str, unit: str) -> None:
    assert unit in [u.text for u in units_of([Run(text, "fangsong")], Cells())]


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("左岸 3.2 公里", "左岸3.2公里"),
        ("电话： 0911", "电话：0911"),
        ("第一章 总 则", "第一章　总　则"),
        ("hello world", "hello world"),
        ("　　公文　处理 ", "公文　处理"),
    ],
)
def test_spaces_of_typing_are_not_set(typed: str, set_: str) -> None:
    assert "".join(line.text for line in lines_of(typed)) == set_


def test_a_last_line_of_one_character_gets_company() -> None:
    first, second = lines_of("公" * 28 + "文。", indent=0)
    assert second.text == "公文。"
    assert first.width == pytest.approx(CELLS)


def test_a_real_text_needs_no_forced_and_no_loose_line() -> None:
    lines = [line for text in MEASURES for line in lines_of(text)]
    assert not [line.text for line in lines if line.forced or line.loose]
