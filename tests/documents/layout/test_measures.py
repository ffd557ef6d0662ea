"""Every document of the specimens, measured in the file that was written."""

import os
import shutil

import pytest

from app.documents.layout import check, printed_text
from app.documents.layout.check import extracted_text

from .measures import Specimen
from .measures_of_parts import all_measures
from .read_back import ReadBack
from .specimens import FURTHER, SPECIMENS

SHEETS = {**SPECIMENS, **(FURTHER if os.environ.get("GONGWEN_LONG") else {})}


@pytest.fixture(scope="module", params=SHEETS)
def its(request, rendered, fonts) -> Specimen:
    sheet = SHEETS[request.param]
    result = rendered(sheet)
    return Specimen(sheet, result, ReadBack(result.pdf, fonts), fonts)


def test_everything_stands_where_the_standard_wants_it(its) -> None:
    measures = all_measures(its)
    assert [measure for measure in measures if not measure.holds] == []
    assert len(measures) > 25


def test_the_file_claims_what_it_should_and_keeps_the_text(its) -> None:
    findings = check(its.rendered.pdf, printed_text(its.sheet))
    assert [finding for finding in findings if not finding.holds] == []


def test_no_character_is_drawn_as_missing(its) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is missing: no pdftotext")
    assert "\ufffd" not in extracted_text(its.rendered.pdf)
    assert all(char.text.isprintable() for page in its.read.lines for p in page for char in p.chars)
