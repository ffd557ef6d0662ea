"""查阅记录 sealed into the chain: a change past the application is found, on both engines."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import audit
from app.audit import accesses
from app.audit.accesses import Look, sealing
from app.database import Base
from tests.world import MONDAY

LOOK = Look(
    *(7, "leader", "张三", "read", "document", 3),
    *("desk.paper", "", "127.0.0.1", "浏览器", False),
)
MINUTE = timedelta(minutes=1)
COSIGNED = ("audit_witness", "audit_cosignature")
TABLES = ("access_entry", "audit_entry", "audit_head", "audit_checkpoint", *COSIGNED)


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """Empty tables of the record."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    tables = [Base.metadata.tables[name] for name in TABLES]
    Base.metadata.create_all(engine, tables=tables)
    with Session(engine) as session:
        yield session
    Base.metadata.drop_all(engine, tables=tables)
    engine.dispose()


def look(session: Session, count: int = 1, **changed: object) -> None:
    for place in range(count):
        accesses.note(session, replace(LOOK, **changed), MONDAY + place * MINUTE)  # type: ignore[arg-type]
    session.commit()


def seal(session: Session) -> int:
    found = accesses.seal(session, MONDAY)
    session.commit()
    return found


def test_batches_follow_each_other_and_hold(session: Session) -> None:
    look(session, 5)
    assert (seal(session), seal(session)) == (5, 0)
    look(session, 2)
    assert seal(session) == 2
    look(session)
    assert accesses.verify(session) == sealing.Sealed(True, 7, unsealed=1)
    assert audit.entries(session) == 2
    assert audit.verify(session).ok


def test_a_batch_is_bounded(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST", 3)
    look(session, 7)
    assert [seal(session) for _ in range(4)] == [3, 3, 1, 0]
    assert accesses.verify(session).ok


CHANGES: list[tuple[str, int]] = [
    ("UPDATE access_entry SET person_id = 8 WHERE id = 5", 4),
    ("UPDATE access_entry SET kind = 'export' WHERE id = 2", 1),
    ("DELETE FROM access_entry WHERE id = 6", 4),
    ("DELETE FROM access_entry WHERE id > 3", 4),
    (
        "INSERT INTO access_entry SELECT 2, at, person_id, login, name, kind, subject, number,"
        " what, part, address, device, by_program FROM access_entry WHERE id = 1",
        1,
    ),
]


@pytest.mark.parametrize(("change", "first_bad"), CHANGES)
def test_a_change_past_the_application_is_found(
    session: Session, change: str, first_bad: int
) -> None:
    look(session, 3)
    seal(session)
    look(session, 3)
    seal(session)
    _unguard(session)
    if change.startswith("INSERT"):
        session.execute(sa.text("DELETE FROM access_entry WHERE id = 2"))
    session.execute(sa.text(change))
    session.commit()
    found = accesses.verify(session)
    assert (found.ok, found.first_bad) == (False, first_bad)
    assert found.reason


@pytest.mark.parametrize(
    "change", ["UPDATE access_entry SET part = ''", "DELETE FROM access_entry"]
)
def test_the_database_itself_refuses(session: Session, change: str) -> None:
    look(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(sa.text(change))
    session.rollback()


SAME: list[tuple[dict[str, object], timedelta, bool]] = [
    ({}, timedelta(minutes=9), False),
    ({}, timedelta(minutes=10), True),
    ({"number": 4}, MINUTE, True),
    ({"part": "version=2"}, MINUTE, True),
    ({"person_id": 8}, MINUTE, True),
    ({"address": "10.0.0.9"}, MINUTE, True),
    ({"kind": "print"}, MINUTE, True),
]


@pytest.mark.parametrize(("changed", "later", "new"), SAME)
def test_what_counts_as_the_same_look(
    session: Session, changed: dict[str, object], later: timedelta, new: bool
) -> None:
    look(session)
    again = replace(LOOK, **changed)  # type: ignore[arg-type]
    assert accesses.is_new(session, again, MONDAY + later) is new


def test_every_export_counts(session: Session) -> None:
    look(session, kind="export")
    assert accesses.is_new(session, replace(LOOK, kind="export"), MONDAY)


def test_sealing_waits_for_its_time(session: Session) -> None:
    assert not sealing.is_due(session, MONDAY)
    look(session)
    due: Callable[[int], bool] = lambda minutes: sealing.is_due(session, MONDAY + minutes * MINUTE)  # noqa: E731
    assert (due(4), due(5)) == (False, True)


def _unguard(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE access_entry DISABLE TRIGGER ALL"))
        return
    for verb in ("update", "delete"):
        session.execute(sa.text(f"DROP TRIGGER access_entry_no_{verb}"))
