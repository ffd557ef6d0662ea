"""A unit gives its own version up and follows the unit above again, on both engines."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import AuditEntry
from app.database import db
from app.errors import Invalid, NotFound
from app.handling import following, routes
from app.handling import terms as begun
from app.handling.views import history, places
from app.workflow import checks, queries, trial
from app.workflow.errors import AlreadyDecided, LosesRules, SecondPersonNeeded, SetForLater
from app.workflow.following import AnotherAbove, NothingAbove
from app.workflow.models import DefinitionRow, ProcessTerm
from app.workflow.publishing import put_in_force
from app.workflow.rights import OutOfReach
from tests.features.rows import all_rows
from tests.handling.editions import inserted, kept, renamed
from tests.handling.test_process_drafts import begin, drafts
from tests.world import World

FIRST, SECOND = "process.admin", "process.admin2"
CITY, CITY_SECOND = "city.process.admin", "city.process.admin2"
LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The office on the one engine and on the other."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context():
        yield World(db.session())
        db.session.remove()


def county(world: World) -> int:
    return world.actor(FIRST).unit_id


def holds(world: World) -> str:
    return queries.in_force(world.session, "outgoing", county(world)).sha256


def own(world: World) -> str:
    """The county has a version of its own, with one step more."""
    sha256 = kept(world.session, LEGAL).sha256
    session = world.session
    term = session.scalars(sa.select(ProcessTerm).filter_by(sha256=sha256)).one()
    routes.refuse(session, world.actor(CITY), term.id, "只在县里用", world.at)
    term = routes.propose(
        session, world.actor(FIRST), sha256, "县里要法审", world.at, unit_id=county(world)
    )
    routes.decide(session, world.actor(SECOND), term.id, world.at, agree=True)
    session.commit()
    assert holds(world) == sha256
    session.rollback()  # pages and programs are to write next
    return sha256


def propose(world: World, by: str = FIRST, day: date | None = None) -> ProcessTerm:
    return following.propose(
        world.session,
        world.actor(by),
        "outgoing",
        county(world),
        "与市局一致",
        world.at,
        in_force_from=day,
    )


def agree(world: World, term: ProcessTerm, by: str = SECOND) -> ProcessTerm:
    return routes.decide(world.session, world.actor(by), term.id, world.at, agree=True)


def change_above(world: World) -> str:
    """The whole office begins with another version; its sha256."""
    new = kept(world.session, LEGAL, renamed("draft", "起草")).sha256
    put_in_force(world.session, new, world.actor(CITY_SECOND).signature(), world.at)
    world.session.commit()
    return new


def test_new_cases_take_the_version_above_and_running_ones_stay(world: World) -> None:
    above = holds(world)
    mine = own(world)
    running = world.draft()
    term = propose(world)
    assert (term.state, term.sha256, holds(world)) == ("proposed", above, mine)
    with pytest.raises(SecondPersonNeeded):
        agree(world, term, FIRST)
    agree(world, term)
    world.session.commit()
    assert (term.state, holds(world)) == ("in_force", above)
    assert world.session.get_one(DefinitionRow, mine).state == "retired"
    assert world.draft().case.process_version == 1
    assert running.case.process_version == 2
    place = places.one(world.session, world.actor(FIRST), "outgoing", "jiangzhou-county-water")
    assert (place.own, place.above and place.above.sha256) == (None, above)
    assert [each.words for each in place.terms] == ["跟随上级", "已停用"]


def test_it_goes_along_with_what_the_unit_above_does_later(world: World) -> None:
    own(world)
    agree(world, propose(world))
    world.session.commit()
    new = change_above(world)
    assert holds(world) == new


def test_the_own_version_comes_back_by_two_people(world: World) -> None:
    mine = own(world)
    term = agree(world, propose(world))
    again = routes.propose(
        world.session, world.actor(FIRST), mine, "还是要法审", world.at, unit_id=county(world)
    )
    agree(world, again)
    world.session.commit()
    assert (holds(world), term.state) == (mine, "ended")
    assert world.session.get_one(DefinitionRow, mine).state == "in_force"
    agree(world, propose(world))
    assert holds(world) != mine


def test_from_a_day_on(world: World) -> None:
    """And then it is about what holds above by that day."""
    mine = own(world)
    day = world.at.date() + timedelta(days=1)
    term = agree(world, propose(world, day=day))
    world.session.commit()
    assert (term.state, holds(world)) == ("scheduled", mine)
    new = change_above(world)
    with pytest.raises(AlreadyDecided, match="跟随上级已经提请启用"):
        propose(world)
    world.session.rollback()
    world.later(days=2)
    world.sweep()
    world.session.refresh(term)
    assert (term.state, term.sha256, holds(world)) == ("in_force", new, new)


def test_what_was_set_for_a_day_is_called_off(world: World) -> None:
    mine = own(world)
    term = agree(world, propose(world, day=world.at.date() + timedelta(days=1)))
    later = routes.propose(
        world.session, world.actor(FIRST), holds_above(world), "先用", world.at,
        unit_id=county(world),
    )  # fmt: skip
    with pytest.raises(SetForLater, match="跟随上级已定于 2026-11-24 启用，到时会取代第 1 版"):
        agree(world, later)
    routes.decide(world.session, world.actor(SECOND), term.id, world.at, agree=False, answer="暂缓")
    world.session.commit()
    world.later(days=2)
    world.sweep()
    assert (term.state, holds(world)) == ("refused", mine)


def holds_above(world: World) -> str:
    return queries.in_force(world.session, "outgoing").sha256


def test_another_version_above_than_was_seen_is_proposed_anew(world: World) -> None:
    mine = own(world)
    term = propose(world)
    world.session.commit()
    change_above(world)
    with pytest.raises(AnotherAbove, match="提请时上级用第 1 版，现已改用第 3 版"):
        agree(world, term)
    world.session.rollback()
    assert holds(world) == mine
    routes.refuse(world.session, world.actor(FIRST), term.id, "重新比较", world.at)
    agree(world, propose(world))
    assert holds(world) == holds_above(world)


def test_who_follows_already_or_has_nothing_above(world: World) -> None:
    before = all_rows(world.session)
    with pytest.raises(AlreadyDecided, match="没有自己的版本，已经跟随上级"):
        propose(world)
    with pytest.raises(NotFound):
        following.propose(world.session, world.actor(CITY), "outgoing", 999, "试", world.at)
    assert all_rows(world.session) == before
    draft = begin(world, FIRST, process_id="p", name="甲", unit_id=county(world))
    row = drafts.submit(world.session, draft.id, "试", None, world.actor(FIRST), world.at)
    routes.put_in_force(world.session, world.actor(SECOND), row.sha256, world.at)
    with pytest.raises(NothingAbove):
        following.propose(world.session, world.actor(FIRST), "p", county(world), "试", world.at)


def test_only_for_ones_own_unit_or_one_below_and_with_a_reason(world: World) -> None:
    own(world)
    with pytest.raises(OutOfReach, match="江洲县水务局"):
        propose(world, "east.process.admin")
    with pytest.raises(Invalid, match="理由"):
        following.propose(
            world.session, world.actor(FIRST), "outgoing", county(world), " ", world.at
        )
    with pytest.raises(Invalid, match="启用日期"):
        propose(world, day=world.at.date() - timedelta(days=1))
    term = propose(world, CITY)
    with pytest.raises(OutOfReach):
        agree(world, term, "east.process.admin")
    assert agree(world, term, CITY_SECOND).state == "in_force"


def test_what_the_own_version_guarantees_the_one_above_has_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for when it is proposed, agreed to, and when its day has come."""
    mine = own(world)
    term = propose(world, day=world.at.date() + timedelta(days=1))
    agree(world, term)
    world.session.commit()

    def weaker(*_: object) -> None:
        raise LosesRules("发文办理", 1, [])

    monkeypatch.setattr(begun, "ensure_keeps_rules", weaker)
    world.later(days=2)
    world.sweep()
    world.session.refresh(term)
    assert (term.state, holds(world)) == ("proposed", mine)
    assert "保证得少" in (term.answer or "")
    with pytest.raises(LosesRules):
        agree(world, term)
    routes.refuse(world.session, world.actor(SECOND), term.id, "不跟随", world.at)
    with pytest.raises(LosesRules):
        propose(world)


