"""预演: whom a version reaches, to whom it gives what is under way, and what is found only once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import audit, organization
from app.handling.migrating import outlooks, reach, targets, walks
from app.handling.migrating.reach import Apart
from app.handling.models import Task
from app.organization import operations
from app.organization.models import Appointment, Unit
from app.workflow import following, publishing, terms
from app.workflow.models import DefinitionRow
from tests.handling.administering import FIRST, SECOND
from tests.handling.editions import given_to, inserted, kept, limited
from tests.handling.migrating.migrating import acted, in_force, stand
from tests.handling.migrating.test_rehearsing import rehearse
from tests.web.handling import dismiss
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


@pytest.fixture(autouse=True)
def as_after_a_start() -> Iterator[None]:
    walks.forget()
    yield
    walks.forget()


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


def own_version(world: World, login: str, *edits: Any) -> str:
    """Put in force for the unit of this person alone."""
    session, new = world.session, kept(world.session, *edits)
    unit = world.actor(login).unit_id
    row = session.get_one(DefinitionRow, new.sha256)
    term = terms.propose(session, row, world.actor(FIRST).signature(), world.at, unit_id=unit)
    by = world.actor(SECOND).signature()
    publishing.put_in_force(session, new.sha256, by, world.at, term_id=term.id)
    session.commit()
    return session.get_one(Unit, unit).name


def test_a_changed_role_names_who_has_it_now_and_who_would(world: World) -> None:
    stand(world, "dept_review")
    found = rehearse(world, kept(world.session, given_to("dept_review", "office-head")))
    assert (found.counts["people"], found.counts["same"]) == (1, 0)
    (one,) = found.listed[0].people
    names = [organization.person_by_login(world.session, login).name for login in HEADS]
    assert one.sentence == (
        "“部门负责人核稿”的办理角色由“部门负责人”改为“办公室负责人”，"
        f"现办理人{names[0]}不在其中，由{names[1]}办理"
    )


HEADS = ("dept.head", "office.head")


def test_a_role_of_a_step_elsewhere_changes_nothing_here(world: World) -> None:
    stand(world, "dept_review")
    found = rehearse(world, kept(world.session, given_to("office_check", "dept-head")))
    assert found.counts["people"] == 0


def test_what_a_colleague_gave_stays_with_whom_he_gave_it(world: World) -> None:
    task = stand(world, "dept_review")
    world.hand_over(task, "dept.head", "dept.deputy")
    found = rehearse(world, kept(world.session, given_to("dept_review", "office-head")))
    assert (found.counts["people"], found.counts["same"]) == (0, 1)


def test_a_role_that_nobody_holds_keeps_the_case_where_it_is(world: World) -> None:
    stand(world, "dept_review")
    dismiss(world, "supervisor")
    found = rehearse(world, kept(world.session, given_to("dept_review", "supervisor")))
    (case,) = found.listed
    assert (found.counts["cannot"], case.movable) == (1, False)
    assert "没有人可以办理" in case.obstacles[0]


def test_a_unit_with_a_version_of_its_own_is_left_out_and_named(world: World) -> None:
    stand(world, "dept_review")
    unit = own_version(world, FIRST, limited("office_check", "P4D"))
    whole = kept(world.session, LEGAL)
    found = rehearse(world, whole)
    assert (found.total, found.listed) == (0, [])
    assert found.apart == [Apart(unit, unit, 1)]
    assert found.apart[0].why == "本单位启用了自己的版本"
    assert targets.version(world.session, world.actor(FIRST), whole.sha256).others == 0


def test_a_version_for_one_unit_reaches_it_and_nobody_else(world: World) -> None:
    stand(world, "dept_review")
    own_version(world, "city.drafter", LEGAL)
    new = kept(world.session, LEGAL)
    with_office = rehearse(world, new)  # also proposed for the whole office
    assert (with_office.total, with_office.apart) == (1, [])
    city = world.actor("city.drafter").unit_id
    found = rehearse(world, new, at={city})
    below = world.session.get_one(Unit, world.actor(FIRST).unit_id).parent_id == city
    assert found.total == (1 if below else 0)


def test_units_below_follow_the_version_of_the_unit_above(world: World) -> None:
    stand(world, "dept_review")
    county = world.session.get_one(Unit, world.actor(FIRST).unit_id)
    assert county.parent_id is not None
    above = own_version(world, "city.drafter", limited("office_check", "P4D"))
    found = rehearse(world, kept(world.session, LEGAL))
    assert found.apart == [Apart(county.name, above, 1)]
    assert found.apart[0].why == f"{above}启用了自己的版本"


@pytest.fixture
def followed(world: World) -> str:
    """The county follows the version above again, which has changed since; that of before."""
    session, county = world.session, world.session.get_one(Unit, world.actor(FIRST).unit_id)
    own_version(world, FIRST, limited("office_check", "P4D"))
    first, second = (world.actor(each).signature() for each in (FIRST, SECOND))
    term = following.propose(session, "outgoing", county.id, first, world.at, reason="与市局一致")
    before = term.sha256
    terms.put_in_force(session, before, second, world.at, term_id=term.id)
    session.commit()
    assert (term.state, term.unit_id, term.follows) == ("in_force", county.id, True)
    in_force(world, LEGAL)
    return before


def test_where_a_unit_follows_no_version_holds_of_its_own(world: World, followed: str) -> None:
    assert reach.places(world.session, followed) == reach.OFFICE
    found = targets._places(world.session, [followed])
    assert found == {followed: {None}}


def test_that_it_is_to_follow_is_tried_there(world: World) -> None:
    """Proposed again: the rehearsal asks what would hold in that unit."""
    county = world.session.get_one(Unit, world.actor(FIRST).unit_id)
    own_version(world, FIRST, limited("office_check", "P4D"))
    by = world.actor(FIRST).signature()
    term = following.propose(
        world.session, "outgoing", county.id, by, world.at, reason="与市局一致"
    )
    assert county.id in reach.places(world.session, term.sha256)
    assert county.id in targets._places(world.session, [term.sha256])[term.sha256]


def end_posts(world: World, role: str) -> None:
    """As the security administrator does it, with its entry."""
    unit = world.actor(FIRST).unit_id
    held = sa.select(Appointment).filter_by(role_key=role, unit_id=unit, until=None)
    by = audit.signed_by_rule("测试")
    for post in world.session.scalars(held).all():
        operations.end_appointment(world.session, by, world.at, post=post)
    world.session.commit()


@pytest.fixture
def three(world: World) -> tuple[Task, ...]:
    return tuple(stand(world, step) for step in ("dept_review", "office_check", "dept_review"))


def test_all_cases_are_walked_once_for_all_pages(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    first = rehearse(world, new, most=1)
    second = rehearse(world, new, most=1, after=first.following)
    narrowed = rehearse(world, new, kind="more")
    assert walked == [None]
    assert [each.case_id for each in second.listed] == [three[1].case_id]
    assert [each.case_id for each in narrowed.listed] == [three[0].case_id, three[2].case_id]
    assert first.counts == second.counts == narrowed.counts


def test_a_case_that_somebody_touched_is_looked_at_again(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    assert rehearse(world, new).counts["more"] == 2
    world.complete(three[0], "dept.head", "approve")
    found = rehearse(world, new)
    assert (found.total, found.counts["more"], found.counts["same"]) == (3, 1, 2)
    assert walked == [None, [three[0].case_id]]


def test_a_case_that_began_or_ended_since_is_counted(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    rehearse(world, new)
    begun = stand(world, "draft")
    found = rehearse(world, new)
    assert (found.total, found.counts["more"]) == (4, 3)
    assert walked == [None, [begun.case_id]]


def test_a_changed_post_has_all_of_them_looked_at(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, given_to("dept_review", "seal-keeper"))
    assert rehearse(world, new).counts["people"] == 2
    end_posts(world, "seal-keeper")
    found = rehearse(world, new)
    assert (found.counts["people"], found.counts["cannot"]) == (0, 2)
    assert walked == [None, None]


def test_the_next_day_all_of_them_are_looked_at(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    rehearse(world, new)
    world.at += timedelta(days=1)
    assert rehearse(world, new).walked == world.at
    assert walked == [None, None]


def test_a_database_that_was_restored_is_another_one(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    rehearse(world, new)
    for walk in walks._walks.values():
        walk.end = (walk.end[0], "0" * 64)
    rehearse(world, new)
    assert walked == [None, None]


def test_rows_that_came_without_a_record_are_counted(
    world: World, three: tuple[Task, ...], walked: list[Any]
) -> None:
    new = kept(world.session, LEGAL)
    rehearse(world, new)
    world.session.execute(
        sa.text("UPDATE handling_case SET state = 'closed' WHERE id = :id"),
        {"id": three[2].case_id},
    )
    world.session.commit()
    assert rehearse(world, new).total == 2


def test_versions_beyond_the_bound_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "KEPT", 1)
    stand(world, "dept_review")
    for limit in ("P2D", "P3D"):
        rehearse(world, kept(world.session, limited("dept_review", limit)))
    assert len(walks._walks) == 1


def test_acting_is_not_needed_to_see(world: World) -> None:
    task = stand(world, "dept_review")
    new = kept(world.session, given_to("dept_review", "office-head"))
    holders = world.holders(task)
    acted(world, lambda: rehearse(world, new))
    assert world.holders(task) == holders
