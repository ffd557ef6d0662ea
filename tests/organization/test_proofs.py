"""A fresh proof of identity: what counts as one, and what trying costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app import audit
from app.organization import Person, accounts, operations, proofs
from app.organization.errors import ProofRefused, SignInRefused, TooManyRequests
from app.organization.models import Account

from .conftest import AT, sign_in

HOME = "10.0.0.7"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def drafter(person: Callable[[str], Person]) -> Person:
    return person("drafter")


def refused(session: Session, person: Person, password: str, **more: str) -> str:
    with pytest.raises(ProofRefused) as refusal:
        proofs.prove(session, person.id, password, None, AT, **more)
    return refusal.value.message


def reasons(session: Session) -> list[tuple[str, str | None]]:
    """(action, reason) of what the act in hand would put on record."""
    pending = session.info.get("audit_pending", [])
    return [(each.body["action"], each.body["reason"]) for each in pending]


def test_the_right_password_is_a_proof(session: Session, drafter: Person, password: str) -> None:
    proof = proofs.prove(session, drafter.id, password, None, AT, address=HOME)
    assert proof == proofs.Proof(drafter.id, AT, "password")
    assert reasons(session) == []


@pytest.mark.parametrize(
    ("after", "within", "counts"),
    [
        (timedelta(), None, True),
        (2 * MINUTE, None, True),
        (2 * MINUTE + timedelta(seconds=1), None, False),
        (5 * MINUTE, 5 * MINUTE, True),
        (timedelta(seconds=-1), None, False),
    ],
)
def test_a_proof_is_fresh_for_two_minutes(
    after: timedelta, within: timedelta | None, counts: bool
) -> None:
    limit = {} if within is None else {"within": within}
    assert proofs.fresh(proofs.Proof(1, AT, "password"), AT + after, **limit) is counts


def test_a_wrong_password_is_refused_counted_and_on_record(
    session: Session, drafter: Person
) -> None:
    assert "再错 4 次" in refused(session, drafter, "wrong")
    assert session.get_one(Account, drafter.id).failures == 1
    (entry,) = session.info["audit_pending"]
    assert (entry.body["action"], entry.body["outcome"]) == ("proof.refused", "refused")
    assert entry.body["actor"]["login"] == "drafter"
    assert "wrong" not in str({**entry.body, "reason": None})


def test_failures_here_and_at_the_sign_in_page_lock_together(
    session: Session, drafter: Person, password: str
) -> None:
    token = sign_in(session, "drafter", password, HOME, AT).token
    for _ in range(3):
        with pytest.raises(SignInRefused):
            sign_in(session, "drafter", "wrong", HOME, AT)
    refused(session, drafter, "wrong")
    assert "账号锁定" in refused(session, drafter, "wrong")
    assert accounts.actor_of_session(session, token, AT) is None
    assert "已锁定" in refused(session, drafter, password)
    assert [reason for _, reason in reasons(session)][-3:] == ["wrong", "locked", "closed"]
    assert proofs.prove(session, drafter.id, password, None, AT + 30 * MINUTE)


def test_a_proof_begins_the_count_anew(session: Session, drafter: Person, password: str) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(session, drafter, "wrong")
        proofs.prove(session, drafter.id, password, None, AT)
    assert session.get_one(Account, drafter.id).failures == 0


def test_an_initial_password_proves_nothing(session: Session, drafter: Person) -> None:
    initial = accounts.set_initial_password(session, drafter, AT)
    assert "初始密码" in refused(session, drafter, initial)
    assert session.get_one(Account, drafter.id).failures == 0


def test_nobody_and_who_has_left_prove_nothing(
    session: Session, drafter: Person, password: str
) -> None:
    operations.deactivate(session, audit.signed_by_rule("测试"), AT, person=drafter)
    assert "停用" in refused(session, drafter, password)
    with pytest.raises(ProofRefused, match="不存在"):
        proofs.prove(session, 999_999, password, None, AT)


def test_an_address_that_fails_too_often_waits(
    session: Session, person: Callable[[str], Person]
) -> None:
    for login in ("drafter", "leader", "leader2", "leader3"):
        for _ in range(5):
            refused(session, person(login), "wrong", address=HOME)
    with pytest.raises(TooManyRequests):
        proofs.prove(session, person("unit.head").id, "any", None, AT, address=HOME)


def test_what_was_typed_may_be_anything(session: Session, drafter: Person) -> None:
    for typed in ("", "\ud800", "x" * 100_000, "\x00"):
        with pytest.raises(ProofRefused):
            proofs.prove(session, drafter.id, typed, "\ud800", AT)
        session.get_one(Account, drafter.id).failures = 0
