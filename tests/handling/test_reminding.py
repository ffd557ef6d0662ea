"""What goes out to people beside the notices, when, and the digest that takes its place."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from app import clock, messages
from app.deadlines.operations import move_limit
from app.handling.acts.urging import urge
from app.handling.digests import write_digests
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Outbox
from tests.messages.conftest import reach
from tests.world import MONDAY, NOTICE, World

DIGEST_TIME = {"hour": 8, "minute": 36}


@pytest.fixture(autouse=True)
def open_channels() -> Iterator[None]:
    yield
    messages.use(Channels())


@pytest.fixture
def office(world: World) -> World:
    """Everybody of these wants mail; the channel keeps all in the outbox."""
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
    for login in ("drafter", "dept.head", "office.head", "leader"):
        reach(world.session, login)
    return world


def digests(world: World) -> int:
    world.session.rollback()
    with clock.moved_to(world.at):
        return write_digests(sessionmaker(world.session.get_bind()))


def out(world: World, login: str | None = None, kind: str | None = None) -> list[Outbox]:
    found = world.session.query(Outbox).populate_existing().order_by(Outbox.id)
    if login is not None:
        found = found.filter_by(person_id=world.actor(login).person_id)
    return list(found.filter_by(kind=kind) if kind else found)


def test_an_urge_goes_out_with_title_step_due_time_and_address_only(office: World) -> None:
    task = office.run(office.draft(), until="dept_review")
    assert task is not None
    with clock.moved_to(office.at):
        urge(office.session, office.actor("drafter"), task.id, "会上要用的内情")
        office.session.commit()
    (row,) = out(office, "dept.head")
    assert (row.kind, row.state) == ("urged", "waiting")
    assert row.subject == f"【公文催办】{NOTICE['title']}"
    assert row.body == (
        f"标题：{NOTICE['title']}\n环节：部门负责人核稿\n时限：应于 11-24 18:00 前办理\n\n"
        f"办理：http://oa.example.cn/tasks/{task.id}\n"
    )


def test_the_alarm_goes_out_at_any_hour_and_again_until_opened(office: World) -> None:
    office.at = MONDAY.replace(hour=22)
    office.run(office.draft(urgency="urgent"), until="dept_review")
    for minutes in (0, 5, 10, 10):
        office.later(minutes=minutes)
        office.sweep()
    alarms = out(office, "dept.head", "alarm")
    assert [row.state for row in alarms] == ["waiting"] * 3
    assert len({row.message_key for row in alarms}) == 3
    assert "缓急：加急" in alarms[0].body


def test_what_is_overdue_is_told_once(office: World) -> None:
    office.run(office.draft(), until="dept_review")
    office.at = MONDAY + timedelta(days=1, hours=9, seconds=1)  # Tuesday 18:00:01
    for _ in range(3):
        office.sweep()
    rows = out(office, kind="overdue")
    people = sorted([office.actor(login).person_id for login in ("dept.head", "office.head")])
    assert sorted(row.person_id for row in rows) == people
    assert {row.state for row in rows} == {"held"}, "after hours, and not urgent"


def test_what_is_urgent_is_overdue_at_any_hour(office: World) -> None:
    office.at = MONDAY.replace(hour=22)
    office.run(office.draft(urgency="extra_urgent"), until="dept_review")
    office.later(hours=2, minutes=2)
    office.sweep()
    assert {row.state for row in out(office, kind="overdue")} == {"waiting"}


def test_the_digest_comes_once_a_day_at_the_opening(office: World) -> None:
    office.run(office.draft(), until="dept_review")
    office.at = (MONDAY + timedelta(days=1)).replace(hour=8, minute=30)
    assert digests(office) == 0, "not before the sweep has looked at what falls due now"
    office.at = office.at.replace(minute=36)
    assert digests(office) == 0, "nor while it lags behind"
    office.sweep()
    assert digests(office) == 4
    assert digests(office) == 0
    (row,) = out(office, kind="digest")
    assert row.person_id == office.actor("dept.head").person_id, "the others have nothing to do"
    assert row.subject == "【公文汇总】临近到期 1 件"
    assert row.body.splitlines()[:2] == [
        "临近到期 1 件：",
        f"· {NOTICE['title']}（部门负责人核稿，应于 11-24 18:00 前办理）",
    ]
    office.at = office.at.replace(hour=15)
    assert digests(office) == 0


@pytest.mark.parametrize(
    "moment",
    [MONDAY.replace(hour=8, minute=20), MONDAY.replace(hour=13), MONDAY.replace(hour=19),
     MONDAY - timedelta(days=1)],
)  # fmt: skip
def test_no_digest_when_the_office_is_closed(office: World, moment: datetime) -> None:
    office.run(office.draft(), until="dept_review")
    office.at = moment
    assert digests(office) == 0


def test_after_hours_what_was_held_comes_in_the_next_digest(office: World) -> None:
    office.run(office.draft(), until="dept_review")
    office.at = MONDAY + timedelta(days=1, hours=10)
    office.sweep()
    office.at = (MONDAY + timedelta(days=2)).replace(**DIGEST_TIME)
    digests(office)
    assert {row.state for row in out(office, kind="overdue")} == {"folded"}
    (row,) = out(office, "dept.head", "digest")
    assert row.subject == "【公文汇总】已超时 1 件，待阅 1 件"


def test_after_three_days_of_standstill_one_digest_per_person(office: World) -> None:
    for number in range(30):
        title = f"江洲县水务局关于第{number}项工作的通知"
        office.run(office.draft(title=title), until="dept_review")
    office.at = (MONDAY + timedelta(days=3)).replace(hour=10)
    assert digests(office) == 0, "it waits until the sweep has caught up"
    office.sweep()
    digests(office)
    assert digests(office) == 0
    sent = [row for row in out(office) if row.state == "waiting"]
    assert [row.kind for row in sent] == ["digest", "digest"]
    assert {row.person_id for row in sent} == {
        office.actor(login).person_id for login in ("dept.head", "office.head")
    }
    head = next(row for row in sent if row.person_id == office.actor("dept.head").person_id)
    assert head.subject == "【公文汇总】已超时 30 件，待阅 30 件"
    assert "· 另有 10 件" in head.body


def test_a_standstill_within_the_day_brings_a_second_digest(office: World) -> None:
    office.at = (MONDAY + timedelta(days=1)).replace(**DIGEST_TIME)
    digests(office)
    office.run(office.draft(urgency="urgent"), until="dept_review")
    office.at = office.at.replace(hour=16)
    office.sweep()
    assert {row.state for row in out(office, kind="overdue")} == {"held"}
    digests(office)
    assert len(out(office, "dept.head", "digest")) == 1
    assert digests(office) == 0


def test_who_has_left_or_wants_nothing_gets_nothing(office: World) -> None:
    reach(office.session, "dept.head", mail=False)
    office.run(office.draft(urgency="urgent"), until="dept_review")
    office.sweep()
    assert out(office, "dept.head") == []
    office.at = (MONDAY + timedelta(days=1)).replace(**DIGEST_TIME)
    office.sweep()
    digests(office)
    assert out(office, "dept.head") == []


def test_an_undone_act_leaves_no_message(office: World) -> None:
    task = office.run(office.draft(), until="dept_review")
    assert task is not None
    with clock.moved_to(office.at):
        urge(office.session, office.actor("drafter"), task.id, "会议等用。")
        office.session.rollback()
    assert out(office) == []


def test_what_draws_near_in_the_middle_of_the_day_is_told_then(office: World) -> None:
    """A limit that stood still goes on with what was left: it turns amber at another hour."""
    task = office.run(office.draft(), until="dept_review")
    assert task is not None
    office.at = MONDAY.replace(hour=10)
    with clock.moved_to(office.at):
        near = office.at + timedelta(hours=4)  # 14:00
        move_limit(office.session, "task", task.id, near + timedelta(days=1), revision=2,
                   at=office.at, reminder=near)  # fmt: skip
        office.session.commit()
    office.at = near
    office.sweep()
    assert out(office) == []
    for _ in range(2):
        office.later(seconds=20)
        office.sweep()
    (row,) = out(office)
    assert (row.kind, row.state) == ("amber", "waiting")
    assert row.person_id == office.actor("dept.head").person_id
    assert row.subject == f"【公文临近到期】{NOTICE['title']}"


def test_what_draws_near_at_the_opening_is_in_the_digest(office: World) -> None:
    office.run(office.draft(), until="dept_review")
    office.at = (MONDAY + timedelta(days=1)).replace(hour=8, minute=30, second=10)
    office.sweep()
    assert [(row.kind, row.state) for row in out(office)] == [("amber", "held")]
    office.at = office.at.replace(minute=36)
    digests(office)
    assert [(row.kind, row.state) for row in out(office)] == [
        ("amber", "folded"),
        ("digest", "waiting"),
    ]


def test_a_stay_that_has_ended_is_not_told_of(office: World) -> None:
    task = office.run(office.draft(), until="dept_review")
    assert task is not None
    office.complete(task, "dept.head", "approve")
    office.at = MONDAY + timedelta(days=1, hours=2)
    office.sweep()
    assert {row.person_id for row in out(office)} == {office.actor("office.head").person_id}
