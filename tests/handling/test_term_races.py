"""Two versions of one process put in force at the same moment, on PostgreSQL."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.handling import following, routes
from app.handling import terms as begun
from app.workflow import checks, drafts, terms, trial
from app.workflow.drafts import Origin
from app.workflow.models import ProcessDraft, ProcessTerm
from tests.handling.racing import Act, Race, Round
from tests.world import World

pytestmark = pytest.mark.postgres


def test_one_version_holds_at_the_end(postgres_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    race = Race(postgres_app)

    def bring(world: World) -> Round:
        admin, number = world.actor("city.process.admin"), len(drafts_of(world))
        for name in ("甲", "乙"):
            origin = Origin(process_id="raced", name=f"{name}{number}")
            draft = drafts.start(world.session, origin=origin, by=admin, at=world.at)
            drafts.submit(world.session, draft.id, "试", None, admin, world.at)
        world.session.commit()
        ids = drafts_of(world)[-2:]
        agree = {"agree": True}
        return Round(
            0,
            [Act("city.process.admin2", f"/process/terms/{each}/decision", agree) for each in ids],
        )

    for each in race.prepare(bring, 3):
        answers = race.at_once(each.acts)
        assert {answer.status_code for answer in answers} == {200}
        with postgres_app.app_context():
            states = sa.select(ProcessTerm.state).where(ProcessTerm.process_id == "raced")
            found = list(db.session().scalars(states))
            assert found.count("in_force") == 1
            db.session.remove()


def test_agreed_to_or_refused_but_not_both(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is second is told; something holds whatever the order."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    race = Race(postgres_app)

    def bring(world: World) -> Round:
        admin, number = world.actor("city.process.admin"), len(drafts_of(world))
        draft = drafts.start(
            world.session,
            origin=Origin(process_id="raced", name=f"丙{number}"),
            by=admin,
            at=world.at,
        )
        drafts.submit(world.session, draft.id, "试", None, admin, world.at)
        world.session.commit()
        path = f"/process/terms/{drafts_of(world)[-1]}/decision"
        answers = [{"agree": True}, {"agree": False, "answer": "不用"}]
        return Round(0, [Act("city.process.admin2", path, each) for each in answers])

    agreed = 0
    for each in race.prepare(bring, 5):
        codes = [answer.status_code for answer in race.at_once(each.acts)]
        assert sorted(codes) == [200, 409]
        agreed += codes[0] == 200
        with postgres_app.app_context():
            states = sa.select(ProcessTerm.state).where(ProcessTerm.process_id == "raced")
            found = list(db.session().scalars(states))
            assert found.count("in_force") == min(agreed, 1)
            assert found.count("refused") + agreed == len(found) - found.count("proposed")
            db.session.remove()


def test_two_submissions_of_one_process_get_two_numbers(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    race = Race(postgres_app)

    def bring(world: World) -> Round:
        admin = world.actor("city.process.admin")
        number = world.session.scalar(sa.select(sa.func.count(ProcessDraft.id)))
        ids = []
        for name in ("丁", "戊"):
            origin = Origin(process_id=f"numbered{number}", name=f"{name}")
            ids.append(drafts.start(world.session, origin=origin, by=admin, at=world.at).id)
        world.session.commit()
        acts = [
            Act("city.process.admin", f"/process/drafts/{each}/submission", {"reason": "试"})
            for each in ids
        ]
        return Round(0, acts)

    for each in race.prepare(bring, 3):
        answers = race.at_once(each.acts)
        assert [answer.status_code for answer in answers] == [200, 200]
        assert sorted(answer.json["version"] for answer in answers if answer.json) == [1, 2]


def held(world: World, name: str, unit_id: int | None) -> str:
    """A version of the process, in force there by two people; its sha256."""
    admin, second = world.actor("city.process.admin"), world.actor("city.process.admin2")
    origin = Origin(process_id="raced", name=name, unit_id=unit_id)
    draft = drafts.start(world.session, origin=origin, by=admin, at=world.at)
    row = drafts.submit(world.session, draft.id, "试", None, admin, world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    return row.sha256


def test_following_is_agreed_to_for_what_holds_above(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the version above changes: agreed to before, or refused, never something unseen."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    race = Race(postgres_app)

    def bring(world: World) -> Round:
        session, number = world.session, len(drafts_of(world))
        city, county = world.actor("city.process.admin"), world.actor("process.admin")
        left = sa.select(ProcessTerm.id).where(ProcessTerm.follows, ProcessTerm.state == "proposed")
        for each in list(session.scalars(left)):
            routes.refuse(session, county, each, "上一轮的", world.at)
        held(world, f"上{number}", None)
        held(world, f"县{number}", county.unit_id)
        origin = Origin(process_id="raced", name=f"新{number}")
        draft = drafts.start(session, origin=origin, by=city, at=world.at)
        drafts.submit(session, draft.id, "试", None, city, world.at)
        following.propose(session, county, "raced", county.unit_id, "试", world.at)
        session.commit()
        above, below = drafts_of(world)[-2:]
        return Round(
            0,
            [
                Act("city.process.admin2", f"/process/terms/{above}/decision", {"agree": True}),
                Act("process.admin2", f"/process/terms/{below}/decision", {"agree": True}),
            ],
        )

    for each in race.prepare(bring, 3):
        codes = [answer.status_code for answer in race.at_once(each.acts)]
        assert codes[0] == 200
        assert codes[1] in (200, 409)
        with postgres_app.app_context():
            world = World(db.session())
            unit_id = world.actor("process.admin").unit_id
            here, above = (terms.holding(db.session(), unit)["raced"] for unit in (unit_id, None))
            assert (here == above) == (codes[1] == 200)
            db.session.remove()


def test_the_version_above_stays_while_following_is_proposed(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the look at what holds above on, nobody else puts a version of the process in force."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    taken = []

    def tried(_session: object, sha256: str, _unit_id: object) -> None:
        lock = sa.func.pg_try_advisory_xact_lock(terms.TURNS, sa.func.hashtext("raced"))
        with db.engine.connect() as other:
            taken.append((sha256, other.scalar(sa.select(lock))))

    with postgres_app.app_context():
        world = World(db.session())
        county = world.actor("process.admin")
        held(world, "上", None)
        held(world, "县", county.unit_id)
        world.session.commit()
        monkeypatch.setattr(begun, "ensure_keeps_rules", tried)
        term = following.propose(world.session, county, "raced", county.unit_id, "试", world.at)
        assert taken == [(term.sha256, False)]
        db.session.remove()


def drafts_of(world: World) -> list[int]:
    query = sa.select(ProcessTerm.id).where(ProcessTerm.process_id == "raced")
    return list(world.session.scalars(query.order_by(ProcessTerm.id)))
