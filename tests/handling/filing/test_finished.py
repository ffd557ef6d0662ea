"""What is finished, of which department, and of which day and year (REC-07, ARC-47)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.documents.fields import RequestFields
from app.errors import Conflict, NotAllowed
from app.handling import routes as processes
from app.handling.acts import requesting
from app.handling.filing.models import ArchiveItem
from app.handling.models import Case
from app.organization.models import Department
from app.workflow import checks, trial
from tests.handling.filing.archiving import Archive
from tests.handling.filing.routes import FILED_TWICE, HANDLER_ENDS, RENAMED, Changes, redraw
from tests.handling.test_free_route import DISPATCHED, play
from tests.handling.test_requests import FORM, drawn
from tests.world import MONDAY

HANDLED = {"outcome": "to_handle"}
READ = {"next": ["leader", "leader2"]}


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def department(archive: Archive, item: ArchiveItem) -> str:
    return archive.world.session.get_one(Department, item.department_id).key


def decided(archive: Archive, outcome: str) -> Case:
    """A request of the drafter, granted or not, on a route that has no filing."""
    world = archive.world
    proposer, decider = (world.actor(f"city.process.admin{each}") for each in ("", "2"))
    row = processes.submit(world.session, proposer, drawn(), MONDAY)
    processes.put_in_force(world.session, decider, row.sha256, MONDAY)
    done = archive.act(
        requesting.start_request, "drafter", "room", RequestFields.model_validate(FORM)
    )
    world.run(done, decide={"outcome": outcome})
    case: Case = done.case
    return case


def sent_back(archive: Archive) -> Case:
    """A paper that went back to its sender (退文)."""
    case = archive.received()
    archive.world.document(case).state = "returned"
    archive.world.session.commit()
    return case


def test_what_an_agent_has_handled_is_his_principals(archive: Archive) -> None:
    """Who stands in for the head of 工程科 belongs to 财务科."""
    world = archive.world
    world.delegate("dept.head", "sole.head")
    done = world.register()
    handling = {"collect": {**HANDLED, "next": ["dept.head"]}, "handle": {"login": "sole.head"}}
    world.run(done, distribute=READ, **handling)
    with pytest.raises(NotAllowed, match="由形成部门工程科或者收发员归档"):
        archive.file(done.case, "sole.head")
    assert department(archive, archive.file(done.case, "dept.head")) == "engineering"


def test_what_an_agent_has_read_for_a_leader_is_of_no_department(archive: Archive) -> None:
    world = archive.world
    world.delegate("leader2", "sole.head")
    done = world.register()
    reading = {"distribute": {"next": ["leader2"]}, "leader_read": {"login": "sole.head"}}
    world.run(done, collect={**HANDLED, "next": ["office.head"]}, **reading)
    assert department(archive, archive.file(done.case, "office.head")) == "office"


@pytest.mark.parametrize("changes", [RENAMED, HANDLER_ENDS])
def test_ids_and_last_steps_of_a_route_do_not_matter(archive: Archive, changes: Changes) -> None:
    redraw(archive.world, "incoming", changes)
    case = archive.received()
    assert department(archive, archive.file(case, "dept.head")) == "engineering"


def test_what_the_registry_has_handled_itself_is_its_own(archive: Archive) -> None:
    done = archive.world.register()
    archive.world.run(done, distribute=READ, collect={**HANDLED, "next": ["office.head"]})
    assert department(archive, archive.file(done.case, "office.head")) == "office"


def test_who_handed_it_over_and_got_it_back_has_handled_it(archive: Archive) -> None:
    world = archive.world
    done = world.register()
    world.run(done, "handle", distribute=READ, collect={**HANDLED, "next": ["dept.head"]})
    (task,) = world.open(done.case)
    world.hand_over(world.hand_over(task, "dept.head", "sole.head"), "sole.head", "dept.head")
    world.run(done)
    assert department(archive, archive.file(done.case, "dept.head")) == "engineering"


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_requests_are_not_filed_nor_listed(archive: Archive, outcome: str) -> None:
    case = decided(archive, outcome)
    assert case.state == "closed"
    with pytest.raises(Conflict, match="是审批事项，不是公文"):
        archive.file(case, "drafter")
    assert archive.lines("archivist") == []


def test_what_was_sent_back_is_not_filed_nor_listed(archive: Archive) -> None:
    case = sent_back(archive)
    assert case.state == "closed"
    with pytest.raises(Conflict, match="没有生效"):
        archive.file(case, "dispatcher")
    assert archive.lines("archivist") == []


def test_a_route_files_what_it_has_not_ended_once(archive: Archive) -> None:
    """ARC-47: until it has ended nobody hands it over; the second filing changes nothing."""
    world = archive.world
    redraw(world, "outgoing_free", FILED_TWICE)
    done = world.draft(process="outgoing_free")
    look = play(world, done, [*DISPATCHED, ("drafter", "archive", [])])
    item = world.session.scalars(sa.select(ArchiveItem)).one()
    with pytest.raises(Conflict, match=r"在办，办结以后才能.*（ARC-47）"):
        archive.propose(item)
    world.complete(look, "archivist")
    assert done.case.state == "closed"
    assert world.session.scalars(sa.select(ArchiveItem)).all() == [item]
    archive.accept(archive.propose(item))
    assert item.sequence == 1


@pytest.mark.parametrize(
    ("hours", "day"), [(15.9, "2026-12-31"), (16, "2027-01-01"), (16.5, "2027-01-01")]
)
def test_days_and_years_begin_at_midnight_of_shanghai(
    archive: Archive, hours: float, day: str
) -> None:
    """Of the sign-off; 16:00 UTC is midnight there."""
    case = archive.sent()
    document = archive.world.document(case)
    document.signed_at = datetime(2026, 12, 31, tzinfo=UTC) + timedelta(hours=hours)
    archive.world.session.commit()
    year = int(day[:4])
    assert [each.year for each in archive.lines("dispatcher", year=year)] == [year]
    assert archive.lines("dispatcher", year=4053 - year) == []
    item = archive.file(case)
    assert (item.formed_on, item.year) == (date.fromisoformat(day), year)
    assert [each.case_id for each in archive.lines("dispatcher", year=year)] == [case.id]


@pytest.mark.parametrize(("hours", "year"), [(15.9, 2026), (16, 2027)])
def test_a_list_is_of_the_year_in_which_it_was_made(
    archive: Archive, hours: float, year: int
) -> None:
    item = archive.filed()
    archive.world.at = datetime(2026, 12, 31, tzinfo=UTC) + timedelta(hours=hours)
    assert archive.propose(item).name == f"{year}-1"
