"""The trial run before publication: what it finds, and its limits."""

import subprocess
from typing import Any

import pytest

from app.workflow import trial
from app.workflow.fields import Kind

from .drawing import END, START, file_of, flow, line, path, service, steps
from .model import Process
from .play import definition_of

LIST = {"signers": Kind.LIST}


def test_a_good_drawing_passes_in_a_process_of_its_own() -> None:
    definition = definition_of({"p.bpmn": line("a", "b")})
    assert trial.limited_walks(definition, {}, 5) == []


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_random_drawings_pass(seed: int) -> None:
    process = Process(seed)
    variables = dict.fromkeys(process.variables(), Kind.LIST)
    assert trial.walks(definition_of(process.files()), variables, 10) == []


def test_what_has_no_value_is_found_at_the_step_before() -> None:
    gate = '<exclusiveGateway id="x" default="f_x_finish"/>'
    body = START, END, steps("a", "b"), gate, path("begin", "a", "x", "finish")
    definition = definition_of(
        {"p.bpmn": file_of(*body, flow("x", "b", "ghost > 1"), flow("b", "finish"))}
    )
    found = trial.walks(definition, {}, 3)
    assert [element for element, _ in found] == ["a"]
    assert "ghost" in found[0][1]


def test_an_automatic_loop_is_stopped() -> None:
    gates = '<exclusiveGateway id="g1"/><exclusiveGateway id="x" default="f_x_finish"/>'
    ways = path("begin", "g1", "s", "x", "finish") + flow("x", "g1", "again")
    definition = definition_of({"p.bpmn": file_of(START, END, gates, service("s"), ways)})
    found = trial.walks(definition, {"again": Kind.YES_NO}, 10)
    assert [element for element, _ in found] == ["p"]


def test_a_case_that_never_ends_is_a_fault() -> None:
    gates = '<exclusiveGateway id="g1"/><exclusiveGateway id="x" default="f_x_finish"/>'
    ways = path("begin", "g1", "a", "x", "finish") + flow("x", "g1", "n > 0 or n <= 0")
    definition = definition_of({"p.bpmn": file_of(START, END, gates, steps("a"), ways)})
    found = trial.walks(definition, {"n": Kind.NUMBER}, 1)
    assert ["还没有结束" in sentence for _, sentence in found] == [True]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (subprocess.TimeoutExpired("trial", trial.SECONDS), "系统繁忙"),
        (subprocess.CalledProcessError(-9, "trial"), "时间或内存"),
    ],
)
def test_each_limit_is_told_by_its_cause(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def stopped(*_arguments: Any, **_options: Any) -> Any:
        raise error

    monkeypatch.setattr(subprocess, "run", stopped)
    found = trial.limited_walks(definition_of({"p.bpmn": line("a")}), {})
    assert [words in sentence for _, sentence in found] == [True]


def test_no_more_than_two_trials_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PATIENCE", 0.01)
    with trial.AT_ONCE, trial.AT_ONCE:
        found = trial.limited_walks(definition_of({"p.bpmn": line("a")}), {})
    assert found == [("", trial.BUSY)]
