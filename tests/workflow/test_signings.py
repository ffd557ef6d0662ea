"""Several people at one step: quorum, early end, more and fewer signers, laps."""

import json
import random
from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from app.workflow import acting, signers, spiff, tokens
from app.workflow.errors import NobodyNamed, NotASigning, SignerRefused
from app.workflow.signings import rule
from app.workflow.state import load_state

from .drawing import END, START, file_of, flow, path, signing, step, steps
from .play import Case, definition_of

PEOPLE = ["u1", "u2", "u3"]


def case_of(*, people: list[str] | None = None, **options: Any) -> Case:
    """Sign, then yes or no by the combined outcome, then once more around."""
    files = {
        "p.bpmn": file_of(
            START, END, signing(**options), steps("yes", "no"),
            '<exclusiveGateway id="x"/>', path("begin", "sign", "x"),
            flow("x", "yes", "outcome == 'approve'", "同意"),
            flow("x", "no", "outcome == 'object'", "不同意"),
            flow("yes", "finish"), flow("no", "sign"),
        )
    }  # fmt: skip
    return Case(definition_of(files), {"signers": people or list(PEOPLE)})


def running(case: Case) -> object:
    return next(case.tree.tasks_in(TaskState.STARTED))


def open_people(case: Case) -> list[str | None]:
    return [person for step_id, person in case.open() if step_id == "sign"]


ENDS = [
    # condition, quorum, answers in order, step afterwards
    ("", "", ["approve", "approve", "approve"], "yes"),
    ("", "", ["approve", "object", "approve"], "no"),
    ("", "approve:2/3", ["approve", "object", "approve"], "yes"),
    ("", "approve:2/3", ["object", "object", "approve"], "no"),
    ("quorum_met", "approve:2/3", ["approve", "approve"], "yes"),
    ("quorum_met", "approve:2/3", ["object", "approve", "approve"], "yes"),
    ("quorum_met", "approve:2/3", ["object", "object", "approve"], "no"),
    ("votes_object &gt;= 1", "", ["approve", "object"], "no"),
    ("nrOfCompletedInstances &gt;= 1", "", ["approve"], "yes"),
    ("nrOfCompletedInstances &gt;= 1", "approve:1/1000", ["object"], "no"),
    ("nrOfCompletedInstances == nrOfInstances", "", ["approve"] * 3, "yes"),
    ("nrOfActiveInstances == 0", "", ["approve"] * 3, "yes"),
]


@pytest.mark.parametrize(
    ("sequential", "condition", "quorum", "answers", "after"),
    [(sequential, *end) for end in ENDS for sequential in (False, True)],
)
def test_when_a_signing_ends_and_how(
    sequential: bool, condition: str, quorum: str, answers: list[str], after: str
) -> None:
    case = case_of(sequential=sequential, condition=condition, quorum=quorum)
    for answer in answers:
        assert open_people(case)
        case.complete("sign", open_people(case)[0], answer)
        case.reload()
    assert case.open() == [(after, None)]


@pytest.mark.parametrize("sequential", [False, True])
def test_any_number_of_laps(sequential: bool) -> None:
    case = case_of(sequential=sequential)
    for _ in range(3):
        assert open_people(case) == (PEOPLE[:1] if sequential else PEOPLE)
        while open_people(case):
            case.complete("sign", open_people(case)[0], "object")
            case.reload()
        case.complete("no")
        case.reload()


@pytest.mark.parametrize("seed", range(60))
def test_more_and_fewer_signers_in_random_order(seed: int) -> None:
    """A plain list is the model."""
    chance = random.Random(seed)  # noqa: S311  (draws test cases)
    sequential, number = seed % 2 == 0, chance.randint(1, 4)
    model = [f"u{each}" for each in range(number)]
    case = case_of(sequential=sequential, people=list(model))
    answered = 0
    while model:
        assert open_people(case) == (model[:1] if sequential else sorted(model))
        what = chance.choice(["complete", "complete", "add", "remove"])
        task = case.task("sign", open_people(case)[0])
        if what == "add" and number < 9:
            position = chance.choice(["before", "after"]) if sequential else "beside"
            signers.add(task, [f"u{number}"], position)
            model.insert({"before": 0, "after": 1, "beside": len(model)}[position], f"u{number}")
            number += 1
        elif what == "remove" and len(model) + answered > 1:
            person = chance.choice(model)
            signers.remove(task, person)
            spiff.advance(case.tree)
            model.remove(person)
        elif what == "complete":
            person = model[0] if sequential else chance.choice(model)
            case.complete("sign", person, "approve")
            answered += 1
            model.remove(person)
        case.reload()
    assert case.open() == [("yes", None)]


