"""Who can act in the demonstration office, asked of the database."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app import audit, organization
from app.errors import Invalid
from app.organization import Candidates, Person, Scope, demo, operations, roles

from .conftest import AT

RULE = audit.signed_by_rule("测试")


@pytest.fixture
def asked(session: Session, person: Callable[[str], Person]) -> Callable[..., Candidates]:
    """Candidates for a role where this person of the county bureau drafted."""

    def ask(role: str, drafter: str, *, excluding_drafter: bool = False) -> Candidates:
        who = person(drafter)
        scope = Scope(who.unit_id, who.department_id, who.id)
        return organization.candidates(session, [role], scope, excluding_drafter=excluding_drafter)

    return ask


@pytest.mark.parametrize(
    ("role", "drafter", "offered"),
    [
        (roles.DEPT_HEAD, "drafter", ["dept.head", "dept.deputy"]),
        (roles.DEPT_HEAD, "dept.head", ["dept.deputy"]),
        (roles.DEPT_HEAD, "dept.deputy", ["dept.head"]),
        (roles.DEPT_HEAD, "sole.head", ["sole.head"]),
        (roles.DEPT_HEAD, "city.drafter", ["city.dept.head", "city.dept.deputy"]),
        (roles.OFFICE_HEAD, "drafter", ["office.head"]),
        (roles.LEADER_IN_CHARGE, "drafter", ["leader"]),
        (roles.LEADER_IN_CHARGE, "secretary", ["leader"]),
        (roles.LEADER_IN_CHARGE, "sole.head", ["leader2"]),
        (roles.UNIT_HEAD, "drafter", ["unit.head"]),
        (roles.OFFICE_SECRETARY, "drafter", ["secretary"]),
        (roles.PROCESS_ADMIN, "drafter", ["process.admin", "process.admin2"]),
    ],
)
def test_shipped_steps_find_their_people(
    asked: Callable[..., Candidates], role: str, drafter: str, offered: list[str]
) -> None:
    found = asked(role, drafter)
    assert list(found.logins) == offered
    assert found.problem is None


def test_first_of_several_heads_is_ticked_and_says_why(asked: Callable[..., Candidates]) -> None:
    head, deputy = asked(roles.DEPT_HEAD, "drafter").people
    assert (head.preselected, deputy.preselected) == (True, False)
    assert head.reason == "工程科部门负责人，分管此项工作。"
    assert head.authority == "工程科科长"


def test_sole_head_reviews_himself(asked: Callable[..., Candidates]) -> None:
    (himself,) = asked(roles.DEPT_HEAD, "sole.head").people
    assert himself.self_review
    assert "由本人审核" in himself.reason


def test_nobody_left_is_a_sentence(asked: Callable[..., Candidates]) -> None:
    found = asked(roles.DEPT_HEAD, "sole.head", excluding_drafter=True)
    assert found.people == ()
    assert found.problem == "财务科目前没有拟稿人以外可以办理的部门负责人，请联系流程管理员。"


def test_a_role_that_does_not_exist_is_a_sentence(asked: Callable[..., Candidates]) -> None:
    assert "不存在" in str(asked("no-such-role", "drafter").problem)


def test_the_deactivated_and_the_dismissed_are_not_offered(
    session: Session, person: Callable[[str], Person], asked: Callable[..., Candidates]
) -> None:
    operations.deactivate(session, RULE, AT, person=person("dept.deputy"))
    assert asked(roles.DEPT_HEAD, "drafter").logins == ("dept.head",)
    assert asked(roles.DEPT_HEAD, "dept.head").people[0].self_review


def test_any_department_where_the_case_has_none(
    session: Session, person: Callable[[str], Person]
) -> None:
    scope = Scope(person("drafter").unit_id)
    found = organization.candidates(session, [roles.LEADER_IN_CHARGE], scope)
    assert set(found.logins) == {"leader", "leader2", "leader3"}


def test_one_statement(
    session: Session, person: Callable[[str], Person], statements: list[str]
) -> None:
    who = person("drafter")
    scope = Scope(who.unit_id, who.department_id, who.id)
    for role_keys in ([roles.DEPT_HEAD, roles.DRAFTER], ["no-such-role"]):
        statements.clear()
        organization.candidates(session, role_keys, scope)
        assert len(statements) == 1


def test_process_administrators(session: Session) -> None:
    unit = organization.unit_by_key(session, demo.EAST)
    found = organization.process_administrators(session, unit.id)
    assert found.logins == ("east.process.admin", "east.process.admin2")


class TestNamed:
    def test_keeps_the_order_and_each_once(self, session: Session, statements: list[str]) -> None:
        unit = organization.unit_by_key(session, demo.COUNTY)
        statements.clear()
        found = organization.named(session, ["leader2", "ＬＥＡＤＥＲ", "leader2"], unit.id)
        assert found.logins == ("leader2", "leader")
        assert [each.authority for each in found.people] == ["副局长", "副局长"]
        assert len(statements) == 1

    @pytest.mark.parametrize("login", ["nobody", "city.leader", "x\x00y", "\ud800", ""])
    def test_strangers_are_named_in_the_refusal(self, session: Session, login: str) -> None:
        unit = organization.unit_by_key(session, demo.COUNTY)
        with pytest.raises(Invalid, match="找不到人员"):
            organization.named(session, ["leader", login], unit.id)

    def test_the_deactivated_cannot_be_named(
        self, session: Session, person: Callable[[str], Person]
    ) -> None:
        leader = person("leader3")
        operations.deactivate(session, RULE, AT, person=leader)
        with pytest.raises(Invalid, match="leader3"):
            organization.named(session, ["leader3"], leader.unit_id)

    def test_nobody_named_is_a_sentence(self, session: Session) -> None:
        assert organization.named(session, [], 1) == Candidates((), "没有指定办理人，请选择。")
