"""我交办的: what is counted is every case; what an agent passed on is the principal's (SRC-06)."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.database import db
from app.handling.models import Case
from app.handling.views import given
from app.handling.views.given import NOBODY, Board
from tests.world import World


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The office on the one engine and on the other."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context():
        yield World(db.session())
        db.session.remove()


def board(world: World, login: str = "leader") -> Board:
    with clock.moved_to(world.at):
        return given.board(world.session, world.actor(login))


def passed_on(world: World) -> int:
    """A case that the leader has signed off; its id."""
    task = world.run(world.draft(), until="register_number")
    assert task is not None
    return task.case_id


def test_the_list_is_cut_and_the_counts_are_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [passed_on(world) for _ in range(3)]
    world.run(world.draft(), until="leader_sign")
    monkeypatch.setattr(given, "MOST", 1)
    found = board(world)
    assert (found.open, found.listed) == (3, 1)
    assert [each.row.case_id for each in found.given] == [cases[-1]]
    assert found.people == [(NOBODY, 3, 0)]


def test_a_case_that_lies_with_him_takes_no_place_of_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head of the office has ended a stay in both; the later one has come back to him."""
    world.run(first := world.draft(), until="leader_sign")
    task = world.run(second := world.draft(), until="leader_sign")
    assert task is not None
    world.send_back(task, "leader", "office_check")
    monkeypatch.setattr(given, "MOST", 1)
    found = board(world, "office.head")
    assert [each.row.case_id for each in found.given] == [first.case.id]
    assert (found.open, found.listed) == (1, 1)
    assert second.case.id not in {each.row.case_id for each in found.given}


def test_late_is_what_has_a_red_lamp(world: World) -> None:
    cases = [passed_on(world) for _ in range(3)]
    stopped = sa.update(Case).where(Case.id == cases[0]).values(state="suspended")
    world.session.execute(stopped)
    world.session.commit()
    world.later(days=10)
    found = board(world)
    assert [each.row.lamp.key for each in found.given].count("red") == 2
    assert found.people == [(NOBODY, 3, 2)]


def test_what_an_agent_passed_on_is_the_principals(world: World) -> None:
    world.delegate("leader", "leader2")
    task = world.run(world.draft(), until="leader_sign")
    assert task is not None
    world.complete(task, "leader2")
    assert (board(world).open, board(world, "leader2").open) == (1, 0)
    assert board(world).given[0].step_given == task.step_name
    world.run(world.draft())
    assert (board(world).ended, board(world, "leader2").ended) == (1, 0)


def test_what_he_has_ended_is_found_by_indexes(world: World) -> None:
    session = world.session
    query = given._passed_on(world.actor("leader"))
    text = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN"
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))  # the tables are small
        explain = "EXPLAIN"
    plan = " ".join(str(row[-1]) for row in session.execute(sa.text(f"{explain} {text}")))
    assert "ix_task_done_for" in plan
    assert "ix_task_done_by_id" in plan
