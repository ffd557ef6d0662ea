"""Several people at one step: quorum, early end, more and fewer signers, laps."""

import random
from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from app.workflow import signers, spiff, tokens
from app.workflow.errors import NobodyNamed, NotASigning, SignerRefused
from app.workflow.signings import rule

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
    [
        (sequential, *end)
        for end in ENDS
        for sequential in (False, True)
        if not (sequential and "Active" in end[0])  # between two signers nobody is active
    ],
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
            position = chance.choice(["first", "next", "last"]) if sequential else "last"
            signers.add(task, f"u{number}", position)
            model.insert({"first": 0, "next": 1, "last": len(model)}[position], f"u{number}")
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
            signers.add(task, person, "last")
    for person in ("u1", "u9"):
        with pytest.raises(SignerRefused):
            signers.remove(task, person)
    assert case.save() == before
    signers.remove(task, "u3")
    signers.add(task, "u3", "last")
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
        signers.add(case.task("a"), "u1", "last")
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
