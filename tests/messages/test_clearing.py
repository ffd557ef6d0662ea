"""What went out long ago leaves the outbox; what nobody has seen to stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import messages, organization
from app.audit import AuditEntry
from app.errors import Conflict, NotAllowed
from app.messages import Channels, Undeliverable, clearing, operations, queries
from app.messages.models import STATES, Outbox
from tests.messages.conftest import Recorder, deliver_at, reach, rows, say
from tests.world import MONDAY

Sessions = sessionmaker[Session]
DAY = timedelta(days=1)


def clear_all(sessions: Sessions, days: int) -> int:
    gone = 0
    with sessions() as session:
        while found := messages.clear(session, MONDAY + days * DAY):
            session.commit()
            gone += found
    return gone


def put(sessions: Sessions, **states: str) -> None:
    """One message of each key in that state."""
    with sessions() as session:
        drafter = reach(session, "drafter")
        for key, state in states.items():
            say(session, drafter, key)
            session.execute(sa.update(Outbox).where(Outbox.message_key == key).values(state=state))
        session.commit()


def test_only_what_is_over_and_old_enough_goes(sessions: Sessions) -> None:
    put(sessions, **{state: state for state in STATES})
    assert clear_all(sessions, 90) == 0
    assert clear_all(sessions, 91) == 2
    assert {row.state for row in rows(sessions)} == {"waiting", "held", "given_up"}


def test_the_office_says_how_long(sessions: Sessions, recorder: Recorder) -> None:
    messages.use(Channels({"mail": recorder}, kept_days=7))
    put(sessions, gone="sent")
    assert clear_all(sessions, 7) == 0
    assert clear_all(sessions, 8) == 1


def test_many_go_in_small_steps(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "BATCH", 3)
    put(sessions, **{f"k{number}": "sent" for number in range(7)})
    with sessions() as session:
        steps = [messages.clear(session, MONDAY + 100 * DAY) for _ in range(4)]
        session.commit()
    assert steps == [3, 3, 1, 0]


def test_the_record_keeps_what_was_done_about_it(sessions: Sessions, recorder: Recorder) -> None:
    recorder.trouble = [Undeliverable("550 no such user")]
    put(sessions, k="waiting")
    deliver_at(sessions)
    (row,) = rows(sessions)
    with sessions() as session:
        assert queries.counts(session).given_up == 1
        operations.drop(session, _actor(session, "system.admin"), row.id, MONDAY + DAY)
        session.commit()
        assert queries.counts(session).given_up == 0
        assert queries.warnings(session) == []
    assert rows(sessions)[0].dropped_at == MONDAY + DAY
    assert clear_all(sessions, 100) == 1
    with sessions() as session:
        done = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "message.dropped")
        ).all()
        assert len(done) == 1


def test_what_was_dropped_is_neither_dropped_nor_sent_again(sessions: Sessions) -> None:
    put(sessions, k="given_up")
    (row,) = rows(sessions)
    with sessions() as session:
        admin = _actor(session, "system.admin")
        with pytest.raises(NotAllowed):
            operations.drop(session, _actor(session, "process.admin"), row.id, MONDAY)
        operations.drop(session, admin, row.id, MONDAY)
        for again in (operations.drop, operations.retry):
            with pytest.raises(Conflict):
                again(session, admin, row.id, MONDAY)
        session.commit()


def test_only_those_of_ones_own_units_are_listed(sessions: Sessions) -> None:
    put(sessions, one="given_up", two="given_up")
    with sessions() as session:
        say(session, reach(session, "city.secretary"), "elsewhere")
        session.execute(sa.update(Outbox).values(state="given_up"))
        session.commit()
        county = _actor(session, "drafter").unit_id
        (found,) = queries.unsent(session, [county])
        name = organization.person_by_login(session, "drafter").name
        assert (found.channel_words, found.count, found.people) == ("邮件", 2, [name])
        assert session.scalar(sa.select(queries.unsent_channels([county]))) == 1
        assert queries.unsent(session, []) == []


def test_forbidden_domains_are_not_written_to(sessions: Sessions, recorder: Recorder) -> None:
    with sessions() as session:
        drafter = reach(session, "drafter", sms=True)
        say(session, drafter, "before")
        messages.use(Channels({"mail": recorder, "sms": recorder}, domains=("water.example",)))
        assert say(session, drafter, "after") == 1  # by short message alone
    assert deliver_at(sessions) == 2
    assert {parcel.channel for parcel in recorder.got} == {"sms"}
    states = {(row.message_key, row.channel): row.state for row in rows(sessions)}
    assert states["before", "mail"] == "given_up"
    messages.use(Channels({"mail": recorder}, domains=("example.cn",)))
    with sessions() as session:
        assert say(session, drafter, "allowed") == 1


def _actor(session: Session, login: str) -> organization.Actor:
    return organization.actor(session, organization.person_by_login(session, login).id)
