"""Good papers: what the verdict says of them today, after a revocation, and years later."""

import shutil
import subprocess
from datetime import timedelta

import pytest

from app.seals import papers
from app.seals.verification import Expected, Trust, confined
from app.seals.verification.sentences import moment

from ..house import AT, House
from ..issued import NUMBER, PRINTED_ON, Old, Stages, pdfsig
from .asking import YEAR, trust_of, verdict


def test_a_sealed_paper_is_good_and_says_who_and_when(paper: Stages, house: House) -> None:
    said = verdict(house, paper.sealed)
    assert said.ok, said.sentences
    assert said.codes == ("intact",)
    leader, seal = said.signatures
    assert (leader.field, leader.name, leader.kind) == ("签发", "王建国", "签发")
    assert (seal.kind, seal.name) == ("单位印章", "江洲县水务局电子印章")
    assert {each.then for each in said.signatures} == {"valid"}
    assert {each.now for each in said.signatures} == {"valid"}
    assert (leader.changed, seal.changed) == ("filled", "proof")
    assert leader.at == AT
    assert f"{moment(AT.isoformat())}（时间戳）" in leader.sentence
    assert said.texts == {papers.NUMBER: NUMBER, papers.PRINTED_ON: PRINTED_ON}
    assert said.sentences[0].startswith("文件有效")


def test_the_confined_process_says_the_same(paper: Stages, house: House) -> None:
    alone = verdict(house, paper.sealed, ask=confined)
    assert alone.as_json() == verdict(house, paper.sealed).as_json()
    assert verdict(house, b"%PDF-1.7 no more", ask=confined).codes == ("damaged",)


def test_the_record_is_held_against_the_file(paper: Stages, house: House) -> None:
    known = Expected(
        fields=tuple(field.name for field in paper.fields),
        signed=(papers.SIGN_OFF, papers.SEAL),
        texts={papers.NUMBER: NUMBER},
    )
    assert verdict(house, paper.sealed, expected=known).ok


@pytest.mark.parametrize(
    ("stage", "signed"),
    [("laid_out", ()), ("signed", (papers.SIGN_OFF,)), ("numbered", (papers.SIGN_OFF,))],
)
def test_a_paper_on_its_way_is_good_for_what_it_is(
    paper: Stages, house: House, stage: str, signed: tuple[str, ...]
) -> None:
    names = tuple(field.name for field in paper.fields)
    known = Expected(fields=names, signed=signed, finished=False)
    said = verdict(house, getattr(paper, stage), expected=known)
    assert said.ok is bool(signed), said.sentences
    assert set(said.codes) <= {"intact", "not_signed"}


@pytest.mark.parametrize("stage", ["signed", "numbered"])
def test_a_paper_on_its_way_is_not_an_issued_one(paper: Stages, house: House, stage: str) -> None:
    said = verdict(house, getattr(paper, stage))
    assert not said.ok
    assert "cut_off" in said.codes


def test_revoked_after_signing_it_still_counts(paper: Stages, house: House) -> None:
    seal = paper.seals[0].certificate
    house.revoke(seal, AT + timedelta(days=1), "keyCompromise")
    try:
        said = verdict(house, paper.sealed, AT + timedelta(days=2))
    finally:
        house.release(seal)
    assert said.ok, said.sentences
    assert said.codes == ("intact", "revoked_after")
    assert (said.signatures[1].then, said.signatures[1].now) == ("valid", "revoked")
    assert "仍然有效" in said.sentences[-1]


def test_suspended_now_it_still_counts_and_says_so(paper: Stages, house: House) -> None:
    leader = paper.leader.certificate
    house.revoke(leader, AT + timedelta(days=1), "certificateHold")
    try:
        said = verdict(house, paper.sealed, AT + timedelta(days=2))
    finally:
        house.release(leader)
    assert said.ok
    assert said.signatures[0].now == "suspended"


def test_expired_since_it_still_counts(old: Old) -> None:
    house, signed_at, pdf = old.house, old.at, old.stages.sealed
    said = verdict(house, pdf, signed_at + 4 * YEAR)
    assert said.ok, said.sentences
    assert said.codes == ("intact", "expired_since", "expired_since")
    assert [each.now for each in said.signatures] == ["expired", "expired"]


