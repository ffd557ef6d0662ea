"""A clock that is set: nothing early, nothing twice; said until it is right again or confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock
from app.audit import AuditEntry
from app.deadlines import clockwatch, scheduler
from app.deadlines.errors import DeadlineRefused, NothingToConfirm
from app.deadlines.health import health
from app.deadlines.models import Due, Effect, Heartbeat
from app.deadlines.operations import open_limits
from app.deadlines.sweep import sweep

from . import subjects
from .subjects import Mark

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BEGIN = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
BY = audit.signed_by_rule("测试")


@dataclass
class Machine:
    """``off``: how far its clock is set from the true time; ``boot``: which start it is."""

    sessions: sessionmaker[Session]
    passed: timedelta = timedelta()
    off: timedelta = timedelta()
    boot: str = "first"
    since: timedelta = timedelta()

    @property
    def at(self) -> datetime:
        return BEGIN + self.passed + self.off

    def later(self, by: timedelta) -> int:
        """True time goes on, then it sweeps; how many took effect."""
        self.passed += by
        with clock.moved_to(self.at):
            return sweep(self.sessions, {"task": Mark()}, worker="host-1")

    def set_clock(self, off: timedelta) -> int:
        self.off = off
        return self.later(timedelta(seconds=15))

    def start_anew(self, name: str) -> None:
        self.boot, self.since = name, self.passed

    def complaints(self) -> str:
        with self.sessions() as session:
            return "".join(health(session, self.at).problems)

    def is_well(self) -> bool:
        with self.sessions() as session:
            return health(session, self.at).ok


@pytest.fixture
def machine(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Its clock is the database's too, as with SQLite or with PostgreSQL on the same host."""
    found = Machine(sessions)
    postgres = sessions().get_bind().dialect.name == "postgresql"
    monkeypatch.setattr(clockwatch, "host_time", lambda: found.at)
    monkeypatch.setattr(clockwatch, "steady", lambda: found.passed - found.since)
    monkeypatch.setattr(clockwatch, "boot", lambda: found.boot)
    if postgres:
        monkeypatch.setattr(clockwatch, "_database_time", lambda _: found.at)
    return found


def due_after(machine: Machine, *after: timedelta) -> None:
    with machine.sessions() as session:
        for number, each in enumerate(after, 1):
            session.execute(sa.insert(subjects.subject).values(id=number))
            open_limits(session, "task", [(number, BEGIN + each)])
        session.commit()


def effects(machine: Machine) -> list[str]:
    with machine.sessions() as session:
        return list(session.scalars(sa.select(Effect.effect_key).order_by(Effect.at)))


def test_an_hour_forward_makes_nothing_early_and_is_said(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE, 30 * MINUTE)
    assert machine.later(timedelta()) == 0
    assert machine.set_clock(HOUR) == 0
    assert "快了约 60 分钟" in machine.complaints()
    assert "gongwen clock confirm" in machine.complaints()
    assert not machine.is_well()
    assert machine.later(5 * MINUTE) == 0
    assert effects(machine) == []


def test_it_goes_on_by_itself_when_the_clock_is_right_again(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE, 30 * MINUTE)
    machine.later(timedelta())
    machine.set_clock(HOUR)
    assert machine.set_clock(timedelta()) == 0
    assert machine.is_well()
    assert machine.complaints() == ""
    assert machine.later(10 * MINUTE) == 1
    assert machine.later(20 * MINUTE) == 1


def test_an_hour_in_both_directions_nothing_twice_and_nothing_early(machine: Machine) -> None:
    due_after(machine, *(each * MINUTE for each in range(1, 60)))
    machine.later(timedelta())
    for off in (HOUR, timedelta(), -HOUR, timedelta(), HOUR, -HOUR, timedelta()):
        machine.set_clock(off)
        machine.later(4 * MINUTE)
        true_time = BEGIN + machine.passed
        with machine.sessions() as session:
            done = session.scalars(sa.select(Due.due_at).where(Due.state == "done")).all()
        assert all(each <= true_time for each in done)
    machine.later(HOUR)
    keys = effects(machine)
    assert (len(keys), len(set(keys))) == (59, 59)


