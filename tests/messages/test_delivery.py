"""From the outbox to the other side: once in the database, at least once outside."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import ROOT, messages
from app.messages import Channels, Parcel, Undeliverable, delivery
from app.messages.models import Outbox
from tests.messages.conftest import Recorder, deliver_at, reach, rows, say
from tests.world import MONDAY

Sessions = sessionmaker[Session]


def test_a_message_is_written_once_however_often_it_is_said(sessions: Sessions) -> None:
    with sessions() as session:
        drafter = reach(session, "drafter", sms=True)
        assert say(session, drafter) == 2
        assert say(session, drafter) == 0
    assert [(row.channel, row.address, row.state) for row in rows(sessions)] == [
        ("mail", "drafter@example.cn", "waiting"),
        ("sms", "13900000000", "waiting"),
    ]


def test_only_by_ways_that_are_open_and_wanted(sessions: Sessions, recorder: Recorder) -> None:
    with sessions() as session:
        drafter, leader = reach(session, "drafter", mail=False), reach(session, "leader")
        assert say(session, drafter, "unwanted") == 0
        messages.use(Channels({"sms": recorder}))
        assert say(session, leader, "closed") == 0
        messages.use(Channels())
        assert say(session, leader, "nothing") == 0


def test_what_was_undone_is_not_sent(sessions: Sessions, recorder: Recorder) -> None:
    with sessions() as session:
        drafter = reach(session, "drafter")
        messages.queue(session, messages.Message("k", "urged", "a", "b"), [drafter], MONDAY)
        session.rollback()
    assert deliver_at(sessions) == 0
    assert recorder.got == []


def test_delivered_once_and_on_record(sessions: Sessions, recorder: Recorder) -> None:
    with sessions() as session:
        say(session, reach(session, "drafter"))
    assert deliver_at(sessions) == 1
    assert deliver_at(sessions, hours=1) == 0
    (parcel,) = recorder.got
    assert parcel.body == "请办。\n\n办理：http://oa.example.cn/tasks/1\n"
    (row,) = rows(sessions)
    assert (row.state, row.attempts, row.sent_at) == ("sent", 1, MONDAY)


def test_a_failure_is_tried_again_with_longer_and_longer_pauses(
    sessions: Sessions, recorder: Recorder
) -> None:
    recorder.trouble = [ConnectionRefusedError("no server")] * 20
    with sessions() as session:
        say(session, reach(session, "drafter"))
    waits, at = [], MONDAY
    for _ in range(10):
        assert deliver_at(sessions, at) == 0
        (row,) = rows(sessions)
        waits.append((row.next_try_at - at).total_seconds())
        assert row.last_error == "ConnectionRefusedError: no server"
        assert deliver_at(sessions, row.next_try_at - timedelta(seconds=1)) == 0
        assert rows(sessions)[0].attempts == row.attempts, "not before its time"
        at = row.next_try_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    recorder.trouble = []
    assert deliver_at(sessions, at) == 1
    (row,) = rows(sessions)
    assert (row.state, row.attempts, row.last_error) == ("sent", 11, None)


def test_what_is_refused_for_good_or_for_three_days_is_given_up(
    sessions: Sessions, recorder: Recorder
) -> None:
    recorder.trouble = [Undeliverable("550 no such user"), TimeoutError("silent")]
    with sessions() as session:
        say(session, reach(session, "drafter"))
        say(session, reach(session, "leader"))
    assert deliver_at(sessions) == 0
    refused, waiting = rows(sessions)
    assert (refused.state, waiting.state) == ("given_up", "waiting")
    recorder.trouble = [TimeoutError("silent")]
    deliver_at(sessions, days=3, minutes=1)
    assert [row.state for row in rows(sessions)] == ["given_up", "given_up"]


def test_one_that_fails_keeps_no_other_back(sessions: Sessions, recorder: Recorder) -> None:
    recorder.trouble = [TimeoutError("silent")]
    with sessions() as session:
        drafter = reach(session, "drafter")
        for number in range(25):
            say(session, drafter, f"k{number}")
    assert deliver_at(sessions) == 24
    assert len({parcel.identity for parcel in recorder.got}) == 24


def test_a_lease_that_was_lost_does_not_count(sessions: Sessions, recorder: Recorder) -> None:
    """Somebody slower than his lease: the message goes out twice, under one identity."""
    with sessions() as session:
        say(session, reach(session, "drafter"))

    class Slow(Recorder):
        def deliver(self, parcel: Parcel) -> None:
            messages.use(Channels({"mail": recorder}))
            assert deliver_at(sessions, minutes=6) == 1
            super().deliver(parcel)

    slow = Slow()
    messages.use(Channels({"mail": slow}))
    assert deliver_at(sessions) == 0, "the other one has marked it"
    assert slow.got[0].identity == recorder.got[0].identity
    (row,) = rows(sessions)
    assert (row.state, row.attempts) == ("sent", 1)


@pytest.mark.parametrize("step", ["outbox-leased", "outbox-sent"])
def test_killed_in_between_it_is_sent_again_when_the_lease_is_over(
    sessions: Sessions, recorder: Recorder, step: str
) -> None:
    with sessions() as session:
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
        say(session, reach(session, "drafter"))
    program = (
        "import sys, sqlalchemy as sa\n"
        "from datetime import datetime\n"
        "from sqlalchemy.orm import sessionmaker\n"
        "from app import clock, faults, messages\n"
        "from app.database import harden_sqlite\n"
        "from app.messages.channels import Local\n"
        "engine = sa.create_engine(sys.argv[1])\n"
        "harden_sqlite(engine)\n"
        "messages.use(messages.Channels({'mail': Local()}))\n"
        "faults.arm(sys.argv[2] + ':kill')\n"
        "with clock.moved_to(datetime.fromisoformat(sys.argv[3])):\n"
        "    messages.deliver(sessionmaker(engine))\n"
    )
    killed = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", program, url, step, MONDAY.isoformat()],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    (row,) = rows(sessions)
    assert (row.state, row.attempts) == ("waiting", 0)
    assert deliver_at(sessions, minutes=4) == 0, "still in the dead hand"
    assert deliver_at(sessions, minutes=6) == 1
    (row,) = rows(sessions)
    assert (row.state, row.attempts, len(recorder.got)) == ("sent", 1, 1)


@pytest.mark.parametrize("sessions", [pytest.param("postgres", marks=pytest.mark.postgres)],
                         indirect=True)  # fmt: skip
def test_two_at_once_send_each_message_once(sessions: Sessions, recorder: Recorder) -> None:
    with sessions() as session:
        drafter = reach(session, "drafter")
        for number in range(60):
            say(session, drafter, f"k{number}")
    barrier, sent = threading.Barrier(4), []

    def one() -> None:
        barrier.wait()
        sent.append(deliver_at(sessions))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 60
    assert len(recorder.got) == len({parcel.identity for parcel in recorder.got}) == 60
    with sessions() as session:
        assert {row.state for row in session.query(Outbox)} == {"sent"}


def test_near_the_end_of_a_lease_nothing_more_is_begun(
    sessions: Sessions, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MARGIN", delivery.LEASE)
    with sessions() as session:
        say(session, reach(session, "drafter"))
    assert deliver_at(sessions) == 0
    assert rows(sessions)[0].state == "waiting"
    monkeypatch.undo()
    assert deliver_at(sessions, minutes=6) == 1
