"""Measured on the page: positions of boxes, and ink on the page rendered at 300 dots."""

import io
import shutil
import subprocess
from itertools import pairwise

import pytest
from PIL import Image

from app.documents.layout.seals import seal_box
from app.documents.layout.sheet import Box

from .sheets import notice, request

DOTS = 300
MM = 25.4 / DOTS
LEFT, RIGHT, BOTTOM = 28.0, 184.0, 262.0
CELL = 156 / 28


@pytest.fixture(scope="module")
def ink(rendered):
    """Ink of a page of the notice: its rows or columns as mm, above a darkness."""
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler-utils is missing: no pdftoppm")
    pdf = rendered(notice()).pdf
    pages: dict[int, Image.Image] = {}

    def page(number: int) -> Image.Image:
        if number not in pages:
            options = ["-r", str(DOTS), "-f", str(number), "-l", str(number), "-png"]
            done = subprocess.run(  # noqa: S603  fixed words
                ["pdftoppm", *options, "-"],  # noqa: S607  wherever poppler is installed
                input=pdf,
                capture_output=True,
                check=True,
            )
            pages[number] = Image.open(io.BytesIO(done.stdout)).convert("RGB")
        return pages[number]

    return page


def black(image: Image.Image) -> Image.Image:
    return image.convert("L").point(lambda value: 255 if value < 60 else 0)


def red(image: Image.Image) -> Image.Image:
    bands = image.split()
    return bands[1].point(lambda value: 255 if value < 90 else 0).convert("L")


def bands(mask: Image.Image, top: float, bottom: float) -> list[tuple[float, float, float, float]]:
    """Rows of ink between two heights: (top, bottom, left, right) in mm."""
    found, start = [], None
    for y in range(round(top / MM), round(bottom / MM)):
        inked = mask.crop((0, y, mask.width, y + 1)).getbbox() is not None
        if inked and start is None:
            start = y
        if not inked and start is not None:
            box = mask.crop((0, start, mask.width, y)).getbbox()
            found.append((start * MM, y * MM, box[0] * MM, box[2] * MM))
            start = None
    return found


def test_the_letterhead_begins_35_mm_below_the_type_area(ink) -> None:
    assert bands(red(ink(1)), 40, 100)[0][0] == pytest.approx(72.0, abs=0.15)


def test_the_red_line_stands_4_mm_below_the_number(rendered) -> None:
    for sheet in (notice(), request()):
        places = rendered(sheet).positions
        assert places["red-line"].top - places["number"].bottom == pytest.approx(4.0, abs=0.01)
        assert (places["red-line"].left, places["red-line"].right) == (LEFT, RIGHT)


def test_the_red_line_is_156_mm_wide(ink) -> None:
    line = bands(red(ink(1)), 110, 115)[-1]
    assert line[2] == pytest.approx(LEFT, abs=0.1)
    assert line[3] == pytest.approx(RIGHT, abs=0.1)


def test_a_full_page_has_22_lines(ink, rendered) -> None:
    """Page 3 is in the middle of the measures and has no chapter line."""
    lines = [band for band in bands(black(ink(3)), 37, BOTTOM) if band[1] - band[0] > 3]
    assert len(lines) == 22
    pitches = [b[0] - a[0] for a, b in pairwise(lines)]
    assert sum(pitches) / len(pitches) == pytest.approx(10.2272, abs=0.05)
    assert lines[-1][1] <= BOTTOM


def test_the_right_edge_is_flush(ink) -> None:
    """Lines that go on end within the white of one character of the edge."""
    ends = [band[3] for band in bands(black(ink(3)), 37, BOTTOM) if band[3] > RIGHT - 2 * CELL / 3]
    assert len(ends) > 8
    assert max(ends) <= RIGHT + 0.05
    assert min(ends) > RIGHT - 2.0


def test_page_numbers_stand_7_mm_below_outside(ink) -> None:
    for number, on_the_right in ((1, True), (2, False)):
        (band,) = bands(black(ink(number)), BOTTOM + 1, 280)
        digit_middle = (band[0] + band[1]) / 2
        assert digit_middle == pytest.approx(269.0, abs=0.5)
        assert (band[3] > 150) is on_the_right


def test_a_seal_has_its_place(rendered) -> None:
    places = rendered(request()).positions
    day, unit, seal = places["date"], places["unit"], places["seal"]
    assert RIGHT - day.right == pytest.approx(4 * CELL, abs=0.05)
    assert (unit.left + unit.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.05)
    assert seal.right - seal.left == pytest.approx(42.0)
    assert seal.top < unit.top < day.bottom < seal.bottom


def test_without_a_seal_the_date_is_two_cells_right_of_the_unit(rendered) -> None:
    places = rendered(request(sealed=False)).positions
    assert places["date"].left - places["unit"].left == pytest.approx(2 * CELL, abs=0.05)
    assert RIGHT - places["date"].right == pytest.approx(2 * CELL, abs=0.05)
    assert places["unit"].top - places["text-end"].bottom == pytest.approx(10.2272, abs=0.05)
    assert "seal" not in places


def test_the_seal_is_centred_over_the_date() -> None:
    seal = seal_box(Box(1, 120, 200, 160, 210), Box(1, 130, 210, 150, 220), 42)
    assert (seal.left + seal.right) / 2 == 140
    assert (seal.top + seal.bottom) / 2 == pytest.approx(210 - 0.12 * 42)


def test_an_upward_document_names_its_signatories_on_the_right(rendered) -> None:
    places = rendered(request()).positions
    first, second, third = (places[f"signatory-{n}"] for n in (1, 2, 3))
    assert first.top == second.top < third.top
    assert first.left == third.left
    assert places["number"].top == third.top
    assert places["number"].left == pytest.approx(LEFT + CELL, abs=0.05)


def test_the_imprint_ends_with_the_type_area_of_the_last_page(rendered) -> None:
    for sheet in (notice(), request()):
        result = rendered(sheet)
        assert result.positions["colophon"].page == result.pages
        assert result.positions["colophon"].bottom == pytest.approx(BOTTOM, abs=0.01)


def test_issued_measures_follow_the_signature_on_a_new_page(rendered) -> None:
    places = rendered(notice()).positions
    assert places["date"].page == places["text"].page == 1
    assert places["appended-1"].page == 2
    assert places["appended-1-title"].top == pytest.approx(37 + 2 * 10.2272, abs=0.05)


def test_a_draft_keeps_the_places_of_what_is_not_known(rendered) -> None:
    blank = {"number": None, "date": None, "printed_on": None, "signatories": (), "draft": True}
    result, known = rendered(request(**blank)), rendered(request(signatories=("王建国",)))
    for name in ("number", "signatory-1", "date", "printed-on"):
        place = result.positions[name]
        assert place.right - place.left > 2 * CELL
    assert result.positions["text"].top == known.positions["text"].top
    assert result.positions["unit"].top == known.positions["unit"].top
