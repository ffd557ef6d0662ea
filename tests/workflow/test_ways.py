"""What every way to a step has run: past choices, parallel branches, inner and called processes."""

from app.workflow import ways
from app.workflow.definitions import Definition

from .drawing import END, START, file_of, flow, path, service, step, steps
from .play import definition_of

CHOICE = '<exclusiveGateway id="x" default="x_b"/>'
PARALLEL = '<parallelGateway id="split"/><parallelGateway id="join"/>'


def drawn(*parts: str, **called: bytes) -> Definition:
    return definition_of({"p.bpmn": file_of(START, END, *parts), **called})


def test_in_a_row_all_that_stands_before() -> None:
    found = drawn(
        steps("a", "b", "c"), service("s", "sign"), service("n", "number"),
        path("begin", "a", "s", "b", "n", "c", "finish"),
    )  # fmt: skip
    assert ways.before(found, "a") == frozenset()
    assert ways.before(found, "b") == {"sign"}
    assert ways.before(found, "c") == {"sign", "number"}
    assert ways.between(found, "b", "c") == {"number"}
    assert ways.between(found, "c", "a") == frozenset()


def test_what_one_branch_of_a_choice_runs_is_not_certain_unless_all_do() -> None:
    found = drawn(
        steps("a", "b", "c"), CHOICE,
        service("s1", "sign"), service("s2", "sign"), service("n", "number"),
        path("begin", "a", "x"), flow("x", "s1", "flag"), flow("x", "s2", ident="x_b"),
        path("s1", "n", "b"), path("s2", "b", "c", "finish"),
    )  # fmt: skip
    assert ways.before(found, "c") == {"sign"}


def test_a_choice_that_the_case_does_not_take_is_no_way() -> None:
    found = drawn(
        steps("a", "b"), CHOICE, service("s", "seal"),
        path("begin", "a", "x"), flow("x", "b", "unsealed"), flow("x", "s", ident="x_b"),
        path("s", "b", "finish"),
    )  # fmt: skip
    assert ways.before(found, "b") == frozenset()
    taken = ways.without(found, ["unsealed"])
    assert ways.before(taken, "b") == ways.between(taken, "a", "b") == {"seal"}


def test_a_parallel_join_waits_for_every_branch() -> None:
    found = drawn(
        PARALLEL, steps("a", "b", "c"), service("s", "sign"),
        path("begin", "split", "a", "s", "join"), path("split", "b", "join", "c", "finish"),
    )  # fmt: skip
    assert ways.before(found, "c") == {"sign"}
    assert ways.before(found, "b") == frozenset()
    assert ways.between(found, "b", "c") == frozenset()


def test_inner_processes_run_what_lies_in_them() -> None:
    inner = (
        '<subProcess id="inner"><startEvent id="i"/><endEvent id="o"/>'
        + service("s", "sign") + step("deep") + service("n", "number")
        + path("i", "s", "deep", "n", "o") + "</subProcess>"
    )  # fmt: skip
    found = drawn(
        inner, steps("a", "c"), service("first", "note"),
        path("begin", "first", "a", "inner", "c", "finish"),
    )  # fmt: skip
    assert ways.before(found, "c") == {"sign", "number", "note"}
    assert ways.before(found, "deep") == {"sign", "note"}
    assert ways.between(found, "deep", "c") == {"number"}
    assert ways.between(found, "a", "c") == {"sign", "number"}


def test_called_processes_too() -> None:
    call = '<callActivity id="call" calledElement="q"/>'
    other = file_of(
        START.replace("begin", "i"), END.replace("finish", "o"), step("deep"), service("s", "sign"),
        path("i", "deep", "s", "o"), process="q",
    )  # fmt: skip
    found = drawn(call, steps("a", "c"), path("begin", "a", "call", "c", "finish"), q=other)
    assert ways.before(found, "c") == {"sign"}
    assert ways.before(found, "deep") == frozenset()
    assert ways.between(found, "deep", "c") == {"sign"}
    assert ways.between(found, "deep", "a") == frozenset()
