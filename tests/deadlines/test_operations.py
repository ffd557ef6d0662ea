"""Due rows follow their subject: opened, closed and moved, each in one statement."""

from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.deadlines.arithmetic import due
from app.deadlines.effects import DueRow
from app.deadlines.models import Due
from app.deadlines.operations import close_limits, move_limit, open_limits, open_next
from app.deadlines.queries import limits_of
from app.deadlines.recomputing import again
from app.deadlines.rules import ONE_WORKING_DAY
from app.deadlines.workdays import Override, WorkCalendar

from .engines import counted, on_postgres
from .times import at, day

ARRIVED = at("2026-11-20 16:00")
LIMIT = due(ARRIVED, ONE_WORKING_DAY, WorkCalendar())
LATER = at("2026-11-24 12:00")


def states(session: Session) -> list[tuple[int, int, str]]:
    query = sa.select(Due.subject_id, Due.deadline_revision, Due.state).order_by(Due.id)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def test_limits_are_opened_in_one_statement_with_what_they_were_computed_from(
    session: Session, engine: sa.Engine
) -> None:
    with counted(engine) as statements:
        open_limits(session, "task", [(number, LIMIT) for number in range(1, 31)])
    assert len(statements) == 1
    found = limits_of(session, "task", [7])
    assert len(found) == 1
    assert (found[0].due_at, found[0].started_at) == (LIMIT.due_at, ARRIVED.astimezone(UTC))
    assert (found[0].calendar_version, found[0].provisional) == (LIMIT.version, False)
    assert again(found[0], WorkCalendar()) == LIMIT


def test_a_plain_instant_is_no_sum(session: Session) -> None:
    open_limits(session, "task", [(1, LATER)], kind="alarm")
    found = limits_of(session, "task", [1])[0]
    assert (found.kind, found.due_at, found.rule) == ("alarm", LATER.astimezone(UTC), None)
    assert again(found, WorkCalendar()) is None


def test_nothing_to_open_or_close_costs_nothing(session: Session, engine: sa.Engine) -> None:
    with counted(engine) as statements:
        open_limits(session, "task", [])
        assert close_limits(session, "task", [], LATER) == 0
        assert limits_of(session, "task", []) == []
    assert statements == []


def test_the_same_limit_twice_is_refused(session: Session) -> None:
    open_limits(session, "task", [(1, LIMIT)])
    with pytest.raises(sa.exc.IntegrityError):
        open_limits(session, "task", [(1, LATER)])


def test_closing_cancels_what_waits_for_these_subjects_alone(
    session: Session, engine: sa.Engine
) -> None:
    open_limits(session, "task", [(1, LIMIT), (2, LIMIT), (3, LIMIT)])
    open_limits(session, "task", [(1, LATER)], kind="remind")
    open_limits(session, "dispatch", [(1, LIMIT)])
    session.execute(sa.update(Due).where(Due.subject_id == 3).values(state="done"))
    with counted(engine) as statements:
        assert close_limits(session, "task", [1, 3], LATER) == 2
    assert len(statements) == 1
    assert states(session) == [
        (1, 1, "cancelled"),
        (2, 1, "pending"),
        (3, 1, "done"),
        (1, 1, "cancelled"),
        (1, 1, "pending"),
    ]


def test_moving_cancels_the_older_revision_and_opens_the_new(session: Session) -> None:
    open_limits(session, "task", [(1, LIMIT)])
    open_limits(session, "task", [(1, LATER)], kind="remind")
    changed = WorkCalendar("2", {day("2026-11-23"): Override(False, "停电", "")})
    again = due(ARRIVED, ONE_WORKING_DAY, changed)
    assert move_limit(session, "task", 1, again, revision=2, at=LATER) == 2
    assert states(session) == [(1, 1, "cancelled"), (1, 1, "cancelled"), (1, 2, "pending")]
    assert limits_of(session, "task", [1])[-1].due_at == again.due_at


def test_an_alarm_repeats_and_what_is_overdue_escalates_once(session: Session) -> None:
    row = DueRow(1, "alarm", "task", 1, 3, 2, LIMIT.due_at, 0)
    assert open_next(session, row, LATER)
    assert not open_next(session, row, LATER)
    assert open_next(session, row, LATER, kind="escalate")
    query = sa.select(Due.kind, Due.deadline_revision, Due.occurrence).order_by(Due.id)
    assert session.execute(query).all() == [("alarm", 3, 3), ("escalate", 3, 1)]


@on_postgres
def test_closing_does_not_wait_for_a_sweep_that_holds_the_row(
    sessions: sessionmaker[Session],
) -> None:
    with sessions() as session:
        open_limits(session, "task", [(1, LIMIT), (2, LIMIT)])
        session.commit()
    with sessions() as sweeping, sessions() as acting:
        held = sa.select(Due).where(Due.subject_id == 1).with_for_update()
        sweeping.execute(held).all()
        assert close_limits(acting, "task", [1, 2], LATER) == 1


def test_times_are_kept_to_the_microsecond(session: Session) -> None:
    precise = LATER + timedelta(microseconds=1)
    open_limits(session, "task", [(1, precise)])
    assert limits_of(session, "task", [1])[0].due_at == precise
