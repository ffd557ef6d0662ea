"""Fifty people at one book, and the registry beside them, on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.documents import Document, mark_numbered, queries
from app.documents.errors import WrongState
from app.documents.models import IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering import ledger
from app.errors import Conflict
from tests.documents.conftest import AT, CLERK, DRAFTER
from tests.documents.numbers import signed

pytestmark = [pytest.mark.postgres, pytest.mark.enable_socket]
TAKERS = 50
TODAY = date(2026, 11, 23)
Act = Callable[[Session], Any]


@pytest.fixture
def office(bureau_on_postgres: sessionmaker[Session]) -> Iterator[sessionmaker[Session]]:
    """Without documents and numbers of the test before."""
    yield bureau_on_postgres
    with bureau_on_postgres.begin() as session:
        for model in (IssuedNumber, NumberBook, NumberSeries):
            session.execute(sa.delete(model))
        session.execute(sa.update(Document).values(number=None, state="cancelled"))


def documents(office: sessionmaker[Session], count: int) -> list[int]:
    with office.begin() as session:
        return [signed(session).id for _ in range(count)]


def at_once(office: sessionmaker[Session], acts: list[Act]) -> list[Any]:
    """Each in a session of its own, started together; its answer, or why it was refused."""
    start = threading.Barrier(len(acts))

    def run(act: Act) -> Any:
        start.wait(timeout=30)
        try:
            with office.begin() as session:
                return act(session)
        except (Conflict, WrongState) as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def taking(document_id: int, choice: str = "") -> Act:
    return lambda session: mark_numbered(
        session, queries.find(session, document_id), DRAFTER, AT, choice
    )


def reserving(count: int) -> Act:
    given: dict[str, Any] = {"count": count, "purpose": "备用", "until": TODAY}
    return lambda session: ledger.reserve(session, "江水", CLERK, AT, **given) and None


def skipping(count: int) -> Act:
    given: dict[str, Any] = {"count": count, "reason": "纸质已用"}
    return lambda session: ledger.skip(session, "江水", CLERK, AT, **given) and None


def line_of(office: sessionmaker[Session], number: int) -> int:
    with office() as session:
        query = sa.select(IssuedNumber.id).where(IssuedNumber.number == number)
        return session.scalars(query).one()


def check(office: sessionmaker[Session]) -> dict[str, int]:
    """No gap, no number twice, the book counts right, and the ledger is what documents bear."""
    with office() as session:
        lines = list(session.scalars(sa.select(IssuedNumber).order_by(IssuedNumber.number)))
        book = session.scalars(sa.select(NumberBook)).one()
        borne = {each.number: each.id for each in session.scalars(sa.select(Document))}
    assert [line.number for line in lines] == list(range(1, book.last + 1))
    assert book.reserved == sum(line.state == "reserved" for line in lines)
    used = {line.text: line.document_id for line in lines if line.state == "used"}
    assert used == {number: each for number, each in borne.items() if number}
    return {
        state: sum(line.state == state for line in lines)
        for state in ("used", "reserved", "void", "skipped")
    }


def test_fifty_takers_get_different_consecutive_numbers(office: sessionmaker[Session]) -> None:
    """NUM-01, also for the first numbers of a series and a book that nobody has opened yet."""
    taken = at_once(office, [taking(each) for each in documents(office, TAKERS)])
    assert sorted(taken) == sorted(f"江水〔2026〕{n}号" for n in range(1, TAKERS + 1))
    assert check(office) == {"used": TAKERS, "reserved": 0, "void": 0, "skipped": 0}


def test_reserving_and_skipping_race_with_takers(office: sessionmaker[Session]) -> None:
    acts = [taking(each) for each in documents(office, 20)]
    acts += [reserving(3) for _ in range(5)] + [skipping(2) for _ in range(5)]
    assert not [each for each in at_once(office, acts) if isinstance(each, Exception)]
    assert check(office) == {"used": 20, "reserved": 15, "void": 0, "skipped": 10}


def test_one_reserved_number_goes_to_one_of_many(office: sessionmaker[Session]) -> None:
    """Asked for by ten, released and skipped at the same moment: one of them has it."""
    ids = documents(office, 10)
    at_once(office, [reserving(1)])
    kept = line_of(office, 1)
    acts: list[Act] = [taking(each, "江水:1") for each in ids]
    acts.append(lambda session: ledger.release(session, kept, CLERK, AT) and None)
    acts.append(lambda session: ledger.skip_reserved(session, kept, CLERK, AT, "取消") and None)
    answers = at_once(office, acts)
    winners = [each for each in answers if not isinstance(each, Exception)]
    assert 1 <= len(winners) <= 2, answers  # released, and then skipped as an expired one
    check(office)


def test_expired_numbers_are_taken_once_each(office: sessionmaker[Session]) -> None:
    ids = documents(office, 20)
    at_once(office, [reserving(10)])
    with office.begin() as session:
        session.execute(sa.update(IssuedNumber).values(expires_at=AT))
    taken = at_once(office, [taking(each) for each in ids])
    assert sorted(taken) == sorted(f"江水〔2026〕{n}号" for n in range(1, 21))
    assert check(office)["reserved"] == 0


def test_voiding_races_with_takers(office: sessionmaker[Session]) -> None:
    """Each number is voided twice at once, while its document asks again and others take."""
    first, others = documents(office, 5), documents(office, 10)
    at_once(office, [taking(each) for each in first])
    acts: list[Act] = [taking(each) for each in others]
    for number in range(1, 6):
        line = line_of(office, number)
        acts += [
            lambda session, line=line: ledger.void_line(session, line, CLERK, AT, "印错") and None
            for _ in range(2)
        ]
    refused = [each for each in at_once(office, acts) if isinstance(each, Exception)]
    assert len(refused) == 5
    at_once(office, [taking(each) for each in first])
    assert check(office) == {"used": 15, "reserved": 0, "void": 5, "skipped": 0}


def test_one_document_numbered_twice_at_once_takes_one(office: sessionmaker[Session]) -> None:
    (document,) = documents(office, 1)
    assert set(at_once(office, [taking(document)] * 4)) == {"江水〔2026〕1号"}
    assert check(office)["used"] == 1


def test_a_rolled_back_taker_leaves_no_gap(office: sessionmaker[Session]) -> None:
    first, second = documents(office, 2)
    with office() as session:
        taking(first)(session)
        session.rollback()
    assert at_once(office, [taking(second)]) == ["江水〔2026〕1号"]
