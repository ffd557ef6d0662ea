import shutil
from io import BytesIO

import pikepdf
import pytest

from app.documents.layout import check, printed_text, render
from app.documents.layout.check import extracted_text

from .sheets import notice, request

DRAFT = {"number": None, "date": None, "printed_on": None, "signatories": (), "draft": True}
SHEETS = {
    "notice": notice(),
    "request": request(),
    "draft": request(**DRAFT),
    "unsealed": request(sealed=False),
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_claim_holds(rendered, name: str) -> None:
    findings = check(rendered(SHEETS[name]).pdf, printed_text(SHEETS[name]))
    assert [finding for finding in findings if not finding.holds] == []
    assert len(findings) >= 12


@pytest.mark.parametrize("name", SHEETS)
def test_the_text_can_be_read_back(rendered, name: str) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is missing: no pdftotext")
    text = extracted_text(rendered(SHEETS[name]).pdf)
    assert [piece for piece in printed_text(SHEETS[name]) if piece not in text] == []


def test_a_draft_makes_nothing_up(rendered) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is missing: no pdftotext")
    text = extracted_text(rendered(SHEETS["draft"]).pdf)
    assert "〔" not in text
    assert "日印发" not in text
    assert "2026" not in text


def test_the_same_sheet_gives_the_same_bytes(rendered, fonts) -> None:
    assert render(SHEETS["request"], fonts).pdf == rendered(SHEETS["request"]).pdf


def test_lost_text_is_found(rendered) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is missing: no pdftotext")
    (lost,) = [f for f in check(rendered(SHEETS["request"]).pdf, ("没有的话",)) if not f.holds]
    assert lost.detail == "没有的话"


@pytest.mark.parametrize(
    ("key", "value", "claim"),
    [
        ("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), "active"),
        ("/Lang", pikepdf.String("en"), "Chinese"),
        ("/OutputIntents", pikepdf.Array([]), "output intent"),
    ],
)
def test_a_changed_file_is_found_out(rendered, key, value, claim: str) -> None:
    changed = BytesIO()
    with pikepdf.open(BytesIO(rendered(SHEETS["request"]).pdf)) as document:
        document.Root[key] = value
        document.save(changed)
    failed = [finding.claim for finding in check(changed.getvalue()) if not finding.holds]
    assert any(claim in found for found in failed)


@pytest.mark.parametrize("name", ["刘喆", "陈堃", "96㎡", "𠮷田"])
def test_a_rare_character_is_drawn_and_named(rendered, name: str) -> None:
    """By a font that has it, and the drafter is told which. Never an empty box."""
    result = rendered(request(paragraphs=(f"联系人为{name}。",)))
    assert any(f"“{char}”" in said for char in name for said in result.notices)
    assert [finding for finding in check(result.pdf) if not finding.holds] == []
    if shutil.which("pdftotext"):
        assert name in extracted_text(result.pdf)
