"""A confirmed plan goes on case by case, also after the program was stopped in the middle."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.audit import AuditEntry
from app.errors import Conflict
from app.handling.act import Act
from app.handling.migrating import deciding, moving, rows
from app.handling.migrating.carrying_out import carry_out
from app.handling.migrating.models import Migration
from app.handling.models import Case
from app.workflow.definitions import Definition
from tests.faults.invariants import violations
from tests.handling.administering import FIRST, SECOND
from tests.handling.editions import inserted, limited
from tests.handling.migrating.migrating import acted, followed, in_force, propose, row, stand, undo
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def one(world: World) -> int:
    with clock.moved_to(world.at):
        done = carry_out(world.session, world.at)
        world.session.commit()
    return done


def confirmed(world: World, new: Definition, cases: list[Case]) -> Migration:
    """Confirmed, and stopped before anything has moved."""
    plan = propose(world, new, cases).migration
    done: Migration = acted(
        world,
        lambda: deciding.decide(world.session, world.actor(SECOND), plan.id, agree=True),
    )
    return done


def words(world: World, plan: Migration) -> tuple[str, int]:
    found = rows.plan(world.session, world.actor(FIRST), plan.id)
    return found.state_words, found.left


def finished(world: World) -> int:
    query = sa.select(sa.func.count()).select_from(AuditEntry)
    return world.session.scalar(query.where(AuditEntry.action == "migration.finished")) or 0


@pytest.fixture
def three(world: World) -> list[Case]:
    return [world.case_of(stand(world, "dept_review")) for _ in range(3)]


def test_it_goes_on_where_it_stopped(world: World, three: list[Case]) -> None:
    plan = confirmed(world, in_force(world, LEGAL), three)
    assert words(world, plan) == ("正在迁移", 3)
    assert one(world) == 1
    assert [row(world, case).state for case in three] == ["moved", "planned", "planned"]
    assert (words(world, plan), finished(world)) == (("正在迁移", 2), 0)
    assert violations(world.session) == {}
    followed(world)
    assert [row(world, case).state for case in three] == ["moved"] * 3
    assert (words(world, plan), finished(world)) == (("已迁移", 0), 1)
    assert one(world) == 0
    assert violations(world.session) == {}


def test_who_acts_before_his_turn_comes_wins(world: World, three: list[Case]) -> None:
    confirmed(world, in_force(world, LEGAL), three)
    assert one(world) == 1
    world.complete(world.open(three[1])[0], "dept.head", "approve")
    followed(world)
    assert [row(world, case).state for case in three] == ["moved", "refused", "moved"]
    assert finished(world) == 1
    assert violations(world.session) == {}


def test_it_is_not_undone_before_it_is_done(world: World, three: list[Case]) -> None:
    plan = confirmed(world, in_force(world, LEGAL), three)
    assert one(world) == 1
    with pytest.raises(Conflict, match="还有 2 件"):
        undo(world, plan)
    assert (words(world, plan), plan.undone_at) == (("正在迁移", 2), None)


def test_undoing_goes_on_where_it_stopped(world: World, three: list[Case]) -> None:
    plan = confirmed(world, in_force(world, LEGAL), three)
    followed(world)
    acted(world, lambda: deciding.undo(world.session, world.actor(FIRST), plan.id, "有误。"))
    assert one(world) == 1
    assert words(world, plan) == ("正在恢复", 2)
    assert [row(world, case).state for case in three] == ["undone", "moved", "moved"]
    followed(world)
    assert words(world, plan) == ("已撤销迁移", 0)
    assert finished(world) == 2
    assert violations(world.session) == {}


def test_what_cannot_be_put_back_may_be_tried_again(world: World, three: list[Case]) -> None:
    plan = confirmed(world, in_force(world, LEGAL), three)
    followed(world)
    world.complete(world.open(three[0])[0], "dept.head", "approve")
    undo(world, plan)
    assert [row(world, case).state for case in three] == ["moved", "undone", "undone"]
    assert words(world, plan) == ("已迁移", 0)
    undo(world, plan)
    assert "已有办理" in row(world, three[0]).why
    assert finished(world) == 3


def test_what_is_confirmed_goes_into_no_other_plan(world: World, three: list[Case]) -> None:
    """Not even where somebody has acted since: the plan itself says what became of the case."""
    plan = confirmed(world, in_force(world, LEGAL), three[:1])
    world.complete(world.open(three[0])[0], "dept.head", "approve")
    newer = in_force(world, limited("office_check", "P4D"))
    found = propose(world, newer, three)
    (left,) = found.left_out
    assert (left.case_id, left.why) == (
        three[0].id,
        f"已列入第 {plan.id} 号迁移方案，正在迁移",
    )
    assert (row(world, three[0]).state, words(world, plan)) == ("planned", ("正在迁移", 1))
    followed(world)
    assert (row(world, three[0]).state, finished(world)) == ("refused", 1)
    assert "不是本单位的现行版本" in row(world, three[0]).why
    assert propose(world, newer, three[:1]).left_out == []
    assert violations(world.session) == {}


def test_what_is_left_is_found_without_reading_all_that_ever_moved(
    world: World, three: list[Case]
) -> None:
    """By the index of what waits, and in the plans that are being undone."""
    confirmed(world, in_force(world, LEGAL), three)
    followed(world)
    read: list[str] = []

    def explained(_connection: Any, cursor: Any, text: str, given: Any, *_rest: Any) -> None:
        if text.startswith("SELECT migration"):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {text}", given).fetchall()
            read.append("; ".join(str(line[-1]) for line in plan))

    engine = world.session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", explained)
    try:
        assert one(world) == 0
    finally:
        sa.event.remove(engine, "before_cursor_execute", explained)
    first, second = read
    assert "migration_case USING INDEX uq_migration_case_planned" in first
    assert "migration_case" not in second


def test_a_version_that_holds_no_more_takes_no_further_case(
    world: World, three: list[Case]
) -> None:
    confirmed(world, in_force(world, LEGAL), three)
    assert one(world) == 1
    in_force(world, limited("office_check", "P4D"))
    followed(world)
    assert [row(world, case).state for case in three] == ["moved", "refused", "refused"]
    assert "不是本单位的现行版本" in row(world, three[2]).why
    assert violations(world.session) == {}


def test_who_confirmed_and_has_left_the_post_moves_nothing(
    world: World, three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(world, in_force(world, LEGAL), three)
    monkeypatch.setattr("app.handling.administering.roles.PROCESS_ADMIN", "another")
    followed(world)
    assert {row(world, case).state for case in three} == {"refused"}


def test_a_case_on_which_the_program_fails_keeps_no_other_back(
    world: World, three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is no refusal that anybody foresaw; it is the second case that has it."""
    plan = confirmed(world, in_force(world, LEGAL), three)
    real, ill = moving.move, three[1].id

    def move(act: Act, *given: Any) -> None:
        if act.case.id == ill:
            raise KeyError("what nobody thought of")
        real(act, *given)

    monkeypatch.setattr(moving, "move", move)
    followed(world)
    assert [row(world, case).state for case in three] == ["moved", "refused", "moved"]
    assert "程序在这一件上出错" in row(world, three[1]).why
    assert words(world, plan) == ("已迁移", 0)
    assert violations(world.session) == {}
