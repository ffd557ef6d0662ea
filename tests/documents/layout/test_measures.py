"""Every document of the specimens, measured in the file that was written."""

import os

import pytest

from app.documents.layout import check, printed_text

from .measures import Specimen
from .measures_of_parts import all_measures
from .read_back import ReadBack
from .specimens import FURTHER, SPECIMENS

SHEETS = {**SPECIMENS, **(FURTHER if os.environ.get("GONGWEN_LONG") else {})}


@pytest.mark.parametrize("name", SHEETS)
def test_a_document_stands_as_the_standard_wants_it(rendered, fonts, name: str) -> None:
    """In one test, so that each document is set once however the tests are shared out."""
    sheet = SHEETS[name]
    result = rendered(sheet)
    its = Specimen(sheet, result, ReadBack(result.pdf, fonts), fonts)
    measures = all_measures(its)
    assert [measure for measure in measures if not measure.holds] == []
    assert len(measures) > 25
    findings = check(result.pdf, printed_text(sheet))
    assert [finding for finding in findings if not finding.holds] == []
    drawn = [char for page in its.read.lines for piece in page for char in piece.chars]
    assert all(char.text.isprintable() and char.text != "\ufffd" for char in drawn)
