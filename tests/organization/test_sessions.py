"""How long a session and a token last (S17, G5)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid, NotFound
from app.organization import Actor, Person, accounts, operations, queries, roles
from app.organization.models import ApiToken, SignIn

from .conftest import AT, sign_in

RULE = audit.signed_by_rule("测试")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def token(session: Session, password: str) -> str:
    return sign_in(session, "drafter", password, "10.0.0.7", AT).token


class TestSession:
    @pytest.mark.parametrize(("minutes", "open_"), [(0, True), (29, True), (30, False)])
    def test_ends_when_idle(self, session: Session, token: str, minutes: int, open_: bool) -> None:
        found = accounts.actor_of_session(session, token, AT + minutes * MINUTE)
        assert (found is not None) == open_

    def test_ends_after_ten_hours_of_use(self, session: Session, token: str) -> None:
        at = AT
        while at < AT + 10 * HOUR:
            assert accounts.actor_of_session(session, token, at)
            at += 20 * MINUTE
        assert accounts.actor_of_session(session, token, at) is None

    def test_is_kept_as_a_hash_of_256_bits(self, session: Session, token: str) -> None:
        assert len(token) >= 43
        kept = list(session.scalars(sa.select(SignIn.token_hash)))
        assert [len(each) for each in kept] == [64]
        assert token not in kept
        assert accounts.actor_of_session(session, kept[0], AT) is None

    def test_one_statement_and_at_most_one_note_a_minute(
        self, session: Session, token: str, statements: list[str]
    ) -> None:
        for seconds, expected in ((0, 1), (59, 1), (60, 2), (61, 1), (119, 1), (120, 2)):
            statements.clear()
            accounts.actor_of_session(session, token, AT + timedelta(seconds=seconds))
            assert len(statements) == expected, seconds

    def test_each_sign_in_has_its_own(self, session: Session, token: str, password: str) -> None:
        other = sign_in(session, "drafter", password, "10.0.0.8", AT).token
        assert other != token
        drafter = accounts.actor_of_session(session, other, AT)
        assert drafter
        seen = queries.open_sessions(session, drafter.person_id, AT)
        assert [each.address for each in seen] == ["10.0.0.7", "10.0.0.8"]
        accounts.end_sessions(session, drafter.person_id, AT, keep=other)
        assert accounts.actor_of_session(session, token, AT) is None
        assert accounts.actor_of_session(session, other, AT)

    def test_signing_out_ends_it_once(self, session: Session, token: str) -> None:
        accounts.sign_out(session, token, AT)
        accounts.sign_out(session, token, AT)
        accounts.sign_out(session, "no such token \ud800", AT)
        assert accounts.actor_of_session(session, token, AT) is None

    def test_ends_with_the_account(
        self, session: Session, token: str, person: Callable[[str], Person]
    ) -> None:
        api = accounts.new_token(session, person("drafter").id, "脚本", AT)
        operations.deactivate(session, RULE, AT, person=person("drafter"))
        assert accounts.actor_of_session(session, token, AT) is None
        assert accounts.actor_of_token(session, api, AT) is None

    def test_ends_when_rights_change(
        self, session: Session, token: str, person: Callable[[str], Person], password: str
    ) -> None:
        drafter = person("drafter")
        post = operations.appoint(session, RULE, AT, person=drafter, role=roles.DISPATCHER)
        assert accounts.actor_of_session(session, token, AT) is None
        again = sign_in(session, "drafter", password, None, AT).token
        operations.end_appointment(session, RULE, AT, post=post)
        assert accounts.actor_of_session(session, again, AT) is None


class TestToken:
    @pytest.fixture
    def drafter(self, acting: Callable[[str], Actor]) -> Actor:
        return acting("drafter")

    def test_works_until_it_expires(self, session: Session, drafter: Actor) -> None:
        token = accounts.new_token(session, drafter.person_id, "脚本", AT, days=30)
        found = accounts.actor_of_token(session, token, AT + 29 * DAY, "10.0.0.7")
        assert found
        assert (found.login, found.address, found.posts) == ("drafter", "10.0.0.7", drafter.posts)
        assert accounts.actor_of_token(session, token, AT + 30 * DAY) is None
        assert accounts.actor_of_token(session, token + "x", AT) is None
        assert accounts.actor_of_token(session, "", AT) is None

    def test_one_statement_and_at_most_one_note_a_minute(
        self, session: Session, drafter: Actor, statements: list[str]
    ) -> None:
        token = accounts.new_token(session, drafter.person_id, "脚本", AT)
        for seconds, expected in ((0, 2), (1, 1), (59, 1), (60, 2)):
            statements.clear()
            accounts.actor_of_token(session, token, AT + timedelta(seconds=seconds))
            assert len(statements) == expected, seconds
        (own,) = queries.own_tokens(session, drafter.person_id, AT)
        assert (own.name, own.last_used_at) == ("脚本", AT + MINUTE)

    def test_is_kept_as_a_hash(self, session: Session, drafter: Actor) -> None:
        token = accounts.new_token(session, drafter.person_id, "脚本", AT)
        assert token not in list(session.scalars(sa.select(ApiToken.token_hash)))

    def test_does_not_get_round_a_forced_change(
        self, session: Session, drafter: Actor, person: Callable[[str], Person]
    ) -> None:
        token = accounts.new_token(session, drafter.person_id, "脚本", AT)
        assert accounts.actor_of_token(session, token, AT + 90 * DAY) is None
        accounts.set_initial_password(session, person("drafter"), AT)
        after = accounts.new_token(session, drafter.person_id, "脚本", AT)
        assert accounts.actor_of_token(session, after, AT) is None

    def test_ends_by_the_hand_of_its_owner_only(
        self, session: Session, drafter: Actor, acting: Callable[[str], Actor]
    ) -> None:
        token = accounts.new_token(session, drafter.person_id, "脚本", AT)
        (own,) = queries.own_tokens(session, drafter.person_id, AT)
        for stranger, token_id in ((acting("leader"), own.id), (drafter, 10**9)):
            with pytest.raises(NotFound, match="没有这个令牌"):
                accounts.end_token(session, stranger, token_id, AT)
        accounts.end_token(session, drafter, own.id, AT)
        assert accounts.actor_of_token(session, token, AT) is None

    @pytest.mark.parametrize(("name", "days"), [("脚本", 0), ("脚本", 366), (" ", 30)])
    def test_bounds(self, session: Session, drafter: Actor, name: str, days: int) -> None:
        with pytest.raises(Invalid):
            accounts.new_token(session, drafter.person_id, name, AT, days)
