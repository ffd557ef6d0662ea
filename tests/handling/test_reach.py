"""Right over processes: of one's unit and those below it; of the whole office from the top."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from app.handling import administering, routes
from app.handling.views import definitions
from app.handling.whatif import saved, waiving
from app.handling.whatif.saved import FailingTests
from app.organization.models import Appointment, Unit
from app.workflow import rights
from app.workflow.models import ProcessTerm
from app.workflow.rights import OutOfReach
from tests.features.rows import all_rows
from tests.handling.editions import inserted, kept
from tests.handling.whatif.test_playing import WAY, suppose
from tests.handling.whatif.test_saved import save
from tests.world import World

CITY, CITY_SECOND, COUNTY, EAST = (
    "city.process.admin",
    "city.process.admin2",
    "process.admin",
    "east.process.admin",
)
LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
RIGHTS = [
    # who            office  city   county east
    (CITY, True, True, True, True),
    (COUNTY, False, False, True, False),
    (EAST, False, False, False, True),
    ("unit.head", False, False, False, False),
]


@pytest.mark.parametrize(("login", "office", "city", "county", "east"), RIGHTS)
def test_the_right_goes_down_from_the_post(
    world: World, login: str, office: bool, city: bool, county: bool, east: bool
) -> None:
    places = [None, *(world.actor(each).unit_id for each in (CITY, COUNTY, EAST))]
    actor = world.actor(login)
    found = [rights.administers(world.session, actor, each) for each in places]
    assert found == [office, city, county, east]
    then = [
        rights.administered_then(world.session, actor.person_id, each, world.at) for each in places
    ]
    assert then == found


def test_only_the_places_of_ones_own_are_offered(world: World) -> None:
    names = [name for _, name in administering.unit_choices(world.session, world.actor(CITY))]
    assert names == ["全机关", "江洲市水务局", "江洲县水务局", "东湖区水务局"]
    names = [name for _, name in administering.unit_choices(world.session, world.actor(COUNTY))]
    assert names == ["江洲县水务局"]


def test_every_door_to_the_whole_office_is_closed_to_a_unit_below(world: World) -> None:
    """Proposing, agreeing, refusing, calling off; what waits is not counted either."""
    county = world.actor(COUNTY)
    new = kept(world.session, LEGAL)
    term = world.session.scalars(sa.select(ProcessTerm).filter_by(sha256=new.sha256)).one()
    files = {name: data for name, data in new.files.items() if name.endswith(".bpmn")}
    before = all_rows(world.session)
    for refused in (
        lambda: routes.submit(world.session, county, files, world.at),
        lambda: routes.propose(world.session, county, new.sha256, "试", world.at),
        lambda: routes.put_in_force(world.session, county, new.sha256, world.at),
        lambda: routes.decide(world.session, county, term.id, world.at, agree=True),
        lambda: routes.refuse(world.session, county, term.id, "不用", world.at),
    ):
        with pytest.raises(OutOfReach) as told:
            refused()
        world.session.rollback()
        assert "全机关的流程由江洲市水务局的流程管理员管理" in told.value.message
        assert "请联系江洲市水务局流程管理员陆思源、秦若云办理。" in told.value.message
    assert all_rows(world.session) == before
    assert definitions.waiting(world.session, county) == 0
    assert definitions.waiting(world.session, world.actor(CITY)) == 1


def test_the_unit_above_acts_for_the_one_below(world: World) -> None:
    county = world.actor(COUNTY)
    present = kept(world.session, LEGAL).sha256
    routes.propose(world.session, county, present, "试", world.at, unit_id=county.unit_id)
    term = world.session.scalars(sa.select(ProcessTerm).filter_by(unit_id=county.unit_id)).one()
    with pytest.raises(OutOfReach, match=r"江洲县水务局及其上级单位.*请联系江洲县水务局流程管理员"):
        routes.decide(world.session, world.actor(EAST), term.id, world.at, agree=True)
    routes.decide(world.session, world.actor(CITY_SECOND), term.id, world.at, agree=True)
    assert term.state == "in_force"


def test_the_command_line_is_the_operators(world: World) -> None:
    """It asks for no post in the topmost unit, and the record names it.

    It means the whole office, also where the same version waits for a unit longer.
    """
    new = kept(world.session, LEGAL)
    office = world.session.scalars(sa.select(ProcessTerm).filter_by(sha256=new.sha256)).one()
    routes.refuse(world.session, world.actor(CITY), office.id, "先在县里", world.at)
    first, second, words = world.actor(COUNTY), world.actor("process.admin2"), "命令行"
    unit_id = first.unit_id
    waits = routes.propose(world.session, first, new.sha256, "试", world.at, unit_id=unit_id)
    routes.propose(world.session, world.actor(CITY), new.sha256, "试", world.at)
    routes.put_in_force(world.session, second, new.sha256, world.at, words)
    world.session.commit()
    assert new.sha256 == routes.terms.holding(world.session)["outgoing"]
    assert waits.state == "proposed"
    begun = sa.select(AuditEntry).where(AuditEntry.action == "definition.put_in_force")
    last = world.session.scalars(begun.order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert json.loads(last.body)["authority"] == words


def test_a_top_without_administrators_is_named(world: World) -> None:
    world.session.execute(
        sa.update(Appointment)
        .where(
            Appointment.role_key == "process-admin",
            Appointment.unit_id.in_(sa.select(Unit.id).where(Unit.parent_id.is_(None))),
        )
        .values(until=world.at)
    )
    world.session.commit()
    with pytest.raises(OutOfReach, match="江洲市水务局还没有流程管理员，请先任命"):
        rights.ensure_administers(world.session, world.actor(COUNTY), None)


def test_tests_of_another_unit_are_neither_changed_nor_deleted(world: World) -> None:
    """A new one may be added by anybody who administers: it only asks for more."""
    test = save(world)
    county = world.actor(COUNTY)
    present = saved.one(world.session, county, test.id)
    definition = routes.definition(world.session, routes.terms.holding(world.session)["outgoing"])
    own = saved.save(world.session, county, definition, "县里的", suppose(*WAY), world.at)
    for refused in (
        lambda: saved.delete(world.session, county, present.id, world.at),
        lambda: saved.save(world.session, county, definition, "普通通知", suppose(), world.at),
    ):
        with pytest.raises(OutOfReach, match="推演测试“普通通知”"):
            refused()
    with pytest.raises(OutOfReach):
        saved.delete(world.session, world.actor(EAST), own.id, world.at)
    assert saved.delete(world.session, world.actor(CITY), own.id, world.at) == "县里的"


def test_a_reason_counts_where_its_writer_administers(world: World) -> None:
    """Also after he has left; not above him."""
    save(world)
    new = kept(world.session, LEGAL)
    county, unit_id = world.actor(COUNTY), world.actor(COUNTY).unit_id
    failing = saved.run_all(world.session, new).failing
    with pytest.raises(OutOfReach, match="全机关"):
        waiving.waive(world.session, county, new, "测试随后更新。", failing, world.at)
    routes.propose(world.session, county, new.sha256, "试", world.at, unit_id=unit_id)
    waiving.waive(world.session, county, new, "测试随后更新。", failing, world.at)
    with pytest.raises(FailingTests):
        saved.ensure_pass(world.session, new)
    world.session.execute(
        sa.update(Appointment)
        .where(Appointment.person_id == county.person_id)
        .values(until=world.at + timedelta(minutes=1))
    )
    saved.ensure_pass(world.session, new, unit_id=unit_id)
