import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.layout.composer import natural_width
from app.documents.layout.title import FACE, TITLE_CELLS, shape_cost, title_lines
from app.documents.layout.units import NO_LINE_START, Run, units_of

from .sheets import Cells

TITLES = {
    "江洲市人民政府关于推进全市电子公文全流程网上办理工作的通知": (
        ["电子", "公文", "人民政府", "办理", "工作"]
    ),
    "延安市人民政府办公室关于印发《延安市电子公文传输管理暂行办法》的通知": (
        ["人民政府", "办公室", "电子公文", "传输", "管理", "暂行", "办法"]
    ),
    "江洲县水务局关于提前下达汛前堤防应急加固资金的请示": ["水务局", "堤防", "应急", "资金"],
    "国务院办公厅关于印发政务公开领域重点工作任务分工方案和营商环境优化提升若干措施的通知": (
        ["办公厅", "政务公开", "任务", "分工", "方案", "营商环境", "措施"]
    ),
}


@pytest.mark.parametrize("title", TITLES)
def test_no_word_is_broken(title: str) -> None:
    lines = title_lines(title, Cells())
    assert "".join(lines) == title
    for word in TITLES[title]:
        assert any(word in line for line in lines)


@pytest.mark.parametrize("title", TITLES)
def test_the_outline_is_no_hourglass_and_no_line_is_too_wide(title: str) -> None:
    widths = [Cells().width(line, FACE) for line in title_lines(title, Cells())]
    assert max(widths) <= TITLE_CELLS
    assert not any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))


def test_a_short_title_stays_on_one_line() -> None:
    assert title_lines("关于召开会议的通知", Cells()) == ["关于召开会议的通知"]


def test_the_drafter_breaks_lines_as_he_likes() -> None:
    assert title_lines("江洲市人民政府\n关于放假的通知", Cells()) == [
        "江洲市人民政府",
        "关于放假的通知",
    ]


def test_a_waist_costs_more_than_a_diamond() -> None:
    assert shape_cost([15, 10, 15]) > shape_cost([10, 15, 10])
    assert shape_cost([15, 15]) > shape_cost([16, 13])


@settings(deadline=None)
@given(st.text(alphabet="关于印发公文处理办法的通知《》，、和A1", max_size=130))
def test_any_title_is_kept_whole(title: str) -> None:
    lines = title_lines(title, Cells())
    assert "".join(lines) == title
    for line in lines:
        assert natural_width(units_of([Run(line, FACE)], Cells())) <= TITLE_CELLS
    if len(lines) == 2:
        assert lines[1][0] not in NO_LINE_START or len(lines[0]) <= 21
