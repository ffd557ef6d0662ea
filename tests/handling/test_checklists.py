"""The checklist where the diagram asks for it: kept with the act, and nowhere else."""

import pytest
import sqlalchemy as sa

from app.documents import review
from app.errors import Invalid
from app.handling.models import Opinion, Task
from tests.world import World


@pytest.fixture
def checking(world: World) -> Task:
    task = world.run(world.draft(), "office_check")
    assert task is not None
    return task


def test_what_was_ticked_is_kept_with_the_opinion(world: World, checking: Task) -> None:
    first = review.SHIPPED[0].text
    world.complete(checking, "office.head", checked=[first])
    query = sa.select(Opinion.checked).where(Opinion.task_id == checking.id)
    kept = review.read(world.session.scalars(query).one())
    assert [each.ticked for each in kept] == [True, False, False]
    assert [each.clause for each in kept] == [each.clause for each in review.SHIPPED]


def test_a_step_without_the_property_keeps_nothing(world: World, checking: Task) -> None:
    kept = world.session.scalars(sa.select(Opinion.checked)).all()
    assert kept == [[], []]
    world.complete(checking, "office.head")
    (task,) = world.open(world.case_of(checking))
    with pytest.raises(Invalid, match="没有审查清单"):
        world.complete(task, "leader", checked=["准确"])


def test_a_return_keeps_none(world: World, checking: Task) -> None:
    world.send_back(checking, "office.head", "draft")
    query = sa.select(Opinion.checked).where(Opinion.task_id == checking.id)
    assert world.session.scalars(query).one() == []


def test_a_colleague_who_is_asked_does_not_approve(world: World, checking: Task) -> None:
    asked = world.hand_over(checking, "office.head", "secretary", "consult")
    world.complete(asked, "secretary", "answer")
    query = sa.select(Opinion.checked).where(Opinion.task_id == asked.id)
    assert world.session.scalars(query).one() == []