def test_an_hour_back_is_said_and_limits_go_on(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE)
    machine.later(timedelta())
    assert machine.set_clock(-HOUR) == 0
    assert "慢了约 60 分钟" in machine.complaints()
    assert machine.is_well()
    assert machine.later(75 * MINUTE) == 1  # an hour late, as it says
    machine.set_clock(timedelta())
    assert machine.complaints() == ""


def test_whoever_starts_the_program_again_does_not_confirm_by_it(machine: Machine) -> None:
    """The watchdog restarts it, a package update does."""
    due_after(machine, 10 * MINUTE)
    machine.later(timedelta())
    machine.set_clock(HOUR)
    assert machine.later(timedelta(seconds=15)) == 0
    assert "快了约 60 分钟" in machine.complaints()


def test_a_standstill_of_the_program_is_no_jump(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE)
    machine.later(timedelta())
    assert machine.later(timedelta(days=3)) == 1
    assert machine.complaints() == ""


def test_after_a_start_of_the_machine_the_clock_is_believed(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE)
    machine.later(timedelta())
    machine.start_anew("second")
    assert machine.later(timedelta(days=3)) == 1
    machine.start_anew("third")
    machine.set_clock(-10 * HOUR)
    assert "慢了约" in machine.complaints()  # earlier than it was already: no standstill does that


def test_small_corrections_are_believed(machine: Machine) -> None:
    machine.later(timedelta())
    for seconds in (90, 0, -90, 0):
        machine.set_clock(timedelta(seconds=seconds))
        assert machine.complaints() == ""


def test_who_confirms_is_on_record_and_limits_go_on_by_the_new_time(machine: Machine) -> None:
    due_after(machine, 10 * MINUTE)
    machine.later(timedelta())
    machine.set_clock(HOUR)
    with machine.sessions() as session:
        assert clockwatch.confirm(session, "原来慢了一小时", BY, machine.at) == ["host-1"]
        session.commit()
    assert machine.later(timedelta(seconds=15)) == 1
    assert machine.complaints() == ""
    with machine.sessions() as session:
        (entry,) = session.scalars(sa.select(AuditEntry)).all()
        assert entry.action == "clock.confirmed"
        assert '"host-1":3600' in entry.body.replace(" ", "")


@pytest.mark.parametrize(
    ("jumped", "reason", "refusal"),
    [(True, "  ", DeadlineRefused), (False, "没有变动", NothingToConfirm)],
)
def test_nothing_is_confirmed_without_reason_or_without_need(
    machine: Machine, jumped: bool, reason: str, refusal: type[Exception]
) -> None:
    machine.later(timedelta())
    machine.set_clock(HOUR if jumped else timedelta())
    with machine.sessions() as session:
        with pytest.raises(refusal):
            clockwatch.confirm(session, reason, BY, machine.at)
        session.rollback()
        beat = session.get_one(Heartbeat, "host-1")
        assert (beat.jump_ms > 0, beat.believed_at is None) == (jumped, False)


def test_chores_and_messages_wait_with_the_sweep(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(clockwatch.socket, "gethostname", lambda: "host-1")
    machine.later(timedelta())
    tick = _jobs(
        machine, lambda *_: done.append("errand"), lambda *_: len(done.append("chore") or "")
    )
    machine.set_clock(HOUR)
    tick()
    assert done == []
    machine.set_clock(timedelta())
    tick()
    assert sorted(done) == ["chore", "errand"]


def _jobs(machine: Machine, errand: scheduler.Errand, chore: scheduler.Chore) -> Callable[[], None]:
    built = scheduler.build(machine.sessions, {}, (chore,), (errand,))

    def tick() -> None:
        for name in ("chores", "errands"):
            job = built.get_job(name)
            job.func(*job.args)

    return tick