def test_without_a_renewed_time_stamp_the_proof_ends(old: Old) -> None:
    """The stamp's own certificate lives five years; nobody renewed it."""
    house, signed_at, pdf = old.house, old.at, old.stages.sealed
    said = verdict(house, pdf, signed_at + 6 * YEAR)
    assert not said.ok
    assert "stamp_invalid" in said.codes


def test_ten_years_later_a_paper_renewed_in_time_still_proves_itself(old: Old) -> None:
    """Two renewals, each with the next key of the time-stamp service."""
    house, signed_at, pdf = old.house, old.at, old.stages.sealed
    for years in (4, 8):
        at = signed_at + years * YEAR
        house.new_stamp_key(at)
        pdf = papers.renew(pdf, house.evidence(at), house.stamper(at), at)
    said = verdict(house, pdf, signed_at + 9 * YEAR + timedelta(days=300))
    assert said.ok, said.sentences
    assert [each.at for each in said.signatures] == [signed_at, signed_at]
    assert {each.then for each in said.signatures} == {"valid"}
    assert pdf.startswith(old.stages.sealed)


def test_a_stamp_that_has_run_out_is_not_renewed(old: Old) -> None:
    house, signed_at, pdf = old.house, old.at, old.stages.sealed
    at = signed_at + 6 * YEAR
    house.new_stamp_key(at)
    with pytest.raises(papers.PaperRefused, match="已失效"):
        papers.renew(pdf, house.evidence(at), house.stamper(at), at)


def test_a_paper_without_a_seal_ends_with_its_time_stamp(paper: Stages, house: House) -> None:
    """纪要, and units that do not seal: sign-off, number, archival time stamp."""
    fields = tuple(field for field in paper.fields if not field.locks)
    page = papers.lay_out(_bare(paper), fields)
    signed = papers.sign_off(
        page, papers.SIGN_OFF, paper.leader, house.evidence(), house.stamper(), AT
    )
    closed = papers.renew(signed, house.evidence(), house.stamper(), AT)
    said = verdict(house, closed)
    assert set(said.codes) == {"cut_off"}  # number and date are still to be filled in
    assert "还没有填写" in said.sentences[1]


def test_a_joint_document_names_every_seal(joint: Stages, house: House) -> None:
    said = verdict(house, joint.sealed)
    assert said.ok, said.sentences
    assert [each.kind for each in said.signatures] == ["签发", *3 * ["单位印章"]]


def test_poppler_and_openssl_agree(paper: Stages, house: House, tmp_path) -> None:
    if not (shutil.which("pdfsig") and shutil.which("openssl")):
        pytest.skip("poppler-utils or openssl is missing")
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper.sealed)
    assert pdfsig(paper.sealed, tmp_path).count("Signature is Valid") == 2
    dump = ["pdfsig", "-nocert", "-dump", file]
    subprocess.run(dump, capture_output=True, check=False, cwd=tmp_path)  # noqa: S603
    signed = sorted(tmp_path.glob("paper.pdf.sig*"))
    assert len(signed) == 3
    for each in signed:
        show = ["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", each]
        told = subprocess.run(show, capture_output=True, check=False)  # noqa: S603
        assert b"ecdsa-with-SHA256" in told.stdout


def test_a_stranger_s_root_makes_the_same_file_unknown(paper: Stages, house: House) -> None:
    stranger = House(organisation="别处")
    said = verdict(house, paper.sealed, trust=trust_of(stranger))
    assert "unknown_issuer" in said.codes
    assert not said.ok


def test_no_lists_are_no_proof(paper: Stages, house: House) -> None:
    """The lists inside the file are those of its day; of today nothing is known then."""
    known = trust_of(house)
    said = verdict(house, paper.sealed, trust=Trust(known.roots, known.certificates, ()))
    assert not said.ok
    assert "stamp_invalid" in said.codes


def _bare(paper: Stages) -> bytes:
    """The page as it was before any field was laid out."""
    ends = [i for i in range(len(paper.laid_out)) if paper.laid_out.startswith(b"%%EOF", i)]
    return paper.laid_out[: ends[0] + 6]
