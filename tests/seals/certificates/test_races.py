"""Two at once, on PostgreSQL: one application, one certificate."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import db
from app.errors import DomainError
from app.organization import Unit
from app.organization.demo import COUNTY
from app.seals.certificates import applying, holding, issuing, key_making, queries, standing
from app.seals.certificates.models import Application
from app.seals.certificates.office import Office
from app.seals.certificates.queries import Wanted
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.models import Certificate
from tests.seals.certification import Certification
from tests.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture
def busy(postgres_app: Flask, tmp_path: Path) -> Iterator[Certification]:
    keys = [SoftwareKeys(tmp_path / name, KeyEncryption(b"t" * 32)) for name in ("ours", "theirs")]
    with postgres_app.app_context():
        session = db.session()
        unit = session.query(Unit).filter_by(key=COUNTY).one()
        office = Office(keys[0], "https://oa.example.gov.cn")
        yield Certification.found(session, World(session), office, keys[1], unit)
        db.session.remove()


def at_once(act: Callable[[Session], object]) -> list[str]:
    """The same act in two threads that start together: "" or the code of the refusal of each."""
    sessions, barrier = sessionmaker(db.engine), threading.Barrier(2)
    said: list[str] = []

    def run() -> None:
        with sessions() as session:
            barrier.wait()
            try:
                act(session)
                session.commit()
                said.append("")
            except DomainError as refusal:
                said.append(refusal.code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_one_application_of_one_person(busy: Certification) -> None:
    actor, wanted, at = busy.world.actor("drafter"), busy.wanted("drafter"), busy.world.at
    busy.session.commit()
    said = at_once(lambda session: applying.ask(session, actor, wanted, at))
    assert said == ["", "wrong_certificate_state"]
    assert busy.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1


def test_one_certificate_of_one_application(busy: Certification) -> None:
    application = busy.ask("drafter")
    busy.review(application)
    busy.grant(application)
    key_making.make_wanted_keys(busy.session, busy.keys, busy.world.at)
    busy.session.commit()
    at = busy.world.at
    said = at_once(lambda session: issuing.issue_granted(session, busy.office, at))
    assert said == ["", ""]
    count = sa.select(sa.func.count()).select_from(Certificate)
    assert busy.session.scalar(count.where(Certificate.role == "person")) == 1


def test_one_release_of_one_freeze(busy: Certification) -> None:
    certificate = busy.accepted("drafter")
    world = busy.world
    holding.suspend(busy.session, world.actor("drafter"), certificate.id, world.at, "丢失")
    officer, id, later = world.actor("secretary"), certificate.id, world.at + timedelta(hours=1)
    busy.session.commit()
    said = at_once(lambda session: holding.resume(session, officer, id, later, "核实"))
    assert said == ["", "wrong_certificate_state"]
    person = world.actor("drafter").person_id
    assert standing.of_person(busy.session, person, later).id == id


def test_figures_and_lists_read_on_postgresql_too(busy: Certification) -> None:
    busy.accepted("drafter")
    session, actor, at = busy.session, busy.world.actor("secretary"), busy.world.at
    assert queries.counts(session, actor, at) == [("县水务局", {"valid": 1})]
    for state in queries.FILTERS:
        found = queries.listed(session, actor, Wanted(state, "drafter"), at, 10)
        assert len(found) == (state in ("", "valid"))
