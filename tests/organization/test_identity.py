"""One account for one person: who is taken for the same (ORG-01)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.organization import Actor, Person, Unit, identity, operations
from app.organization.errors import AlreadyThere, MissingRole

from .conftest import AT

RULE = audit.signed_by_rule("测试")


@pytest.fixture
def county(session: Session, person: Callable[[str], Person]) -> Unit:
    return session.get_one(Unit, person("drafter").unit_id)


def enter(session: Session, unit: Unit, name: str, number: str = "", login: str = "new") -> Person:
    return operations.create_person(
        session, RULE, AT, unit=unit, login=f"{login}.one", name=name, staff_number=number
    )


def test_the_same_name_is_the_same_person(session: Session, county: Unit) -> None:
    for number in ("", "B1"):
        with pytest.raises(AlreadyThere, match="登录名 drafter"):
            enter(session, county, " 陈雨桐 ", number)


def test_namesakes_both_have_numbers(
    session: Session, county: Unit, person: Callable[[str], Person]
) -> None:
    drafter = person("drafter")
    identity.set_staff_number(session, RULE, AT, person=drafter, staff_number="A017")
    with pytest.raises(AlreadyThere, match="同名的另一人"):
        enter(session, county, "陈雨桐")
    with pytest.raises(AlreadyThere, match="工号 a017"):
        enter(session, county, "陈雨桐", "Ａ017")
    assert enter(session, county, "陈雨桐", "A018").staff_number == "a018"


def test_the_same_number_under_another_name_is_the_same_person(
    session: Session, county: Unit
) -> None:
    enter(session, county, "新人", "C9")
    with pytest.raises(AlreadyThere, match=r"新人，登录名 new\.one"):
        enter(session, county, "改了名的新人", "c9", "renamed")


def test_other_units_and_who_has_left_do_not_count(
    session: Session, county: Unit, person: Callable[[str], Person]
) -> None:
    city = session.get_one(Unit, person("city.drafter").unit_id)
    assert enter(session, city, "陈雨桐", login="city").active
    first = enter(session, county, "新人", "C9")
    operations.deactivate(session, RULE, AT, person=first)
    assert enter(session, county, "新人", "C9", "again").active


@pytest.mark.parametrize("number", ["A-1", "x" * 21, "1 2", "a\x00b"])
def test_what_is_no_number_is_named(session: Session, county: Unit, number: str) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(session, county, "新人", number)
    assert refusal.value.errors[0].field == "staff_number"


def test_a_number_is_entered_by_the_system_administrator_on_record(
    session: Session, person: Callable[[str], Person], acting: Callable[[str], Actor]
) -> None:
    drafter, leader = person("drafter"), person("leader")
    with pytest.raises(MissingRole):
        identity.set_staff_number(
            session, acting("security.admin"), AT, person=drafter, staff_number="A1"
        )
    by = acting("system.admin")
    identity.set_staff_number(session, by, AT, person=drafter, staff_number="A1")
    with pytest.raises(Invalid):
        identity.set_staff_number(session, by, AT, person=drafter, staff_number=" ")
    with pytest.raises(AlreadyThere):
        identity.set_staff_number(session, by, AT, person=leader, staff_number="a1")
    entry = session.info["audit_pending"][-1].body
    assert (entry["action"], entry["detail"]) == ("person.numbered", {"from": None, "to": "a1"})
