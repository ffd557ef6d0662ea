"""What a process with keys looks for by itself."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import db
from app.errors import Conflict
from app.organization import Unit
from app.seals.signer import turns
from app.seals.signer.turns import Turns


@pytest.fixture
def sessions(app: Flask) -> Iterator[Callable[[], Session]]:
    with app.app_context():
        yield sessionmaker(db.engine)


def test_a_duty_is_done_at_the_start_and_when_woken_and_kept(
    sessions: Callable[[], Session],
) -> None:
    done: list[threading.Event] = [threading.Event(), threading.Event()]
    count = iter(range(2))

    def duty(given: Callable[[], Session]) -> int:
        number = next(count)
        with given() as session, session.begin():
            unit = session.query(Unit).order_by(Unit.id).first()
            assert unit is not None
            unit.short_name = f"第{number}次"
        done[number].set()
        return 1

    running = Turns(sessions, duty)
    running.start()
    assert done[0].wait(10)
    running.wake()
    assert done[1].wait(10)
    running.stop()
    with sessions() as session:
        unit = session.query(Unit).order_by(Unit.id).first()
        assert unit is not None
        assert unit.short_name == "第1次", "committed by the piece"


def test_what_cannot_be_done_is_logged_once_and_tried_again(
    sessions: Callable[[], Session],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(turns, "EVERY", 0.01)
    tries, enough = [], threading.Event()

    def duty(_sessions: Callable[[], Session]) -> int:
        tries.append(1)
        if len(tries) >= 5:
            enough.set()
        raise Conflict("证书签发机构尚未建立。")

    running = Turns(sessions, duty)
    running.start()
    assert enough.wait(10)
    running.stop()
    assert caplog.text.count("尚未建立") == 1
