"""Who may let whom act for him, for how long, and for what."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.errors import DomainError, Invalid, NotFound
from app.organization import Actor, Person, delegations, operations, periods, standing
from app.organization.delegations import Wanted
from app.organization.errors import AlreadyThere, DelegationCircle, SeparationOfDuties
from app.organization.models import Delegation
from tests.organization.conftest import AT

Acting = Callable[[str], Actor]
DAY = timedelta(days=1)


def give(
    session: Session, actor: Actor, agent: str, *, begin: float = 0, days: float = 5, **more: object
) -> Delegation:
    since = AT + begin * DAY
    wanted = Wanted(agent, since, since + days * DAY, **{"reason": "出差", **more})
    return delegations.delegate(session, actor, AT, wanted)


def test_a_delegation_is_kept_and_recorded(session: Session, acting: Acting) -> None:
    given = give(session, acting("dept.head"), "dept.deputy", with_inbox=True)
    (found,) = standing.given(session, given.principal_id)
    assert (found.agent_login, found.days, found.with_inbox) == (
        "dept.deputy",
        "11月23日至28日",
        True,
    )
    assert found.authority == f"受{found.principal}委托（11月23日至28日）"
    assert [each.id for each in standing.received(session, given.agent_id)] == [given.id]
    pending = [each.body for each in session.info["audit_pending"]]
    assert pending[-1]["action"] == "delegation.given"
    assert pending[-1]["detail"]["agent"] == "dept.deputy"


REFUSED: list[tuple[str, str, dict[str, object], type[DomainError]]] = [
    ("dept.head", "dept.head", {}, Invalid),
    ("dept.head", "", {}, Invalid),
    ("dept.head", "nobody", {}, Invalid),
    ("dept.head", "east.leader", {}, Invalid),
    ("dept.head", "auditor", {}, Invalid),
    ("dept.head", "system.admin", {}, Invalid),
    ("system.admin", "drafter", {}, SeparationOfDuties),
    ("auditor", "drafter", {}, SeparationOfDuties),
    ("dept.head", "dept.deputy", {"days": 0}, Invalid),
    ("dept.head", "dept.deputy", {"begin": -5, "days": 5}, Invalid),
    ("dept.head", "dept.deputy", {"days": 367}, Invalid),
    ("dept.head", "dept.deputy", {"scope": "some"}, Invalid),
    ("dept.head", "dept.deputy", {"scope": "kind"}, Invalid),
    ("dept.head", "dept.deputy", {"reason": " "}, Invalid),
]


@pytest.mark.parametrize(("who", "agent", "given", "error"), REFUSED)
def test_what_is_refused_leaves_nothing(
    session: Session,
    acting: Acting,
    who: str,
    agent: str,
    given: dict[str, object],
    error: type[DomainError],
) -> None:
    with pytest.raises(error):
        give(session, acting(who), agent, **given)
    assert session.scalar(sa.select(sa.func.count()).select_from(Delegation)) == 0


def test_somebody_who_has_left_is_no_agent(
    session: Session, acting: Acting, person: Callable[[str], Person]
) -> None:
    operations.deactivate(session, audit.signed_by_rule("测试"), AT, person=person("dept.deputy"))
    with pytest.raises(Invalid):
        give(session, acting("dept.head"), "dept.deputy")


def test_a_period_that_has_begun_begins_now(session: Session, acting: Acting) -> None:
    assert give(session, acting("leader"), "leader2", begin=-0.2).since == AT


def test_the_same_matters_have_one_agent_at_a_time(session: Session, acting: Acting) -> None:
    leader = acting("leader")
    give(session, leader, "leader2", scope="kind", scope_value="通知")
    with pytest.raises(AlreadyThere, match="11月23日至28日"):
        give(session, leader, "leader3", begin=4)
    with pytest.raises(AlreadyThere):
        give(session, leader, "leader3", scope="process", scope_value="outgoing")
    give(session, leader, "leader3", scope="kind", scope_value="请示")
    give(session, leader, "leader3", begin=5)


def test_circles_are_refused(session: Session, acting: Acting) -> None:
    give(session, acting("leader"), "leader2")
    give(session, acting("leader2"), "leader3", begin=2)
    with pytest.raises(DelegationCircle):
        give(session, acting("leader2"), "leader", days=1)
    with pytest.raises(DelegationCircle):
        give(session, acting("leader3"), "leader", begin=4, days=3)
    give(session, acting("leader3"), "leader", begin=5)


def test_only_its_principal_ends_it(session: Session, acting: Acting) -> None:
    given = give(session, acting("leader"), "leader2")
    for stranger in ("leader2", "office.head"):
        with pytest.raises(NotFound):
            delegations.end_delegation(session, acting(stranger), AT, given.id)
    with pytest.raises(NotFound):
        delegations.end_delegation(session, acting("leader"), AT, 999)
    delegations.end_delegation(session, acting("leader"), AT + DAY, given.id)
    assert given.ended_at == AT + DAY
    delegations.end_delegation(session, acting("leader"), AT + 2 * DAY, given.id)
    assert given.ended_at == AT + DAY
    give(session, acting("leader"), "leader3", begin=1)


def test_an_account_that_closes_ends_what_was_given_and_received(
    session: Session, acting: Acting, person: Callable[[str], Person]
) -> None:
    first = give(session, acting("leader"), "leader2")
    second = give(session, acting("leader2"), "leader3", begin=2)
    other = give(session, acting("office.head"), "secretary")
    operations.deactivate(session, audit.signed_by_rule("测试"), AT, person=person("leader2"))
    assert (first.ended_at, second.ended_at, other.ended_at) == (AT, AT, None)


def test_what_was_in_force_on_a_day(session: Session, acting: Acting) -> None:
    unit = acting("leader").unit_id
    given = give(session, acting("leader"), "leader2", begin=1, days=2)
    days = {day: standing.on_day(session, unit, date(2026, 11, day)) for day in range(22, 30)}
    assert [day for day, found in days.items() if found] == [24, 25, 26]
    delegations.end_delegation(session, acting("leader"), AT + DAY, given.id)
    assert not standing.on_day(session, unit, date(2026, 11, 25))
    assert not standing.on_day(session, acting("city.leader").unit_id, date(2026, 11, 24))


def test_periods_in_words() -> None:
    def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
        return datetime(year, month, day, hour, tzinfo=SHANGHAI)

    assert periods.days(at(11, 23, 9), at(11, 28)) == "11月23日至27日"
    assert periods.days(at(11, 23), at(11, 23, 12)) == "11月23日"
    assert periods.days(at(11, 30), at(12, 2)) == "11月30日至12月1日"
    assert periods.days(at(12, 30), at(1, 3, year=2027)) == "2026年12月30日至2027年1月2日"
    assert periods.moment(at(11, 28)) == "11月28日"
    assert periods.moment(at(11, 27, 18)) == "11月27日 18:00"