@pytest.mark.parametrize("sequential", [False, True])
def test_nobody_is_asked_twice_and_one_remains(sequential: bool) -> None:
    case = case_of(sequential=sequential)
    case.complete("sign", "u1", "approve")
    before = case.save()
    task = case.task("sign", "u2")
    for person in PEOPLE:
        with pytest.raises(SignerRefused):
            signers.add(task, [person], "beside")
    for person in ("u1", "u9"):
        with pytest.raises(SignerRefused):
            signers.remove(task, person)
    assert case.save() == before
    signers.remove(task, "u3")
    signers.add(task, ["u3"], "after")
    alone = case_of(sequential=sequential, people=["u1"])
    with pytest.raises(SignerRefused):
        signers.remove(alone.task("sign", "u1"), "u1")


def test_removing_somebody_may_meet_the_quorum() -> None:
    case = case_of(condition="quorum_met", quorum="approve:1/2", people=["a", "b", "c", "d"])
    case.complete("sign", "a", "approve")
    signers.remove(case.task("sign", "b"), "b")
    assert open_people(case) == ["c", "d"]
    signers.remove(case.task("sign", "c"), "c")
    spiff.advance(case.tree)
    assert case.open() == [("yes", None)]


@pytest.mark.parametrize("sequential", [False, True])
def test_an_answer_may_be_taken_back_while_the_signing_runs(sequential: bool) -> None:
    case = case_of(sequential=sequential)
    case.complete("sign", "u1", "object")
    case.reload()
    assert not signers.reopen(case.tree, "sign", "u2")
    assert signers.reopen(case.tree, "sign", "u1")
    assert open_people(case) == (["u1"] if sequential else PEOPLE)
    for person in PEOPLE:
        case.reload()
        case.complete("sign", person, "approve")
    assert case.open() == [("yes", None)]


@pytest.mark.parametrize("people", [[], None, "u1", 3])
def test_a_signing_for_nobody_is_refused(people: object) -> None:
    files = {
        "p.bpmn": file_of(START, END, steps("a"), signing(), path("begin", "a", "sign", "finish"))
    }
    case = Case(definition_of(files), {"signers": people})
    with pytest.raises(NobodyNamed, match="sign"):
        case.complete("a")


def test_a_number_of_copies_and_a_subprocess_for_each() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    inner = (
        '<startEvent id="h1"/><endEvent id="h2"/>' + steps("b", "c") + path("h1", "b", "c", "h2")
    )
    box = f'<subProcess id="h">{loop}{inner}</subProcess>'
    files = {"p.bpmn": file_of(START, END, step("a", loop), box, path("begin", "a", "h", "finish"))}
    case = Case(definition_of(files), {})
    with pytest.raises(NotASigning):
        signers.add(case.task("a"), ["u1"], "after")
    for name in ("a", "a", "b", "b", "c", "c"):
        case.complete(name)
        case.reload()
    assert case.tree.completed


def test_people_named_twice_sign_once() -> None:
    case = case_of(people=["u1", "u2", "u1"])
    assert open_people(case) == ["u1", "u2"]
    assert {token.person for token in tokens.tokens(case.tree, case.definition).values()} == {
        "u1",
        "u2",
    }


def test_without_a_quorum_the_first_outcome_drawn_needs_everybody() -> None:
    plain = rule(("agree", "refuse", "abstain"), None, None)
    assert plain.combined(["agree", "agree"], 2) == "agree"
    assert plain.combined(["agree", "abstain", "refuse"], 3) == "refuse"
    assert plain.combined(["agree", "abstain", "abstain", "refuse"], 4) == "abstain"
    assert rule((), None, None).combined([None], 1) is None


