"""告警: raised once, told to those who listen, settled by the security administrator."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotAllowed
from app.organization import Actor, alarms

from .conftest import AT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def security(acting: Callable[[str], Actor]) -> Actor:
    return acting("security.admin")


@pytest.fixture
def drafter(acting: Callable[[str], Actor]) -> Actor:
    return acting("drafter")


def test_one_of_a_kind_in_ten_minutes_and_told(session: Session, drafter: Actor) -> None:
    heard: list[alarms.Alarm] = []
    alarms.tell(lambda _session, alarm, _at: heard.append(alarm))
    for minutes in (0, 5, 9, 10):
        alarms.sound(session, "locked", drafter.person_id, "10.0.0.7", AT + minutes * MINUTE)
    alarms.sound(session, "certificate", drafter.person_id, None, AT)
    alarms.tell()
    assert [(each.kind, each.login) for each in heard] == [
        ("locked", "drafter"),
        ("locked", "drafter"),
        ("certificate", "drafter"),
    ]


def test_what_is_settled_comes_last(
    session: Session, security: Actor, acting: Callable[[str], Actor]
) -> None:
    for login in ("drafter", "leader", "city.drafter"):
        alarms.sound(session, "locked", acting(login).person_id, None, AT)
    unit = security.unit_id
    assert [each.login for each in alarms.listed(session, unit)] == ["leader", "drafter"]
    assert alarms.waiting(session, unit) == 2
    newest = alarms.listed(session, unit)[0]
    alarms.settle(session, security, newest.id, " 本人输错 ", AT + MINUTE)
    last = alarms.listed(session, unit)[-1]
    assert (last.login, last.finding, last.seen_by) == ("leader", "本人输错", security.name)
    assert alarms.waiting(session, unit) == 1
    entry = session.info["audit_pending"][-1].body
    assert (entry["action"], entry["reason"]) == ("alarm.settled", "本人输错")
    with pytest.raises(Conflict):
        alarms.settle(session, security, newest.id, "又一次", AT)


@pytest.mark.parametrize("login", ["city.security.admin", "system.admin", "drafter"])
def test_settled_by_nobody_else(
    session: Session, drafter: Actor, acting: Callable[[str], Actor], login: str
) -> None:
    alarms.sound(session, "locked", drafter.person_id, None, AT)
    (alarm,) = alarms.listed(session, drafter.unit_id)
    with pytest.raises(NotAllowed):
        alarms.settle(session, acting(login), alarm.id, "看过", AT)
    assert alarms.waiting(session, drafter.unit_id) == 1


def test_settled_with_words_only(session: Session, security: Actor, drafter: Actor) -> None:
    alarms.sound(session, "locked", drafter.person_id, None, AT)
    (alarm,) = alarms.listed(session, drafter.unit_id)
    with pytest.raises(Invalid):
        alarms.settle(session, security, alarm.id, " ", AT)
    with pytest.raises(NotAllowed):
        alarms.settle(session, security, 10**9, "没有这条", AT)
