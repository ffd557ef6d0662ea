"""报失封锁: closed at once, opened again on a recorded request only (SEC-09, SEC-10)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid
from app.organization import Actor, Person, accounts, locks, proofs
from app.organization.errors import (
    MissingRole,
    ProofRefused,
    SeparationOfDuties,
    SignInRefused,
)

from .conftest import AT, sign_in

HOME = "10.0.0.7"
REPORT, REQUEST = "本人来电，密码被盗", "书面申请，核对身份证"


@pytest.fixture
def security(acting: Callable[[str], Actor]) -> Actor:
    return acting("security.admin")


@pytest.fixture
def drafter(person: Callable[[str], Person]) -> Person:
    return person("drafter")


def test_a_report_ends_sessions_and_tokens_and_does_not_run_out(
    session: Session, security: Actor, drafter: Person, password: str
) -> None:
    token = sign_in(session, "drafter", password, HOME, AT).token
    api = accounts.new_token(session, drafter.id, "脚本", AT)
    locks.close(session, security, drafter, REPORT, AT)
    assert accounts.actor_of_session(session, token, AT) is None
    assert accounts.actor_of_token(session, api, AT) is None
    with pytest.raises(SignInRefused):
        sign_in(session, "drafter", password, HOME, AT + timedelta(days=30))
    with pytest.raises(ProofRefused, match="报失封锁"):
        proofs.prove(session, drafter.id, password, None, AT)
    entry = session.info["audit_pending"][-3].body
    assert (entry["action"], entry["reason"]) == ("account.closed", REPORT)


def test_a_new_password_does_not_open_it(
    session: Session, security: Actor, drafter: Person
) -> None:
    locks.close(session, security, drafter, REPORT, AT)
    initial = accounts.set_initial_password(session, drafter, AT)
    with pytest.raises(SignInRefused):
        sign_in(session, "drafter", initial, HOME, AT)


@pytest.mark.parametrize("request_", ["", "  ", "x" * 201, "书\x00面"])
def test_without_a_request_it_stays_closed(
    session: Session, security: Actor, drafter: Person, password: str, request_: str
) -> None:
    locks.close(session, security, drafter, REPORT, AT)
    with pytest.raises(Invalid) as refusal:
        locks.reopen(session, security, drafter, request_, AT)
    assert refusal.value.errors[0].field == "request"
    with pytest.raises(SignInRefused):
        sign_in(session, "drafter", password, HOME, AT)


def test_a_request_opens_it(
    session: Session, security: Actor, drafter: Person, password: str
) -> None:
    locks.close(session, security, drafter, REPORT, AT)
    locks.reopen(session, security, drafter, REQUEST, AT)
    assert sign_in(session, "drafter", password, HOME, AT)
    with pytest.raises(Conflict):
        locks.reopen(session, security, drafter, REQUEST, AT)


def test_a_lock_by_wrong_passwords_is_opened_the_same_way(
    session: Session, security: Actor, drafter: Person, password: str
) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(session, "drafter", "wrong", HOME, AT)
    locks.reopen(session, security, drafter, REQUEST, AT)
    assert sign_in(session, "drafter", password, HOME, AT)


def test_by_the_security_administrator_of_the_unit_alone(
    session: Session, security: Actor, drafter: Person, acting: Callable[[str], Actor]
) -> None:
    for login in ("system.admin", "city.security.admin", "drafter"):
        with pytest.raises(MissingRole):
            locks.close(session, acting(login), drafter, REPORT, AT)
    locks.close(session, security, drafter, REPORT, AT)
    with pytest.raises(Conflict):
        locks.close(session, security, drafter, REPORT, AT)
    for login in ("system.admin", "city.security.admin", "drafter"):
        with pytest.raises(MissingRole):
            locks.reopen(session, acting(login), drafter, REQUEST, AT)


def test_nobody_opens_their_own(
    session: Session, security: Actor, person: Callable[[str], Person]
) -> None:
    locks.close(session, security, person("security.admin"), REPORT, AT)
    with pytest.raises(SeparationOfDuties):
        locks.reopen(session, security, person("security.admin"), REQUEST, AT)
