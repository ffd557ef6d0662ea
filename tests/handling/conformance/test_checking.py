"""What a check finds is kept with the record it was computed at, and made anew at the next one."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app import audit, clock
from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.handling.acts.cancelling import cancel
from app.handling.conformance import queries
from app.handling.conformance.checking import Nightly, check, evening, is_night, next_to_check
from app.handling.conformance.entitled import Posts
from app.handling.conformance.models import ConformanceCheck, ConformanceDeviation
from app.handling.conformance.queries import Wanted
from app.handling.models import Case, Task
from tests.handling.conformance.planting import of, open_up, rewrite
from tests.world import World

NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=SHANGHAI)


def at_night(world: World, chore: Nightly, at: datetime = NIGHT) -> int:
    done = chore(world.session, at)
    world.session.commit()
    return done


@pytest.fixture
def ended(world: World) -> Case:
    done = world.draft()
    (task,) = world.open(done.case)
    world.complete(task, "drafter")
    world.withdraw(task, "drafter", "漏了附件。")
    world.run(done)
    return done.case


def test_every_ended_case_is_checked_once_a_night(world: World, ended: Case) -> None:
    world.draft()
    chore = Nightly()
    assert at_night(world, chore, NIGHT - timedelta(hours=8)) == 0
    assert at_night(world, chore) == 1
    assert at_night(world, chore, NIGHT + timedelta(hours=5)) == 0
    assert at_night(world, chore, NIGHT + timedelta(days=1)) == 1
    kept = world.session.get_one(ConformanceCheck, ended.id)
    assert (kept.deviations, kept.wrong) == (1, 0)
    assert kept.entries == audit.entries(world.session)
    (line,) = queries.listed(world.session, Wanted(), 10)
    assert (line.kind, line.reason, line.entries) == ("withdrawn", "漏了附件。", kept.entries)


@pytest.mark.parametrize(
    ("hour", "night", "begun"), [(19, False, 22), (20, True, 23), (3, True, 22), (6, False, 22)]
)
def test_when_it_is_night(hour: int, night: bool, begun: int) -> None:
    at = datetime(2026, 11, 23, hour, 30, tzinfo=SHANGHAI)
    assert is_night(at) is night
    assert evening(at) == datetime(2026, 11, begun, 20, 0, tzinfo=SHANGHAI)


def test_tables_that_somebody_changed_are_held_against_the_record(
    world: World, ended: Case
) -> None:
    session = world.session
    stay = session.scalars(sa.select(Task).filter_by(case_id=ended.id, step="office_check")).one()
    other = world.actor("leader3").person_id
    session.execute(sa.update(Task).where(Task.id == stay.id).values(done_by_id=other))
    session.execute(sa.update(Case).where(Case.id == ended.id).values(state="cancelled"))
    session.commit()
    session.expire_all()
    case, posts = session.get_one(Case, ended.id), Posts().read_on(session)
    found = check(session, [case], posts, NIGHT)[case.id]
    session.commit()
    wrong = [each for each in found if each.wrong]
    assert [each.kind for each in wrong] == ["tables", "tables"]
    assert "办理人" in wrong[1].said
    assert {each.person for each in wrong} == {"不明"}
    kept = queries.summary(session)
    assert (kept.ended, kept.checked, kept.wrong) == (1, 1, 1)
    assert dict(kept.kinds) == {"tables": 2, "withdrawn": 1}


def test_a_new_check_takes_the_place_of_the_last_one(world: World, ended: Case) -> None:
    session, posts = world.session, Posts()
    for _ in range(2):
        with clock.moved_to(NIGHT):
            check(session, [ended], posts.read_on(session), NIGHT)
            session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(ConformanceDeviation)) == 1
    assert next_to_check(session, NIGHT) == []


@pytest.mark.parametrize("body", ["{}", "not json", None])
def test_a_spoilt_record_keeps_no_other_case_waiting(
    world: World, ended: Case, body: str | None
) -> None:
    session, other = world.session, world.draft().case
    with clock.moved_to(world.at):
        cancel(session, world.actor("drafter"), other.id, "不发了。")
        session.commit()
    open_up(world)
    if body is None:
        rewrite(world, ended, of("case.started"), detail={"opened_stays": 7})
    else:
        spoilt = sa.update(AuditEntry).where(AuditEntry.case_id == ended.id).values(body=body)
        session.execute(spoilt)
        session.commit()
    assert at_night(world, Nightly()) == 2
    (found,) = queries.listed(session, Wanted(), 10)
    assert (found.case_id, found.kind, found.seq) == (ended.id, "record", None)
    assert session.get_one(ConformanceCheck, other.id).deviations == 0
