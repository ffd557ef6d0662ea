"""The same on PostgreSQL: the check, two of them at once, logs and figures."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.database import db
from app.handling.acts.cancelling import cancel
from app.handling.conformance import queries
from app.handling.conformance.checking import Nightly, check
from app.handling.conformance.entitled import Posts
from app.handling.conformance.models import ConformanceDeviation
from app.handling.conformance.queries import Wanted
from app.handling.eventlogs import exporting, gathering
from app.handling.flow.behind import FIGURES, behind
from app.handling.flow.measuring import Wanted as FlowWanted
from app.handling.flow.measuring import measure
from app.handling.flow.standing import standing
from app.handling.flow.versions import versions
from app.handling.models import Case
from tests.handling.conformance.test_checking import NIGHT
from tests.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture
def world(postgres_app: Flask) -> Iterator[World]:
    with postgres_app.app_context():
        yield World(db.session())
        db.session.remove()


@pytest.fixture
def case(world: World) -> Case:
    """Withdrawn once, then cancelled."""
    done = world.draft()
    (task,) = world.open(done.case)
    world.complete(task, "drafter")
    world.withdraw(task, "drafter", "漏了附件。")
    with clock.moved_to(world.at):
        cancel(world.session, world.actor("drafter"), done.case.id, "不发了。")
        world.session.commit()
    return done.case


def test_all_of_it(world: World, case: Case) -> None:
    session = world.session
    assert Nightly()(session, NIGHT) == 1
    session.commit()
    summary = queries.summary(session)
    assert (summary.ended, summary.deviating, summary.wrong) == (1, 1, 0)
    wanted = Wanted("lawful", "outgoing", case_id=case.id, since=case.started_at, until=NIGHT)
    assert [each.kind for each in queries.listed(session, wanted, 10)] == ["withdrawn"]
    whole = gathering.Wanted(process="outgoing")
    assert gathering.count(session, whole)[0] == 1
    for form in exporting.FORMS:
        assert exporting.write(session, form, whole, io.BytesIO()) > 500
    (version,) = versions(session)
    of = FlowWanted(version.process, version.version)
    assert measure(session, of, [("draft", "拟稿")], NIGHT).cases == 0
    for figure in FIGURES:
        assert behind(session, of, figure, "draft", NIGHT, 10) == []
    assert standing(session, world.actor("process.admin")).open == 0


def test_two_checks_of_one_case_take_turns(world: World, case: Case) -> None:
    case_id = case.id
    sessions = sessionmaker(world.session.get_bind())
    world.session.rollback()

    def once(_: int) -> int:
        with sessions() as session:
            found = _checked(session, case_id)
            session.commit()
        return found

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(once, range(8))) == [1] * 8
    count = sa.select(sa.func.count()).select_from(ConformanceDeviation)
    assert world.session.scalar(count) == 1


def _checked(session: Session, case_id: int) -> int:
    case = session.get_one(Case, case_id)
    return len(check(session, [case], Posts().read_on(session), NIGHT)[case_id])
