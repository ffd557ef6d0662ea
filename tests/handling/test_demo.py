"""The demonstration documents: something to see in every corner, and a record that proves."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import ROOT, audit, clock, create_app, organization
from app.audit.models import AuditEntry
from app.clock import SHANGHAI
from app.database import Base, db
from app.deadlines import WorkCalendar
from app.deadlines.models import Due
from app.documents.layout import render
from app.documents.models import OUTGOING_STATES, Attachment, Document, DocumentVersion
from app.handling import demo
from app.handling.demo.acts import Draft, Register
from app.handling.demo.days import before
from app.handling.demo.texts import texts
from app.handling.equipment import equipment
from app.handling.filing import listing
from app.handling.filing.listing import Wanted
from app.handling.models import Case, OpinionDraft, Task, TaskCandidate
from app.handling.routes import publish_shipped
from app.handling.views import history, paper, queries
from app.organization.demo import COUNTY, EAST, install_roles
from app.organization.models import Person, Unit
from app.organization.passwords import hashed_by
from app.workflow import queries as routes
from tests.conftest import CHEAP, LONG, settings

NOW = datetime(2026, 11, 23, 15, 40, tzinfo=SHANGHAI)
FIRST = NOW - timedelta(days=40)
INSTANTS = {
    "in the afternoon": NOW,
    "right after the opening": NOW.replace(hour=8, minute=31),
    "an hour after the opening": NOW.replace(hour=9, minute=30),
    "at noon": NOW.replace(hour=12, minute=30),
    "at night": NOW.replace(hour=23, minute=50),
    "before dawn": NOW.replace(hour=3),
    "on a Saturday": datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI),
    "in the golden week": datetime(2026, 10, 4, 20, 0, tzinfo=SHANGHAI),
    "after new year": datetime(2027, 1, 4, 10, 0, tzinfo=SHANGHAI),
}


@dataclass
class Installation:
    session: Session
    made: demo.Installed
    kept: list[str]
    seconds: float


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """As ``gongwen init`` and ``gongwen demo`` leave it; the tests only read."""
    data = tmp_path_factory.mktemp("demonstration")
    app = create_app(settings(data, f"sqlite:///{data / 'gongwen.sqlite3'}"))
    with app.app_context(), hashed_by(CHEAP):
        Base.metadata.create_all(db.engine)
        session = db.session()
        with clock.moved_to(FIRST):
            install_roles(session, FIRST)
            publish_shipped(session, ROOT / "processes", FIRST)
            session.commit()
        kept: list[str] = []
        begun = time.process_time()
        made = demo.install_all(session, NOW, kept.append)
        yield Installation(session, made, kept, time.process_time() - begun)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(installed: Installation) -> Session:
    return installed.session


def test_about_sixty_documents_in_good_time(installed: Installation) -> None:
    assert 55 <= installed.made.documents <= 70
    assert installed.made.documents == installed.session.scalar(sa.select(sa.func.count(Case.id)))
    assert installed.kept == [installed.made.password]
    assert installed.seconds < 15


def test_a_second_run_does_nothing(installed: Installation) -> None:
    entries = audit.verify(installed.session).entries
    again = demo.install_all(installed.session, NOW + timedelta(days=9), installed.kept.append)
    assert again == demo.Installed(None, 0)
    assert audit.verify(installed.session).entries == entries
    assert len(installed.kept) == 1


def test_every_step_of_every_route_is_waiting_somewhere(session: Session) -> None:
    waiting = set(session.scalars(sa.select(Task.step).where(Task.state == "open")))
    for process in ("outgoing", "incoming"):
        people = {step.id for step in routes.in_force(session, process).steps}
        assert people <= waiting


@pytest.mark.parametrize(
    ("direction", "signing"),
    [
        ("upward", {"leader_review", "unit_head_sign"}),
        ("downward", {"leader_sign"}),
        ("parallel", {"leader_sign"}),
    ],
)
def test_every_step_is_waiting_in_every_direction(
    session: Session, direction: str, signing: set[str]
) -> None:
    common = {"draft", "dept_review", "office_check"}
    common |= {"register_number", "seal", "final_check_dispatch"}
    query = (
        sa.select(Task.step)
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(Task.state == "open", Document.direction == direction, Unit.key == COUNTY)
    )
    assert common | signing <= set(session.scalars(query))


def test_every_state_of_documents_and_cases_occurs(session: Session) -> None:
    """But for 退文 and 暂停, to which no act leads yet."""
    documents = Counter(session.scalars(sa.select(Document.state)))
    assert set(documents) == {*OUTGOING_STATES, "cancelled", "registered", "handling", "closed"}
    assert set(session.scalars(sa.select(Case.state))) == {"running", "closed", "cancelled"}
    states = set(session.scalars(sa.select(Task.state)))
    assert {"open", "done", "returned", "withdrawn", "recalled", "closed"} == states
    assert set(session.scalars(sa.select(Document.urgency))) == {"none", "urgent", "extra_urgent"}


@pytest.mark.parametrize("step", ["sign", "sign_parallel", "sign_share", "leader_read"])
def test_signings_stand_in_the_middle(session: Session, step: str) -> None:
    signed, waiting = (
        set(session.scalars(sa.select(Task.case_id).where(Task.step == step, Task.state == state)))
        for state in ("done", "open")
    )
    assert signed & waiting


def test_lamps_of_every_colour(session: Session) -> None:
    open_stays = list(session.scalars(sa.select(Task.id).where(Task.state == "open")))
    with clock.moved_to(NOW):
        rows = queries.tasks_by_id(session, open_stays)
    lamps = Counter(row.lamp.key for row in rows)
    assert min(lamps["red"], lamps["amber"], lamps["green"]) >= 8
    marked = sa.select(sa.func.count()).where(Task.state == "open", Task.overdue_since.is_not(None))
    assert session.scalar(marked) == lamps["red"]


def test_nothing_is_left_to_the_scheduler(session: Session) -> None:
    assert set(session.scalars(sa.select(Due.state))) == {"done", "cancelled", "pending"}
    late = sa.select(sa.func.count()).where(Due.state == "pending", Due.next_try_at < NOW)
    assert session.scalar(late) == 0


def test_one_case_has_stopped_with_the_process_administrator(session: Session) -> None:
    query = (
        sa.select(Person.login, Task.step)
        .join(TaskCandidate, TaskCandidate.person_id == Person.id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(Task.blocked.is_not(None), Task.state == "open")
    )
    stopped = [tuple(row) for row in session.execute(query)]
    expected = [(f"east.process.admin{n}", "register_number") for n in ("", "2")]
    assert sorted(stopped) == expected
    assert session.scalar(sa.select(AuditEntry.seq).where(AuditEntry.action == "task.assigned"))


def test_the_only_head_reviews_his_own_draft(session: Session) -> None:
    query = (
        sa.select(Person.login)
        .join(TaskCandidate, TaskCandidate.person_id == Person.id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(TaskCandidate.self_review, Task.step == "dept_review", Task.state == "open")
    )
    assert session.scalars(query).all() == ["sole.head"]


def test_changes_files_and_unsent_opinions(session: Session) -> None:
    assert session.scalar(sa.select(sa.func.max(DocumentVersion.number))) > 1
    assert session.scalar(sa.select(sa.func.count(Attachment.id))) >= 5
    assert session.scalar(sa.select(OpinionDraft.text))
    assert session.scalar(sa.select(Attachment.id).where(Attachment.replaces_id.is_not(None)))


def test_what_is_to_come_straight_back_waits_or_has_come(session: Session) -> None:
    straight = sa.select(Task.state).where(Task.returned, Task.comes_back_to_id.is_not(None))
    assert set(session.scalars(straight)) == {"open", "done"}


def test_the_record_proves_and_time_never_runs_backwards(session: Session) -> None:
    assert audit.verify(session).ok
    times = list(session.scalars(sa.select(AuditEntry.at).order_by(AuditEntry.seq)))
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert times[-1] <= NOW


def test_the_history_of_every_case_is_in_order(session: Session) -> None:
    for case in session.scalars(sa.select(Case)):
        times = [line.entry.at for line in history.lines(session, case)]
        assert times == sorted(times)
        assert times[0] == case.started_at


@pytest.mark.parametrize("sender", [COUNTY, EAST])
def test_letters_between_the_offices_bear_the_numbers_they_were_given(
    session: Session, sender: str
) -> None:
    """The request of the county to the city, and the answer of the east to the county."""
    name = session.scalars(sa.select(Unit.name).where(Unit.key == sender)).one()
    received = session.scalars(sa.select(Document).where(Document.from_unit == name)).one()
    sent = sa.select(Document).where(Document.title == received.title, Document.flow == "outgoing")
    original = session.scalars(sent).one()
    assert received.source_number == original.number
    assert original.dispatched_at < received.received_at


def test_no_text_lies_unused() -> None:
    begun = [story.acts[0] for story in demo.STORIES]
    used = [act.text for act in begun if isinstance(act, Draft | Register)]
    assert sorted(used) == sorted(texts())
    assert len(used) == len(demo.STORIES)


@pytest.mark.skipif(not LONG, reason="sets every signed page: GONGWEN_LONG=1")
def test_every_signed_page_fits_as_the_demonstration_takes_for_granted(session: Session) -> None:
    """See ``demo.pages``."""
    fonts = equipment().fonts
    assert fonts is not None
    query = sa.select(Document).where(Document.flow == "outgoing", Document.signed_at.is_not(None))
    signed = [each for each in session.scalars(query) if not each.scanned]
    assert len(signed) > 10
    for document in signed:
        assert render(paper.sheet_of(session, document), fonts).unfit == (), document.title


@pytest.mark.parametrize("now", INSTANTS.values(), ids=INSTANTS)
def test_acts_lie_in_past_working_time_whenever_it_is_installed(now: datetime) -> None:
    calendar = WorkCalendar()
    days = before(now, calendar, demo.DAYS)
    opened = days.at(1.0 - demo.DAYS)
    for story in demo.STORIES:
        times = story.times(days, now)
        assert times == sorted(times)
        assert opened < times[0]
        assert times[-1] < now
        if not story.by_clock:
            assert all(calendar.is_open(at) or _at_an_end(at, calendar) for at in times)


def _at_an_end(at: datetime, calendar: WorkCalendar) -> bool:
    return any(at == span.end for span in calendar.spans(at.astimezone(SHANGHAI).date()))


def test_a_day_that_is_over_stands_for_two() -> None:
    night = INSTANTS["at night"]
    days = before(night, WorkCalendar(), 3)
    local = [days.at(point).astimezone(SHANGHAI).date() for point in (0.9, -0.9, -1.1)]
    assert local == [night.date(), night.date(), night.date() - timedelta(days=3)]
    with pytest.raises(IndexError):
        days.at(-9.0)


def test_some_documents_are_on_their_way_into_the_archive(session: Session) -> None:
    """One unfiled at least, some filed, some on a list that waits, some accepted with a number."""
    county = sa.select(Unit.id).where(Unit.key == COUNTY).scalar_subquery()
    archivist = organization.person_by_login(session, "archivist")
    with clock.moved_to(NOW):
        actor = organization.actor(session, archivist.id)
        counts = listing.counts(session, actor, Wanted())
        lines = listing.lines(session, actor, Wanted(state="accepted"))
    assert {each.unit_id for each in lines} == {session.scalar(sa.select(county))}
    assert counts == {"unfiled": counts["unfiled"], "filed": 2, "proposed": 2, "accepted": 2}
    assert counts["unfiled"] > 2
    assert [each.reference for each in lines] == [
        *("江水-WS·2026-D10-FINANCE-0001", "江水-WS·2026-D30-FINANCE-0001"),
    ]
