"""Signing in: G1, G2, G3, and the life of a password."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import Actor, Person, Unit, accounts, operations, passwords
from app.organization.errors import (
    MissingRole,
    PasswordRefused,
    SeparationOfDuties,
    SignInRefused,
    TooManyRequests,
)
from app.organization.models import Account, PasswordUsed, SignInFailure

from .conftest import AT, sign_in
from .test_passwords import Watched

RULE = audit.signed_by_rule("测试")
HOME = "10.0.0.7"
NEW = "Kx7#mQ2vLp9"
MINUTE = timedelta(minutes=1)


def refused(
    session: Session, login: str, password: str, at: datetime = AT, address: str = HOME
) -> str:
    with pytest.raises(SignInRefused) as refusal:
        sign_in(session, login, password, address, at)
    return refusal.value.message


def entries(session: Session) -> list[tuple[str, str, str | None]]:
    """(action, outcome, reason) of what the act in hand would put on record."""
    return [
        (each.body["action"], each.body["outcome"], each.body["reason"])
        for each in session.info["audit_pending"]
    ]


class TestSignIn:
    def test_right_password(self, session: Session, password: str) -> None:
        signed = sign_in(session, "ＤＲＡＦＴＥＲ ", password, HOME, AT)
        assert not signed.must_change
        who = accounts.actor_of_session(session, signed.token, AT, HOME)
        assert who
        assert (who.login, who.address) == ("drafter", HOME)
        assert entries(session) == [("signed.in", "done", None)]

    def test_one_answer_for_unknown_wrong_locked_closed_and_expired(
        self, session: Session, password: str, person: Callable[[str], Person]
    ) -> None:
        operations.deactivate(session, RULE, AT, person=person("leader3"))
        for _ in range(5):
            refused(session, "drafter", "wrong")
        initial = accounts.set_initial_password(session, person("leader2"), AT)
        later = AT + timedelta(hours=24)
        answers = {
            refused(session, "nobody.here", password),
            refused(session, "", ""),
            refused(session, "x\x00\ud800", "\ud800"),
            refused(session, "leader", "wrong"),
            refused(session, "drafter", password),
            refused(session, "leader3", password),
            refused(session, "leader2", initial, later),
        }
        assert len(answers) == 1

    def test_every_refusal_does_the_same_work(
        self, session: Session, password: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(5):
            refused(session, "drafter", "wrong")
        watched = Watched(answer=False)
        monkeypatch.setattr(passwords.hasher(), "_argon2", watched)
        for n, login in enumerate(("nobody.here", "leader", "drafter"), start=1):
            refused(session, login, password + "x")
            assert len(watched.tried) == n

    def test_refusals_are_on_record_without_what_was_typed(
        self, session: Session, password: str
    ) -> None:
        refused(session, "my-secret-typed-in-the-wrong-field", "wrong")
        refused(session, "leader", "wrong")
        assert [reason for _, _, reason in entries(session)] == ["unknown", "wrong"]
        assert "my-secret" not in str(session.info["audit_pending"])

    def test_hash_is_renewed_when_parameters_change(
        self, session: Session, password: str, person: Callable[[str], Person]
    ) -> None:
        account = session.get_one(Account, person("drafter").id)
        before = account.password_hash
        with passwords.hashed_by(passwords.Hasher(memory_kib=16, passes=1, lanes=1)):
            sign_in(session, "drafter", password, HOME, AT)
        assert before != account.password_hash
        assert "m=16" in account.password_hash
        sign_in(session, "drafter", password, HOME, AT)


class TestMeanwhile:
    """Between the look at the account and its lock the password is hashed, with nothing held."""

    def attempt(self, session: Session, password: str) -> passwords.Attempt:
        stored = accounts.usable_hash(session, "drafter", HOME, AT)
        assert stored is not None
        attempt = passwords.tried(stored, password)
        assert attempt.right
        return attempt

    def test_locked_by_others_is_not_let_in(self, session: Session, password: str) -> None:
        attempt = self.attempt(session, password)
        for _ in range(5):
            refused(session, "drafter", "wrong")
        with pytest.raises(SignInRefused):
            accounts.sign_in(session, "drafter", attempt, HOME, AT)
        assert entries(session)[-1] == ("sign-in.refused", "refused", "closed")

    def test_a_password_that_was_changed_is_a_wrong_one(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        attempt = self.attempt(session, password)
        accounts.change_password(session, acting("drafter"), password, NEW, AT)
        with pytest.raises(SignInRefused):
            accounts.sign_in(session, "drafter", attempt, HOME, AT)
        assert entries(session)[-1] == ("sign-in.refused", "refused", "wrong")

    def test_what_fits_nothing_opens_nothing(self, session: Session, password: str) -> None:
        unknown = passwords.tried(None, password)
        for login in ("nobody.here", "drafter"):
            with pytest.raises(SignInRefused):
                accounts.sign_in(session, login, unknown, HOME, AT)


class TestLock:
    def test_five_failures_lock_even_the_right_password_for_30_minutes(
        self, session: Session, password: str
    ) -> None:
        for _ in range(5):
            refused(session, "drafter", "wrong")
        refused(session, "drafter", password, AT + 29 * MINUTE)
        assert sign_in(session, "drafter", password, HOME, AT + 30 * MINUTE)
        assert [reason for _, _, reason in entries(session)][4:6] == ["locked", "closed"]

    def test_trying_a_locked_account_does_not_lengthen_the_lock(
        self, session: Session, password: str
    ) -> None:
        for minute in range(10):
            refused(session, "drafter", "wrong", AT + minute * MINUTE)
        assert sign_in(session, "drafter", password, HOME, AT + 34 * MINUTE)

    def test_the_count_begins_anew_after_a_lock_and_after_success(
        self, session: Session, password: str
    ) -> None:
        for _ in range(5):
            refused(session, "drafter", "wrong")
        later = AT + timedelta(hours=1)
        for _ in range(4):
            refused(session, "drafter", "wrong", later)
        assert sign_in(session, "drafter", password, HOME, later)
        for _ in range(4):
            refused(session, "drafter", "wrong", later)
        assert sign_in(session, "drafter", password, HOME, later)

    def test_sessions_that_are_open_go_on(self, session: Session, password: str) -> None:
        token = sign_in(session, "drafter", password, HOME, AT).token
        for _ in range(5):
            refused(session, "drafter", "wrong", address="10.9.9.9")
        assert accounts.actor_of_session(session, token, AT)


class TestThrottle:
    def test_twenty_failures_close_an_address_for_ten_minutes(
        self, session: Session, password: str
    ) -> None:
        for n in range(20):
            refused(session, f"nobody{n}", "wrong")
        with pytest.raises(TooManyRequests) as refusal:
            sign_in(session, "drafter", password, HOME, AT + 4 * MINUTE)
        assert refusal.value.retry_seconds == 6 * 60
        assert refusal.value.code == "too_many_requests"
        assert sign_in(session, "drafter", password, "10.0.0.8", AT)
        assert sign_in(session, "drafter", password, HOME, AT + 10 * MINUTE)

    def test_old_failures_are_forgotten(self, session: Session) -> None:
        for n in range(15):
            refused(session, f"nobody{n}", "wrong", AT + n * MINUTE)
        kept = sa.select(sa.func.count()).where(SignInFailure.address == HOME)
        assert session.scalar(kept) == 10

    def test_a_command_has_no_address(self, session: Session, password: str) -> None:
        assert sign_in(session, "drafter", password, None, AT)
        with pytest.raises(SignInRefused):
            sign_in(session, "drafter", "wrong", None, AT)


class TestInitialPassword:
    @pytest.fixture
    def initial(self, session: Session, person: Callable[[str], Person]) -> str:
        return accounts.set_initial_password(session, person("drafter"), AT)

    def test_opens_the_change_page_only(self, session: Session, initial: str) -> None:
        signed = sign_in(session, "drafter", initial, HOME, AT)
        who = accounts.actor_of_session(session, signed.token, AT)
        assert signed.must_change
        assert who
        assert who.must_change
        assert who.posts == ()

    def test_cannot_be_kept(self, session: Session, initial: str) -> None:
        signed = sign_in(session, "drafter", initial, HOME, AT)
        who = accounts.actor_of_session(session, signed.token, AT)
        assert who
        with pytest.raises(PasswordRefused, match="最近 5 次"):
            accounts.change_password(session, who, initial, initial, AT)
        changed = accounts.change_password(session, who, initial, NEW, AT)
        free = accounts.actor_of_session(session, changed.token, AT)
        assert free
        assert not free.must_change
        assert free.posts
        assert accounts.actor_of_session(session, signed.token, AT) is None
        assert not sign_in(session, "drafter", NEW, HOME, AT + timedelta(hours=48)).must_change

    def test_replaces_the_old_one_and_unlocks(
        self, session: Session, password: str, person: Callable[[str], Person]
    ) -> None:
        live = sign_in(session, "leader", password, HOME, AT).token
        for _ in range(5):
            refused(session, "leader", "wrong")
        initial = accounts.set_initial_password(session, person("leader"), AT)
        assert accounts.actor_of_session(session, live, AT) is None
        refused(session, "leader", password)
        assert sign_in(session, "leader", initial, HOME, AT)

    def test_opens_an_account_for_a_new_person(
        self, session: Session, person: Callable[[str], Person]
    ) -> None:
        unit = session.get_one(Unit, person("drafter").unit_id)
        new = operations.create_person(session, RULE, AT, unit=unit, login="new.one", name="新人")
        initial = accounts.set_initial_password(session, new, AT)
        assert sign_in(session, "new.one", initial, HOME, AT).must_change

    def test_only_the_system_administrator_of_the_unit_resets(
        self, session: Session, person: Callable[[str], Person], acting: Callable[[str], Actor]
    ) -> None:
        who = person("drafter")
        assert accounts.set_initial_password(session, who, AT, by=acting("system.admin"))
        for login in ("leader", "security.admin", "city.system.admin"):
            with pytest.raises(MissingRole):
                accounts.set_initial_password(session, who, AT, by=acting(login))
        himself = acting("system.admin")
        with pytest.raises(SeparationOfDuties):
            accounts.set_initial_password(session, person("system.admin"), AT, by=himself)


class TestChange:
    def test_ends_everything_that_rested_on_the_old_one(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        drafter = acting("drafter")
        live = [sign_in(session, "drafter", password, HOME, AT).token for _ in range(2)]
        token = accounts.new_token(session, drafter.person_id, "脚本", AT)
        changed = accounts.change_password(session, drafter, password, NEW, AT)
        assert [accounts.actor_of_session(session, each, AT) for each in live] == [None, None]
        assert accounts.actor_of_token(session, token, AT) is None
        assert accounts.actor_of_session(session, changed.token, AT)
        refused(session, "drafter", password)
        assert sign_in(session, "drafter", NEW, HOME, AT)

    def test_last_five_are_refused_and_the_sixth_is_free_again(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        drafter, used = acting("drafter"), [password]
        for n in range(5):
            for old in used:
                with pytest.raises(PasswordRefused, match="最近 5 次"):
                    accounts.change_password(session, drafter, used[-1], old, AT)
            used.append(f"{NEW}{n}")
            accounts.change_password(session, drafter, used[-2], used[-1], AT)
        kept = sa.select(sa.func.count()).where(PasswordUsed.person_id == drafter.person_id)
        assert session.scalar(kept) == 5
        accounts.change_password(session, drafter, used[-1], password, AT)

    @pytest.mark.parametrize(
        ("new", "part"),
        [("short", "10 至 128"), ("Password123!", "太常见"), ("Kx7#Drafter9q", "登录名")],
    )
    def test_weak_ones_are_refused_at_the_field(
        self, session: Session, password: str, acting: Callable[[str], Actor], new: str, part: str
    ) -> None:
        with pytest.raises(PasswordRefused, match=part) as refusal:
            accounts.change_password(session, acting("drafter"), password, new, AT)
        assert {each.field for each in refusal.value.errors} == {"new"}
        assert sign_in(session, "drafter", password, HOME, AT)

    def test_wrong_present_password_counts_and_the_fifth_ends_the_session(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        token = sign_in(session, "drafter", password, HOME, AT).token
        for n in range(5):
            assert accounts.actor_of_session(session, token, AT), n
            with pytest.raises(PasswordRefused) as refusal:
                accounts.change_password(session, acting("drafter"), "wrong", NEW, AT)
            assert refusal.value.errors[0].field == "old"
        assert accounts.actor_of_session(session, token, AT) is None
        refused(session, "drafter", password)

    def test_a_password_of_90_days_must_be_changed(self, session: Session, password: str) -> None:
        day = timedelta(days=1)
        assert not sign_in(session, "drafter", password, HOME, AT + 89 * day).must_change
        assert sign_in(session, "drafter", password, HOME, AT + 90 * day).must_change
