import pytest

from app.documents.layout import DoesNotFit, render
from app.documents.layout.fit import NOMINAL_PITCH, OTHER_PITCHES
from app.documents.layout.seals import blank_lines_before_unit, seal_rise

from .sheets import request

SENTENCE = (
    "各单位要结合实际制定具体办法，逐项明确责任部门、责任人员和完成时限，并于每季度末报送情况。"
)


def length(paragraphs: int):
    return request(
        direction="downward",
        paragraphs=("一、总体要求", *(SENTENCE,) * paragraphs),
        attachments=(),
        copy_number=None,
        urgency=None,
    )


@pytest.mark.parametrize(("diameter", "lines"), [(42, 2), (45, 2), (50, 3), (60, 3)])
def test_blank_lines_follow_from_the_seal(diameter: float, lines: int) -> None:
    assert blank_lines_before_unit(request(seal_diameter=diameter), NOMINAL_PITCH) == lines


@pytest.mark.parametrize("pitch", [NOMINAL_PITCH, *OTHER_PITCHES])
@pytest.mark.parametrize("diameter", [42, 45, 50, 60])
def test_the_top_of_the_seal_is_within_one_line_of_the_text(pitch: float, diameter: float) -> None:
    lines = blank_lines_before_unit(request(seal_diameter=diameter), pitch)
    assert 0 <= lines * pitch - seal_rise(diameter, pitch) <= pitch


@pytest.mark.parametrize("paragraphs", [2, 12])
def test_the_page_of_the_seal_carries_text(rendered, paragraphs: int) -> None:
    """Lengths at which the text fills its last page and leaves no room for the 署名."""
    places = rendered(length(paragraphs)).positions
    assert places["text"].page == 1
    assert places["unit"].page == places["text-end"].page == places["date"].page
    gap = places["seal"].top - places["text-end"].bottom
    assert 0 <= gap <= NOMINAL_PITCH
    assert places["seal"].bottom <= 262.0


def test_kept_lines_are_reported(rendered) -> None:
    assert any("署名页" in said for said in rendered(length(2)).notices)


def test_the_imprint_gets_no_sheet_of_its_own_when_spacing_can_help(rendered) -> None:
    result = rendered(length(12))
    assert result.pitch != NOMINAL_PITCH
    assert result.positions["colophon"].page == result.positions["unit"].page == result.pages


def test_recipients_move_to_the_imprint_when_page_one_would_show_no_text(rendered) -> None:
    many = tuple(f"江洲市第{n}人民政府各直属机构、各办公室" for n in range(20))
    result = rendered(request(main_recipients=many))
    assert result.positions["text"].page == 1
    assert "首页排不下正文，主送机关已移至版记。" in result.notices


def test_a_page_without_room_for_text_is_refused_in_a_sentence(fonts) -> None:
    sheet = request(title="江洲市" * 80)
    with pytest.raises(DoesNotFit, match="首页排不下正文"):
        render(sheet, fonts)


def test_a_draft_is_shown_all_the_same(rendered) -> None:
    result = rendered(request(title="江洲市" * 80, draft=True))
    assert any("按现有文字不能成页" in said for said in result.notices)


def test_an_unknown_format_is_refused(fonts) -> None:
    with pytest.raises(DoesNotFit, match="请改用其中一种：文件、信函"):
        render(request(format="公报"), fonts)
