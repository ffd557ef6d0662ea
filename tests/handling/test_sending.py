"""定时发送, and who answers for an urgent document that came late."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.deadlines.models import Due
from app.deadlines.workdays import WorkCalendar
from app.errors import Invalid
from app.handling.acts import setting_sending
from app.handling.acts.completing import Completion
from app.handling.models import SetSending, Task
from app.handling.receipts.liability import who_answers
from tests.world import MONDAY, World

DUE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EARLY, LATE = DUE - timedelta(minutes=1), DUE + timedelta(minutes=1)
NIGHT = MONDAY.replace(hour=22)


@pytest.mark.parametrize(
    ("received", "notified", "now", "who"),
    [
        (DUE, None, LATE, ""),
        (EARLY, None, LATE, ""),
        (None, None, DUE, ""),
        (None, None, LATE, "sender"),
        (LATE, None, LATE, "sender"),
        (None, LATE, LATE, "sender"),
        (None, DUE, LATE, "receiver"),
        (LATE, EARLY, LATE, "receiver"),
    ],
)
def test_who_answers_for_a_delay(
    received: datetime | None, notified: datetime | None, now: datetime, who: str
) -> None:
    assert who_answers(DUE, received, notified, now) == who


@given(st.integers(0, 700 * 24 * 60))
def test_working_time_begins_at_the_opening_and_not_before(minutes: int) -> None:
    calendar, at = WorkCalendar(), datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = calendar.opening_after(at)
    assert opens > at
    assert calendar.is_open(opens)
    assert not calendar.is_open(opens - timedelta(microseconds=1))
    between = at + (opens - at) / 2
    assert calendar.is_open(at) or not calendar.is_open(between)


def ready(world: World) -> Task:
    """Before the dispatch, at night."""
    task = world.run(world.draft(), until="final_check_dispatch")
    assert task is not None
    world.at = NIGHT
    return task


def set_sending(world: World, task: Task, outcome: str = "dispatch") -> SetSending:
    form = Completion(outcome, task.revision)
    with clock.moved_to(world.at):
        found = setting_sending.set_sending(world.session, world.actor("secretary"), task.id, form)
        world.session.commit()
    return found


def test_a_form_that_could_not_be_sent_is_not_set(world: World) -> None:
    task = ready(world)
    with pytest.raises(Invalid):
        set_sending(world, task, "nowhere")
    world.session.rollback()
    assert setting_sending.waiting_at(world.session, task.id) is None
    assert world.session.scalars(sa.select(Due).filter_by(subject_type="set_sending")).all() == []


def test_setting_it_leaves_the_document_where_it_is(world: World) -> None:
    task = ready(world)
    set_sending(world, task)
    world.session.refresh(task)
    assert task.state == "open"
    assert world.document(world.case_of(task)).dispatched_at is None


def test_what_has_ended_meanwhile_is_not_sent_twice(world: World) -> None:
    task = ready(world)
    found = set_sending(world, task)
    world.at = NIGHT.replace(hour=10) + timedelta(days=1)
    world.complete(task, "secretary", "dispatch")
    sent_at = world.document(world.case_of(task)).dispatched_at
    world.sweep()
    world.session.refresh(found)
    assert found.state == "dropped"
    assert world.document(world.case_of(task)).dispatched_at == sent_at


def test_it_is_sent_once_however_often_it_is_looked_for(world: World) -> None:
    found = set_sending(world, ready(world))
    world.at = found.send_at + timedelta(minutes=1)
    world.sweep()
    world.session.refresh(found)
    assert (found.state, found.ended_at) == ("done", world.at)
    case = world.case_of(world.session.get_one(Task, found.task_id))
    assert (case.state, world.document(case).dispatched_at) == ("closed", world.at)
    world.at += timedelta(minutes=1)
    world.sweep()
    assert world.document(case).dispatched_at == found.ended_at
