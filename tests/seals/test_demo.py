"""The demonstration office: one bureau signs with keys, the others on record."""

from pathlib import Path

import sqlalchemy as sa

from app.documents.storage import Store
from app.organization import Unit
from app.organization.demo import CITY
from app.seals import demo
from app.seals.certificates import standing
from app.seals.certificates.office import Office
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.models import Seal
from app.seals.registry import policies
from tests.world import World


def test_the_city_bureau_signs_and_seals_with_keys(world: World, tmp_path: Path) -> None:
    session = world.session
    office = Office(SoftwareKeys(tmp_path / "a", KeyEncryption(b"a" * 32)), "https://oa.test")
    keys = SoftwareKeys(tmp_path / "s", KeyEncryption(b"s" * 32))
    assert not demo.is_installed(session)
    demo.install(session, office, keys, Store(tmp_path / "files"), world.at)
    session.commit()
    assert demo.is_installed(session)
    ways = {
        unit.key: (policies.in_force(session, unit.id).sign_off, unit.key == CITY)
        for unit in session.scalars(sa.select(Unit))
    }
    assert all((way == "digital") == digital for way, digital in ways.values())
    for login in demo.SIGNATORIES:
        person_id = world.actor(f"city.{login}").person_id
        assert standing.of_person(session, person_id, world.at).accepted_at is not None
    city = sa.select(Seal).join(Unit, Unit.id == Seal.unit_id).where(Unit.key == CITY)
    assert standing.of_seal(session, session.scalars(city).one().id, world.at).seal_id
    assert len(session.scalars(sa.select(Seal)).all()) == len(ways)
