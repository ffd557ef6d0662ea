"""No way to a signature or a seal without an approval; each attempt is kept and told."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.config import Config
from app.database import db
from app.errors import DomainError
from app.organization.models import Account, AccountAlarm
from app.organization.passwords import hashed_by
from app.seals.signer import ByPassword
from app.seals.signer.alarms import NO_ATTEMPT
from tests.conftest import CHEAP, settings
from tests.seals.signer import serving
from tests.seals.signer.attacks import ATTACKS, Attack
from tests.seals.signer.conftest import Desk, lately, make_desk, until_up
from tests.seals.signer.doubles import need_no_papers


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def besieged(
    request: pytest.FixtureRequest,
    installation: tuple[Path, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """An office with the real process of the keys, once per engine: each attack needs only it."""
    data = tmp_path_factory.mktemp("besieged")
    app = create_app(_settings(request, installation, data))
    with app.app_context(), hashed_by(CHEAP):
        desk = make_desk(app, installation[1], lately())
        process = serving.start(desk.config)
        try:
            until_up(desk.client, running=process.is_alive)
            yield desk
        finally:
            serving.kill(process)
            db.session.remove()
            db.engine.dispose()


def _settings(request: pytest.FixtureRequest, installation: tuple[Path, str], data: Path) -> Config:
    if request.param == "sqlite":
        shutil.copy(installation[0] / "gongwen.sqlite3", data / "gongwen.sqlite3")
        return settings(data, f"sqlite:///{data / 'gongwen.sqlite3'}")
    copies: Callable[[], str] = request.getfixturevalue("postgres_copies")
    return settings(data, copies())


@pytest.fixture
def desk(besieged: Desk) -> Desk:
    """At a new document; alarms of the tests before are gone."""
    need_no_papers()
    besieged.session.execute(sa.delete(AccountAlarm))
    besieged.list_until(besieged.world.at + timedelta(days=7))
    besieged.begin()
    return besieged


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_nothing_is_signed_and_somebody_is_told(attack: Attack, desk: Desk) -> None:
    order = attack.prepare(desk)
    signatures, refusals = desk.signatures(), len(desk.refusals())
    with pytest.raises(DomainError) as refused:
        desk.client.sign(order)
    assert refused.value.code == attack.code
    assert desk.signatures() == signatures
    assert [each["detail"]["code"] for each in desk.refusals()[refusals:]] == [attack.code]
    assert desk.alarms() == ([] if attack.code in NO_ATTEMPT else ["signing"])


def test_wrong_passwords_lock_the_account_and_somebody_is_told(desk: Desk) -> None:
    order = desk.order(proof=ByPassword("wrong"))
    signatures = desk.signatures()
    for _ in range(5):
        with pytest.raises(DomainError) as refused:
            desk.client.sign(order)
        assert refused.value.code == "proof_refused"
    with pytest.raises(DomainError, match="已锁定"):
        desk.client.sign(desk.order())
    assert desk.signatures() == signatures
    assert desk.alarms() == ["locked"]
    account = desk.session.get_one(Account, order.person_id)
    account.failures, account.locked_until = 0, None
    desk.session.commit()


def test_after_all_this_an_approved_signature_is_made(desk: Desk) -> None:
    signatures = desk.signatures()
    desk.client.sign(desk.order())
    assert desk.signatures() == signatures + 1
    assert desk.alarms() == []
