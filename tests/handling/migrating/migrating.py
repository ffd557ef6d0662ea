"""What the tests of migrations share: one proposes, the other one confirms."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from app import clock
from app.handling.migrating import deciding, planning
from app.handling.migrating.carrying_out import carry_out
from app.handling.migrating.models import Migration, MigrationCase
from app.handling.migrating.planning import Plan, Planned
from app.handling.models import Case, Task
from app.workflow import publishing
from app.workflow.definitions import Definition
from tests.handling.administering import FIRST, SECOND
from tests.handling.editions import Edit, kept
from tests.world import World


def in_force(world: World, *edits: Edit, pictured: bool = False) -> Definition:
    """The edited route, put in force by the second administrator."""
    new = kept(world.session, *edits, pictured=pictured)
    by = world.actor(SECOND).signature()
    publishing.put_in_force(world.session, new.sha256, by, world.at)
    world.session.commit()
    return new


def stand(world: World, step: str, **fields: Any) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


def propose(
    world: World,
    new: Definition,
    cases: Sequence[Case | int],
    *,
    with_limits: bool = False,
    by: str = FIRST,
) -> Planned:
    ids = [each if isinstance(each, int) else each.id for each in cases]
    plan = Plan(new.sha256, ids, "新办法自本月起执行。", "办公会纪要〔2026〕8号", with_limits)
    return acted(world, lambda: planning.propose(world.session, world.actor(by), plan))


def decide(
    world: World, found: Migration, agree: bool = True, *, by: str = SECOND, answer: str = ""
) -> Migration:
    done: Migration = acted(
        world,
        lambda: deciding.decide(
            world.session, world.actor(by), found.id, agree=agree, answer=answer
        ),
    )
    followed(world)
    return done


def undo(
    world: World, found: Migration, *, by: str = FIRST, reason: str = "迁移有误。"
) -> Migration:
    done: Migration = acted(
        world, lambda: deciding.undo(world.session, world.actor(by), found.id, reason)
    )
    followed(world)
    return done


def followed(world: World) -> None:
    """The cases, one transaction each, as the request and the scheduler do it."""
    with clock.moved_to(world.at):
        while carry_out(world.session, world.at):
            world.session.commit()
    world.session.commit()


def moved(world: World, new: Definition, *cases: Case, with_limits: bool = False) -> Migration:
    """Both of it."""
    return decide(world, propose(world, new, cases, with_limits=with_limits).migration)


def acted(world: World, operation: Callable[[], Any]) -> Any:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        try:
            found = operation()
            world.session.commit()
        except BaseException:
            world.session.rollback()
            raise
    return found


def row(world: World, case: Case) -> MigrationCase:
    query = sa.select(MigrationCase).where(MigrationCase.case_id == case.id)
    found = world.session.scalars(query.order_by(MigrationCase.migration_id.desc())).first()
    assert found is not None
    return found
