"""加签 and 减签: every act in every mode and on both kinds of route, and what it leaves."""

import pytest
import sqlalchemy as sa

from app import audit
from app.deadlines.models import Due
from app.errors import DomainError, Invalid, NotAllowed, NotFound
from app.handling import access
from app.handling.act import hold_task
from app.handling.acts import opening, returning
from app.handling.acts.adding_signers import add_signers
from app.handling.errors import (
    CannotWithdraw,
    NoSigningHere,
    NotYourTask,
    StaleRevision,
    StepAlreadyDone,
)
from app.handling.models import Notice, Opinion, OpinionDraft, Task
from app.handling.views.history import lines
from app.workflow import checks, trial
from app.workflow import queries as routes
from app.workflow.errors import SignerRefused
from tests.handling.signings import MODES, STEPS, at_signing, present
from tests.world import World

SIGNERS = ["leader2", "leader3"]
ACTS = ("before", "after", "parallel", "remove")
Turns = list[set[str]]
"""Who is present after the act, and after each approval by the first of those present."""

LEFT: dict[tuple[str, str], Turns] = {
    ("sequential", "before"): [{"leader"}, {"unit.head"}, {"leader2"}, {"leader3"}],
    ("sequential", "after"): [{"leader2"}, {"leader"}, {"unit.head"}, {"leader3"}],
    ("sequential", "parallel"): [
        {"leader2", "leader", "unit.head"}, {"leader", "unit.head"}, {"unit.head"}, {"leader3"},
    ],
    ("sequential", "remove"): [{"leader3"}],
    ("parallel", "before"): [
        {"leader", "leader3"}, {"unit.head", "leader3"}, {"leader2", "leader3"}, {"leader3"},
    ],
    ("parallel", "after"): [
        {"leader2", "leader3"}, {"leader", "leader3"}, {"unit.head", "leader3"}, {"leader3"},
    ],
    ("parallel", "parallel"): [
        {"leader2", "leader3", "leader", "unit.head"},
        {"leader3", "leader", "unit.head"}, {"leader3", "unit.head"}, {"leader3"},
    ],
    ("parallel", "remove"): [{"leader3"}],
    ("any", "before"): [{"leader", "leader3"}],
    ("any", "after"): [{"leader2", "leader3"}],
    ("any", "parallel"): [{"leader2", "leader3", "leader", "unit.head"}],
    ("any", "remove"): [{"leader3"}],
    ("share", "before"): [
        {"leader", "leader3"}, {"unit.head", "leader3"}, {"leader2", "leader3"},
    ],
    ("share", "after"): [
        {"leader2", "leader3"}, {"leader", "leader3"}, {"unit.head", "leader3"},
    ],
    ("share", "parallel"): [
        {"leader2", "leader3", "leader", "unit.head"},
        {"leader3", "leader", "unit.head"}, {"leader3", "unit.head"},
    ],
    ("share", "remove"): [{"leader3"}],
}  # fmt: skip
FIRST = ["leader2", "leader", "unit.head", "leader3"]
"""Of several present the first in this list answers."""


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial in this process: starting another one takes more than a second."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def logins_of(world: World, task: Task) -> set[str]:
    return set(present(world, task))


def opinions(world: World, task: Task) -> int:
    of_step = (Opinion.case_id == task.case_id) & (Opinion.step == task.step)
    return world.session.scalar(sa.select(sa.func.count()).where(of_step)) or 0


LIMIT = Due.kind != "remind"
"""What is told before a limit runs out stands beside it."""


def pending(world: World, task: Task) -> int:
    query = sa.select(sa.func.count()).where(
        Due.subject_id == task.id, Due.state == "pending", LIMIT
    )
    return world.session.scalar(query) or 0


def sees(world: World, login: str, task: Task) -> bool:
    return access.sees_case(world.session, world.actor(login), task.case_id)