def test_put_back_on_its_day_it_is_still_about_what_was_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version above changes, the day comes, the term is put back: it is proposed anew."""
    seen, mine = holds(world), own(world)
    term = agree(world, propose(world, day=world.at.date() + timedelta(days=1)))
    world.session.commit()
    new = change_above(world)

    def weaker(_session: object, sha256: str, _unit: object) -> None:
        if sha256 == new:
            raise LosesRules("发文办理", 3, [])

    with monkeypatch.context() as patched:
        patched.setattr(begun, "ensure_keeps_rules", weaker)
        world.later(days=2)
        world.sweep()
    world.session.refresh(term)
    assert (term.state, term.sha256, holds(world)) == ("proposed", seen, mine)
    with pytest.raises(AnotherAbove, match="提请时上级用第 1 版，现已改用第 3 版"):
        agree(world, term)


def test_every_act_is_on_record_in_words(world: World) -> None:
    own(world)
    term = propose(world)
    routes.refuse(world.session, world.actor(SECOND), term.id, "再看", world.at)
    agree(world, propose(world))
    world.session.commit()
    found = world.session.scalars(
        sa.select(AuditEntry.action)
        .where(AuditEntry.action.startswith("definition.following"))
        .order_by(AuditEntry.seq)
    ).all()
    assert [history.ACTIONS[each] for each in found] == [
        "提请跟随上级流程",
        "退回跟随上级流程",
        "提请跟随上级流程",
        "跟随上级流程",
    ]
