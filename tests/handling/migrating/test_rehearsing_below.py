"""预演 over units below: how many cases and of which kind, and never which cases these are."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.documents.models import Document
from app.errors import Invalid
from app.handling.migrating import outlooks, planning, rehearsing, targets, walks
from app.handling.migrating.outlooks import KINDS
from app.handling.migrating.planning import Plan
from app.handling.migrating.reach import Apart
from app.handling.migrating.rehearsing import Rehearsal
from app.handling.models import Case
from app.organization.models import Person, Unit
from app.workflow.allowed import CAMUNDA
from app.workflow.definitions import Definition
from tests.handling.administering import FIRST, carry_out
from tests.handling.editions import Edit, given_to, inserted, kept, limited, removed, timed
from tests.handling.migrating.migrating import in_force
from tests.handling.migrating.test_rehearsing_places import end_posts, own_version
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
CITY, COUNTY, EAST = "江洲市水务局", "江洲县水务局", "东湖区水务局"
ABOVE, BESIDE = "city.process.admin", "east.process.admin"
STANDS = "正在办理，新版本中没有它或改成了另一种环节"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The world on either engine, as after a start."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    walks.forget()
    with app.app_context():
        yield World(db.session())
        db.session.remove()
    walks.forget()


@pytest.fixture
def cases(world: World) -> dict[str, Case]:
    """Two of the county, at different steps; one each of the city and of the district beside."""
    found = {"drawn up": world.draft(), "checked": world.draft(title="江洲县水务局关于清淤的通知")}
    world.run(found["drawn up"], until="dept_review")
    world.run(found["checked"], until="office_check")
    found["east"] = world.draft("east.drafter", title="东湖区水务局关于供水的通知")
    world.run(found["east"], until="dept_review")
    found["city"] = world.draft("city.drafter", title="江洲市水务局关于汛期的通知")
    world.run(found["city"], until="dept_review")
    return {name: done.case for name, done in found.items()}


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which cases each walk looked at; None for all of them."""
    seen: list[Any] = []
    whole = outlooks.outlooks

    def counting(*given: Any, only: Any = None, **named: Any) -> Any:
        seen.append(only)
        return whole(*given, only=only, **named)

    monkeypatch.setattr(walks, "outlooks", counting)
    return seen


def rehearse(world: World, new: Definition, by: str = ABOVE, **wanted: Any) -> Rehearsal:
    return rehearsing.rehearse(world.session, world.actor(by), new, world.at, **wanted)


def numbers(found: Rehearsal) -> dict[str, dict[str, int]]:
    """Of each unit below, the kinds that occur."""
    return {
        each.unit: {kind: count for kind, count in each.counts.items() if count}
        for each in found.below
    }


def reasons(found: Rehearsal) -> dict[str, list[tuple[str, int]]]:
    return {each.unit: [(one.sentence, count) for one, count in each.why] for each in found.below}


def named(step: str, login: str) -> Edit:
    """The version names one person for the step."""
    return lambda drawing: drawing.element(step).set(f"{{{CAMUNDA}}}assignee", login)


SEEN = [
    # who     own  below                   elsewhere
    (ABOVE, ["city"], {COUNTY: 2, EAST: 1}, 0),
    ("city.process.admin2", ["city"], {COUNTY: 2, EAST: 1}, 0),
    (FIRST, ["drawn up", "checked"], {}, 2),
    (BESIDE, ["east"], {}, 3),
]


@pytest.mark.parametrize(("who", "own", "below", "elsewhere"), SEEN)
def test_who_sees_what(
    world: World,
    cases: dict[str, Case],
    who: str,
    own: list[str],
    below: dict[str, int],
    elsewhere: int,
) -> None:
    new = kept(world.session, LEGAL)
    found = rehearse(world, new, who)
    assert [each.case_id for each in found.listed] == [cases[each].id for each in own]
    assert (found.total, found.elsewhere) == (len(own), elsewhere)
    assert {each.unit: each.total for each in found.below} == below
    version = targets.version(world.session, world.actor(who), new.sha256)
    assert (version.others, version.below) == (len(own), sum(below.values()))


