"""What the directory reads of an entry: what was said, what cannot be kept, what is spoilt."""

import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from app import audit, create_app
from app.audit import AuditEntry
from app.database import db
from app.errors import Conflict
from app.handling.conformance import kinds
from app.handling.inspection import deviations, entries, indexing, searching
from app.handling.inspection.models import RecordIndex
from app.handling.inspection.searching import Wanted
from app.handling.replaying import records
from tests.conftest import settings
from tests.world import World

BY = audit.signed_by_rule("测试")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("indexing")
    if request.param == "sqlite":
        file = folder / "gongwen.sqlite3"
        shutil.copy(request.getfixturevalue("installation")[0] / "gongwen.sqlite3", file)
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("postgres_copies")()
    app = create_app(settings(folder, url))
    with app.app_context():
        yield World(db.session())
        db.session.remove()
        db.engine.dispose()


def record(world: World, action: str = "request.refused", **more: Any) -> int:
    """Its number, after it was indexed."""
    audit.record(world.session, action, BY, at=world.at, **more)
    world.session.commit()
    index(world)
    return indexing.indexed(world.session)


def index(world: World) -> None:
    while indexing.catch_up(world.session):
        world.session.commit()


def found(world: World, **wanted: Any) -> list[int]:
    return [each.seq for each in searching.search(world.session, Wanted(**wanted), 500)]


def test_what_no_database_keeps_stops_no_search(office: World) -> None:
    seq = record(office, outcome="refused", detail={"path": "/audit/nets/甲\x00乙丙\x1b"})
    assert found(office, words="甲 乙丙") == [seq]


def test_an_opinion_is_found_however_much_stands_beside_it(world: World) -> None:
    """What the state was after an act, such as who could have acted, is nothing that was said."""
    after = {"task": {str(each): {"candidates": ["张无关" * 20]} for each in range(200)}}
    seq = record(world, detail={"after": after, "aaa": "字" * 5000, "opinion": "水位有误"})
    assert found(world, words="水位有误") == [seq]
    assert found(world, words="张无关") == []


def test_what_is_about_a_case_is_found_by_it(world: World) -> None:
    case = world.draft().case
    world.session.commit()
    seq = record(world, "case.replayed", subject=("case", case.id))
    assert seq in found(world, case=case.id)
    (row,) = world.session.scalars(sa.select(RecordIndex).filter_by(seq=seq))
    assert (row.document_id, row.unit_id) == (case.document_id, case.unit_id)


@pytest.mark.parametrize("body", ["{", "[7]", '{"seq":1}', "null", '{"actor":7}'])
def test_a_spoilt_entry_keeps_nothing_waiting(world: World, body: str) -> None:
    spoilt = record(world)
    world.session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    world.session.execute(sa.update(AuditEntry).filter_by(seq=spoilt).values(body=body))
    indexing.rebuild(world.session)
    world.session.commit()
    last = record(world, detail={"opinion": "在后面"})
    assert found(world, words="在后面") == [last]
    (hit,) = searching.search(world.session, Wanted(words=indexing.SPOILT), 5)
    assert (hit.seq, hit.deviations) == (spoilt, ["故障、核验不通过"])
    assert "先核验整条记录" in hit.said
    assert spoilt in found(world, deviation="failed")
    assert entries.told(world.session, "entry", [spoilt])[0].title == indexing.SPOILT
    with pytest.raises(Conflict, match="读不出来"):
        entries.entry(world.session, spoilt)


def test_one_tick_of_the_scheduler_is_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        audit.record(world.session, "signed.in", BY, at=world.at)
    world.session.commit()
    monkeypatch.setattr(indexing, "MOST", 2)
    monkeypatch.setattr(indexing, "TICK", 4)
    sessions = sessionmaker(world.session.get_bind())
    assert indexing.follow_a_while(sessions, lambda: False) == 4
    assert indexing.follow(sessions, lambda: False) >= 1
    assert indexing.behind(world.session) == 0


def test_what_is_out_of_the_ordinary_elsewhere_is_so_here() -> None:
    """What replaying marks, and what the check of conformance explains as lawful exceptions."""
    marked = records.BACK | records.TAKEN | records.VERSION | records.LATE | records.FAULT
    wanted: Mapping[str, str] = {
        "measure": "measure",
        "migrated": "version",
        "withdrawn": "withdrawn",
        "unsealed": "voided",
        "late": "overdue",
    }
    assert set(wanted) == set(kinds.LAWFUL)
    assert set(wanted.values()) <= set(deviations.KEYS)
    for action in marked:
        body = {"action": action, "outcome": "done", "principal": None}
        assert deviations.of_entry(body), action
    for action in records.VERSION:
        body = {"action": action, "outcome": "done", "principal": None}
        assert deviations.labels(deviations.of_entry(body)) == ["换版本"]
