"""催办: who may, what both sides see, and how often."""

import pytest
import sqlalchemy as sa

from app import audit
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.urging import urge
from app.handling.models import Task, Urge
from app.handling.views import queries
from app.handling.views.urges import urges
from tests.web.handling import dismiss
from tests.world import World


@pytest.fixture
def task(world: World) -> Task:
    found = world.run(world.draft(), until="office_check")
    assert found is not None
    return found


def hurry(world: World, task: Task, by: str, reason: str = "领导在等。") -> Urge:
    urged: Urge = world._act(urge, world.actor(by), task.id, reason)
    return urged


def to_read(world: World, login: str) -> list[str | None]:
    return [row.notice for row in queries.to_read(world.session, world.actor(login), 50)]


def rows(world: World) -> int:
    return world.session.scalar(sa.select(sa.func.count()).select_from(Urge)) or 0


@pytest.mark.parametrize("login", ["drafter", "dept.head", "secretary", "archivist"])
def test_sender_starter_and_registry_urge_whoever_has_it(
    world: World, task: Task, login: str
) -> None:
    hurry(world, task, login)
    name = world.actor(login).name
    assert to_read(world, "office.head") == [f"{name}催办“办公室负责人把关”：领导在等。"]
    (seen,) = urges(world.session, [task.id])[task.id]
    assert (seen.person, seen.reason) == (name, "领导在等。")
    entry = audit.case_entries(world.session, task.case_id)[-1]
    assert (entry.action, entry.actor_login, entry.reason) == ("task.urged", login, "领导在等。")


def test_a_mere_reader_does_not_urge(world: World, task: Task) -> None:
    with pytest.raises(NotFound):
        hurry(world, task, "leader3")
    document = world.case_of(task).document_id
    world._act(circulate, world.actor("office.head"), document, Circulate(readers=["leader3"]))
    with pytest.raises(NotAllowed, match="没有参与"):
        hurry(world, task, "leader3")
    assert rows(world) == 0


def test_one_does_not_urge_oneself_nor_what_has_ended(world: World, task: Task) -> None:
    with pytest.raises(Conflict, match="您手上"):
        hurry(world, task, "office.head")
    with pytest.raises(Invalid, match="原因"):
        hurry(world, task, "drafter", "  ")
    world.complete(task, "office.head")
    with pytest.raises(Conflict, match="已经办理"):
        hurry(world, task, "drafter")
    assert rows(world) == 0


def test_not_twice_within_ten_minutes(world: World, task: Task) -> None:
    first = hurry(world, task, "drafter")
    local = first.at.astimezone(world.at.tzinfo)
    with pytest.raises(Conflict, match=f"{local:%H:%M}"):
        hurry(world, task, "drafter")
    hurry(world, task, "secretary")  # somebody else may
    world.later(minutes=10)
    hurry(world, task, "drafter", "还在等。")
    reasons = [each.reason for each in urges(world.session, [task.id])[task.id]]
    assert reasons == ["还在等。", "领导在等。", "领导在等。"]


def test_whoever_it_is_handed_to_sees_that_it_was_urged(world: World, task: Task) -> None:
    hurry(world, task, "drafter")
    given = world.hand_over(task, "office.head", "secretary")
    assert [each.reason for each in urges(world.session, [given.id])[given.id]] == ["领导在等。"]


def test_a_stopped_stay_is_urged_with_the_process_administrators(world: World) -> None:
    done = world.draft()
    task = world.run(done, "register_number")
    assert task is not None
    dismiss(world, "seal-keeper")
    (stopped,) = world.complete(task, "printing", "register").opened
    assert stopped.blocked
    hurry(world, stopped, "drafter")
    (row,) = queries.to_read(world.session, world.actor("process.admin"), 50)
    assert row.notice == "陈雨桐催办“用印”：领导在等。"
    assert queries.counts(world.session, world.actor("process.admin")).read == 1


def test_three_urges_of_what_is_overdue_are_told_to_those_who_supervise(world: World) -> None:
    """DDL-21: at the set count urging becomes a matter for supervision, once."""
    task = world.run(world.draft(), until="dept_review")
    assert task is not None
    for _ in range(3):
        hurry(world, task, "drafter")
        world.later(minutes=10)
    assert to_read(world, "office.head") == []  # it is still in time
    world.later(days=2)
    for _ in range(4):
        hurry(world, task, "drafter")
        world.later(minutes=10)
    for login in ("office.head", "secretary"):
        (notice,) = to_read(world, login)
        assert notice is not None
        assert "催办 3 次仍未办理，请考虑立项督办" in notice
    told = [
        each.action
        for each in audit.case_entries(world.session, task.case_id)
        if each.action == "task.urged_in_vain"
    ]
    assert len(told) == 1