def test_cases_below_are_counted_by_kind_and_by_unit(world: World, cases: dict[str, Case]) -> None:
    found = rehearse(world, kept(world.session, LEGAL, limited("office_check", "P9D")))
    assert found.counts == {**dict.fromkeys(KINDS, 0), "more": 1, "rules": 1}
    assert numbers(found) == {
        COUNTY: {"more": 1, "rules": 1, "limit": 1},
        EAST: {"more": 1, "rules": 1},
    }


def test_what_keeps_them_from_moving_is_said_with_how_many(
    world: World, cases: dict[str, Case]
) -> None:
    world.run(world.draft(), until="dept_review")
    found = rehearse(world, kept(world.session, removed("office_check"), removed("dept_review")))
    assert reasons(found) == {
        COUNTY: [(f"“部门负责人核稿”{STANDS}", 2), (f"“办公室负责人把关”{STANDS}", 1)],
        EAST: [(f"“部门负责人核稿”{STANDS}", 1)],
    }
    assert numbers(found)[COUNTY] == {"gone": 3, "cannot": 3}
    assert found.movable == 0  # of the one that is his own


def test_a_case_below_that_stands_still_says_no_more_than_that(
    world: World, cases: dict[str, Case]
) -> None:
    carry_out(world, cases["checked"], "suspend")
    found = rehearse(world, kept(world.session, timed("office_check")))
    ((sentence, count),) = reasons(found)[COUNTY]
    assert sentence.startswith("此件已暂停，而两个版本的定时器不同")
    assert (count, reasons(found)[EAST]) == (1, [])


@pytest.mark.parametrize("to", ["nobody.known", "east.drafter"])
def test_why_nobody_may_act_names_nobody(world: World, cases: dict[str, Case], to: str) -> None:
    """The reason that their own administrators read names logins, people and units."""
    new = kept(world.session, named("dept_review", to))
    (own,) = rehearse(world, new, FIRST, kind="cannot").listed
    assert to in own.obstacles[0]
    said = reasons(rehearse(world, new))[COUNTY]
    assert said == [("“部门负责人核稿”按新版本没有人可以办理", 1)]


@pytest.mark.parametrize(
    "edit",
    [
        LEGAL,
        removed("dept_review"),
        removed("office_check"),
        given_to("dept_review", "office-head"),
        named("office_check", "nobody.known"),
        timed("dept_review"),
        limited("dept_review", "P3D"),
    ],
    ids=["more", "gone", "fewer", "people", "nobody", "timers", "limit"],
)
def test_numbers_hold_no_title_and_nobody(world: World, cases: dict[str, Case], edit: Edit) -> None:
    carry_out(world, cases["checked"], "suspend")
    found = rehearse(world, kept(world.session, edit))
    said = repr(found.below)
    kept_back = [
        each
        for column in (Document.title, Person.name, Person.login)
        for each in world.session.scalars(sa.select(column))
    ]
    assert len(kept_back) > len(cases)
    assert [each for each in kept_back if each in said] == []
    assert {each.case_id for each in found.listed} == {cases["city"].id}


def test_every_page_lists_own_cases_alone(world: World, cases: dict[str, Case]) -> None:
    new, own = kept(world.session, LEGAL), cases["city"].id
    for kind in ("", *KINDS):
        for after in (0, own - 1):
            listed = rehearse(world, new, kind=kind, after=after, most=1).listed
            assert {each.case_id for each in listed} <= {own}


