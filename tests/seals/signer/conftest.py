"""A document that waits for its signature, people with certificates, and the signer."""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.audit.models import AuditEntry
from app.clock import SHANGHAI
from app.config import Config
from app.database import db
from app.errors import DomainError
from app.handling.acts.done import Done
from app.handling.acts.topics import RESULTS, TOPICS
from app.handling.demo.pages import take_for_fit
from app.handling.models import Task
from app.organization import Unit, changes, passwords
from app.organization.demo import COUNTY
from app.organization.models import Account, AccountAlarm
from app.organization.passwords import hashed_by
from app.seals.certificates.office import Office
from app.seals.digests import digests
from app.seals.keys.places import Places
from app.seals.models import Certificate, RevocationList, Seal, Signature
from app.seals.signer import ByPassword, Client, Order
from app.seals.signer.server import Operation, Server
from app.workflow import register_topics
from tests.conftest import CHEAP
from tests.seals.certification import Certification
from tests.seals.registry.sealing import made
from tests.seals.signer import serving
from tests.seals.signer.doubles import SEAL_OF_TESTS, need_no_papers, page_of
from tests.world import MONDAY, World

BASE = "https://oa.example.gov.cn"


@dataclass
class Desk:
    """One document at sign-off, and everything that its signatures need."""

    world: World
    config: Config
    places: Places
    password: str
    certification: Certification
    task: Task = field(init=False)
    _changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return Client(self.places.socket)

    @property
    def session(self) -> Session:
        return self.world.session

    def begin(self) -> None:
        """A new document at its sign-off; what :meth:`change` changed is as it was."""
        if self._changed:
            for row, values in reversed(self._changed):
                _set(row, values)
            self._changed.clear()
            self.follow_posts()
        task = self.world.run(self.world.draft(), until="leader_sign")
        assert task is not None
        self.task = task

    def order(self, login: str = "leader", task: Task | None = None, **changes: Any) -> Order:
        """What the web process asks for at a stay; the changes are what an attacker would do."""
        task = task or self.task
        self._set_page(login, task)
        document_id = self.world.case_of(task).document_id
        order = Order(
            document_id=document_id,
            task_id=task.id,
            person_id=self.world.actor(login).person_id,
            field="单位印章" if task.step == "seal" else "签发",
            act={"outcome": None, "revision": task.revision, "opinion": "同意。"},
            proof=ByPassword(self.password),
            expected_sha256=digests(page_of(self.session, document_id)).sha256,
        )
        self.session.rollback()
        return replace(order, **changes)

    def _set_page(self, login: str, task: Task) -> None:
        """As the web process does it before it asks for a signature."""
        with suppress(DomainError):  # not his, or not his to see
            take_for_fit(self.session, self.world.actor(login), task.id)
            self.session.commit()

    def at_the_seal(self) -> Task:
        """The stay of the seal, the document signed and numbered."""
        self.client.sign(self.order())
        task = self.world.run(Done(self.world.case_of(self.task), []), until="seal")
        assert task is not None
        return task

    def change(self, row: Any, **values: Any) -> None:
        """Change a row behind the back of everybody, until :meth:`begin`."""
        self._changed.append((row, {name: getattr(row, name) for name in values}))
        _set(row, values)
        self.session.commit()

    def follow_posts(self) -> None:
        """Open stays follow the posts as they are now."""
        unit_id = self.world.actor("drafter").unit_id
        self.world._act(lambda session: changes.posts_changed(session, unit_id, self.world.at))

    @property
    def seal(self) -> Seal:
        return self.session.get_one(Seal, SEAL_OF_TESTS)

    def certificate(self, login: str | None) -> Certificate:
        """The certificate of a person, or (None) of the seal."""
        whose = (
            Certificate.person_id == self.world.actor(login).person_id
            if login
            else Certificate.seal_id == SEAL_OF_TESTS
        )
        return self.session.scalars(sa.select(Certificate).where(whose)).one()

    def authority(self) -> Certificate:
        """The certificate of the issuing authority."""
        query = sa.select(Certificate).where(Certificate.role == "issuing")
        return self.session.scalars(query).one()

    def list_until(self, until: datetime) -> None:
        """A newer revocation list of the issuing authority; how long it is good is in its row."""
        mine = RevocationList.issuer_id == self.authority().id
        last = self.session.scalars(
            sa.select(RevocationList).where(mine).order_by(RevocationList.number.desc())
        ).first()
        assert last is not None
        values = {"this_update": last.this_update, "next_update": until, "der": last.der}
        self.session.add(RevocationList(issuer_id=last.issuer_id, number=last.number + 1, **values))
        self.session.commit()

    def signatures(self) -> int:
        """How many there are."""
        return len(self._read(sa.select(Signature.id)))

    def refusals(self) -> list[dict[str, Any]]:
        """What the record says of refused signatures, oldest first."""
        query = sa.select(AuditEntry.body).where(AuditEntry.action == "signature.refused")
        return [json.loads(each) for each in self._read(query.order_by(AuditEntry.seq))]

    def alarms(self) -> list[str]:
        return self._read(sa.select(AccountAlarm.kind))

    def _read(self, query: sa.Select[Any]) -> list[Any]:
        """A new look; the transaction ends, for on SQLite the signer waits for it."""
        self.session.rollback()
        found = list(self.session.scalars(query))
        self.session.rollback()
        return found


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def lately() -> datetime:
    """Processes live in the present; so long ago that the acts before them fit in."""
    return datetime.now(SHANGHAI) - timedelta(hours=6)


