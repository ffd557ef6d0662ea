"""批量办理: each for itself, those that are refused left as they were."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit
from app.audit.models import AuditEntry
from app.database import db
from app.errors import Invalid
from app.handling.acts.batching import Batch, Item, complete_all
from app.handling.acts.opening import open_task
from app.handling.models import Case, Opinion, Task
from tests.world import World

FAR = {
    "distribute": {"next": ["leader"]},
    "collect": {"outcome": "to_handle", "next": ["dept.head"]},
}


def at_close(world: World, number: int) -> list[Task]:
    """Received documents that only wait for the secretary to close them."""
    found = []
    for place in range(number):
        done = world.register(number=f"江市水〔2026〕{20 + place}号")
        task = world.run(done, "close", **FAR)
        assert task is not None
        found.append(task)
    return found


def look(world: World, login: str, *tasks: Task) -> None:
    for task in tasks:
        world._act(open_task, world.actor(login), task.id)


def batch(world: World, login: str, *tasks: Task, outcome: str | None = "close") -> Batch:
    items = []
    for task in tasks:
        world.session.refresh(task)
        items.append(Item(task.id, task.revision))
    found: Batch = world._act(complete_all, world.actor(login), items, outcome, "办结。")
    return found


def states(world: World, *tasks: Task) -> list[str]:
    world.session.rollback()
    return [world.session.get_one(Case, task.case_id).state for task in tasks]


def check_some_done_some_refused(world: World) -> None:
    one, other, unopened, stale = at_close(world, 4)
    look(world, "secretary", one, other, stale)
    items = [
        *(Item(task.id, task.revision) for task in (one, unopened, other)),
        Item(stale.id, stale.revision + 1),
    ]
    found = world._act(complete_all, world.actor("secretary"), items, "close", "办结。")
    assert sorted(found.done) == [one.id, other.id]
    assert [(each.id, each.error.code) for each in found.refused] == [
        (unopened.id, "not_in_batch"),
        (stale.id, "stale_revision"),
    ]
    assert states(world, one, other, unopened, stale) == ["closed", "closed", "running", "running"]
    written = world.session.scalars(sa.select(Opinion.task_id).where(Opinion.step == "close"))
    assert sorted(written) == [one.id, other.id]
    for task in (one, other, unopened, stale):
        entries = audit.case_entries(world.session, task.case_id)
        completed = [each for each in entries if each.step == "close"]
        actions = {each.action for each in completed}
        assert ("task.completed" in actions) == (task in (one, other))


def test_some_are_done_and_some_refused(world: World) -> None:
    check_some_done_some_refused(world)


@pytest.mark.postgres
def test_on_postgresql_too(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        check_some_done_some_refused(World(db.session()))
        db.session.remove()


def test_without_an_outcome_each_has_its_only_one(world: World) -> None:
    (task,) = at_close(world, 1)
    look(world, "secretary", task)
    assert list(batch(world, "secretary", task, outcome=None).done) == [task.id]


def test_only_what_the_diagram_lets_be_done_together(world: World) -> None:
    review = world.run(world.draft(), "dept_review")
    assert review is not None
    look(world, "dept.head", review)
    found = batch(world, "dept.head", review, outcome="approve")
    assert [each.error.message for each in found.refused] == [
        "“部门负责人核稿”环节须逐件办理，不能批量办理。"
    ]


def test_what_is_anothers_is_refused_and_on_record(world: World) -> None:
    (task,) = at_close(world, 1)
    look(world, "secretary", task)
    (refused,) = batch(world, "archivist", task).refused
    assert refused.error.code == "not_your_task"
    (hidden,) = batch(world, "leader3", task).refused
    assert hidden.error.code == "not_found"
    noted = world.session.scalars(
        sa.select(AuditEntry.outcome).where(AuditEntry.action == "request.refused")
    )
    assert list(noted) == ["refused", "refused"]
    (wrong,) = batch(world, "secretary", task, outcome="approve").refused
    assert wrong.error.code == "invalid"
    assert states(world, task) == ["running"]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "至少选择"),
        ([Item(1, 1), Item(1, 1)], "两次"),
        ([Item(number, 1) for number in range(1, 52)], "50"),
    ],
)
def test_no_batch_at_all(world: World, items: list[Item], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        complete_all(world.session, world.actor("secretary"), items, None)