def test_only_own_cases_can_be_chosen_for_moving(world: World, cases: dict[str, Case]) -> None:
    new, actor = in_force(world, LEGAL), world.actor(ABOVE)
    movable = rehearsing.movable(world.session, actor, new, world.at, 100)
    assert list(movable) == [cases["city"].id]
    ids = [each.id for each in cases.values()]
    every = rehearsing.of_version(world.session, actor, new, world.at, only=ids)
    assert [each.case_id for each in every] == [cases["city"].id]
    plan = Plan(new.sha256, ids, "新办法自本月起执行。", "办公会纪要〔2026〕8号", False)
    with pytest.raises(Invalid, match="没有编号为"):
        planning.propose(world.session, actor, plan)


def test_a_unit_below_with_a_version_of_its_own_is_named_apart(
    world: World, cases: dict[str, Case]
) -> None:
    unit = own_version(world, FIRST, limited("office_check", "P4D"))
    found = rehearse(world, kept(world.session, LEGAL))
    assert [each.unit for each in found.below] == [EAST]
    assert found.apart == [Apart(unit, unit, 2)]
    assert found.elsewhere == 0


def test_a_version_for_one_unit_below_is_tried_there_alone(
    world: World, cases: dict[str, Case]
) -> None:
    session = world.session
    east = session.scalars(sa.select(Unit.id).where(Unit.name == EAST)).one()
    found = rehearse(world, kept(session, LEGAL), at={east})
    assert (found.total, numbers(found)) == (0, {EAST: {"more": 1, "rules": 1}})
    assert [(each.unit, each.count) for each in found.apart] == [(CITY, 1), (COUNTY, 2)]


def test_a_case_below_that_somebody_touched_is_looked_at_again(
    world: World, cases: dict[str, Case], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    assert numbers(rehearse(world, new))[COUNTY]["more"] == 1
    world.complete(world.open(cases["drawn up"])[0], "dept.head", "approve")
    assert numbers(rehearse(world, new))[COUNTY] == {"same": 2}
    assert walked == [None, [cases["drawn up"].id]]


def test_a_case_below_that_began_or_ended_since_is_counted(
    world: World, cases: dict[str, Case], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    rehearse(world, new)
    begun = world.draft("east.drafter")
    assert numbers(rehearse(world, new))[EAST]["more"] == 2
    words = sa.text("UPDATE handling_case SET state = 'closed' WHERE id = :id")
    world.session.execute(words, {"id": begun.case.id})
    world.session.commit()
    assert numbers(rehearse(world, new))[EAST]["more"] == 1
    assert walked == [None, [begun.case.id], None]


def test_a_post_below_that_changed_has_all_of_them_looked_at(
    world: World, cases: dict[str, Case], walked: list[Any]
) -> None:
    new = kept(world.session, given_to("dept_review", "seal-keeper"))
    assert numbers(rehearse(world, new))[COUNTY] == {"people": 1, "same": 1}
    end_posts(world, "seal-keeper")
    found = rehearse(world, new)
    assert numbers(found)[COUNTY] == {"cannot": 1, "same": 1}
    assert reasons(found)[COUNTY] == [("“部门负责人核稿”按新版本没有人可以办理", 1)]
    assert walked == [None, None]


def test_administrators_with_the_same_reach_share_a_walk_and_others_do_not(
    world: World, cases: dict[str, Case], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    above = rehearse(world, new)
    assert rehearse(world, new, "city.process.admin2").below == above.below
    assert walked == [None]
    below = rehearse(world, new, FIRST)
    assert walked == [None, None]
    assert (below.total, below.below) == (2, [])
    assert rehearse(world, new).below == above.below


def test_the_memory_holds_nothing_that_says_which_case_it_is(
    world: World, cases: dict[str, Case]
) -> None:
    rehearse(world, kept(world.session, named("dept_review", "nobody.known")))
    (walk,) = walks._walks.values()
    said = repr([*walk.seen.values()])
    assert len(walk.seen) == len(cases)
    assert not any(title in said for title in world.session.scalars(sa.select(Document.title)))
    assert "nobody.known" not in said