def make_desk(
    app: Flask, password: str, at: datetime = MONDAY, sockets: Path | None = None
) -> Desk:
    """Its time begins at ``at``; everybody has the same password.

    sockets  folder for them where the name of the test makes the path of its own too long
    """
    session = db.session()
    session.execute(sa.update(Account).values(password_hash=passwords.hasher().hash(password)))
    world = World(session, at)
    config: Config = app.config["SETTINGS"]
    if sockets:
        own = {name: sockets / name / "socket" for name in ("signer", "authority")}
        config = replace(config, sockets=own)
    places = Places.of("signer", config, {})
    authority = Places.of("authority", config, {}).software({}, make=True)
    office = Office(authority, BASE)
    unit = session.scalars(sa.select(Unit).where(Unit.key == COUNTY)).one()
    certification = Certification.found(
        session, world, office, places.software({}, make=True), unit
    )
    assert made(world).id == SEAL_OF_TESTS
    certification.accepted("leader")
    certification.accepted("leader2")
    certification.accepted("seal.keeper", person_id=None, seal_id=SEAL_OF_TESTS)
    need_no_papers()
    desk = Desk(world, config, places, password, certification)
    desk.begin()
    return desk


@pytest.fixture(autouse=True)
def _topics() -> Iterator[None]:
    """As they were, for the tests of other rooms."""
    yield
    register_topics(TOPICS, RESULTS)


@pytest.fixture
def desk(app: Flask, password: str) -> Iterator[Desk]:
    """On SQLite, without a signer."""
    with app.app_context(), tempfile.TemporaryDirectory() as sockets:
        yield make_desk(app, password, sockets=Path(sockets))
        db.session.remove()


@pytest.fixture
def signer(desk: Desk) -> Iterator[Server]:
    """The signer's server in a thread of this process, on its socket, in the desk's time."""
    operations, _ = serving.work(desk.config, desk.places, per_hour=3)
    moved = {name: then(desk.world, each) for name, each in operations.items()}
    server = Server(desk.places, moved)
    thread = threading.Thread(target=server.run)
    thread.start()
    until_up(desk.client)
    yield server
    server.stop()
    thread.join(30)
    assert not thread.is_alive()


def then(world: World, operation: Operation) -> Operation:
    """At the world's time, with the hashes of tests: a thread begins without either."""

    def answer(given: dict[str, Any], until: float) -> dict[str, Any]:
        with clock.moved_to(world.at), hashed_by(CHEAP):
            return operation(given, until)

    return answer


def until_up(client: Client, *, running: Callable[[], bool] = lambda: True) -> None:
    end = time.monotonic() + 60
    while not client.health().up:
        assert running()
        assert time.monotonic() < end
        time.sleep(0.02)
