"""Codes: RFC 6238, the drift of a clock, once only, and recovery codes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import Actor
from app.organization.factors import codes, sealing
from app.organization.factors.models import RecoveryCode, SecondFactor
from tests.organization.conftest import AT
from tests.organization.factors.authenticator import STEP, enrol

LATER = AT + 2 * STEP


class TestStep:
    @pytest.mark.parametrize(
        ("at", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_the_vectors_of_rfc_6238(self, at: int, code: str) -> None:
        """Appendix B, SHA-1, the last six of its eight digits."""
        when = datetime.fromtimestamp(at, UTC)
        assert codes.step_of(b"12345678901234567890", code, when, after=0) == at // 30

    @pytest.mark.parametrize(
        ("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
    )
    def test_a_clock_may_be_one_step_off(self, off: int, fits: bool) -> None:
        secret = codes.new_secret()
        code = codes._totp(secret).at(AT + off * STEP)
        assert (codes.step_of(secret, code, AT, after=0) is not None) is fits

    @pytest.mark.parametrize("typed", ["２８７０８２", " 287 082 ", "287082"])
    def test_is_read_as_people_type_it(self, typed: str) -> None:
        assert codes.step_of(b"12345678901234567890", typed, datetime.fromtimestamp(59, UTC), 0)

    @pytest.mark.parametrize("typed", ["", "28708", "2870822", "28708a", "\ud800", "0" * 10**6])
    def test_anything_else_fits_nothing(self, typed: str) -> None:
        when = datetime.fromtimestamp(59, UTC)
        assert codes.step_of(b"12345678901234567890", typed, when, after=0) is None


class TestTake:
    def test_a_code_is_taken_once(self, session: Session, acting: Callable[[str], Actor]) -> None:
        who = acting("drafter")
        phone, _ = enrol(session, who, AT)
        code = phone.code(LATER)
        assert codes.take(session, who.person_id, code, LATER) == "totp"
        assert codes.take(session, who.person_id, code, LATER) is None
        assert codes.take(session, who.person_id, code, LATER + STEP) is None

    def test_the_code_of_the_enrolment_is_used_up(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who = acting("drafter")
        phone, _ = enrol(session, who, AT)
        assert codes.take(session, who.person_id, phone.code(AT), AT) is None

    def test_after_a_newer_code_no_older_one(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who = acting("drafter")
        phone, _ = enrol(session, who, AT)
        older, newer = phone.code(LATER), phone.code(LATER + STEP)
        assert codes.take(session, who.person_id, newer, LATER) == "totp"
        assert codes.take(session, who.person_id, older, LATER) is None

    def test_of_another_person_fits_nothing(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who, other = acting("drafter"), acting("leader")
        phone, recovery = enrol(session, who, AT)
        enrol(session, other, AT)
        assert codes.take(session, other.person_id, phone.code(LATER), LATER) is None
        assert codes.take(session, other.person_id, recovery[0], LATER) is None

    def test_who_has_none_has_no_code(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        assert codes.take(session, acting("drafter").person_id, "000000", AT) is None


class TestRecovery:
    def test_ten_of_79_bits_kept_as_hashes(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        _, recovery = enrol(session, acting("drafter"), AT)
        assert len(set(recovery)) == 10
        kept = " ".join(session.scalars(sa.select(RecoveryCode.code_hash)))
        assert len(kept.split()) == 10
        assert not any(each in kept or each.replace("-", "") in kept for each in recovery)

    def test_each_opens_once_however_it_is_typed(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who = acting("drafter")
        _, recovery = enrol(session, who, AT)
        typed = f" {recovery[0].upper().replace('-', ' ')} "
        assert codes.take(session, who.person_id, typed, AT) == "recovery"
        assert codes.take(session, who.person_id, recovery[0], AT) is None
        assert codes.take(session, who.person_id, recovery[1], AT) == "recovery"
        assert codes.left(session, who.person_id) == 8

    def test_new_ones_take_the_place_of_the_old(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who = acting("drafter")
        _, old = enrol(session, who, AT)
        new = codes.renew_recovery(session, who.person_id)
        assert codes.take(session, who.person_id, old[0], AT) is None
        assert codes.take(session, who.person_id, new[0], AT) == "recovery"


class TestSealing:
    def test_no_secret_stands_in_the_database(
        self, session: Session, acting: Callable[[str], Actor]
    ) -> None:
        who = acting("drafter")
        phone, _ = enrol(session, who, AT)
        kept = session.get_one(SecondFactor, who.person_id)
        assert kept.sealed
        assert phone.secret not in kept.sealed
        assert sealing.unseal(kept.sealed, who.person_id) != kept.sealed.encode()

    def test_another_row_or_another_key_opens_nothing(self) -> None:
        sealed = sealing.seal(b"secret", 7)
        assert sealing.unseal(sealed, 7) == b"secret"
        with pytest.raises(sealing.KeyMissing):
            sealing.unseal(sealed, 8)
        with pytest.raises(sealing.KeyMissing):
            sealing.unseal("no base64", 7)
        try:
            sealing.use("another key of this installation.")
            with pytest.raises(sealing.KeyMissing):
                sealing.unseal(sealed, 7)
            sealing.use("")
            with pytest.raises(sealing.KeyMissing, match="GONGWEN_FACTOR_KEY"):
                sealing.seal(b"secret", 7)
        finally:
            sealing.use("of-tests-" * 8)

    def test_the_same_secret_is_never_sealed_the_same_way(self) -> None:
        assert sealing.seal(b"secret", 7) != sealing.seal(b"secret", 7)


def test_letters_and_picture_say_the_same(session: Session) -> None:
    secret = codes.new_secret()
    letters = codes.spelled(secret).replace(" ", "")
    assert f"secret={letters}" in codes.address(secret, "drafter")
    assert len(letters) == 32
    assert timedelta(seconds=codes.STEP) == STEP
