"""Whose certificate it is, and every reason why one opens nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy.orm import Session

from app import organization
from app.organization.certificates import Holder
from app.seals.signing_in import RegisteredCertificates
from tests.seals.registered import YEAR, Pair, issue, issuing_authority, register
from tests.world import MONDAY

REGISTER = RegisteredCertificates()
DAY = timedelta(days=1)


@pytest.fixture
def issuing(session: Session) -> Pair:
    return issuing_authority(session)


@pytest.fixture
def drafter(session: Session) -> int:
    return organization.person_by_login(session, "drafter").id


@pytest.fixture
def card(session: Session, issuing: Pair, drafter: int) -> Pair:
    return register(session, issue("陈雨桐", issuing), "person", issuing, drafter)


def refusal(session: Session, pair: Pair) -> str:
    return REGISTER.holder_of(session, pair.der, MONDAY).refusal


def test_a_certificate_in_force_names_its_person(
    session: Session, card: Pair, drafter: int
) -> None:
    assert REGISTER.holder_of(session, card.der, MONDAY) == Holder(drafter)


@pytest.mark.parametrize(
    ("after", "words"),
    [(-YEAR - DAY, "尚未生效"), (-YEAR, ""), (YEAR, ""), (YEAR + DAY, "已过期")],
)
def test_only_in_its_time(session: Session, card: Pair, after: timedelta, words: str) -> None:
    found = REGISTER.holder_of(session, card.der, MONDAY + after)
    assert words in found.refusal
    assert bool(found.refusal) is bool(words)


@pytest.mark.parametrize(("state", "words"), [("suspended", "已冻结"), ("revoked", "已撤销")])
def test_not_when_suspended_or_revoked(
    session: Session, card: Pair, drafter: int, state: str, words: str
) -> None:
    assert card.row
    card.row.state = state
    session.flush()
    found = REGISTER.holder_of(session, card.der, MONDAY)
    assert words in found.refusal
    assert found.person_id == drafter


def test_not_of_another_authority_that_calls_itself_the_same(
    session: Session, issuing: Pair, card: Pair
) -> None:
    other_root = issue("江洲县水务局根证书", None)
    other = issue("江洲县水务局签发机构", other_root)
    forged = issue("陈雨桐", other)
    assert "不是本单位登记" in refusal(session, forged)


def test_not_when_only_the_row_says_who_issued_it(
    session: Session, issuing: Pair, drafter: int
) -> None:
    """Somebody who can write rows, but has no key of the authority."""
    other = issue("江洲县水务局签发机构", None)
    forged = register(session, issue("陈雨桐", other), "person", issuing, drafter)
    assert "不是本单位登记" in refusal(session, forged)
    self_signed = register(session, issue("陈雨桐", None), "person", None, drafter)
    assert "不是本单位登记" in refusal(session, self_signed)


def test_not_when_the_authority_is_revoked(session: Session, issuing: Pair, card: Pair) -> None:
    assert issuing.row
    issuing.row.state = "revoked"
    session.flush()
    assert "不是本单位登记" in refusal(session, card)


def test_not_when_the_authority_is_over(session: Session, issuing: Pair, drafter: int) -> None:
    made = issue("江洲县水务局旧签发机构", issuing, until=MONDAY - DAY)
    over = register(session, made, "issuing", issuing)
    card = register(session, issue("陈雨桐", over), "person", over, drafter)
    assert "不是本单位登记" in refusal(session, card)


def test_not_when_a_person_signed_it(session: Session, card: Pair, drafter: int) -> None:
    lent = register(session, issue("别人", card), "person", card, drafter)
    assert "不是本单位登记" in refusal(session, lent)


@pytest.mark.parametrize("role", ["seal", "transport", "issuing"])
def test_only_certificates_of_people(
    session: Session, issuing: Pair, drafter: int, role: str
) -> None:
    seal = register(session, issue("单位印章", issuing), role, issuing, drafter)
    assert "不是个人证书" in refusal(session, seal)


def test_only_for_this_purpose(session: Session, issuing: Pair, drafter: int) -> None:
    signing = issue("陈雨桐", issuing, purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
    assert "用途不包括登录" in refusal(
        session, register(session, signing, "person", issuing, drafter)
    )
    sealed = issue("陈雨桐", issuing, signs=False)
    assert "用途不包括登录" in refusal(
        session, register(session, sealed, "person", issuing, drafter)
    )
    any_ = issue("陈雨桐", issuing, purposes=())
    assert refusal(session, register(session, any_, "person", issuing, drafter)) == ""


def test_one_byte_more_is_another_certificate(session: Session, card: Pair) -> None:
    assert REGISTER.holder_of(session, card.der + b"\0", MONDAY) == replace(
        Holder(None), refusal="这个证书不是本单位登记的证书，不能用来登录。"
    )
    assert REGISTER.holder_of(session, b"", MONDAY).person_id is None
