"""The acting person and the posts in force."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app import audit, organization
from app.errors import NotFound
from app.organization import Actor, Person, operations, roles

from .conftest import AT


def test_one_statement_however_many_posts(
    session: Session, person: Callable[[str], Person], statements: list[str]
) -> None:
    people = [person(login) for login in ("office.head", "dispatcher")]
    for who in people:
        statements.clear()
        organization.actor(session, who.id)
        assert len(statements) == 1


def test_posts_begin_with_the_highest(acting: Callable[[str], Actor]) -> None:
    head = acting("office.head")
    assert [post.role for post in head.posts] == [
        roles.OFFICE_HEAD,
        roles.DEPT_HEAD,
        roles.DRAFTER,
    ]
    assert head.title == "办公室主任"
    assert (head.unit_key, head.unit_name) == ("jiangzhou-county-water", "江洲县水务局")
    assert head.department_name == "办公室"


def test_a_post_without_a_title_is_called_by_its_place(acting: Callable[[str], Actor]) -> None:
    assert acting("sole.head").posts[-1].title == "财务科拟稿人"


def test_holds_in_unit_and_department(acting: Callable[[str], Actor]) -> None:
    head = acting("dept.head")
    assert head.holds(roles.DEPT_HEAD)
    assert head.holds(roles.DEPT_HEAD, head.unit_id, head.department_id)
    assert not head.holds(roles.DEPT_HEAD, department_id=acting("sole.head").department_id)
    assert not head.holds(roles.DEPT_HEAD, acting("city.drafter").unit_id)
    assert not head.holds(roles.OFFICE_HEAD)


def test_signature_carries_post_and_address(
    session: Session, person: Callable[[str], Person]
) -> None:
    leader = organization.actor(session, person("leader").id, address="10.0.0.7")
    assert leader.signature() == audit.Signature(
        person_id=leader.person_id,
        login="leader",
        name=leader.name,
        authority="副局长",
        address="10.0.0.7",
    )
    assert leader.signature("受局长委托").authority == "受局长委托"


def test_somebody_without_posts_is_called_by_the_department(
    session: Session, person: Callable[[str], Person]
) -> None:
    drafter = person("drafter")
    unit = session.get_one(organization.Unit, drafter.unit_id)
    rule = audit.signed_by_rule("测试")
    new = operations.create_person(session, rule, AT, unit=unit, login="new.one", name="新同志")
    who = organization.actor(session, new.id)
    assert (who.posts, who.title) == ((), "江洲县水务局")
    assert who.signature().authority == "江洲县水务局"


def test_the_unknown_and_the_deactivated_do_not_act(
    session: Session, person: Callable[[str], Person]
) -> None:
    drafter = person("drafter")
    operations.deactivate(session, audit.signed_by_rule("测试"), AT, person=drafter)
    for person_id in (drafter.id, 10**9):
        with pytest.raises(NotFound):
            organization.actor(session, person_id)
