"""People who leave or move, units that are renamed: nothing goes on with the old certificate."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.organization import Person, operations
from app.organization.demo import CITY
from app.seals.certificates import leaving, standing
from app.seals.certificates.errors import CertificateUnusable
from app.seals.certificates.models import Application, CarrierReturn
from tests.seals.certification import Certification


def opened(session: Session) -> list[Application]:
    return list(session.scalars(sa.select(Application).where(Application.state == "asked")))


def test_a_closed_account_opens_the_change_by_itself(
    certification: Certification, session: Session
) -> None:
    """SIG-38, by the act of the system administrator alone."""
    certificate, world = certification.accepted("drafter"), certification.world
    person = organization.person_by_login(session, "drafter")
    operations.deactivate(session, world.actor("system.admin"), world.at, person=person)
    session.commit()
    session.refresh(certificate)
    assert certificate.state == "suspended"
    (application,) = opened(session)
    assert (application.verb, application.cause) == ("change", "transfer")
    assert application.asked_by_id is None
    assert session.get_one(CarrierReturn, certificate.id).confirmed_at is None


def test_a_leaver_gets_no_new_certificate(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    person = organization.person_by_login(session, "drafter")
    operations.deactivate(session, world.actor("system.admin"), world.at, person=person)
    session.commit()
    (application,) = opened(session)
    assert certification.through(application) is None
    session.refresh(certificate)
    assert (certificate.state, certificate.revocation) == ("revoked", "affiliationChanged")


def test_who_moves_gets_one_of_the_new_unit(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    city = session.query(organization.Unit).filter_by(key=CITY).one()
    person = session.get_one(Person, certificate.person_id)
    person.unit_id = city.id
    session.flush()
    leaving.follow_people(session, certificate.unit_id or 0, world.at)
    session.commit()
    (application,) = opened(session)
    made = certification.through(application)
    assert made is not None
    assert city.name in made.subject
    assert certificate.revocation == "affiliationChanged"


def test_it_is_opened_once(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    session.get_one(Person, certificate.person_id).active = False
    session.flush()
    for _ in range(2):
        leaving.follow_people(session, certificate.unit_id or 0, world.at)
    assert len(opened(session)) == 1


def test_whoever_stays_keeps_his(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    leaving.follow_people(session, certificate.unit_id or 0, world.at)
    assert (certificate.state, opened(session)) == ("valid", [])


def test_a_renamed_unit_seals_no_more(certification: Certification, session: Session) -> None:
    """SIG-15."""
    seal, world = certification.seal(), certification.world
    certificate = certification.accepted("seal.keeper", person_id=None, seal_id=seal.id)
    assert leaving.follow_unit(session, seal.unit_id, world.at, "单位更名") == 1
    session.commit()
    code = ""
    try:
        standing.of_seal(session, seal.id, world.at)
    except CertificateUnusable as refusal:
        code = refusal.code
    assert code == "certificate_suspended"
    assert session.get_one(CarrierReturn, certificate.id).reason.endswith("单位更名")
    (application,) = opened(session)
    assert (application.verb, application.cause) == ("change", "data")
