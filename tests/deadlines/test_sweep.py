"""The sweep on both engines: what takes effect, what is cancelled, what fails and what waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock
from app.audit import AuditEntry
from app.deadlines import clockwatch
from app.deadlines import sweep as sweeping
from app.deadlines.effects import DueRow, Result
from app.deadlines.models import Due, Effect, Heartbeat
from app.deadlines.operations import open_limits
from app.deadlines.sweep import sweep

from . import subjects
from .engines import on_postgres
from .subjects import Mark, message, subject
from .times import at

DUE_AT = at("2026-11-23 18:00").astimezone(UTC)
SECOND = timedelta(seconds=1)
Sessions = sessionmaker[Session]


class Answers:
    """An effect that writes a message and then answers, or fails, as it is told."""

    def __init__(self, answer: Result | Callable[[Session, DueRow], Result]) -> None:
        self.answer = answer

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        session.execute(sa.insert(message).values(subject_id=due.subject_id))
        return self.answer(session, due) if callable(self.answer) else self.answer


def due_rows(sessions: Sessions) -> list[Due]:
    with sessions() as session:
        return list(session.scalars(sa.select(Due).order_by(Due.id)))


def number(sessions: Sessions, table: sa.FromClause) -> int:
    with sessions() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_what_is_due_takes_effect_once(sessions: Sessions) -> None:
    subjects.create(sessions, 3, DUE_AT)
    handled_at = DUE_AT + timedelta(seconds=7)
    with clock.moved_to(handled_at):
        assert sweep(sessions, {"task": Mark()}) == 3
        assert sweep(sessions, {"task": Mark()}) == 0
    assert subjects.violations(sessions, 3) == {}
    row = due_rows(sessions)[0]
    assert (row.state, row.due_at, row.handled_at) == ("done", DUE_AT, handled_at)
    with sessions() as session:
        effect = session.get_one(Effect, "overdue:task:1:1:1")
        assert (effect.due_id, effect.at) == (row.id, handled_at)


@pytest.mark.parametrize(
    ("after", "handled"), [(-SECOND, 0), (timedelta(), 0), (timedelta(microseconds=1), 1)]
)
def test_at_the_due_instant_itself_nothing_is_overdue(
    sessions: Sessions, after: timedelta, handled: int
) -> None:
    """Decision 13."""
    subjects.create(sessions, 1, DUE_AT)
    with clock.moved_to(DUE_AT + after):
        assert sweep(sessions, {"task": Mark()}) == handled


@pytest.mark.parametrize("change", [{"open": False}, {"revision": 2}])
def test_what_is_finished_or_moved_is_cancelled_without_effect(
    sessions: Sessions, change: dict[str, object]
) -> None:
    subjects.create(sessions, 2)
    with sessions() as session:
        session.execute(sa.update(subject).where(subject.c.id == 1).values(change))
        session.commit()
    assert sweep(sessions, {"task": Mark()}) == 2
    assert [row.state for row in due_rows(sessions)] == ["cancelled", "done"]
    assert number(sessions, Effect.__table__) == 1


def test_what_somebody_holds_is_looked_at_again_and_not_counted(sessions: Sessions) -> None:
    subjects.create(sessions, 1, DUE_AT)
    effects = {"task": Answers(Result.BUSY)}
    with clock.moved_to(DUE_AT + SECOND):
        assert sweep(sessions, effects) == 0
    row = due_rows(sessions)[0]
    assert (row.state, row.attempts) == ("pending", 0)
    assert row.next_try_at == DUE_AT + timedelta(seconds=6)
    assert row.due_at == DUE_AT
    assert number(sessions, message) == number(sessions, Effect.__table__) == 0
    with clock.moved_to(DUE_AT + timedelta(seconds=7)):
        assert sweep(sessions, {"task": Mark()}) == 1


def test_a_poisoned_row_ends_as_an_incident_while_its_neighbours_are_done(
    sessions: Sessions,
) -> None:
    subjects.create(sessions, 120, DUE_AT)

    def poison(due: DueRow) -> None:
        if due.subject_id == 60:
            raise ValueError("办理人已不存在")

    effects = {"task": Mark(poison)}
    now, waits = DUE_AT + SECOND, []
    for attempt in range(1, 6):
        with clock.moved_to(now):
            assert sweep(sessions, effects) == (119 if attempt == 1 else 0)
        row = due_rows(sessions)[59]
        assert row.attempts == attempt
        waits.append((row.next_try_at - now) // SECOND)
        with clock.moved_to(row.next_try_at):
            assert sweep(sessions, effects) == 0  # not before its time
        now = row.next_try_at + SECOND
    assert waits == [60, 120, 240, 480, 960]
    assert (row.state, row.last_error) == ("incident", "ValueError: 办理人已不存在")
    with clock.moved_to(now + timedelta(days=1)):
        assert sweep(sessions, effects) == 0
    assert subjects.violations(sessions, 119) == {
        "due rows not done": 1,
        "subjects not marked once": 1,
    }


def test_the_record_of_a_failed_effect_goes_with_it(sessions: Sessions) -> None:
    subjects.create(sessions, 2, DUE_AT)

    def recorded(session: Session, due: DueRow) -> Result:
        audit.record(session, "task.overdue", audit.signed_by_rule("DDL-01"), at=DUE_AT)
        if due.subject_id == 1:
            raise ValueError
        return Result.DONE

    sweep(sessions, {"task": Answers(recorded)})
    assert number(sessions, AuditEntry.__table__) == 1
    with sessions() as session:
        assert audit.verify(session).ok


def test_a_subject_type_that_nobody_answers_for_is_a_failure(sessions: Sessions) -> None:
    with sessions() as session:
        open_limits(session, "dispatch", [(1, DUE_AT)])
        session.commit()
    assert sweep(sessions, {"task": Mark()}) == 0
    assert due_rows(sessions)[0].last_error == "KeyError: 'dispatch'"


def test_an_effect_already_on_record_is_not_repeated(sessions: Sessions) -> None:
    subjects.create(sessions, 1)
    row = due_rows(sessions)[0]
    with sessions() as session:
        session.add(Effect(effect_key="overdue:task:1:1:1", due_id=row.id, at=DUE_AT))
        session.commit()
    assert sweep(sessions, {"task": Mark()}) == 1
    assert due_rows(sessions)[0].state == "done"
    assert number(sessions, message) == 0


def test_three_days_of_down_time_are_caught_up(sessions: Sessions) -> None:
    subjects.create(sessions, 400, DUE_AT)
    back = DUE_AT + timedelta(days=3)
    with clock.moved_to(back):
        assert sweep(sessions, {"task": Mark()}) == 400
    assert subjects.violations(sessions, 400) == {}
    assert {(row.due_at, row.handled_at) for row in due_rows(sessions)} == {(DUE_AT, back)}
    with sessions() as session:
        marks = session.execute(sa.select(subject.c.overdue_since).distinct()).scalars().all()
    assert marks == [DUE_AT]


def test_a_sweep_stops_between_batches_when_asked(sessions: Sessions) -> None:
    subjects.create(sessions, 120)
    assert sweep(sessions, {"task": Mark()}, stopping=lambda: True) == 50
    assert sweep(sessions, {"task": Mark()}) == 70
    assert subjects.violations(sessions, 120) == {}


def test_a_long_catch_up_gives_a_sign_of_life_and_goes_on(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects.create(sessions, 60)
    monkeypatch.setattr(sweeping, "LONGEST_SWEEP", 0)
    assert sweep(sessions, {"task": Mark()}) == 50
    assert number(sessions, Heartbeat.__table__) == 1
    assert sweep(sessions, {"task": Mark()}) == 10


def test_a_timeout_counts_against_no_row_and_lets_the_others_past(sessions: Sessions) -> None:
    subjects.create(sessions, 3, DUE_AT)

    def times_out(due: DueRow) -> None:
        if due.subject_id == 2:
            raise sa.exc.OperationalError("SELECT", {}, Exception("statement timeout"))

    effects = {"task": Mark(times_out)}
    with clock.moved_to(DUE_AT + SECOND), pytest.raises(sa.exc.OperationalError):
        sweep(sessions, effects)
    assert number(sessions, message) == 0
    with clock.moved_to(DUE_AT + 2 * SECOND):
        assert sweep(sessions, effects) == 2
    rows = due_rows(sessions)
    assert [row.state for row in rows] == ["done", "pending", "done"]
    assert {row.attempts for row in rows} == {0}
    with clock.moved_to(DUE_AT + timedelta(minutes=2)):
        assert sweep(sessions, {"task": Mark()}) == 1
    assert subjects.violations(sessions, 3) == {}


def test_a_faulty_statement_of_an_effect_is_the_fault_of_its_row(sessions: Sessions) -> None:
    subjects.create(sessions, 2)

    def faulty(session: Session, due: DueRow) -> Result:
        if due.subject_id == 1:
            session.execute(sa.text("SELECT no_such_column FROM due"))
        return Result.DONE

    assert sweep(sessions, {"task": Answers(faulty)}) == 1
    assert [(row.state, row.attempts) for row in due_rows(sessions)] == [
        ("pending", 1),
        ("done", 0),
    ]


@on_postgres
def test_a_lost_connection_counts_against_no_row(sessions: Sessions) -> None:
    subjects.create(sessions, 60)
    lost: list[int] = []

    def lose(session: Session, due: DueRow) -> Result:
        if due.subject_id == 30 and not lost:
            lost.append(due.id)
            mine = session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            with sessions() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            session.execute(sa.text("SELECT 1"))
        return Result.DONE

    with pytest.raises(sa.exc.DBAPIError):
        sweep(sessions, {"task": Answers(lose)})
    assert {(row.state, row.attempts) for row in due_rows(sessions)} == {("pending", 0)}
    assert sweep(sessions, {"task": Mark()}) == 60
    assert subjects.violations(sessions, 60) == {}


@on_postgres
def test_a_session_ended_while_idle_counts_against_no_row(sessions: Sessions) -> None:
    """PostgreSQL reports this one as InternalError."""
    subjects.create(sessions, 1)

    def idle(session: Session, due: DueRow) -> Result:
        session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = '20ms'"))
        with sessions() as other:
            other.execute(sa.text("SELECT pg_sleep(0.2)"))
        session.execute(sa.text("SELECT 1"))
        return Result.DONE

    with pytest.raises(sa.exc.DBAPIError):
        sweep(sessions, {"task": Answers(idle)})
    assert due_rows(sessions)[0].attempts == 0


def test_every_sweep_ends_with_a_heartbeat(sessions: Sessions) -> None:
    subjects.create(sessions, 2, DUE_AT)
    for seconds, handled in ((1, 2), (16, 0)):
        with clock.moved_to(DUE_AT + timedelta(seconds=seconds)):
            sweep(sessions, {"task": Mark()}, worker="host-1")
        with sessions() as session:
            beat = session.get_one(Heartbeat, "host-1")
            assert (beat.at, beat.handled) == (DUE_AT + timedelta(seconds=seconds), handled)
            assert abs(beat.skew_ms) < 5_000


def test_a_host_whose_clock_is_off_does_not_sweep_and_says_so(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subjects.create(sessions, 1)
    an_hour_off = clockwatch.Clocks(timedelta(hours=1), timedelta(), None)
    monkeypatch.setattr(clockwatch, "look", lambda *_: an_hour_off)
    assert sweep(sessions, {"task": Mark()}, worker="host-1") == 0
    assert "clock is off" in caplog.text
    with sessions() as session:
        assert session.get_one(Heartbeat, "host-1").skew_ms == 3_600_000


def test_only_what_waits_is_searched(sessions: Sessions, engine: sa.Engine) -> None:
    """A prepared plan must see that the partial index fits, or finished rows slow every sweep."""
    subjects.create(sessions, 200)
    sweep(sessions, {"task": Mark()})
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    sweep(sessions, {"task": Mark()})
    sa.event.remove(engine, "before_cursor_execute", note)
    query, parameters = next(each for each in sent if "FROM due" in each[0])
    assert "state = 'pending'" in query
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.exec_driver_sql(f"{explain} {query}", parameters).all()
    assert "due_ready" in str(plan)
