"""Two processes for one permit, one that is killed in mid-work, and the real commands."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.database import db
from app.documents.storage import Store
from app.handling import act
from app.handling.acts.completing import Completion
from app.handling.acts.done import Done
from app.handling.acts.topics import RESULTS, TOPICS
from app.handling.models import Task
from app.handling.signing import needs, pages
from app.handling.signing.approvals import act_of
from app.seals import papers, verification
from app.seals.models import Paper
from app.seals.registry import policies
from app.seals.signer import Client, Order, Signed, SignerUnavailable
from app.workflow import register_topics
from tests.seals.signer import serving
from tests.seals.signer.conftest import Desk, lately, make_desk, until_up


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, password: str) -> Iterator[Desk]:
    """On either engine, at the present: processes have no other time."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context(), tempfile.TemporaryDirectory(prefix="gongwen-") as sockets:
        yield make_desk(app, password, lately(), Path(sockets))
        db.session.remove()


@contextmanager
def running(desk: Desk, fault: str | None = None, socket: str = "") -> Iterator[Client]:
    process = serving.start(desk.config, fault, socket)
    client = Client(desk.config.socket("signer").parents[1] / (socket or "signer") / "socket")
    try:
        until_up(client, running=process.is_alive)
        yield client
    finally:
        serving.kill(process)


def test_killed_anywhere_it_has_signed_once_in_the_end(desk: Desk) -> None:
    order = desk.order()
    for fault in ("before-signature-kept:kill", "after-file-rename:kill", "before-commit:kill"):
        with running(desk, fault) as client, pytest.raises(SignerUnavailable):
            client.sign(order)
        assert desk.signatures() == 0, fault
    with running(desk, "after-signature-kept:kill") as client, pytest.raises(SignerUnavailable):
        client.sign(order)
    assert desk.signatures() == 1, "kept before it was answered"
    with running(desk) as client:
        found = client.signed(order.task_id, order.field)
        assert found is not None
        assert client.sign(order).signature_id == found.signature_id
    assert desk.signatures() == 1
    paper = Store(desk.config.data / "files").get(found.paper_sha256)
    assert paper, "the file of the one that counts is there"


def _signed_at_last(client: Client, order: Order) -> Signed:
    """A busy machine may be slower than the patience of the client; whoever wants it asks again."""
    for _ in range(9):
        with suppress(SignerUnavailable):
            return client.sign(order)
    return client.sign(order)


def test_two_processes_make_one_signature_of_one_permit(desk: Desk) -> None:
    order, found = desk.order(), list[Signed]()
    with running(desk) as one, running(desk, socket="other") as other:
        barrier = threading.Barrier(4)

        def sign(client: Client) -> None:
            barrier.wait(60)
            found.append(_signed_at_last(client, order))

        threads = [threading.Thread(target=sign, args=(each,)) for each in (one, other) * 2]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
    assert len(found) == 4
    assert len({each.signature_id for each in found}) == 1
    assert desk.signatures() == 1


def test_the_commands_sign_and_seal_a_page_that_verifies(desk: Desk) -> None:
    """Real acts, pages, keys, time stamps, sockets and processes: signed, numbered, sealed."""
    register_topics(TOPICS, RESULTS)
    _choose_digital(desk)
    desk.begin()
    processes = serving.start_office(desk.config)
    try:
        for each, name in zip(processes, ("signer", "authority"), strict=True):
            until_up(Client(desk.config.socket(name)), running=each.is_alive)
        signed = _signed(desk, desk.task, "leader", papers.SIGN_OFF)
        desk.world.complete(desk.task, "leader")
        task = desk.world.run(Done(desk.world.case_of(desk.task), []), until="seal")
        assert task is not None
        sealed = _signed(desk, task, "seal.keeper", papers.SEAL)
    finally:
        for each in processes:
            serving.kill(each)
    assert sealed.paper_id != signed.paper_id
    paper = desk.session.get_one(Paper, sealed.paper_id)
    content = Store(desk.config.data / "files").get(paper.sha256)
    verdict = verification.verify(
        content,
        verification.trust(desk.session),
        datetime.now(UTC),
        expected=verification.expected_of(desk.session, paper),
    )
    assert verdict.ok, verdict.sentences
    assert [each.field for each in verdict.signatures] == [papers.SIGN_OFF, papers.SEAL]
    assert desk.alarms() == []


def _choose_digital(desk: Desk) -> None:
    by = desk.world.actor("system.admin")
    ways = {"sign_off": "digital", "seal": "digital"}
    desk.world._act(
        lambda session: policies.choose(
            session, by.unit_id, ways, "启用。", by, desk.world.at, source="局办〔2026〕1号"
        )
    )


def _signed(desk: Desk, task: Task, login: str, field: str) -> Signed:
    """As the web process does it: show the page, then order the signature."""
    with clock.moved_to(datetime.now(UTC)):
        need = needs.of_stay(act.look_at_task(desk.session, desk.world.actor(login), task.id))
        assert need is not None
        shown = pages.shown(desk.session, need).sha256
    form = Completion(None, task.revision, "同意。")
    order = desk.order(login, task=task, field=field, act=act_of(form), expected_sha256=shown)
    return _signed_at_last(desk.client, order)
