"""Every way in which a paper can be made to lie, and the code by which the verdict says so."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from pyhanko.pdf_utils import generic

from app.seals import papers
from app.seals.authority.profiles import LOGIN, SEAL, TIMESTAMP
from app.seals.verification import Expected

from ..house import AT, House
from ..issued import LEADER, NUMBER, Stages
from . import attacks
from .asking import HOUR, YEAR, verdict

DAY = timedelta(days=1)
ON_ITS_WAY = Expected(finished=False)

ON_THE_FILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "one bit": (attacks.flipped, "altered"),
    "a drawing added": (attacks.drawing_added, "added_after"),
    "page 1 swapped": (attacks.page_swapped, "added_after"),
    "bytes after the end": (lambda pdf: pdf + b"\n% more\n", "added_after"),
    "archival stamp cut off": (lambda pdf: pdf[: attacks.revisions(pdf)[-2]], "cut_off"),
    "seal cut off": (lambda pdf: pdf[: attacks.revisions(pdf)[-3]], "cut_off"),
    "all signatures cut off": (lambda pdf: pdf[: attacks.revisions(pdf)[1]], "not_signed"),
    "another annex attached": (attacks.file_attached, "added_after"),
    "number edited": (
        lambda pdf: attacks.changed_field(pdf, papers.NUMBER, "/V", attacks.OTHER_NUMBER),
        "added_after",
    ),
    "drawing of the number edited": (
        lambda pdf: attacks.edited_appearance(pdf, papers.NUMBER),
        "added_after",
    ),
    "drawing of the seal edited": (
        lambda pdf: attacks.edited_appearance(pdf, papers.SEAL),
        "added_after",
    ),
    "seal moved": (
        lambda pdf: attacks.changed_field(
            pdf,
            papers.SEAL,
            "/Rect",
            generic.ArrayObject(map(generic.FloatObject, (90, 90, 200, 200))),
        ),
        "added_after",
    ),
    "a field of the attacker's": (lambda pdf: attacks.field_added(pdf, "批准"), "wrong_fields"),
    "one seal more": (lambda pdf: attacks.field_added(pdf, "单位印章-2"), "cut_off"),
    "saved by another program": (attacks.saved_by_another_program, "altered"),
    "cut short": (lambda pdf: pdf[: len(pdf) * 2 // 3], "damaged"),
    "no PDF": (lambda pdf: b"PK\x03\x04" + pdf[4:1000], "damaged"),
    "empty": (lambda pdf: b"", "damaged"),
    "only a head": (lambda pdf: b"%PDF-1.7\n", "damaged"),
    "encrypted": (
        lambda pdf: attacks.saved_by_another_program(
            pdf, encryption=attacks.pikepdf.Encryption(owner="a", user="b")
        ),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", ON_THE_FILE)
def test_a_changed_file_is_rejected(paper: Stages, house: House, name: str) -> None:
    attack, code = ON_THE_FILE[name]
    said = verdict(house, attack(paper.sealed))
    assert not said.ok
    assert code in said.codes, said.findings
    assert said.sentences[0].startswith("文件无效")
    assert "intact" not in said.codes


def test_a_field_moved_before_the_seal(paper: Stages, house: House) -> None:
    place = generic.ArrayObject(map(generic.FloatObject, (90, 90, 300, 120)))
    moved = attacks.changed_field(paper.signed, papers.NUMBER, "/Rect", place)
    assert "added_after" in verdict(house, moved, expected=ON_ITS_WAY).codes


def test_the_number_exchanged_before_the_seal_differs_from_the_register(
    paper: Stages, house: House
) -> None:
    """The seal covers it and 签发 allows it: only the ledger knows better."""
    pdf = attacks.changed_field(paper.numbered, papers.NUMBER, "/V", attacks.OTHER_NUMBER)
    sealed = _sealed(paper, house, pdf, paper.seals[0])
    assert verdict(house, sealed).ok
    known = Expected(texts={papers.NUMBER: NUMBER})
    said = verdict(house, sealed, expected=known)
    assert said.codes == ("number_differs",)
    assert "登记的是“江水〔2026〕15号”" in said.sentences[1]


def test_the_seal_of_another_unit(paper: Stages, house: House) -> None:
    stranger = house.holder("江洲县林业局电子印章", SEAL)
    sealed = _sealed(paper, house, paper.numbered, stranger)
    known = Expected(certificates={papers.SEAL: _digest(paper.seals[0].certificate)})
    assert verdict(house, sealed, expected=known).codes == ("wrong_signer",)


def test_a_picture_in_place_of_the_seal(paper: Stages, house: House) -> None:
    """Somebody pastes the picture of the seal on an unsealed paper."""
    pasted = attacks.drawing_added(paper.numbered)
    codes = verdict(house, pasted).codes
    assert "cut_off" in codes
    assert "added_after" in codes


def test_another_version_of_the_same_paper(paper: Stages, house: House) -> None:
    known = Expected(sha256=_digest(paper.numbered))
    assert verdict(house, paper.sealed, expected=known).codes == ("digest_differs",)


def test_a_replayed_signature_of_another_paper(paper: Stages, joint: Stages, house: House) -> None:
    replayed = attacks.with_signature_of(paper.signed, joint.signed)
    assert verdict(house, replayed, expected=ON_ITS_WAY).codes == ("altered",)


@pytest.mark.parametrize(
    ("valid", "signed_at", "code"),
    [
        ({"since": AT + 10 * DAY}, AT + 20 * DAY, "not_yet_valid"),
        ({"until": AT - 10 * DAY}, AT - 20 * DAY, "expired"),
    ],
)
def test_the_time_stamp_tells_what_the_signer_s_clock_does_not(
    paper: Stages, house: House, valid, signed_at, code: str
) -> None:
    holder = house.holder(LEADER, **valid)
    signed = papers.sign_off(
        *(paper.laid_out, papers.SIGN_OFF, holder, house.evidence(signed_at)),
        *(house.stamper(AT), signed_at),
    )
    said = verdict(house, signed, expected=ON_ITS_WAY)
    assert said.codes == (code,)
    assert said.signatures[0].then == code


@pytest.mark.parametrize("reason", ["keyCompromise", "certificateHold"])
def test_revoked_before_signing(paper: Stages, house: House, reason: str) -> None:
    seal = paper.seals[0].certificate
    house.revoke(seal, AT - HOUR, reason)
    try:
        said = verdict(house, paper.sealed, AT + DAY)
    finally:
        house.release(seal)
    assert said.codes == ("revoked_before",)
    assert "签名无效" in said.sentences[1]


@pytest.mark.parametrize("profile", [LOGIN, TIMESTAMP])
def test_a_certificate_for_something_else(paper: Stages, house: House, profile) -> None:
    signed = attacks.forged(
        *(paper.laid_out, papers.SIGN_OFF, house.holder(LEADER, profile)),
        *(AT, house.stamper()),
        certify=True,
    )
    assert "wrong_purpose" in verdict(house, signed, expected=ON_ITS_WAY).codes


def test_a_time_stamp_that_the_attacker_made(paper: Stages, house: House) -> None:
    stranger = House()
    for stamper in (stranger.stamper(), house.stamper(maker=house.holder("某人"))):
        signed = attacks.forged(paper.laid_out, papers.SIGN_OFF, paper.leader, AT, stamper)
        assert "stamp_invalid" in verdict(house, signed, expected=ON_ITS_WAY).codes


def test_no_time_stamp_at_all(paper: Stages, house: House) -> None:
    signed = attacks.forged(paper.laid_out, papers.SIGN_OFF, paper.leader, AT, None)
    said = verdict(house, signed, expected=ON_ITS_WAY)
    assert said.codes == ("stamp_invalid",)
    assert "自报" in said.signatures[0].sentence


def test_an_archival_stamp_of_a_stranger_on_top(paper: Stages, house: House) -> None:
    said = verdict(house, attacks.stamped(paper.sealed, House().stamper()))
    assert not said.ok
    assert "stamp_invalid" in said.codes


def test_a_stamp_key_that_is_broken_later_cannot_date_back(paper: Stages, house: House) -> None:
    """Its certificate has ended; only what a newer stamp covered in time is proven."""
    broken, later = house.stamps[0], AT + 6 * YEAR
    seal = paper.seals[0]
    backdated = papers.seal(
        *(paper.numbered, papers.SEAL, seal, house.evidence(), house.stamper(AT, broken), AT),
        paper.picture,
        last=True,
    )
    house.new_stamp_key(later)
    try:
        topped = attacks.stamped(backdated, house.stamper(later))
        said = verdict(house, topped, later + DAY)
    finally:
        del house.stamps[-1]
    assert not said.ok
    assert said.codes.count("stamp_invalid") >= 2


def test_a_look_alike_with_the_same_names(paper: Stages, house: House) -> None:
    """Same organisation, same common names, other keys."""
    twin = House()
    signed = papers.sign_off(
        *(paper.laid_out, papers.SIGN_OFF, twin.holder(LEADER), twin.evidence()),
        *(twin.stamper(), AT),
    )
    said = verdict(house, signed, expected=ON_ITS_WAY)
    assert said.codes == ("unknown_issuer",)
    assert said.signatures[0].issuer == verdict(house, paper.sealed).signatures[0].issuer
    assert (said.signatures[0].then, said.signatures[0].now) == ("unknown_issuer", "unknown")
    assert "时间戳不可信" in said.signatures[0].sentence


def test_sealed_before_it_was_signed(paper: Stages, house: House) -> None:
    sealed = attacks.forged(paper.laid_out, papers.SEAL, paper.seals[0], AT, house.stamper())
    signed = attacks.forged(sealed, papers.SIGN_OFF, paper.leader, AT, house.stamper())
    assert "wrong_fields" in verdict(house, signed, expected=ON_ITS_WAY).codes


def test_other_fields_than_the_document_was_to_have(paper: Stages, house: House) -> None:
    known = Expected(fields=(papers.NUMBER, papers.SIGN_OFF))
    assert "wrong_fields" in verdict(house, paper.sealed, expected=known).codes


def test_the_second_seal_of_a_joint_document_missing(joint: Stages, house: House) -> None:
    ends = attacks.revisions(joint.sealed)
    said = verdict(house, joint.sealed[: ends[-3]])
    assert "cut_off" in said.codes
    assert "“单位印章-3”" in "".join(said.sentences)


def test_the_number_edited_between_two_seals(joint: Stages, house: House) -> None:
    ends = attacks.revisions(joint.sealed)
    one_seal = joint.sealed[: ends[-4]]
    edited = attacks.changed_field(one_seal, papers.NUMBER, "/V", attacks.OTHER_NUMBER)
    assert "added_after" in verdict(house, edited, expected=ON_ITS_WAY).codes


def _sealed(paper: Stages, house: House, pdf: bytes, seal: papers.Signatory) -> bytes:
    return papers.seal(
        *(pdf, papers.SEAL, seal, house.evidence(), house.stamper(), AT, paper.picture), last=True
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
