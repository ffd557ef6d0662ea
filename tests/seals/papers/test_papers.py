"""Signing, filling and sealing: what the file says afterwards, and what is refused."""

import io
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from app.documents.layout import check, printed_text
from app.documents.layout.places import Places
from app.seals import papers
from app.seals.authority import profiles
from app.seals.stamping import Stamper

from ..house import AT, House
from ..issued import AGENCIES, NUMBER, PRINTED_ON, Stages, pdfsig

STAGES = ("laid_out", "signed", "numbered", "sealed")


def test_the_fields_of_a_paper_in_their_order(paper: Stages) -> None:
    names = [papers.NUMBER, papers.PRINTED_ON, papers.SIGN_OFF, papers.SEAL]
    assert [field.name for field in paper.fields] == names
    form = PdfFileReader(io.BytesIO(paper.laid_out)).root["/AcroForm"]["/Fields"]
    assert [field.get_object()["/T"] for field in form] == names
    assert papers.loaded(papers.stored(paper.fields)) == paper.fields


@pytest.mark.parametrize("stage", STAGES)
def test_every_claim_of_the_page_holds_at_every_stage(paper: Stages, stage: str) -> None:
    findings = check(getattr(paper, stage), printed_text(paper.sheet))
    assert [finding for finding in findings if not finding.holds] == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_widget_is_printed_and_has_an_appearance(paper: Stages, stage: str) -> None:
    """As PDF/A asks (6.3.2, 6.3.3); a field that nobody sees has no area."""
    with pikepdf.open(io.BytesIO(getattr(paper, stage))) as document:
        widgets = [each for page in document.pages for each in page.get("/Annots", ())]
        assert widgets
        for widget in widgets:
            left, bottom, right, top = map(float, widget.Rect)
            assert int(widget.F) & 4
            assert ("/AP" in widget) or (right == left and top == bottom)
        assert "/NeedAppearances" not in document.Root.AcroForm


def test_each_stage_only_adds_to_the_one_before(paper: Stages) -> None:
    files = [getattr(paper, stage) for stage in STAGES]
    for earlier, later in pairwise(files):
        assert later.startswith(earlier)


def test_the_texts_are_in_their_fields(paper: Stages) -> None:
    assert papers.filled(paper.laid_out) == {papers.NUMBER: "", papers.PRINTED_ON: ""}
    expected = {papers.NUMBER: NUMBER, papers.PRINTED_ON: PRINTED_ON}
    assert papers.filled(paper.sealed) == expected


def test_poppler_finds_both_signatures_valid(paper: Stages, tmp_path) -> None:
    said = pdfsig(paper.sealed, tmp_path)
    assert said.count("Signature is Valid") == 2
    assert "Signature Field Name: 签发" in said
    assert "Signature Field Name: 单位印章" in said


def test_no_byte_follows_the_archival_time_stamp(paper: Stages) -> None:
    last = PdfFileReader(io.BytesIO(paper.sealed)).embedded_timestamp_signatures[-1]
    start, _, begin, length = (int(each) for each in last.byte_range)
    assert (start, begin + length) == (0, len(paper.sealed))
    assert papers.last_stamp(paper.sealed).at == AT
    assert papers.last_stamp(paper.numbered) is None


def test_a_field_is_signed_once(paper: Stages, house: House) -> None:
    with pytest.raises(papers.PaperRefused, match="已经签过") as refused:
        papers.sign_off(
            paper.signed, papers.SIGN_OFF, paper.leader, house.evidence(), house.stamper(), AT
        )
    assert refused.value.code == "field_taken"


def test_a_field_that_is_not_there_is_not_made(paper: Stages, house: House) -> None:
    with pytest.raises(papers.PaperRefused) as refused:
        papers.sign_off(
            paper.signed, "单位印章-2", paper.leader, house.evidence(), house.stamper(), AT
        )
    assert refused.value.code == "no_field"


