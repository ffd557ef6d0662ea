"""Two people at one document, one list, one group of numbers, on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.errors import Conflict
from app.handling.filing import filing, transferring
from app.handling.filing.models import ArchiveTransfer, TransferLine
from tests.faults.invariants import violations
from tests.handling.filing.archiving import Archive
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 6
Act = tuple[Callable[..., Any], str, Any]


@pytest.fixture
def archive(postgres_app: Flask) -> Iterator[Archive]:
    with postgres_app.app_context():
        yield Archive(World(db.session()))
        db.session.remove()


def at_once(app: Flask, acts: Sequence[Act]) -> list[Exception | None]:
    """What each was refused with, None where it was done."""
    barrier = threading.Barrier(len(acts))
    results: list[Exception | None] = [None] * len(acts)

    def run(place: int, operation: Callable[..., Any], login: str, value: Any) -> None:
        with app.app_context():
            session = db.session()
            actor = World(session).actor(login)
            session.rollback()
            barrier.wait()
            try:
                operation(session, actor, value)
                session.commit()
            except Exception as error:
                session.rollback()
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n, *act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def one_wins(app: Flask, *acts: Act) -> None:
    lost = [each for each in at_once(app, acts) if each is not None]
    assert len(lost) == len(acts) - 1, lost
    assert all(isinstance(each, Conflict) for each in lost), lost


def test_a_document_is_filed_once(postgres_app: Flask, archive: Archive) -> None:
    for _ in range(ROUNDS):
        case = archive.sent().id
        one_wins(
            postgres_app,
            *((filing.file, login, case) for login in ("drafter", "dept.head", "dispatcher")),
        )


def test_a_list_is_accepted_returned_or_withdrawn(postgres_app: Flask, archive: Archive) -> None:
    def send_back(session: Any, actor: Any, ident: int) -> None:
        transferring.send_back(session, actor, ident, "请重新整理。")

    for _ in range(ROUNDS):
        ident = archive.propose(archive.filed()).id
        one_wins(
            postgres_app,
            (transferring.accept, "archivist", ident),
            (send_back, "archivist", ident),
            (transferring.withdraw, "drafter", ident),
        )


def test_an_item_is_on_one_list(postgres_app: Flask, archive: Archive) -> None:
    for _ in range(ROUNDS):
        item = archive.filed().id
        one_wins(
            postgres_app,
            *((transferring.propose, login, [item]) for login in ("drafter", "dispatcher")),
        )
    session = archive.world.session
    session.rollback()
    query = sa.select(ArchiveTransfer.number).order_by(ArchiveTransfer.number)
    assert list(session.scalars(query)) == [*range(1, ROUNDS + 1)]


def test_numbers_have_no_gap_and_none_is_given_twice(postgres_app: Flask, archive: Archive) -> None:
    """Lists of one department that wait for numbers of the same two groups, some of them returned.

    In every second list the longer kept document is the oldest, so that the groups might cross.
    """
    lists = []
    longer: tuple[str, ...] = ("permanent", "有查考价值。")
    for place in range(4):
        kept = [longer, (), ()] if place % 2 else [(), (), longer]
        items = [archive.file(archive.sent(), "drafter", *how) for how in kept]
        lists.append((archive.propose(*items).id, items[-1].id if place == 3 else 0))

    def accept(session: Any, actor: Any, which: tuple[int, int]) -> None:
        ident, returned = which
        transferring.accept(session, actor, ident, {returned: "缺附件。"} if returned else {})

    assert at_once(postgres_app, [(accept, "archivist", each) for each in lists]) == [None] * 4
    session = archive.world.session
    session.rollback()
    query = sa.select(sa.func.count()).where(TransferLine.result == "accepted")
    assert session.scalar(query) == 11
    assert violations(session) == {}
