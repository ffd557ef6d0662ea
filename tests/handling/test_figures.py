"""统计: known times give known figures, and those of a randomly played office equal its record."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.figures.asking import Wanted
from app.handling.figures.measuring import measure
from app.handling.figures.tables import Figures, Tables, tables
from app.handling.models import Case, Task
from app.organization.models import Department, Person, Unit
from tests.world import MONDAY, World

WEEK = Wanted(date(2026, 11, 23), date(2026, 11, 29))
LONG = Wanted(date(2026, 11, 1), date(2027, 1, 31))


def shown(world: World, wanted: Wanted, login: str = "office.head") -> Tables:
    world.session.rollback()
    with clock.moved_to(world.at):
        measured = measure(world.session, world.actor(login), wanted)
    return tables(measured, supervises=login.endswith(("office.head", "secretary")))


def by_label(lines: Any) -> dict[str, Figures]:
    found = {each.label: each for each in lines}
    assert len(found) == len(lines)
    return found


def test_known_times_give_known_figures(world: World) -> None:
    """SRC-05: drafted at 9:00, sent at 9:30; reviewed late on Wednesday; the office lets it lie."""
    done = world.draft()
    world.at = MONDAY.replace(hour=9, minute=30)
    (review,) = world.complete(world.open(done.case)[0], "drafter").opened
    world.at = MONDAY.replace(day=25, hour=9, minute=0)  # due on Tuesday at 18:00
    world.complete(review, "dept.head")
    world.at = MONDAY.replace(day=27, hour=12)
    found = shown(world, WEEK)
    people = by_label(found.people)
    drafter, head = people["陈雨桐"], people["王建军"]
    assert (drafter.items, drafter.late, drafter.average) == (1, 0, 30)
    assert (head.items, head.on_time, head.late) == (1, 0, 1)
    # Monday from 9:31 less the break, all of Tuesday, 31 minutes on Wednesday
    assert head.longest == head.average == (149 + 240) + 450 + 31
    assert head.longest_delay == head.average_delay == 31
    departments = by_label(found.departments)
    assert (departments["工程科"].items, departments["工程科"].late) == (2, 1)
    assert (departments["办公室"].items, departments["办公室"].waiting) == (0, 1)
    assert found.total.items == 2
    assert found.total.waiting == 1


def test_an_act_at_the_due_instant_is_on_time(world: World) -> None:
    review = world.run(world.draft(), until="dept_review")
    assert review is not None
    assert review.due_at is not None
    world.at = review.due_at.astimezone(SHANGHAI) - timedelta(minutes=1)
    world.complete(review, "dept.head")
    head = by_label(shown(world, WEEK).people)["王建军"]
    assert (head.on_time, head.late) == (1, 0)


def test_what_is_taken_back_does_not_count(world: World) -> None:
    done = world.draft()
    first = world.open(done.case)[0]
    world.complete(first, "drafter")
    world.withdraw(first, "drafter")
    assert shown(world, WEEK).total.items == 0
    world.complete(world.open(done.case)[0], "drafter")
    assert shown(world, WEEK).total.items == 1


def test_periods_and_kinds_narrow(world: World) -> None:
    world.run(world.draft(), until="office_check")
    world.run(world.register(), until="propose")
    assert shown(world, WEEK).total.items == 3
    assert shown(world, Wanted(WEEK.since, WEEK.until, flow="incoming")).total.items == 1
    assert shown(world, Wanted(WEEK.since, WEEK.until, kind="通知")).total.items == 3
    assert shown(world, Wanted(WEEK.since, WEEK.until, kind="函")).total.items == 0
    assert shown(world, Wanted(date(2026, 11, 24), WEEK.until)).total.items == 0
    assert [line.of for line in shown(world, WEEK).kinds] == ["收文", "发文"]
    for wrong in (Wanted(WEEK.until, WEEK.since), Wanted(date(2025, 1, 1), WEEK.until)):
        with pytest.raises(Invalid):
            shown(world, wrong)


def test_who_moves_leaves_what_he_did_where_he_did_it(world: World) -> None:
    """DDL-19, DDL-23: a department answers for what was done in it."""
    world.complete(world.open(world.draft().case)[0], "drafter")
    move(world, "drafter", "finance")
    again = world.draft(title="江洲县水务局关于做好春灌的通知")
    world.complete(world.open(again.case)[0], "drafter")
    found = shown(world, WEEK)
    lines = [(line.label, line.of, line.items) for line in found.people]
    assert sorted(lines) == [("陈雨桐", "工程科", 1), ("陈雨桐", "财务科", 1)]
    assert by_label(found.departments)["工程科"].items == 1
    assert by_label(found.departments)["财务科"].items == 1
    assert found.total.items == 2
    head = shown(world, WEEK, "dept.head")
    assert [(line.label, line.items) for line in head.people] == [("陈雨桐", 1)]


def move(world: World, login: str, department: str | None) -> None:
    """Somebody belongs to another department of the county from now on; his posts stay."""
    unit = world.actor("office.head").unit_id
    home = sa.select(Department.id).where(Department.unit_id == unit, Department.key == department)
    place = home.scalar_subquery() if department else None
    world.session.execute(
        sa.update(Person).where(Person.login == login).values(department_id=place)
    )
    world.session.commit()


PLACES = ["engineering", "finance", "office", None]


def test_heads_see_their_own_and_superiors_only_sums(world: World) -> None:
    world.run(world.draft(), until="office_check")
    world.run(world.draft("sole.head"), until="dept_review")
    head = shown(world, WEEK, "dept.head")
    assert {line.of for line in head.people} == {"工程科"}
    assert head.units == ()
    city = shown(world, WEEK, "city.office.head")
    assert [(line.label, line.items) for line in city.units] == [("江洲县水务局", 3)]
    assert (city.people, city.departments, city.total.items) == ([], [], 0)
    with pytest.raises(NotAllowed):
        shown(world, WEEK, "drafter")


# The same figures once more, from nothing but the entries of the record.


@dataclass
class Act:
    """An ending act as it was recorded."""

    login: str
    unit: str
    department: str
    minutes: int
    late: bool | None
    delay: int


def entries(world: World) -> Iterator[dict[str, Any]]:
    for body in world.session.scalars(sa.select(AuditEntry.body).order_by(AuditEntry.seq)):
        yield json.loads(body)


def from_the_record(world: World) -> list[Act]:
    query = sa.select(Case.id, Unit.name).join(Unit, Unit.id == Case.unit_id)
    units = dict(world.session.execute(query).all())
    found: dict[int, Act] = {}
    for body in entries(world):
        if body["outcome"] != "done":
            continue
        if body["action"] in ("task.completed", "task.returned", "task.answered"):
            found[body["subject"][1]] = recorded(body, units[body["case"]])
        elif body["action"] == "task.withdrawn" and body["detail"]["way"] != "some":
            found.pop(body["subject"][1], None)
    return list(found.values())


def recorded(body: dict[str, Any], unit: str) -> Act:
    at, detail = datetime.fromisoformat(body["at"]), body["detail"]
    arrived = datetime.fromisoformat(detail["arrived_at"])
    due = datetime.fromisoformat(detail["due_at"]) if detail["due_at"] else None
    late = None if due is None else at > due
    delay = minutes_between(due, at) if due and late else 0
    department = detail["actor_department"] or "单位领导"
    return Act(body["actor"]["login"], unit, department, minutes_between(arrived, at), late, delay)


def minutes_between(start: datetime, end: datetime) -> int:
    """Working minutes of plain weeks, counted without the calendar of the office."""
    total, day = timedelta(), start.astimezone(SHANGHAI).date()
    while day <= end.astimezone(SHANGHAI).date():
        for opens, closes in ((time(8, 30), time(12)), (time(14), time(18))):
            if day.weekday() < 5:
                begin = datetime.combine(day, opens, SHANGHAI)
                finish = datetime.combine(day, closes, SHANGHAI)
                total += max(min(finish, end) - max(begin, start), timedelta())
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)


def summed(acts: list[Act]) -> tuple[int, ...]:
    late = [act for act in acts if act.late]
    return (
        len(acts),
        sum(act.late is False for act in acts),
        len(late),
        sum(act.minutes for act in acts),
        max((act.minutes for act in acts), default=0),
        sum(act.delay for act in late),
        max((act.delay for act in late), default=0),
    )


def of(line: Figures) -> tuple[int, ...]:
    return (
        *(line.items, line.on_time, line.late, line.minutes),
        *(line.longest, line.delay, line.longest_delay),
    )


def play(world: World, chance: random.Random) -> None:
    """Some documents, each act by chance: on, back, to a colleague, taken back; days pass."""
    for _ in range(5):
        begin = chance.choice([world.draft, world.request, world.register])
        kind = "请示" if begin == world.request else "通知"
        begin(title=f"江洲县水务局关于第 {chance.random():.6f} 号事项的{kind}")
    sent: list[Task] = []
    moves = random.Random(45)  # noqa: S311  (apart from what else happens by chance)
    for _ in range(45):
        world.later(minutes=chance.choice([1, 7, 45, 200, 1000]))
        stays = world.session.scalars(sa.select(Task).where(Task.state == "open")).all()
        if not stays:
            break
        if moves.random() < 0.1:
            move(world, moves.choice(["drafter", "dept.head", "leader"]), moves.choice(PLACES))
        task = chance.choice(list(stays))
        login = chance.choice(world.holders(task))
        try:
            act(world, chance, task, login, sent)
        except (DomainError, Conflict):
            world.session.rollback()


def act(world: World, chance: random.Random, task: Task, login: str, sent: list[Task]) -> None:
    done = chance.choice(["on", "on", "on", "on", "back", "aside", "undo"])
    if done == "back":
        world.send_back(task, login, chance.choice(["draft", "register", "dept_review"]))
    elif done == "aside":
        colleague = chance.choice(["leader3", "archivist", "printing"])
        world.hand_over(task, login, colleague, chance.choice(["transfer", "consult"]))
    elif done == "undo" and sent:
        last = sent.pop()
        person = world.session.get_one(Person, last.done_by_id)
        world.withdraw(last, person.login)
    else:
        given = {"distribute": {"next": ["leader", "leader2"]}, "collect": {"outcome": "to_handle"}}
        if task.step == "collect":
            given["collect"]["fields"] = {"handling_department": "finance"}
        world.complete(task, login, **given.get(task.step, {}))
        sent.append(task)


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_a_played_office_equal_its_record(world: World, seed: int) -> None:
    play(world, random.Random(seed))  # noqa: S311  (a seed that can be repeated)
    acts = from_the_record(world)
    assert len(acts) >= 15
    assert any(act.late for act in acts)
    found = shown(world, LONG)
    assert of(found.total) == summed(acts)
    names = dict(world.session.execute(sa.select(Person.login, Person.name)).all())
    for line in found.people:
        mine = [act for act in acts if (names[act.login], act.department) == (line.label, line.of)]
        assert of(line) == summed(mine), line
    for line in found.departments:
        assert of(line) == summed([act for act in acts if act.department == line.label]), line
    for line in found.units:
        assert of(line) == summed([act for act in acts if act.unit == line.label]), line
    assert sum(line.items for line in found.people) == found.total.items
    assert sum(line.items for line in found.kinds) == found.total.items
    assert sum(line.minutes for line in found.departments) == found.total.minutes
