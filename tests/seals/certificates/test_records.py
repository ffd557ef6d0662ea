"""What was when, how long it is kept, and that the database itself sees to it (SIG-18, SIG-22)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app import audit
from app.database import db
from app.organization import Unit
from app.organization.demo import COUNTY
from app.seals.authority import profiles
from app.seals.certificates import clearing, holding, policy, status
from app.seals.certificates.entering import change, enter
from app.seals.certificates.models import Application
from app.seals.models import Certificate, CertificateChange
from tests.seals.certification import Certification
from tests.seals.hierarchy import Hierarchy

BY = audit.signed_by_rule("测试")
EXPIRED = datetime(2020, 6, 1, tzinfo=UTC)
PURGE = datetime(2029, 6, 1, tzinfo=UTC)


def unit(session: Session) -> Unit:
    return session.query(Unit).filter_by(key=COUNTY).one()


def expired(session: Session, kind: str) -> Certificate:
    """A certificate of a unit of this kind that ran out in 2020, with its history."""
    home = unit(session)
    policy.choose(session, BY, home, {"kind": kind}, EXPIRED, reason="单位性质", source="")
    since = EXPIRED - timedelta(days=700)
    old = Hierarchy(since - timedelta(days=30))
    _, der = old.certify(profiles.PERSON, "周海", since=since, until=EXPIRED)
    row = enter(session, der, "person", since, unit_id=home.id)
    change(session, row, "issue", BY, since, reason="旧系统迁入")
    session.commit()
    return row


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest) -> Iterator[Session]:
    """The database of an office, on either engine."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context():
        yield db.session()
        db.session.remove()


def test_state_at_a_given_time(certification: Certification, session: Session) -> None:
    """SIG-18: each moment of suspended, released, suspended again and revoked."""
    world = certification.world
    certificate = certification.accepted("drafter")
    marks = [world.at]
    for act in ("suspend", "resume", "suspend", "revoke"):
        world.later(hours=1)
        marks.append(world.at)
        officer, issuer = world.actor("secretary"), world.actor("archivist")
        if act == "suspend":
            holding.suspend(session, officer, certificate.id, world.at, "疑似泄露")
        elif act == "resume":
            holding.resume(session, issuer, certificate.id, world.at, "核实")
        else:
            holding.revoke(session, issuer, certificate.id, world.at, "insecure", "泄露")
    session.commit()
    minute = timedelta(minutes=1)
    found = [status.then(session, certificate, each + minute) for each in marks]
    assert [each.state for each in found] == [
        *("valid", "suspended", "valid", "suspended", "revoked"),
    ]
    assert [each.since for each in found] == [None, marks[1], None, marks[3], marks[3]]
    before = status.then(session, certificate, certificate.not_before - minute)
    assert before.state == "not_yet_valid"
    assert status.then(session, certificate, certificate.not_after).state == "revoked"


def test_what_ran_out_is_expired(certification: Certification, session: Session) -> None:
    certificate = certification.accepted("drafter")
    assert status.now(certificate, certificate.not_after - timedelta(seconds=1)).state == "valid"
    assert status.now(certificate, certificate.not_after).state == "expired"


@pytest.mark.parametrize(("kind", "cleared"), [("government", 0), ("other", 1)])
def test_cleared_after_the_years_of_the_units_kind(both: Session, kind: str, cleared: int) -> None:
    """SIG-22: expired in 2020 and cleared in 2029: a firm's goes, a bureau's stays."""
    row = expired(both, kind)
    serial = row.serial
    done = clearing.clear(both, BY, PURGE, "到期清理")
    both.commit()
    assert done == [serial] * cleared
    left = both.scalars(sa.select(CertificateChange.verb)).all()
    assert left == ["issue"] * (1 - cleared)
    entries = both.scalar(
        sa.select(sa.func.count())
        .select_from(audit.AuditEntry)
        .where(audit.AuditEntry.action == "certificate.records_cleared")
    )
    assert entries == cleared


def statements(row: Certificate) -> list[tuple[Any, str]]:
    later = {"keep_until": row.keep_until - timedelta(days=1)}
    return [
        (sa.delete(Certificate).where(Certificate.id == row.id), "early deletion"),
        (sa.delete(CertificateChange), "early deletion of the history"),
        (sa.update(Certificate).values(**later), "a shorter time"),
        (sa.update(Certificate).values(serial="00"), "another serial"),
        (sa.update(Certificate).values(not_after=row.not_after + timedelta(1)), "longer life"),
        (sa.update(CertificateChange).values(reason=""), "another history"),
    ]


def test_the_database_refuses_what_the_rules_forbid(both: Session) -> None:
    """SIG-22, on both engines, whoever asks: the program itself has no way round."""
    row = expired(both, "government")
    for statement, what in statements(row):
        with pytest.raises(DatabaseError, match="kept until their time"):
            both.execute(statement.execution_options(synchronize_session=False))
        both.rollback()
        assert both.scalar(sa.select(sa.func.count()).select_from(CertificateChange)) == 1, what


def test_a_life_goes_on_under_the_guard(certification: Certification, session: Session) -> None:
    """State and acceptance change; nothing else of a row does."""
    certificate = certification.accepted("drafter")
    before = (certificate.serial, certificate.der, certificate.not_after, certificate.keep_until)
    holding.suspend(
        session, certification.world.actor("drafter"), certificate.id, certification.world.at, "丢"
    )
    session.commit()
    session.refresh(certificate)
    after = (certificate.serial, certificate.der, certificate.not_after, certificate.keep_until)
    assert (certificate.state, after) == ("suspended", before)


def test_what_is_revoked_late_is_kept_longer(
    certification: Certification, session: Session
) -> None:
    """From expiry or revocation, whichever is later."""
    certificate, world = certification.accepted("drafter"), certification.world
    before = certificate.keep_until
    world.at = certificate.not_after + timedelta(days=30)
    made = certification.through(certification.ask("drafter", "revoke", cause="expired"))
    assert made is None
    session.refresh(certificate)
    assert certificate.keep_until == before + timedelta(days=30)


def test_refused_applications_stay(certification: Certification, session: Session) -> None:
    certification.ask("drafter").state = "refused"
    session.commit()
    clearing.clear(session, BY, certification.world.at, "清理")
    assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1
