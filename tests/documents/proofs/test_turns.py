"""Whose turn it is, and how far each page is."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from app import clock
from app.database import Base, harden_sqlite
from app.documents import OutgoingFields, create_outgoing, read
from app.documents.proofs import Sessions, Typesetting, progress, turn, turns
from tests.documents.conftest import AT, DRAFTER, NOTICE, install


@pytest.fixture(params=["sqlite", "postgres"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    """Transactions beside each other, which the session of the other tests cannot have."""
    if request.param == "postgres":
        yield request.getfixturevalue("bureau_on_postgres")
        return
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'bureau.sqlite3'}")
    harden_sqlite(engine)
    Base.metadata.create_all(engine)
    make = sessionmaker(engine)
    with make.begin() as session:
        install(session)
    yield make
    engine.dispose()


@pytest.fixture
def number(sessions: Sessions) -> int:
    """Of a document."""
    with sessions() as session, session.begin():
        return create_outgoing(session, DRAFTER, AT, read(OutgoingFields, NOTICE)).id


@pytest.fixture
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "AT_ONCE", 1)
    monkeypatch.setattr(turns, "PAUSE", 0.01)


def words(sessions: Sessions, number: int) -> str:
    with sessions() as session:
        found = progress(session, number)
    return found.words if found else ""


def left(sessions: Sessions) -> int:
    with sessions() as session:
        return session.query(Typesetting).count()


def test_a_page_tells_its_passes_and_is_forgotten(sessions: Sessions, number: int) -> None:
    with turn(sessions, number, 15) as passing:
        passing()
        assert words(sessions, number) == "正在排版，第 1 遍（至多 15 遍）。"
        passing()
        assert words(sessions, number) == "正在排版，第 2 遍（至多 15 遍）。"
    assert words(sessions, number) == ""
    assert left(sessions) == 0


def test_a_page_that_fails_is_forgotten_too(sessions: Sessions, number: int) -> None:
    with pytest.raises(RuntimeError), turn(sessions, number, 15):
        raise RuntimeError
    assert left(sessions) == 0


@pytest.mark.usefixtures("one_at_once")
def test_who_comes_later_waits_and_is_told_his_place(sessions: Sessions, number: int) -> None:
    order: list[str] = []

    def wait(name: str) -> None:
        with turn(sessions, number, 15):
            order.append(name)

    with turn(sessions, None, 15):
        for name, said in (("one", "下一件就是"), ("two", "前面还有 1 件")):
            threading.Thread(target=wait, args=(name,)).start()
            until(lambda said=said: said in words(sessions, number))
        assert order == []
    until(lambda: len(order) == 2 and left(sessions) == 0)
    assert order == ["one", "two"]


@pytest.mark.usefixtures("one_at_once")
def test_who_ended_without_a_word_keeps_nobody_waiting(sessions: Sessions, number: int) -> None:
    with sessions() as session, session.begin():
        session.add(Typesetting(document_id=number, seen_at=AT, begun=True, most=15))
    with clock.moved_to(AT + turns.GIVEN_UP + timedelta(seconds=1)):
        assert words(sessions, number) == ""
        with turn(sessions, number, 15):
            assert "第 1 遍" in words(sessions, number)
    assert left(sessions) == 0


def until(holds: Callable[..., bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")
