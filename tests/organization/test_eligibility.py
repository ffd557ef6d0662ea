"""OUT-03 to OUT-05 over rows: a table of the cases people ask about, and properties over all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.organization import roles
from app.organization.eligibility import Candidate, Holding, Scope, choose, problem

ENGINEERING, FINANCE, UNIT = 7, 8, 1
PEOPLE = {"clerk": 1, "head": 2, "deputy": 3, "second": 4, "leader": 5}


def holding(
    login: str,
    role: str = roles.DEPT_HEAD,
    *,
    department: int | None = ENGINEERING,
    in_charge: bool = False,
) -> Holding:
    return Holding(
        person_id=PEOPLE.get(login) or int(login),
        login=login,
        name=login.upper(),
        own_department_id=department,
        role=role,
        label="部门负责人",
        of_department=role in (roles.DEPT_HEAD, roles.DRAFTER, roles.LEADER_IN_CHARGE),
        department_id=department,
        department="工程科" if department == ENGINEERING else None,
        title=f"{login}的职务",
        in_charge=in_charge,
    )


HEAD, DEPUTY = holding("head", in_charge=True), holding("deputy")
SECOND_IN_CHARGE = holding("second", in_charge=True)

HEADS = [
    # heads of the department                drafter    offered, in order    preselected  self
    ([HEAD], "clerk", ["head"], "head", None),
    ([DEPUTY], "clerk", ["deputy"], "deputy", None),
    ([DEPUTY, HEAD], "clerk", ["head", "deputy"], "head", None),
    ([DEPUTY, HEAD], None, ["head", "deputy"], "head", None),
    ([DEPUTY, HEAD], "head", ["deputy"], "deputy", None),
    ([DEPUTY, HEAD], "deputy", ["head"], "head", None),
    ([HEAD], "head", ["head"], "head", "head"),
    ([DEPUTY], "deputy", ["deputy"], "deputy", "deputy"),
    ([HEAD, SECOND_IN_CHARGE], "clerk", ["head", "second"], None, None),
    ([HEAD, SECOND_IN_CHARGE, DEPUTY], "head", ["second", "deputy"], "second", None),
    ([DEPUTY, holding("second")], "clerk", ["deputy", "second"], None, None),
    ([], "clerk", [], None, None),
]


def only(people: tuple[Candidate, ...], attribute: str) -> str | None:
    found = [each.login for each in people if getattr(each, attribute)]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(("heads", "drafter", "offered", "preselected", "himself"), HEADS)
def test_heads_against_drafter(
    heads: list[Holding],
    drafter: str | None,
    offered: list[str],
    preselected: str | None,
    himself: str | None,
) -> None:
    scope = Scope(UNIT, ENGINEERING, PEOPLE[drafter] if drafter else None)
    people = choose(heads, [roles.DEPT_HEAD], scope)
    assert [each.login for each in people] == offered
    assert only(people, "preselected") == preselected
    assert only(people, "self_review") == himself


def test_heads_of_another_department_are_not_asked() -> None:
    rows = [HEAD, holding("second", department=FINANCE, in_charge=True)]
    people = choose(rows, [roles.DEPT_HEAD], Scope(UNIT, FINANCE, PEOPLE["head"]))
    assert [each.login for each in people] == ["second"]


def test_a_head_elsewhere_drafts_here_like_a_clerk() -> None:
    rows = [HEAD, holding("second", department=FINANCE)]
    people = choose(rows, [roles.DEPT_HEAD], Scope(UNIT, ENGINEERING, PEOPLE["second"]))
    assert [each.login for each in people] == ["head"]
    assert not people[0].self_review


@pytest.mark.parametrize(("department", "offered"), [(ENGINEERING, "leader"), (FINANCE, "second")])
def test_who_leads_the_rest_stands_in_where_nobody_is_in_charge(
    department: int, offered: str
) -> None:
    rows = [
        holding("leader", roles.LEADER_IN_CHARGE, in_charge=True),
        holding("second", roles.LEADER_IN_CHARGE, department=None),
    ]
    people = choose(rows, [roles.LEADER_IN_CHARGE], Scope(UNIT, department))
    assert [each.login for each in people] == [offered]


def test_drafter_of_a_step_that_wants_a_second_person_is_never_offered() -> None:
    scope = Scope(UNIT, ENGINEERING, PEOPLE["head"])
    assert choose([HEAD], [roles.DEPT_HEAD], scope, excluding_drafter=True) == ()


def test_other_roles_do_not_bar_the_drafter() -> None:
    rows = [holding("second", roles.SEAL_KEEPER, department=None)]
    people = choose(rows, [roles.SEAL_KEEPER], Scope(UNIT, ENGINEERING, PEOPLE["second"]))
    assert [each.login for each in people] == ["second"]
    assert not people[0].self_review


def test_a_drafting_head_is_barred_in_every_role_of_the_step() -> None:
    rows = [HEAD, DEPUTY, holding("head", roles.DRAFTER)]
    scope = Scope(UNIT, ENGINEERING, PEOPLE["head"])
    people = choose(rows, [roles.DEPT_HEAD, roles.DRAFTER], scope)
    assert [each.login for each in people] == ["deputy"]


@pytest.mark.parametrize(
    ("drafter", "rows", "reason"),
    [
        ("clerk", [HEAD], "工程科部门负责人，分管此项工作。"),
        ("clerk", [DEPUTY], "工程科部门负责人。"),
        ("head", [HEAD], "工程科只有拟稿人本人一位负责人，由本人审核。"),
    ],
)
def test_reasons_are_sentences(drafter: str, rows: list[Holding], reason: str) -> None:
    people = choose(rows, [roles.DEPT_HEAD], Scope(UNIT, ENGINEERING, PEOPLE[drafter]))
    assert people[0].reason == reason
    assert people[0].authority == f"{people[0].login}的职务"


@pytest.mark.parametrize(
    ("keys", "place", "excluding", "words"),
    [
        (["dept-head"], "财务科", False, "财务科目前没有可以办理的部门负责人，请联系流程管理员。"),
        (["dept-head"], None, True, "本单位目前没有拟稿人以外可以办理的部门负责人"),
        (["nobody"], None, False, "角色“nobody”不存在"),
        ([], None, False, "没有写明本环节由谁办理"),
    ],
)
def test_problem_names_what_is_missing_and_whom_to_ask(
    keys: list[str], place: str | None, excluding: bool, words: str
) -> None:
    sentence = problem(keys, {"dept-head": "部门负责人"}, place, excluding_drafter=excluding)
    assert words in sentence
    assert "流程管理员" in sentence


rows_of_people = st.lists(
    st.builds(
        holding,
        st.sampled_from(["1", "2", "3", "4", "5"]),
        st.sampled_from([roles.DEPT_HEAD, roles.DRAFTER, roles.OFFICE_HEAD]),
        department=st.sampled_from([ENGINEERING, FINANCE]),
        in_charge=st.booleans(),
    ),
    max_size=12,
)
scopes = st.builds(
    Scope,
    st.just(UNIT),
    st.sampled_from([None, ENGINEERING, FINANCE]),
    st.sampled_from([None, 1, 2, 3, 6]),
)


@given(rows_of_people, scopes)
def test_reviewing_heads(rows: list[Holding], scope: Scope) -> None:
    held = [row for row in rows if row.role == roles.DEPT_HEAD]
    heads = {row.person_id for row in held if scope.department_id in (None, row.department_id)}
    people = choose(held, [roles.DEPT_HEAD], scope)
    offered = [each.person_id for each in people]

    assert bool(offered) == bool(heads)  # nobody only where there is nobody: then a problem
    assert set(offered) <= heads
    assert len(offered) == len(set(offered))
    if heads - {scope.drafter_id}:
        assert set(offered) == heads - {scope.drafter_id}  # OUT-04
    alone = len(people) == 1 and offered[0] == scope.drafter_id
    assert [each.self_review for each in people] == [alone] * len(people)  # OUT-05


@given(rows_of_people, scopes, st.booleans())
def test_order_and_preselection(rows: list[Holding], scope: Scope, excluding: bool) -> None:
    keys = [roles.DEPT_HEAD, roles.OFFICE_HEAD, roles.DRAFTER]
    people = choose(rows, keys, scope, excluding_drafter=excluding)
    if excluding:
        assert scope.drafter_id not in {each.person_id for each in people}
    first_in_charge = {
        row.person_id
        for row in rows
        if row.in_charge
        and (not row.of_department or scope.department_id in (None, row.department_id))
    }
    ranks = [each.person_id not in first_in_charge for each in people]
    assert ranks == sorted(ranks)  # OUT-03: those in charge first
    ticked = [each for each in people if each.preselected]
    assert len(ticked) == (1 if len(people) == 1 or ranks.count(False) == 1 else 0)
    assert ticked in ([], [people[0]] if people else [])


@given(rows_of_people, scopes)
def test_same_answer_whatever_the_order_of_rows(rows: list[Holding], scope: Scope) -> None:
    keys = [roles.DEPT_HEAD, roles.DRAFTER]
    held = [row for row in rows if row.role in keys]
    offered = [each.person_id for each in choose(held, keys, scope)]
    assert offered == [each.person_id for each in choose(held[::-1], keys, scope)]
