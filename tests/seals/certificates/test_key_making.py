"""Keys are made and destroyed one by one, while no transaction is open."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.errors import Conflict
from app.organization import Unit
from app.organization.demo import COUNTY
from app.seals.certificates import duties
from app.seals.certificates.office import Office
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.models import Key
from tests.seals.certification import Certification
from tests.world import World


class Slow(SoftwareKeys):
    """Keys in files, of which some cannot be made; who asks must hold no transaction."""

    def __init__(self, folder: Path, session: Session) -> None:
        super().__init__(folder, KeyEncryption(b"s" * 32))
        self.session = session
        self.broken: list[str] = []
        self.asked: list[str] = []

    def make(self) -> str:
        self.asked.append("make")
        assert not self.session.in_transaction()
        if self.broken:
            raise Conflict(self.broken.pop())
        return super().make()

    def destroy(self, reference: str) -> None:
        self.asked.append("destroy")
        super().destroy(reference)


@pytest.fixture
def busy(world: World, tmp_path: Path) -> Certification:
    unit = world.session.query(Unit).filter_by(key=COUNTY).one()
    office = Office(SoftwareKeys(tmp_path / "a", KeyEncryption(b"a" * 32)), "https://oa.test")
    keys = Slow(tmp_path / "s", world.session)
    return Certification.found(world.session, world, office, keys, unit)


def granted(busy: Certification, *logins: str) -> list[int]:
    found = []
    for login in logins:
        application = busy.ask(login)
        busy.review(application)
        busy.grant(application)
        found.append(application.id)
    busy.session.commit()
    return found


def turn(busy: Certification) -> int:
    with clock.moved_to(busy.world.at):
        return duties.of_signer(sessionmaker(busy.session.get_bind()), busy.keys)


def test_a_key_that_cannot_be_made_keeps_no_other_back(busy: Certification) -> None:
    granted(busy, "drafter", "leader", "unit.head")
    before = busy.session.query(Key).count()
    busy.session.rollback()
    busy.keys.broken.append("密码设备没有回答。")
    with pytest.raises(Conflict, match="没有回答"):
        turn(busy)
    assert busy.session.query(Key).count() == before + 2
    busy.session.rollback()
    assert turn(busy) == 1
    assert turn(busy) == 0
    assert len(busy.keys.asked) == 4


def test_a_key_that_nobody_wants_any_more_is_destroyed_at_once(
    busy: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another signer was faster while this one's token was at work."""
    granted(busy, "drafter")
    make = SoftwareKeys.make

    def overtaken(self: SoftwareKeys) -> str:
        monkeypatch.setattr(SoftwareKeys, "make", make)
        assert turn(busy) == 1
        return make(self)

    monkeypatch.setattr(SoftwareKeys, "make", overtaken)
    turn(busy)
    assert busy.keys.asked == ["make", "make", "destroy"]
