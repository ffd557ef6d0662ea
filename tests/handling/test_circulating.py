"""传阅 and 专送: copies to read, beside the route, in nobody's way."""

import pytest
import sqlalchemy as sa

from app import audit, clock, organization
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import access
from app.handling.act import look_at_case
from app.handling.acts import copies
from app.handling.acts.cancelling import cancel
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.recalling import recall, urge_readers
from app.handling.models import Circulation, Task
from app.handling.stays import notices
from app.handling.views import circulation, queries
from app.organization import operations
from tests.world import World


@pytest.fixture
def task(world: World) -> Task:
    found = world.run(world.draft(), until="office_check")
    assert found is not None
    return found


def give(
    world: World, task: Task, by: str, *to: str, kind: str = "circulate", **more: object
) -> list[Circulation]:
    form = Circulate(readers=to, kind=kind, **{"words": "请阅。", **more})
    document = world.case_of(task).document_id
    found: list[Circulation] = world._act(circulate, world.actor(by), document, form)
    return found


def take_back(world: World, task: Task, by: str, copy: Circulation) -> None:
    document = world.case_of(task).document_id
    world._act(recall, world.actor(by), document, copy.id)


def open_case(world: World, task: Task, login: str) -> None:
    """As a page does that shows the case."""

    def read(session: object, actor: object, case_id: int) -> None:
        access.case_of(world.session, world.actor(login), case_id)
        copies.note_read(world.session, world.actor(login), case_id, world.at)
        notices.mark_read(world.session, world.actor(login), case_id, world.at)

    world._act(read, world.actor(login), task.case_id)


def sees(world: World, task: Task, login: str) -> bool:
    return access.sees_case(world.session, world.actor(login), task.case_id)


def to_read(world: World, login: str) -> list[str | None]:
    return [row.notice for row in queries.to_read(world.session, world.actor(login), 50)]


def test_readers_may_see_it_and_have_nothing_to_do(world: World, task: Task) -> None:
    assert not sees(world, task, "leader3")
    given = give(world, task, "office.head", "leader2", "leader3")
    assert len(given) == 2
    for login in ("leader2", "leader3"):
        assert sees(world, task, login)
        assert to_read(world, login) == ["赵文涛传阅：请阅。"]
        assert queries.todo(world.session, world.actor(login)) == []
    world.complete(task, "office.head")
    assert [each.step for each in world.open(world.case_of(task))] == ["leader_sign"]