ORDERS = [
    # position, people open at first, then answer by answer
    ("before", ["n1"], [["n2"], ["u1"]]),
    ("after", ["u1"], [["n1"], ["n2"]]),
    ("beside", ["n1", "n2", "u1"], [["n2", "u1"], ["u1"]]),
]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(("position", "first", "then"), ORDERS)
def test_several_are_asked_in_the_order_given(
    sequential: bool, position: Any, first: list[str], then: list[list[str]]
) -> None:
    """u2 is next where people sign one after another, and open all the time where at once."""
    case = case_of(sequential=sequential, people=["u1", "u2"])
    besides = [] if sequential else ["u2"]
    signers.add(case.task("sign", "u1"), ["n1", "n2"], position)
    for present in (first, *then):
        case.reload()
        assert open_people(case) == sorted([*present, *besides])
        case.complete("sign", present[0], "approve")
    case.reload()
    assert open_people(case) == ["u2"]


@pytest.mark.parametrize("position", ["before", "after", "beside"])
@pytest.mark.parametrize("condition", ["quorum_met", "nrOfCompletedInstances &gt;= 1"])
def test_an_early_end_takes_along_who_still_waits(position: Any, condition: str) -> None:
    case = case_of(condition=condition, quorum="approve:1/4", people=["u1", "u2"])
    signers.add(case.task("sign", "u1"), ["n1", "n2"], position)
    case.reload()
    case.complete("sign", "u2", "approve")
    assert case.open() == [("yes", None)]


def test_those_who_wait_count_for_the_quorum_and_for_who_is_active() -> None:
    case = case_of(condition="quorum_met", quorum="approve:1/2", people=["u1", "u2"])
    signers.add(case.task("sign", "u1"), ["n1"], "after")
    case.complete("sign", "u2", "approve")
    assert open_people(case) == ["u1"]
    signers.remove(case.task("sign", "u1"), "n1")
    spiff.advance(case.tree)
    assert case.open() == [("yes", None)]
    case = case_of(condition="nrOfActiveInstances == 0", people=["u1"])
    signers.add(case.task("sign", "u1"), ["n1"], "after")
    case.complete("sign", "u1", "approve")
    assert open_people(case) == ["n1"]


def test_an_answer_is_taken_back_by_the_name_of_its_place() -> None:
    """One agent answers for two signers; whose answer goes back is said by the name alone."""
    case = case_of(people=["u1", "u2", "u3"])
    for person in ("u1", "u2"):
        acting.finish_step(case.act(), case.task("sign", person), "approve", "agent")
    assert not signers.reopen(case.tree, "sign", "agent")
    assert signers.reopen(case.tree, "sign", "u1")
    assert open_people(case) == ["u1", "u3"]


def test_it_is_told_who_has_signed_who_is_present_and_who_added_whom() -> None:
    case = case_of(sequential=True)
    case.complete("sign", "u1", "approve")
    signers.add(case.task("sign", "u2"), ["n1"], "before", by="u2")
    case.reload()
    found = signers.standing(case.task("sign"))
    assert [(each.person, each.state, each.by) for each in found] == [
        ("u1", "signed", None),
        ("n1", "present", "u2"),
        ("u2", "waiting", None),
        ("u3", "waiting", None),
    ]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_signing_saved_before_there_were_plans_goes_on(sequential: bool) -> None:
    """As the state was written then: u4 has been taken off, u2 answered before u1."""
    case = case_of(sequential=sequential, people=["u1", "u2", "u3", "u4", "u5"])
    state = json.loads(case.save())
    rows = [row for row in state["tasks"] if row[2] == "sign"]
    children = [row for row in state["tasks"] if row[2] == "sign [child]"]
    children[0][5] = {"place": 2}
    rest = [] if sequential else [child for child in children if child[5] == {"place": 4}]
    state["tasks"] = [row for row in state["tasks"] if row not in children]
    state["tasks"] += [children[0], *rest]
    rows[0][5] = {
        "signers": ["u1", "u2", "u3", "u4", "u5"],
        "asked": 4,
        "remaining": [4] if sequential else [],
        "answers": [[1, "approve", "u2"], [0, "approve", "u1"]],
    }
    case.tree = load_state(json.dumps(state), case.definition)
    assert open_people(case) == (["u3"] if sequential else ["u3", "u5"])
    assert [each.person for each in signers.standing(case.task("sign"))] == (
        ["u2", "u1", "u3", "u5"] if sequential else ["u1", "u2", "u3", "u5"]
    )
    for person in ("u3", "u5"):
        case.reload()
        case.complete("sign", person, "approve")
    assert case.open() == [("yes", None)]
