"""Taking a second factor into use, changing it, and its reset."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, Invalid, NotFound
from app.organization import Actor, Person, accounts
from app.organization.errors import MissingRole, ProofRefused, SeparationOfDuties
from app.organization.factors import codes, enrolment, policies
from app.organization.proofs import Proof
from tests.organization.conftest import AT, sign_in
from tests.organization.factors.authenticator import STEP, Authenticator, enrol

HOME = "10.0.0.7"
LATER = AT + 4 * STEP
BASIS = "本人书面申请，核对身份证"


@pytest.fixture
def drafter(acting: Callable[[str], Actor]) -> Actor:
    return acting("drafter")


def proof(actor: Actor) -> Proof:
    return Proof(actor.person_id, LATER, "totp")


def actions(session: Session) -> list[str]:
    return [each.body["action"] for each in session.info.get("audit_pending", [])]


def ask_all(session: Session, by: Actor) -> None:
    policies.choose(session, by.unit_id, "all", (), "等保要求", by, AT, source="局办〔2026〕1号")


class TestBegin:
    @pytest.mark.parametrize("whose", ["nobody", "another", "old"])
    def test_needs_a_fresh_proof_of_oneself(
        self, session: Session, drafter: Actor, acting: Callable[[str], Actor], whose: str
    ) -> None:
        given = {
            "nobody": None,
            "another": proof(acting("leader")),
            "old": Proof(drafter.person_id, LATER - timedelta(minutes=5), "password"),
        }[whose]
        with pytest.raises(ProofRefused):
            enrolment.begin(session, drafter, LATER, given)
        assert enrolment.offered(session, drafter, LATER) is None

    def test_what_waits_is_forgotten_after_a_quarter_of_an_hour(
        self, session: Session, drafter: Actor
    ) -> None:
        enrolment.begin(session, drafter, LATER, proof(drafter))
        offer = enrolment.offered(session, drafter, LATER + timedelta(minutes=14))
        assert offer
        late = LATER + timedelta(minutes=15)
        assert enrolment.offered(session, drafter, late) is None
        with pytest.raises(Conflict):
            enrolment.confirm(session, drafter, Authenticator.scan(offer.address).code(late), late)

    def test_the_one_in_use_stays_until_the_new_one_is_confirmed(
        self, session: Session, drafter: Actor
    ) -> None:
        phone, _ = enrol(session, drafter, AT)
        enrolment.begin(session, drafter, LATER, proof(drafter))
        assert codes.take(session, drafter.person_id, phone.code(LATER), LATER) == "totp"
        offer = enrolment.offered(session, drafter, LATER)
        assert offer
        new = Authenticator.scan(offer.address)
        enrolment.confirm(session, drafter, new.code(LATER), LATER)
        later = LATER + 2 * STEP
        assert codes.take(session, drafter.person_id, phone.code(later), later) is None
        assert codes.take(session, drafter.person_id, new.code(later), later) == "totp"
        assert actions(session) == ["factor.enrolled", "factor.changed"]


class TestConfirm:
    def test_a_wrong_code_keeps_waiting_and_does_not_count(
        self, session: Session, drafter: Actor, password: str
    ) -> None:
        enrolment.begin(session, drafter, LATER, proof(drafter))
        for _ in range(6):
            with pytest.raises(Invalid) as refusal:
                enrolment.confirm(session, drafter, "000000", LATER)
        assert [each.field for each in refusal.value.errors] == ["code"]
        assert sign_in(session, "drafter", password, HOME, LATER).awaits is None

    def test_other_sessions_end(self, session: Session, drafter: Actor, password: str) -> None:
        other = sign_in(session, "drafter", password, HOME, LATER).token
        enrolment.begin(session, drafter, LATER, proof(drafter))
        offer = enrolment.offered(session, drafter, LATER)
        assert offer
        code = Authenticator.scan(offer.address).code(LATER)
        enrolled = enrolment.confirm(session, drafter, code, LATER)
        assert accounts.actor_of_session(session, other, LATER) is None
        assert accounts.actor_of_session(session, enrolled.signed_in.token, LATER)


class TestAsked:
    def test_whoever_must_enrol_can_do_nothing_else(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        ask_all(session, acting("security.admin"))
        signed = sign_in(session, "drafter", password, HOME, LATER)
        assert signed.awaits == "enrolment"
        who = accounts.actor_of_session(session, signed.token, LATER)
        assert who
        assert who.posts == ()
        enrolment.begin(session, who, LATER, None)
        offer = enrolment.offered(session, who, LATER)
        assert offer
        code = Authenticator.scan(offer.address).code(LATER)
        opened = enrolment.confirm(session, who, code, LATER).signed_in
        free = accounts.actor_of_session(session, opened.token, LATER)
        assert free
        assert free.posts

    def test_a_change_of_password_is_no_way_past_it(
        self, session: Session, password: str, acting: Callable[[str], Actor]
    ) -> None:
        ask_all(session, acting("security.admin"))
        signed = sign_in(session, "drafter", password, HOME, LATER)
        who = accounts.actor_of_session(session, signed.token, LATER)
        assert who
        changed = accounts.change_password(session, who, password, "Kx7#mQ2vLp9", LATER)
        still = accounts.actor_of_session(session, changed.token, LATER)
        assert still
        assert still.awaits == "enrolment"

    def test_cannot_be_given_up(
        self, session: Session, drafter: Actor, acting: Callable[[str], Actor]
    ) -> None:
        enrol(session, drafter, AT)
        ask_all(session, acting("security.admin"))
        with pytest.raises(Conflict, match="不能停用"):
            enrolment.give_up(session, drafter, LATER, proof(drafter))
        assert enrolment.standing(session, drafter.person_id).since == AT


def test_given_up_where_nobody_asks(session: Session, drafter: Actor, password: str) -> None:
    enrol(session, drafter, AT)
    enrolment.give_up(session, drafter, LATER, proof(drafter))
    assert sign_in(session, "drafter", password, HOME, LATER).awaits is None
    assert enrolment.standing(session, drafter.person_id) == enrolment.Standing(None, 0, False)
    assert "factor.given_up" in actions(session)


def test_new_recovery_codes_need_a_proof_and_a_factor(session: Session, drafter: Actor) -> None:
    with pytest.raises(Conflict):
        enrolment.renew_recovery_codes(session, drafter, LATER, proof(drafter))
    _, old = enrol(session, drafter, AT)
    with pytest.raises(ProofRefused):
        enrolment.renew_recovery_codes(session, drafter, AT, proof(drafter))
    new = enrolment.renew_recovery_codes(session, drafter, LATER, proof(drafter))
    assert len(new) == 10
    assert not set(new) & set(old)


class TestReset:
    def test_by_the_security_administrator_on_record(
        self,
        session: Session,
        drafter: Actor,
        password: str,
        person: Callable[[str], Person],
        acting: Callable[[str], Actor],
    ) -> None:
        enrol(session, drafter, AT)
        api = accounts.new_token(session, drafter.person_id, "脚本", LATER)
        enrolment.reset(session, acting("security.admin"), person("drafter"), BASIS, LATER)
        assert accounts.actor_of_token(session, api, LATER) is None
        assert sign_in(session, "drafter", password, HOME, LATER).awaits is None
        entry = next(
            each.body
            for each in session.info["audit_pending"]
            if each.body["action"] == "factor.reset"
        )
        assert (entry["actor"]["login"], entry["reason"]) == ("security.admin", BASIS)

    @pytest.mark.parametrize("login", ["system.admin", "city.security.admin", "leader", "drafter"])
    def test_by_nobody_else(
        self,
        session: Session,
        drafter: Actor,
        person: Callable[[str], Person],
        acting: Callable[[str], Actor],
        login: str,
    ) -> None:
        enrol(session, drafter, AT)
        with pytest.raises(MissingRole):
            enrolment.reset(session, acting(login), person("drafter"), BASIS, LATER)
        assert enrolment.standing(session, drafter.person_id).since == AT

    def test_not_of_oneself_but_by_the_command_line(
        self, session: Session, person: Callable[[str], Person], acting: Callable[[str], Actor]
    ) -> None:
        security = acting("security.admin")
        enrol(session, security, AT)
        with pytest.raises(SeparationOfDuties):
            enrolment.reset(session, security, person("security.admin"), BASIS, LATER)
        rule = audit.signed_by_rule("命令行")
        enrolment.reset(session, rule, person("security.admin"), BASIS, LATER)
        assert enrolment.standing(session, security.person_id).since is None

    def test_needs_the_request_and_something_to_reset(
        self,
        session: Session,
        drafter: Actor,
        person: Callable[[str], Person],
        acting: Callable[[str], Actor],
    ) -> None:
        with pytest.raises(NotFound):
            enrolment.reset(session, acting("security.admin"), person("drafter"), BASIS, LATER)
        enrol(session, drafter, AT)
        with pytest.raises(Invalid) as refusal:
            enrolment.reset(session, acting("security.admin"), person("drafter"), " ", LATER)
        assert refusal.value.errors[0].field == "basis"