@pytest.mark.parametrize(
    ("stage", "values", "code"),
    [
        ("laid_out", {papers.NUMBER: NUMBER}, "not_yet_signed"),
        ("numbered", {papers.NUMBER: "江水〔2026〕16号"}, "field_taken"),
        ("sealed", {papers.NUMBER: "江水〔2026〕16号"}, "field_taken"),
        ("signed", {papers.NUMBER: " "}, "no_value"),
        ("signed", {"份号": "000001"}, "no_field"),
        ("signed", {papers.SIGN_OFF: "王建国"}, "no_field"),
    ],
)
def test_texts_are_filled_in_once_and_in_their_time(
    paper: Stages, fonts, stage: str, values: dict[str, str], code: str
) -> None:
    with pytest.raises(papers.PaperRefused) as refused:
        papers.fill(getattr(paper, stage), paper.fields, values, fonts)
    assert refused.value.code == code


@pytest.mark.parametrize("reason", ["keyCompromise", "certificateHold"])
def test_no_signature_with_a_revoked_or_suspended_certificate(
    paper: Stages, house: House, reason: str
) -> None:
    house.revoke(paper.seals[0].certificate, AT - timedelta(minutes=1), reason)
    try:
        evidence = house.evidence()
    finally:
        house.release(paper.seals[0].certificate)
    with pytest.raises(papers.PaperRefused, match="冻结、撤销") as refused:
        papers.seal(
            paper.numbered,
            papers.SEAL,
            paper.seals[0],
            evidence,
            house.stamper(),
            AT,
            paper.picture,
            last=True,
        )
    assert refused.value.code == "certificate_unusable"


@pytest.mark.parametrize(
    "changes",
    [
        {"since": AT + timedelta(days=1)},
        {"until": AT - timedelta(days=1)},
        {"profile": profiles.LOGIN},
        {"profile": profiles.TIMESTAMP},
    ],
    ids=["not yet valid", "expired", "for signing in", "for time stamps"],
)
def test_no_signature_with_a_certificate_that_does_not_fit(
    paper: Stages, house: House, changes
) -> None:
    holder = house.holder("王建国", **changes)
    with pytest.raises(papers.PaperRefused) as refused:
        papers.sign_off(
            paper.laid_out, papers.SIGN_OFF, holder, house.evidence(), house.stamper(), AT
        )
    assert refused.value.code == "certificate_unusable"


def test_no_signature_with_the_key_of_another(paper: Stages, house: House) -> None:
    mixed = replace(paper.leader, key=paper.seals[0].key)
    with pytest.raises(papers.PaperRefused, match="不相符"):
        papers.sign_off(
            paper.laid_out, papers.SIGN_OFF, mixed, house.evidence(), house.stamper(), AT
        )


def test_no_signature_on_lists_that_have_run_out(paper: Stages, house: House) -> None:
    later = AT + timedelta(days=8)
    with pytest.raises(papers.PaperRefused) as refused:
        papers.sign_off(
            paper.laid_out, papers.SIGN_OFF, paper.leader, house.evidence(), house.stamper(), later
        )
    assert refused.value.code == "certificate_unusable"


def test_no_signature_without_a_time_stamp(paper: Stages, house: House) -> None:
    with pytest.raises(papers.PaperRefused) as refused:
        papers.sign_off(
            paper.laid_out,
            papers.SIGN_OFF,
            paper.leader,
            house.evidence(),
            Stamper(lambda _: b"\x30\x05\x30\x03\x02\x01\x02"),
            AT,
        )
    assert refused.value.code == "stamp_refused"


def test_a_joint_document_has_a_seal_of_each_agency(joint: Stages, tmp_path) -> None:
    marked = [field for field in joint.fields if field.locks]
    assert [field.name for field in marked] == ["单位印章", "单位印章-2", "单位印章-3"]
    assert tuple(field.issuer for field in marked) == AGENCIES
    assert pdfsig(joint.sealed, tmp_path).count("Signature is Valid") == 4
    assert [finding for finding in check(joint.sealed) if not finding.holds] == []


def test_without_a_seal_the_paper_ends_with_the_time_stamp(paper: Stages, house: House) -> None:
    closed = papers.renew(paper.numbered, house.evidence(), house.stamper(), AT)
    assert closed.startswith(paper.numbered)
    assert papers.last_stamp(closed).at == AT


def test_a_page_that_is_not_signed_digitally_has_no_field_for_it(paper: Stages) -> None:
    line = paper.fields[0].line
    where = Places(number=line, printed_on=None, signatures=())
    assert [each.name for each in papers.expected_fields(where, signed=False)] == [papers.NUMBER]
