"""Who is reminded of what, once for each of the three dates."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, messages, organization
from app.handling.certificates.reminding import remind
from app.messages.channels import Channels, Local
from app.messages.models import Contact, Outbox
from app.organization import Person, Unit
from app.seals.certificates import holding, policy
from app.seals.models import Certificate
from tests.seals.certification import Certification
from tests.seals.conftest import certification, office, signer_keys

__all__ = ["certification", "office", "signer_keys"]

OFFICERS = {"secretary", "city.secretary", "system.admin", "drafter", "seal.keeper"}


@pytest.fixture(autouse=True)
def _reached(session: Session, certification: Certification) -> Iterator[None]:
    """Mail reaches those who may have to do something."""
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
    for login in OFFICERS:
        person = organization.person_by_login(session, login)
        session.merge(
            Contact(
                person_id=person.id,
                email=f"{login}@example.gov.cn",
                phone=None,
                by_mail=True,
                by_sms=False,
                changed_at=certification.world.at,
            )
        )
    session.commit()
    yield
    messages.use(Channels())


def told(session: Session) -> set[tuple[str, str]]:
    """(login, key) of what is in the outbox about certificates."""
    query = (
        sa.select(Person.login, Outbox.message_key)
        .join(Person, Person.id == Outbox.person_id)
        .where(Outbox.kind == "certificate")
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def about(session: Session, certificate: Certificate) -> set[tuple[str, str]]:
    """What of it is about this certificate."""
    start = f"certificate:{certificate.id}:"
    return {line for line in told(session) if line[1].startswith(start)}


def at_the_end(certification: Certification, certificate: Certificate, days: float) -> None:
    """Reminding so many days before a certificate runs out, with lists and services in order."""
    certification.world.at = certificate.not_after - timedelta(days=days)
    certification.turn()
    remind(certification.session, certification.world.at)
    certification.session.commit()


@pytest.mark.parametrize(("days", "key"), [(60, 60), (31, 60), (30, 30), (7, 7), (0.5, 7)])
def test_at_each_date_once(
    certification: Certification, session: Session, days: float, key: int
) -> None:
    certificate = certification.accepted("drafter")
    at_the_end(certification, certificate, days)
    assert about(session, certificate) == {
        ("drafter", f"certificate:{certificate.id}:{key}"),
        ("city.secretary", f"certificate:{certificate.id}:{key}"),
    }
    assert remind(session, certification.world.at) == 0


def test_earlier_nobody_is_told(certification: Certification, session: Session) -> None:
    certificate = certification.accepted("drafter")
    at_the_end(certification, certificate, 61)
    assert about(session, certificate) == set()


def test_a_unit_that_sees_to_it_itself(certification: Certification, session: Session) -> None:
    """SIG-13: the reminder goes to whoever is responsible for units of this kind."""
    certificate = certification.accepted("drafter")
    unit = session.get_one(Unit, certificate.unit_id)
    by = audit.signed_by_rule("测试")
    policy.choose(
        session, by, unit, {"renewal": "unit"}, certification.world.at, reason="县级", source=""
    )
    session.commit()
    at_the_end(certification, certificate, 30)
    mine = {login for login, _ in about(session, certificate)}
    assert mine == {"drafter", "secretary"}


def test_nobody_is_reminded_of_what_is_revoked(
    certification: Certification, session: Session
) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    holding.suspend(session, world.actor("secretary"), certificate.id, world.at, "疑似泄露")
    holding.revoke(session, world.actor("archivist"), certificate.id, world.at, "insecure", "是")
    session.commit()
    at_the_end(certification, certificate, 7)
    assert about(session, certificate) == set()


def test_the_keeper_is_told_of_his_seal(certification: Certification, session: Session) -> None:
    seal = certification.seal()
    certificate = certification.accepted("seal.keeper", person_id=None, seal_id=seal.id)
    at_the_end(certification, certificate, 7)
    assert ("seal.keeper", f"certificate:{certificate.id}:7") in told(session)


def test_a_daily_list_that_stands_still_alarms_the_administrator(
    certification: Certification, session: Session
) -> None:
    world = certification.world
    world.later(days=1)
    assert remind(session, world.at) == 0
    world.later(days=1, minutes=1)
    assert remind(session, world.at) > 0
    assert {login for login, _ in told(session)} >= {"system.admin"}
    certification.turn()
    assert remind(session, world.at) == 0


def test_the_roots_list_wants_its_holders(certification: Certification, session: Session) -> None:
    world = certification.world
    world.later(days=345)
    certification.turn()
    assert remind(session, world.at) > 0
    subjects = session.scalars(sa.select(Outbox.subject).where(Outbox.kind == "certificate")).all()
    assert any(each.startswith("根证书的撤销清单将于") for each in subjects)


def test_services_that_renew_themselves_bother_nobody(
    certification: Certification, session: Session
) -> None:
    world = certification.world
    world.later(days=340)
    certification.turn()
    remind(session, world.at)
    subjects = session.scalars(sa.select(Outbox.subject).where(Outbox.kind == "certificate")).all()
    assert [each for each in subjects if "状态查询" in each] == []
