"""The demonstration organization holds what guides and tests rely on."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.errors import NotFound
from app.organization import demo, passwords, roles
from app.organization.errors import AlreadyThere
from app.organization.models import Appointment, Person

from .conftest import AT, sign_in

LOGINS = [
    *("drafter", "sole.head", "dept.head", "dept.deputy", "office.head"),
    *("leader", "leader2", "leader3", "unit.head"),
    *("printing", "seal.keeper", "secretary", "dispatcher", "archivist"),
    *("process.admin", "process.admin2", "auditor", "system.admin", "security.admin"),
]
UNITS = [(demo.CITY, "city."), (demo.COUNTY, ""), (demo.EAST, "east.")]


@pytest.mark.parametrize(("key", "prefix"), UNITS)
def test_logins_are_those_of_the_guides(session: Session, key: str, prefix: str) -> None:
    unit = organization.unit_by_key(session, key)
    people = organization.people(session, unit.id)
    assert {each.login for each in people} == {prefix + login for login in LOGINS}


@pytest.mark.parametrize(("key", "prefix"), UNITS)
@pytest.mark.parametrize("role", [role.key for role in roles.SHIPPED])
def test_every_role_is_filled_in_every_unit(
    session: Session, role: str, key: str, prefix: str
) -> None:
    unit = organization.unit_by_key(session, key)
    holders = organization.people_of_role(session, role, unit.id)
    assert holders
    assert all(each.login.startswith(prefix) for each in holders)


@pytest.mark.parametrize(("key", "prefix"), UNITS)
def test_every_department_has_a_head_and_a_leader(session: Session, key: str, prefix: str) -> None:
    unit = organization.unit_by_key(session, key)
    departments = organization.departments(session, unit.id)
    assert [each.name for each in departments] == ["办公室", "工程科", "财务科"]
    for department in departments:
        scope = organization.Scope(unit.id, department.id)
        for role in (roles.DEPT_HEAD, roles.LEADER_IN_CHARGE, roles.DRAFTER):
            assert organization.candidates(session, [role], scope).people


def test_the_three_administrators_are_apart(session: Session) -> None:
    held: dict[int, set[str]] = {}
    for post in session.scalars(sa.select(Appointment)):
        held.setdefault(post.person_id, set()).add(post.role_key)
    of_administrators = [keys for keys in held.values() if keys & roles.ADMINISTRATORS]
    assert len(of_administrators) == 9
    assert all(len(keys) == 1 for keys in of_administrators)


def test_units(session: Session) -> None:
    city, county, east = organization.units(session)
    assert (county.agency_code, county.letterhead) == ("江水", "江洲县水务局文件")
    assert [each.agency_code for each in (city, east)] == ["江市水", "江东水"]
    assert (city.parent_id, county.parent_id, east.parent_id) == (None, city.id, city.id)
    assert organization.unit(session, county.id) == county


def test_nobody_shares_a_name(session: Session) -> None:
    names = list(session.scalars(sa.select(Person.name)))
    assert len(names) == len(set(names)) == 3 * len(LOGINS)


def test_one_password_opens_every_account_without_a_change(session: Session, password: str) -> None:
    for login in session.scalars(sa.select(Person.login)).all():
        assert not sign_in(session, login, password, None, AT).must_change
        assert not passwords.faults(password, [login])


def test_leaders_in_the_order_of_their_appointment(session: Session) -> None:
    unit = organization.unit_by_key(session, demo.COUNTY)
    leaders = organization.people_of_role(session, roles.LEADER_IN_CHARGE, unit.id)
    assert [(each.login, each.title) for each in leaders] == [
        ("leader", "副局长"),
        ("leader2", "副局长"),
        ("leader3", "总工程师"),
    ]


def test_it_is_installed_once_and_on_record(session: Session) -> None:
    assert demo.is_installed(session)
    with pytest.raises(AlreadyThere):
        demo.install(session, AT)
    session.rollback()
    assert audit.verify(session).ok


def test_roles_of_an_installation_are_entered_once(session: Session) -> None:
    demo.install_roles(session, AT)
    labels = organization.role_labels(session)
    assert list(labels.items()) == [(role.key, role.label) for role in roles.SHIPPED]


def test_unknown_units_and_people_are_not_found(session: Session) -> None:
    for ask in (
        lambda: organization.unit(session, 10**9),
        lambda: organization.unit_by_key(session, "nowhere"),
        lambda: organization.person_by_login(session, "nobody"),
    ):
        with pytest.raises(NotFound):
            ask()
