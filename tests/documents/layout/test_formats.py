"""What differs between the formats and cannot be told from one measured page."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.documents.layout import DoesNotFit, Sheet, printed_text, render
from app.documents.layout.fit import NOMINAL_PITCH
from app.documents.layout.seals import blank_lines_between_units, columns, rows
from app.documents.layout.sheet import letterhead_text

from .read_back import ReadBack
from .specimens.documents import NOTICE
from .specimens.formats import BOTH_SIDES, JOINT_LETTER, MINUTES, ORDER, SHORT_LETTER
from .specimens.joint import FOUR, SEALED
from .specimens.lengths import TYPED_ORDER
from .specimens.texts import FLOOD_NOTICE


@pytest.mark.parametrize(
    ("sheet", "mark"),
    [
        (NOTICE, "江洲县水务局文件"),
        (replace(NOTICE, letterhead="江洲县水务局文件"), "江洲县水务局文件"),
        (replace(NOTICE, mark=""), "江洲县水务局"),
        (SHORT_LETTER, "江洲县水务局"),
        (ORDER, "江洲县人民政府令"),
        (replace(ORDER, mark="命令"), "江洲县人民政府命令"),
        (MINUTES, "江洲县水务局局长办公会议纪要"),
        (JOINT_LETTER, "江洲县水务局"),
    ],
)
def test_the_mark_of_the_format_follows_the_name(sheet: Sheet, mark: str) -> None:
    assert letterhead_text(sheet) == mark


def test_minutes_have_neither_seal_nor_signature(rendered) -> None:
    places = rendered(MINUTES).positions
    assert not {"seal", "unit", "date"} & places.keys()
    assert places["issuer"].top == places["issued-on"].top < places["red-line"].top


def test_an_order_has_a_number_in_the_place_of_a_title(rendered, fonts) -> None:
    result = rendered(ORDER)
    assert "title" not in result.positions
    assert ORDER.title not in "".join(printed_text(ORDER))
    read = ReadBack(result.pdf, fonts)
    assert ORDER.title not in "".join(line.text for page in read.lines for line in page)


def test_a_stamp_keeps_its_room_and_a_typed_name_stands_in_it(rendered, fonts) -> None:
    stamped, typed = rendered(ORDER).positions["stamp-1"], rendered(TYPED_ORDER)
    assert stamped.right - stamped.left == pytest.approx(40, abs=0.1)
    assert stamped.bottom - stamped.top == pytest.approx(20, abs=0.1)
    name = ReadBack(typed.pdf, fonts).find("沈波")
    assert name.face == "kai"
    assert name.right == pytest.approx(stamped.right, abs=0.1)


def test_a_post_too_long_for_its_line_is_refused(fonts) -> None:
    long = replace(ORDER, posts=("江洲县经济技术开发区管理委员会主任",))
    with pytest.raises(DoesNotFit, match="江洲县经济技术开发区管理委员会主任"):
        render(long, fonts)


def test_a_joint_name_too_long_for_its_line_is_refused(fonts) -> None:
    name = "江洲县" * 9
    with pytest.raises(DoesNotFit, match="规范化简称"):
        render(replace(SEALED, issuers=(name, "江洲县水务局")), fonts)


@pytest.mark.parametrize("diameter", [42, 45, 50, 60])
@pytest.mark.parametrize("width", [4, 6, 10, 12, 24])
@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_seals_keep_apart_and_inside(diameter: float, width: float, count: int) -> None:
    centres = columns([width] * count, 7.0, diameter)
    across = diameter / (156 / 28)
    assert 1 <= len(centres) <= count
    assert all(b - a > max(across, width) for a, b in pairwise(centres))
    assert min(centres) - max(across, width) / 2 >= -1e-9
    assert max(centres) + max(across, width) / 2 <= 28 + 1e-9
    sheet = replace(SEALED, seal_diameter=diameter)
    lines = blank_lines_between_units(sheet, NOMINAL_PITCH) + 1
    assert lines * NOMINAL_PITCH > diameter


def test_rows_of_seals_keep_the_order_of_the_agencies() -> None:
    assert [list(row) for row in rows("甲乙丙丁戊", 2)] == [["甲", "乙"], ["丙", "丁"], ["戊"]]


def test_the_lead_seals_first_and_the_last_over_the_date(rendered) -> None:
    places = rendered(replace(SEALED, issuers=FOUR, letterheads=())).positions
    assert places["seal"] == places["seal-1"]
    day, last = places["date"], places["seal-4"]
    assert last.top < day.top < day.bottom < last.bottom
    assert (last.left + last.right) / 2 == pytest.approx((day.left + day.right) / 2)
    assert places["seal-1"].bottom < last.top


@pytest.mark.parametrize("paragraphs", [8, 13])
def test_on_both_sides_the_imprint_stands_on_an_even_page(rendered, paragraphs: int) -> None:
    sheet = replace(BOTH_SIDES, paragraphs=FLOOD_NOTICE[:paragraphs])
    result = rendered(sheet)
    place = result.positions["colophon"]
    assert place.page == result.pages
    assert place.page % 2 == 0
    assert place.bottom == pytest.approx(262.0, abs=0.01)


def test_pages_after_a_blank_one_have_no_number(rendered, fonts) -> None:
    """Text that fills an even page leaves no room for an imprint of this height."""
    many = tuple(f"江洲县第{n}水库管理所防汛值班室" for n in range(36))
    sheet = replace(BOTH_SIDES, paragraphs=FLOOD_NOTICE[:8], copy_recipients=many)
    result = rendered(sheet)
    read = ReadBack(result.pdf, fonts)
    assert result.positions["colophon"].page == result.pages == 4
    assert [line.text for line in read.lines[2]] == []
    numbers = {line.text for page in read.lines for line in page if line.text.startswith("—")}
    assert numbers == {"—1—", "—2—"}