def test_reading_is_noted_once_and_on_record(world: World, task: Task) -> None:
    (copy,) = give(world, task, "office.head", "leader3")
    assert to_read(world, "leader3")
    world.session.refresh(copy)
    assert copy.read_at is None  # the list alone is no reading
    open_case(world, task, "leader3")
    world.session.refresh(copy)
    first = copy.read_at
    assert first is not None
    open_case(world, task, "leader3")
    world.session.refresh(copy)
    assert copy.read_at == first
    assert to_read(world, "leader3") == []
    entries = audit.case_entries(world.session, task.case_id)
    assert [each.action for each in entries].count("circulation.read") == 1


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ([], "至少选择"),
        ([" "], "至少选择"),
        (["leader3", "office.head"], "您自己"),
        (["leader3", "auditor"], "审计员"),
        (["security.admin"], "安全管理员"),
        (["leader3", "city.leader"], "city.leader"),
        (["nobody"], "nobody"),
    ],
)
def test_who_must_not_get_it_is_named_and_nobody_gets_it(
    world: World, task: Task, to: list[str], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        give(world, task, "office.head", *to)
    assert world.session.scalars(sa.select(Circulation)).all() == []


def test_who_has_left_gets_nothing(world: World, task: Task) -> None:
    found = organization.person_by_login(world.session, "leader3")
    by = audit.signed_by_rule("测试")
    operations.deactivate(world.session, by, world.at, person=found)
    with pytest.raises(Invalid, match="leader3"):
        give(world, task, "office.head", "leader3")


def test_nobody_gets_twice_what_he_has_not_read(world: World, task: Task) -> None:
    give(world, task, "office.head", "leader3")
    with pytest.raises(Invalid, match="吴志刚"):
        give(world, task, "office.head", "leader2", "leader3")
    give(world, task, "secretary", "leader3", words="同件。")
    assert to_read(world, "leader3") == ["杨晓燕传阅：同件。 赵文涛传阅：请阅。"]
    open_case(world, task, "leader3")
    assert len(give(world, task, "office.head", "leader3")) == 1


def test_departments_receive_through_their_heads(world: World, task: Task) -> None:
    given = give(
        world,
        task,
        "secretary",
        "leader2",
        "leader3",
        "dept.head",
        departments=["office", "engineering", "finance"],
    )
    logins = {copy.reader_id for copy in given}
    heads = {world.actor(login).person_id for login in ("office.head", "dept.head", "sole.head")}
    assert heads < logins
    assert len(given) == 5  # the head of a department who is named besides gets it once
    with pytest.raises(Invalid, match="没有部门"):
        give(world, task, "secretary", departments=["nowhere"])


def test_what_was_sent_directly_goes_no_further(world: World, task: Task) -> None:
    give(world, task, "office.head", "leader3", kind="direct")
    open_case(world, task, "leader3")
    with pytest.raises(NotAllowed, match="CIR-01"):
        give(world, task, "leader3", "leader2")
    give(world, task, "secretary", "leader3")
    with pytest.raises(Conflict, match="先阅读"):
        give(world, task, "leader3", "leader2")
    open_case(world, task, "leader3")
    give(world, task, "leader3", "leader2")
    assert to_read(world, "leader2") == ["吴志刚传阅：请阅。"]


def test_who_has_no_part_in_the_case_circulates_nothing(world: World, task: Task) -> None:
    with pytest.raises(NotFound):
        give(world, task, "leader3", "leader2")
    give(world, task, "archivist", "leader3")  # of the registry
    give(world, task, "drafter", "leader2")  # has worked on it
    with pytest.raises(Invalid, match="kind"):
        give(world, task, "drafter", "leader3", kind="loud")
    with pytest.raises(Invalid, match="200"):
        give(world, task, "drafter", "leader3", words="长" * 201)


def test_the_sender_takes_back_what_was_not_read(world: World, task: Task) -> None:
    one, other = give(world, task, "office.head", "leader2", "leader3")
    with pytest.raises(NotAllowed, match="CIR-08"):
        take_back(world, task, "leader3", other)
    with pytest.raises(NotFound):
        take_back(world, task, "leader2", other)
    with pytest.raises(NotAllowed, match="赵文涛"):
        take_back(world, task, "drafter", other)
    take_back(world, task, "office.head", other)
    assert not sees(world, task, "leader3")
    assert to_read(world, "leader3") == []
    with pytest.raises(NotFound):
        take_back(world, task, "leader3", other)
    with pytest.raises(Conflict, match="已经收回"):
        take_back(world, task, "office.head", other)
    open_case(world, task, "leader2")
    with pytest.raises(Conflict, match=r"11-23 .*阅读"):
        take_back(world, task, "office.head", one)
    actions = [each.action for each in audit.case_entries(world.session, task.case_id)]
    assert actions.count("circulation.recalled") == 1


def test_of_two_copies_the_other_stays(world: World, task: Task) -> None:
    (one,) = give(world, task, "office.head", "leader3")
    give(world, task, "secretary", "leader3", words="同件。")
    take_back(world, task, "office.head", one)
    assert sees(world, task, "leader3")
    assert to_read(world, "leader3") == ["杨晓燕传阅：同件。"]


def test_the_route_and_the_copies_leave_each_other_alone(world: World, task: Task) -> None:
    give(world, task, "office.head", "leader3")
    done = world.complete(task, "office.head")
    world.withdraw(task, "office.head")
    (again,) = world.open(done.case)
    world.send_back(again, "office.head", "draft")
    assert to_read(world, "leader3") == ["赵文涛传阅：请阅。"]
    world._act(cancel, world.actor("drafter"), done.case.id, "不发了。")
    assert sees(world, task, "leader3")
    assert world.session.scalars(sa.select(Circulation.recalled_at)).all() == [None]
    with pytest.raises(Conflict, match="撤销"):
        give(world, task, "office.head", "leader2")


def test_a_dispatched_document_can_be_circulated(world: World) -> None:
    done = world.draft()
    assert world.run(done) is None
    world.session.refresh(done.case)
    assert done.case.state == "closed"
    task = world.session.scalars(sa.select(Task).where(Task.case_id == done.case.id)).first()
    assert task is not None
    assert len(give(world, task, "secretary", "leader3")) == 1
    assert sees(world, task, "leader3")


def test_those_who_have_not_read_are_urged(world: World, task: Task) -> None:
    give(world, task, "office.head", "leader2", "leader3")
    give(world, task, "secretary", "dept.deputy")
    open_case(world, task, "leader2")
    document = world.case_of(task).document_id
    told = world._act(urge_readers, world.actor("office.head"), document, "今日阅毕。")
    assert len(told) == 2  # the office head is of the registry
    assert to_read(world, "leader3") == ["赵文涛传阅：请阅。 赵文涛催读：今日阅毕。"]
    assert to_read(world, "leader2") == []
    with pytest.raises(Conflict):
        world._act(urge_readers, world.actor("dept.head"), document, "快。")
    with pytest.raises(Invalid, match="原因"):
        world._act(urge_readers, world.actor("drafter"), document, " ")


def status(world: World, task: Task, login: str) -> circulation.Reading:
    with clock.moved_to(world.at):
        act = look_at_case(world.session, world.actor(login), task.case_id)
        return circulation.status(act)


def test_the_status_shows_each_what_concerns_him(world: World, task: Task) -> None:
    give(world, task, "dept.head", "leader2")
    give(world, task, "office.head", "leader3")
    open_case(world, task, "leader3")
    assert [each.reader for each in status(world, task, "drafter").copies] == ["孙丽华", "吴志刚"]
    assert [each.reader for each in status(world, task, "dept.head").copies] == ["孙丽华"]
    found = status(world, task, "archivist")
    assert [each.reader for each in found.waiting] == ["孙丽华"]
    assert "应阅 2 人，已阅 1 人：吴志刚（2026-11-23 09:" in found.bulletin
    assert found.bulletin.endswith("未阅 1 人：孙丽华。")
    give(world, task, "office.head", "sole.head", kind="direct")
    with pytest.raises(NotAllowed):
        status(world, task, "sole.head")
