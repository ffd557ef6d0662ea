"""An operator settles what the sweep gave up: with a reason, once, on record."""

from collections.abc import Callable
from datetime import UTC

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit import AuditEntry, Signature
from app.deadlines.errors import DeadlineRefused, NotAnIncident
from app.deadlines.incidents import dismiss, retry
from app.deadlines.models import Due
from app.deadlines.queries import incidents
from app.deadlines.sweep import sweep

from . import subjects
from .subjects import Mark
from .times import at

NOW = at("2026-11-23 09:00").astimezone(UTC)
BY = Signature(1, "system.admin", "管理员", "系统管理员")
Settle = Callable[[Session, int, str, Signature, object], None]


@pytest.fixture
def given_up(sessions: sessionmaker[Session]) -> int:
    subjects.create(sessions, 1)
    with sessions() as session:
        values = {"state": "incident", "attempts": 5, "last_error": "ValueError: x"}
        session.execute(sa.update(Due).values(values))
        session.commit()
        return session.execute(sa.select(Due.id)).scalar_one()


def test_it_is_listed(session: Session, given_up: int) -> None:
    (found,) = incidents(session)
    assert (found.id, found.subject_id, found.last_error) == (given_up, 1, "ValueError: x")


def test_retry_lets_the_sweep_try_again(sessions: sessionmaker[Session], given_up: int) -> None:
    with sessions() as session:
        retry(session, given_up, "已补录办理人", BY, NOW)
        session.commit()
        entry = session.execute(sa.select(AuditEntry)).scalar_one()
        assert entry.action == "due.retried"
        assert incidents(session) == []
        session.execute(sa.update(Due).values(next_try_at=Due.due_at))
        session.commit()
    assert sweep(sessions, {"task": Mark()}) == 1
    assert subjects.violations(sessions, 1) == {}


def test_dismissed_it_never_takes_effect(sessions: sessionmaker[Session], given_up: int) -> None:
    with sessions() as session:
        dismiss(session, given_up, "事项已另行办结", BY, NOW)
        session.commit()
        due = session.get_one(Due, given_up)
        assert (due.state, due.handled_at) == ("cancelled", NOW)
    assert sweep(sessions, {"task": Mark()}) == 0


@pytest.mark.parametrize("settle", [retry, dismiss])
def test_a_reason_is_needed_and_it_is_settled_once(
    session: Session, given_up: int, settle: Settle
) -> None:
    with pytest.raises(DeadlineRefused):
        settle(session, given_up, " ", BY, NOW)
    assert len(incidents(session)) == 1
    settle(session, given_up, "x", BY, NOW)
    with pytest.raises(NotAnIncident):
        settle(session, given_up, "x", BY, NOW)
