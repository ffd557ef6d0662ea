"""Signing in with a second factor: the attacks that it has to stand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.organization import Actor, accounts, proofs, queries
from app.organization.errors import CodeRefused, ProofRefused, SignInRefused, TooManyRequests
from app.organization.models import AccountAlarm
from tests.organization.conftest import AT, sign_in
from tests.organization.factors.authenticator import STEP, Authenticator, enrol

HOME = "10.0.0.7"
LATER = AT + 4 * STEP
MINUTE = timedelta(minutes=1)


@pytest.fixture
def drafter(acting: Callable[[str], Actor]) -> Actor:
    return acting("drafter")


@pytest.fixture
def enrolled(session: Session, drafter: Actor) -> tuple[Authenticator, list[str]]:
    return enrol(session, drafter, AT)


@pytest.fixture
def phone(enrolled: tuple[Authenticator, list[str]]) -> Authenticator:
    return enrolled[0]


def half(session: Session, password: str, address: str = HOME) -> str:
    signed = sign_in(session, "drafter", password, address, LATER)
    assert signed.awaits == "code"
    return signed.token


def wrong(session: Session, token: str, typed: str = "000000", address: str = HOME) -> CodeRefused:
    with pytest.raises(CodeRefused) as refusal:
        accounts.enter_code(session, token, typed, address, LATER)
    return refusal.value


def reasons(session: Session) -> list[str | None]:
    """Why sign-ins were refused."""
    pending = session.info["audit_pending"]
    return [each.body["reason"] for each in pending if each.body["action"] == "sign-in.refused"]


def test_the_password_alone_opens_nothing(
    session: Session, phone: Authenticator, password: str, drafter: Actor
) -> None:
    who = accounts.actor_of_session(session, half(session, password), LATER)
    assert who
    assert (who.awaits, who.posts) == ("code", ())
    with pytest.raises(NotAllowed):
        accounts.change_password(session, who, password, "Kx7#mQ2vLp9", LATER)
    (enrolment,) = queries.open_sessions(session, drafter.person_id, LATER)
    assert enrolment.at == AT


def test_the_code_opens_another_session(
    session: Session, phone: Authenticator, password: str
) -> None:
    token = half(session, password)
    signed = accounts.enter_code(session, token, phone.code(LATER), HOME, LATER)
    assert signed.token != token
    assert accounts.actor_of_session(session, token, LATER) is None
    who = accounts.actor_of_session(session, signed.token, LATER)
    assert who
    assert who.awaits is None
    assert who.posts
    entry = session.info["audit_pending"][-1].body
    assert (entry["action"], entry["detail"]["factor"]) == ("signed.in", "totp")


def test_a_code_that_was_seen_over_the_shoulder_is_worth_nothing(
    session: Session, phone: Authenticator, password: str
) -> None:
    first, second = half(session, password), half(session, password, "10.0.0.8")
    code = phone.code(LATER)
    accounts.enter_code(session, first, code, HOME, LATER)
    assert not wrong(session, second, code).over
    assert reasons(session) == ["code"]


def test_a_recovery_code_opens_once(
    session: Session, enrolled: tuple[Authenticator, list[str]], password: str
) -> None:
    _, recovery = enrolled
    accounts.enter_code(session, half(session, password), recovery[3], HOME, LATER)
    assert session.info["audit_pending"][-1].body["detail"] == {
        "factor": "recovery",
        "recovery_left": 9,
    }
    wrong(session, half(session, password), recovery[3])


def test_five_wrong_codes_lock_and_end_the_half_sign_in(
    session: Session, phone: Authenticator, password: str
) -> None:
    token = half(session, password)
    assert [wrong(session, token).over for _ in range(5)] == [False] * 4 + [True]
    assert accounts.actor_of_session(session, token, LATER) is None
    with pytest.raises(SignInRefused):
        sign_in(session, "drafter", password, HOME, LATER)
    assert reasons(session) == ["code"] * 4 + ["locked", "closed"]


def test_the_right_password_does_not_set_the_count_of_codes_back(
    session: Session, phone: Authenticator, password: str
) -> None:
    for n in range(4):
        wrong(session, half(session, password, f"10.0.1.{n}"), address=f"10.0.1.{n}")
    token = half(session, password, "10.0.1.9")
    assert wrong(session, token, address="10.0.1.9").over
    with pytest.raises(SignInRefused):
        sign_in(session, "drafter", password, "10.0.2.1", LATER)


def test_wrong_passwords_and_wrong_codes_are_counted_together(
    session: Session, phone: Authenticator, password: str
) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            sign_in(session, "drafter", "wrong", HOME, LATER)
    token = half(session, password)
    assert [wrong(session, token).over for _ in range(2)] == [False, True]


def test_while_locked_even_the_right_code_is_refused(
    session: Session, phone: Authenticator, password: str
) -> None:
    token, other = half(session, password), half(session, password)
    for _ in range(5):
        wrong(session, token)
    assert wrong(session, other, phone.code(LATER)).over
    later = LATER + 30 * MINUTE
    signed = sign_in(session, "drafter", password, HOME, later)
    assert accounts.enter_code(session, signed.token, phone.code(later), HOME, later)


def test_an_address_that_guesses_codes_of_many_people_waits(
    session: Session, phone: Authenticator, password: str, acting: Callable[[str], Actor]
) -> None:
    for login in ("leader", "leader2", "leader3", "unit.head"):
        enrol(session, acting(login), AT)
        token = sign_in(session, login, password, HOME, LATER).token
        for _ in range(5):
            wrong(session, token)
    elsewhere = half(session, password, "10.0.0.8")
    with pytest.raises(TooManyRequests):
        accounts.enter_code(session, elsewhere, phone.code(LATER), HOME, LATER)


def test_a_half_sign_in_ends_after_ten_minutes(
    session: Session, phone: Authenticator, password: str
) -> None:
    token, late = half(session, password), LATER + 10 * MINUTE
    with pytest.raises(CodeRefused) as refusal:
        accounts.enter_code(session, token, phone.code(late), HOME, late)
    assert refusal.value.over


def test_a_whole_session_is_no_half_one(session: Session, password: str, drafter: Actor) -> None:
    whole = sign_in(session, "drafter", password, HOME, LATER).token
    phone, _ = enrol(session, drafter, AT)
    with pytest.raises(CodeRefused):
        accounts.enter_code(session, whole, phone.code(LATER), HOME, LATER)
    with pytest.raises(CodeRefused):
        accounts.enter_code(session, "no such token", phone.code(LATER), HOME, LATER)


def test_api_tokens_go_on(session: Session, phone: Authenticator, drafter: Actor) -> None:
    token = accounts.new_token(session, drafter.person_id, "脚本", LATER)
    who = accounts.actor_of_token(session, token, LATER)
    assert who
    assert who.posts


class TestProof:
    """A fresh proof asks for the code too (``seal.proof``)."""

    def test_takes_password_and_code(
        self, session: Session, phone: Authenticator, password: str, drafter: Actor
    ) -> None:
        code = phone.code(LATER)
        proof = proofs.prove(session, drafter.person_id, password, code, LATER)
        assert proof.how == "totp"
        with pytest.raises(ProofRefused):
            proofs.prove(session, drafter.person_id, password, code, LATER)

    def test_a_recovery_code_will_do(
        self,
        session: Session,
        enrolled: tuple[Authenticator, list[str]],
        password: str,
        drafter: Actor,
    ) -> None:
        proof = proofs.prove(session, drafter.person_id, password, enrolled[1][0], LATER)
        assert proof.how == "recovery"

    def test_says_no_more_of_what_was_wrong(
        self, session: Session, phone: Authenticator, password: str, drafter: Actor
    ) -> None:
        said = set()
        for typed, code in ((password, "000000"), ("wrong", phone.code(LATER)), (password, None)):
            with pytest.raises(ProofRefused) as refusal:
                proofs.prove(session, drafter.person_id, typed, code, LATER)
            said.add(refusal.value.message.replace("4", "n").replace("3", "n").replace("2", "n"))
        assert len(said) == 1

    def test_a_wrong_password_uses_up_no_code(
        self, session: Session, phone: Authenticator, password: str, drafter: Actor
    ) -> None:
        with pytest.raises(ProofRefused):
            proofs.prove(session, drafter.person_id, "wrong", phone.code(LATER), LATER)
        assert proofs.prove(session, drafter.person_id, password, phone.code(LATER), LATER)


def test_a_lock_alarms_the_security_administrator_once(
    session: Session, phone: Authenticator, password: str, drafter: Actor
) -> None:
    token = half(session, password)
    for _ in range(5):
        wrong(session, token)
    alarms = session.scalars(sa.select(AccountAlarm)).all()
    assert [(each.kind, each.person_id) for each in alarms] == [("locked", drafter.person_id)]
    assert (alarms[0].unit_id, alarms[0].address) == (drafter.unit_id, HOME)