@pytest.mark.parametrize("called", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("act", ACTS)
def test_what_an_act_leaves(world: World, act: str, mode: str, called: bool) -> None:
    """Who is present then and later, until the office has it; one opinion for each who signed."""
    task = at_signing(world, mode, SIGNERS, called=called)
    if act == "remove":
        world.remove_signer(task, "drafter", "leader2", "已另行征求意见。")
    else:
        world.add_signers(task, "leader2", ["leader", "unit.head"], act, "涉及资金。")
    world.session.refresh(task)
    ended = {"remove": "removed", "before": "waiting"}
    assert task.state == ended.get(act, "open")
    assert pending(world, task) == (1 if task.state == "open" else 0)
    assert opinions(world, task) == 0
    turns = LEFT[mode, act]
    for expected in turns:
        assert logins_of(world, task) == expected
        assert all(pending(world, each) == 1 for each in present(world, task).values())
        login = next(each for each in FIRST if each in expected)
        world.complete(present(world, task)[login], login, "approve")
    assert [each.step for each in world.open(world.case_of(task))] == ["office_check"]
    assert opinions(world, task) == len(turns)


@pytest.mark.parametrize("mode", ["any", "share"])
def test_an_early_end_closes_who_is_present_and_forgets_who_waits(world: World, mode: str) -> None:
    task = at_signing(world, mode, SIGNERS)
    world.add_signers(task, "leader2", ["leader"], "before")
    for login in ("leader3", "leader")[: 1 if mode == "any" else 2]:
        world.complete(present(world, task)[login], login, "approve")
    assert [each.step for each in world.open(world.case_of(task))] == ["office_check"]
    world.session.refresh(task)
    assert task.state == "waiting"


def test_who_lets_others_sign_first_has_his_own_stay_again(world: World) -> None:
    """With what he had typed, a limit of its own, and the same way back."""
    task = at_signing(world, "sequential", SIGNERS)
    with_draft = "拟同意，待总工核。"
    opening.keep_draft(world.session, world.actor("leader2"), task.id, with_draft)
    world.session.commit()
    (first,) = world.add_signers(task, "leader2", ["leader"], "before").opened
    world.later(days=1)
    (again,) = world.complete(first, "leader", "approve").opened
    assert (again.instead_of_id, world.holders(again)) == (task.id, ["leader2"])
    assert again.due_at is not None
    assert task.due_at is not None
    assert again.due_at > task.due_at
    draft = world.session.scalars(sa.select(OpinionDraft)).one()
    assert (draft.task_id, draft.text) == (again.id, with_draft)
    act = hold_task(world.session, world.actor("leader2"), again.id)
    targets = [each.step for each in returning.return_targets(act)]
    assert targets == ["office_check", "dept_review", "draft"]
    world.session.rollback()
    world.send_back(again, "leader2", "dept_review")
    assert [each.step for each in world.open(world.case_of(task))] == ["dept_review"]


def test_a_colleague_who_lets_others_sign_first_keeps_what_was_handed_to_him(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    given = world.hand_over(task, "leader2", "dept.head")
    for position in ("before", "after", "parallel"):
        with pytest.raises(Invalid, match="会签之列"):
            world.add_signers(given, "dept.head", ["leader2"], position)
    (first,) = world.add_signers(given, "dept.head", ["leader"], "before").opened
    with pytest.raises(Invalid, match="会签之列"):
        world.add_signers(first, "leader", ["dept.head"], "after")
    (again,) = world.complete(first, "leader", "approve").opened
    assert (again.instead_of_id, world.holders(again)) == (given.id, ["dept.head"])
    assert again.given_by == "colleague"
    (last,) = world.complete(again, "dept.head", "approve").opened
    with pytest.raises(Invalid, match="会签之列"):
        world.add_signers(last, "leader3", ["dept.head"], "after")


def test_one_added_before_may_let_others_sign_before_him(world: World) -> None:
    task = at_signing(world, "parallel", SIGNERS)
    (first,) = world.add_signers(task, "leader2", ["leader"], "before").opened
    (second,) = world.add_signers(first, "leader", ["unit.head"], "before").opened
    assert logins_of(world, task) == {"unit.head", "leader3"}
    world.remove_signer(second, "leader", "unit.head")
    assert logins_of(world, task) == {"leader", "leader3"}
    again = present(world, task)["leader"]
    assert again.instead_of_id == first.id
    world.remove_signer(again, "leader2", "leader")
    assert present(world, task)["leader2"].instead_of_id == task.id


STRANGERS = [
    ([], "请选择"),
    (["leader2"], "自己"),
    (["leader3"], "会签之列"),
    (["leader", "leader3"], "会签之列"),
    (["drafter"], "OUT-04"),
    (["auditor"], "审计员"),
    (["system.admin"], "系统"),
    (["city.leader"], "找不到"),
    (["nobody"], "找不到"),
]


@pytest.mark.parametrize(("logins", "words"), STRANGERS)
def test_who_must_not_sign_is_refused_by_name(world: World, logins: list[str], words: str) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    before = routes.variables(hold_task(world.session, world.actor("leader2"), task.id).engine)
    world.session.rollback()
    for position in ("before", "after", "parallel"):
        with pytest.raises(Invalid, match=words) as refusal:
            world.add_signers(task, "leader2", logins, position)
        assert [each.field for each in refusal.value.errors] == ["logins"]
    act = hold_task(world.session, world.actor("leader2"), task.id)
    assert routes.variables(act.engine) == before
    assert logins_of(world, task) == {"leader2"}


@pytest.mark.parametrize(
    ("login", "position", "kind"),
    [
        ("leader2", "first", Invalid),
        ("office.head", "after", NotYourTask),
        ("leader3", "after", NotFound),
    ],
)
def test_who_adds_has_an_open_stay_there(
    world: World, login: str, position: str, kind: type[DomainError]
) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    with pytest.raises(kind):
        world.add_signers(task, login, ["leader"], position)
    assert logins_of(world, task) == {"leader2"}


def test_a_step_of_one_person_says_what_to_use_instead(world: World) -> None:
    task = world.run(world.draft(), until="office_check")
    assert task is not None
    with pytest.raises(NoSigningHere, match="转办"):
        world.add_signers(task, "office.head", ["leader"], "after")
    with pytest.raises(NoSigningHere, match="征求意见"):
        world.remove_signer(task, "office.head", "office.head")


def test_who_is_only_consulted_adds_nobody(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    asked = world.hand_over(task, "leader2", "dept.head", "consult")
    with pytest.raises(NotAllowed, match="征求"):
        world.add_signers(asked, "dept.head", ["leader"], "after")
    world.remove_signer(asked, "office.head", "leader2")
    world.session.refresh(asked)
    assert asked.state == "removed"
    assert logins_of(world, task) == {"leader3"}


def test_a_stale_form_and_a_signed_place_are_refused(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    world.complete(task, "leader2", "approve")
    with pytest.raises(StepAlreadyDone):
        world.add_signers(task, "leader2", ["leader"], "before")
    with pytest.raises(Invalid, match="已签署"):
        world.remove_signer(present(world, task)["leader3"], "office.head", "leader2")
    last = present(world, task)["leader3"]
    with pytest.raises(StaleRevision):
        add_signers(
            world.session, world.actor("leader3"), last.id, ["leader"], "after", revision=99
        )


MAY_REMOVE = [
    # who, whom; leader2 has added leader
    ("office.head", "leader", True),  # sent the document to the signing
    ("office.head", "leader3", True),
    ("drafter", "leader3", True),  # started the case
    ("leader2", "leader", True),  # added him
    ("leader2", "leader3", False),
    ("leader3", "leader", False),
    ("leader", "leader3", False),
    ("secretary", "leader3", False),  # sees every case of the unit
]


@pytest.mark.parametrize(("login", "signer", "allowed"), MAY_REMOVE)
def test_who_may_let_a_signer_off(world: World, login: str, signer: str, allowed: bool) -> None:
    task = at_signing(world, "parallel", SIGNERS)
    world.add_signers(task, "leader2", ["leader"], "parallel")
    if allowed:
        world.remove_signer(task, login, signer)
        assert logins_of(world, task) == {"leader", "leader2", "leader3"} - {signer}
        return
    with pytest.raises(NotAllowed, match="请联系"):
        world.remove_signer(task, login, signer)
    assert logins_of(world, task) == {"leader", "leader2", "leader3"}


def test_somebody_who_does_not_see_the_case_removes_nobody(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    with pytest.raises(NotFound):
        world.remove_signer(task, "leader3", "leader2")


def test_one_signer_remains(world: World) -> None:
    task = at_signing(world, "sequential", ["leader2"])
    with pytest.raises(SignerRefused, match="至少"):
        world.remove_signer(task, "office.head", "leader2")
    with pytest.raises(Invalid, match="不在"):
        world.remove_signer(task, "office.head", "leader3")
    assert logins_of(world, task) == {"leader2"}


@pytest.mark.parametrize("opened", [False, True])
def test_who_is_let_off_sees_only_what_he_has_opened(world: World, opened: bool) -> None:
    task = at_signing(world, "parallel", SIGNERS)
    mine = present(world, task)["leader3"]
    if opened:
        opening.open_task(world.session, world.actor("leader3"), mine.id)
        world.session.commit()
    world.remove_signer(task, "office.head", "leader3", "已电话沟通。")
    assert sees(world, "leader3", task) == opened
    told = world.session.scalars(sa.select(Notice.text).where(Notice.task_id == mine.id)).all()
    assert [("不再请" in text) for text in told] == [True] * opened
    with pytest.raises(StepAlreadyDone if opened else NotFound):
        world.complete(mine, "leader3", "approve")


def test_who_only_waits_is_let_off_without_ever_having_it(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    world.remove_signer(task, "office.head", "leader3")
    assert not sees(world, "leader3", task)
    assert logins_of(world, task) == {"leader2"}
    world.complete(task, "leader2", "approve")
    assert [each.step for each in world.open(world.case_of(task))] == ["office_check"]


def test_who_holds_a_place_for_another_is_let_off_by_his_own_name(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    given = world.hand_over(task, "leader2", "dept.head")
    world.remove_signer(given, "office.head", "dept.head")
    assert logins_of(world, task) == {"leader3"}


def test_who_waits_for_one_whom_he_added_may_be_let_off_too(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    (first,) = world.add_signers(task, "leader2", ["leader"], "before").opened
    world.remove_signer(first, "office.head", "leader2")
    world.session.refresh(task)
    assert task.state == "removed"
    (last,) = world.complete(first, "leader", "approve").opened
    assert world.holders(last) == ["leader3"]


@pytest.mark.parametrize("called", [True, False])
def test_letting_the_last_missing_one_off_ends_the_signing(world: World, called: bool) -> None:
    task = at_signing(world, "parallel", SIGNERS, called=called)
    world.complete(task, "leader2", "approve")
    missing = present(world, task)["leader3"]
    sender = "office.head" if called else "dept.head"
    (office,) = world.remove_signer(missing, sender, "leader3").opened
    assert (office.step, world.holders(office)) == ("office_check", ["office.head"])
    agreed = {STEPS["sequential"]: {"outcome": "approve"}}
    assert world.run(world.complete(office, "office.head"), **agreed) is None


def test_letting_one_off_may_meet_the_quorum_while_another_waits(world: World) -> None:
    """Two of three agree when the fourth, who still waited, is let off."""
    task = at_signing(world, "share", [*SIGNERS, "leader"])
    world.add_signers(task, "leader2", ["unit.head"], "before")
    for login in ("leader3", "leader"):
        world.complete(present(world, task)[login], login, "approve")
    open_one = present(world, task)["unit.head"]
    world.remove_signer(open_one, "office.head", "leader2")
    assert [each.step for each in world.open(world.case_of(task))] == ["office_check"]
    world.session.refresh(open_one)
    assert open_one.state == "closed"


def test_a_changed_text_asks_those_who_were_added_and_not_those_let_off(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    world.add_signers(task, "leader2", ["leader"], "after")
    world.remove_signer(task, "office.head", "leader3")
    act = hold_task(world.session, world.actor("leader2"), task.id)
    assert routes.variables(act.engine)["countersigners"] == ["leader2", "leader"]


def test_the_straight_way_back_is_that_of_all_signers(world: World) -> None:
    """Sent back to the signing to have it straight back; with one more and one fewer."""
    task = at_signing(world, "sequential", SIGNERS, called=False)
    for login in SIGNERS:
        world.complete(present(world, task)[login], login, "approve")
    (office,) = world.open(world.case_of(task))
    (again,) = world.send_back(office, "office.head", "sign_here", then="back_to_me").opened
    (first,) = world.add_signers(again, "leader2", ["leader"], "before").opened
    (mine,) = world.complete(first, "leader", "approve").opened
    (last,) = world.complete(mine, "leader2", "approve").opened
    world.session.refresh(last)
    assert last.comes_back_to_id == office.id
    (home,) = world.complete(last, "leader3", "approve").opened
    assert (home.step, home.instead_of_id, world.holders(home)) == (
        "office_check",
        office.id,
        ["office.head"],
    )


def test_nobody_takes_back_what_signers_were_added_to(world: World) -> None:
    done = world.draft(countersigners=SIGNERS)
    office = world.run(done, until="office_check")
    assert office is not None
    (sign,) = world.complete(
        office, "office.head", fields={"countersign_mode": "sequential"}
    ).opened
    world.remove_signer(sign, "office.head", "leader2")
    with pytest.raises(CannotWithdraw, match="增减"):
        world.withdraw(office, "office.head")


def test_the_record_says_who_whom_where_and_why(world: World) -> None:
    task = at_signing(world, "sequential", SIGNERS)
    world.add_signers(task, "leader2", ["leader", "unit.head"], "after", "涉及资金。")
    world.remove_signer(task, "leader2", "unit.head")
    case = world.case_of(task)
    added, removed = lines(world.session, case)[-2:]
    assert (added.label, added.opinion) == ("加签：刘国强、郑德明（在本人之后）", None)
    assert added.entry.reason == "涉及资金。"
    assert added.entry.detail["people"] == ["leader", "unit.head"]
    assert added.entry.detail["position"] == "after"
    assert (removed.label, removed.opinion) == ("减签：郑德明", None)
    assert removed.entry.actor_login == "leader2"
    assert audit.verify(world.session).ok
