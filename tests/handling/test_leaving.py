"""岗位交接: nothing before a leader signs, then all of it at once, nothing without an owner."""

import pytest
import sqlalchemy as sa

from app import audit, organization
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.access import sees_case
from app.handling.acts import cancelling, inventory, leaving
from app.handling.models import Circulation, PostHandover, Task, TaskCandidate
from app.handling.views import handovers, history
from app.organization.models import Delegation
from app.organization.posts import in_force
from tests.world import World

RULE = audit.signed_by_rule("测试")


def prepare(world: World, who: str, person: str, successor: str) -> PostHandover:
    made: PostHandover = world._act(
        leaving.prepare, world.actor(who), person, successor, "调动到市局"
    )
    return made


def confirm(world: World, who: str, handover: PostHandover) -> PostHandover:
    done: PostHandover = world._act(leaving.confirm, world.actor(who), handover.id)
    return done


def at(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


def without_owner(world: World) -> list[Task]:
    """Open stays at which nobody whose account is open may act in his own right."""
    owned = (
        sa.select(TaskCandidate.task_id)
        .join(organization.Person, organization.Person.id == TaskCandidate.person_id)
        .where(TaskCandidate.principal_id.is_(None), organization.Person.active)
    )
    return list(
        world.session.scalars(sa.select(Task).where(Task.state == "open", Task.id.not_in(owned)))
    )


def test_nothing_moves_before_a_leader_signs(world: World) -> None:
    task = at(world, "office_check")
    handover = prepare(world, "system.admin", "office.head", "secretary")
    assert world.holders(task) == ["office.head"]
    assert world.actor("office.head").posts
    assert [each.state for each in handovers.listed(world.session, world.actor("leader"))] == [
        "prepared"
    ]
    assert any(
        "由接替人接办" in each.words for each in inventory.items(world.session, handover.person_id)
    )
    world.complete(task, "office.head")


def test_everything_moves_in_one_act(world: World) -> None:
    mine = at(world, "office_check")
    asked = world.hand_over(at(world, "leader_sign"), "leader", "office.head", "consult")
    own = world.draft("office.head")
    shared = at(world, "dept_review")
    delegation = world.delegate("office.head", "archivist")
    handover = prepare(world, "office.head", "office.head", "secretary")
    confirm(world, "leader", handover)
    assert [world.holders(each) for each in (mine, asked, own.opened[0])] == [["secretary"]] * 3
    assert world.holders(shared) == ["dept.head"]
    assert own.case.caretaker_id == handover.successor_id
    assert world.session.get_one(Delegation, delegation.id).ended_at is not None
    person = organization.person_by_login(world.session, "office.head")
    assert (person.active, in_force(world.session, person)) == (False, [])
    assert without_owner(world) == []
    assert len(handover.moved) >= 4
    lines = [each.label for each in history.lines(world.session, own.case)]
    assert {"岗位交接接办", "岗位交接接管"} <= set(lines)
    entry = audit.case_entries(world.session, mine.case_id)[-1]
    assert (entry.actor_login, entry.detail["to"]) == ("leader", "secretary")
    world.complete(mine, "secretary")
    world.complete(own.opened[0], "secretary")


SIGNERS = [
    ("leader", None),
    ("unit.head", None),
    ("office.head", NotAllowed),
    ("secretary", NotAllowed),
    ("system.admin", NotAllowed),
    ("drafter", NotFound),
    ("city.leader", NotFound),
]


@pytest.mark.parametrize(("who", "error"), SIGNERS)
def test_a_leader_who_is_no_party_signs(
    world: World, who: str, error: type[DomainError] | None
) -> None:
    handover = prepare(world, "system.admin", "office.head", "secretary")
    if error is None:
        assert confirm(world, who, handover).state == "done"
        with pytest.raises(Conflict):
            confirm(world, "leader2", handover)
        return
    with pytest.raises(error):
        confirm(world, who, handover)
    world.session.refresh(handover)
    assert (handover.state, handover.moved) == ("prepared", [])


def test_a_leader_does_not_supervise_himself(world: World) -> None:
    handover = prepare(world, "leader", "leader", "leader2")
    for party in ("leader", "leader2"):
        with pytest.raises(NotAllowed, match="ORG-24"):
            confirm(world, party, handover)
    confirm(world, "unit.head", handover)


PREPARED = [
    ("drafter", "office.head", "secretary", NotAllowed),
    ("office.head", "office.head", "office.head", Invalid),
    ("office.head", "office.head", "auditor", Invalid),
    ("office.head", "office.head", "city.leader", Invalid),
    ("office.head", "office.head", "", Invalid),
    ("city.system.admin", "office.head", "secretary", Invalid),
]


@pytest.mark.parametrize(("who", "person", "successor", "error"), PREPARED)
def test_who_may_prepare_for_whom(
    world: World, who: str, person: str, successor: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        prepare(world, who, person, successor)
    assert world.session.query(PostHandover).count() == 0


def test_one_waits_at_a_time_and_can_be_dropped(world: World) -> None:
    handover = prepare(world, "office.head", "office.head", "secretary")
    with pytest.raises(Conflict):
        prepare(world, "system.admin", "office.head", "drafter")
    with pytest.raises(NotAllowed):
        world._act(leaving.drop, world.actor("secretary"), handover.id)
    world._act(leaving.drop, world.actor("system.admin"), handover.id)
    assert world.actor("office.head").posts
    prepare(world, "system.admin", "office.head", "drafter")


def test_what_the_successor_must_not_do_stops_in_sight(world: World) -> None:
    """OUT-13: a clerk does not sign off because a leader has left."""
    signing = world.run(world.request(), until="unit_head_sign")
    assert signing is not None
    handover = prepare(world, "system.admin", "unit.head", "secretary")
    confirm(world, "leader", handover)
    assert signing.blocked is not None
    assert world.holders(signing) == ["process.admin", "process.admin2"]
    assert any("按规定接替人不能办理" in each for each in handover.moved)


def test_the_case_and_its_draft_are_the_successors(world: World) -> None:
    task = at(world, "dept_review")
    handover = prepare(world, "system.admin", "drafter", "dept.deputy")
    confirm(world, "leader", handover)
    (back,) = world.send_back(task, "dept.head", "draft").opened
    assert world.holders(back) == ["dept.deputy"]
    world.complete(back, "dept.deputy")
    (review,) = world.open(world.case_of(task))
    assert world.holders(review) == ["dept.head"], "who looks after it does not review it (OUT-04)"
    assert sees_case(world.session, world.actor("dept.deputy"), task.case_id)
    case = world._act(cancelling.cancel, world.actor("dept.deputy"), task.case_id, "不再发文")
    assert (case.state, case.starter_id) == ("cancelled", handover.person_id)


def test_a_countersigners_turn_comes_to_the_successor(world: World) -> None:
    task = at(world, "office_check")
    fields = {"countersigners": ["leader2", "leader3"], "countersign_mode": "sequential"}
    done = world.complete(task, "office.head", "approve", fields=fields)
    handover = prepare(world, "system.admin", "leader3", "dept.deputy")
    assert any("会签" in each.words for each in inventory.items(world.session, handover.person_id))
    confirm(world, "unit.head", handover)
    (first,) = world.open(done.case)
    (second,) = world.complete(first, "leader2", "approve").opened
    assert (second.named, world.holders(second)) == ("leader3", ["dept.deputy"])
    world.complete(second, "dept.deputy", "approve")
    assert "sign" not in {each.step for each in world.open(done.case)}


def test_what_was_not_read_lies_with_the_successor(world: World) -> None:
    done = world.draft()
    sender, reader = world.actor("drafter").person_id, world.actor("archivist").person_id
    world.session.add(
        Circulation(
            case_id=done.case.id,
            sender_id=sender,
            reader_id=reader,
            kind="circulate",
            words="请阅",
            sent_at=world.at,
            read_at=None,
            recalled_at=None,
        )
    )
    world.session.commit()
    confirm(world, "leader", prepare(world, "archivist", "archivist", "secretary"))
    query = sa.select(Circulation.reader_id).order_by(Circulation.id)
    readers = world.session.scalars(query).all()
    assert readers == [reader, world.actor("secretary").person_id]


def test_the_last_process_administrator_stays(world: World) -> None:
    confirm(world, "leader", prepare(world, "system.admin", "process.admin2", "secretary"))
    last = prepare(world, "system.admin", "process.admin", "secretary")
    with pytest.raises(Conflict, match="唯一的流程管理员"):
        confirm(world, "leader", last)
    assert world.actor("process.admin").posts


def test_who_took_over_may_leave_too(world: World) -> None:
    task = at(world, "dept_review")
    confirm(world, "leader", prepare(world, "system.admin", "drafter", "dept.deputy"))
    confirm(world, "leader", prepare(world, "system.admin", "dept.deputy", "secretary"))
    (back,) = world.send_back(task, "dept.head", "draft").opened
    assert world.holders(back) == ["secretary"]
    assert without_owner(world) == []


def test_an_answer_comes_back_though_who_asked_has_left(world: World) -> None:
    task = at(world, "office_check")
    asked = world.hand_over(task, "office.head", "leader3", "consult")
    confirm(world, "leader", prepare(world, "office.head", "office.head", "secretary"))
    (back,) = world.complete(asked, "leader3", opinion="可行。").opened
    assert back.blocked is not None
    assert world.holders(back) == ["process.admin", "process.admin2"]
