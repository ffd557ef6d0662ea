"""What people are told of a case: every act in words, every diagram by its process."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app import ROOT
from app.handling.act import look_at_case
from app.handling.views import history, trace
from tests.world import World

KEY = re.compile(r"[a-z-]+\.[a-z_]+")


def test_every_act_that_is_recorded_has_words() -> None:
    """People saw ``document.attached`` and ``number.taken`` in the record."""
    trees = [ast.parse(path.read_text("utf-8")) for path in _sources()]
    recording = {"record"} | {name for tree in trees for name in _taking_an_action(tree)}
    keys = {key for tree in trees for key in _keys(tree, recording)}
    assert {"document.attached", "number.voided", "due.retried", "post.given"} <= keys
    assert keys - set(history.ACTIONS) == set()


def _sources() -> list[Path]:
    web = ROOT / "app" / "web" / "frontend"
    return [path for path in (ROOT / "app").rglob("*.py") if web not in path.parents]


def _taking_an_action(tree: ast.Module) -> Iterator[str]:
    """Functions that record an act whose key they are given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            if "action" in {each.arg for each in arguments}:
                yield node.name


def _keys(tree: ast.Module, recording: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] not in recording:
            continue
        for value in [*node.args, *(each.value for each in node.keywords)]:
            if isinstance(value, ast.Constant) and KEY.fullmatch(str(value.value)):
                yield str(value.value)


def test_a_called_process_is_drawn_under_the_name_by_which_it_is_called(world: World) -> None:
    """The page draws it below the caller only when it is named as the diagram names it."""
    case = world.draft().case
    drawn = history.diagram(world.session, case)
    assert '<bpmn:process id="outgoing"' in drawn.xml
    assert set(drawn.called) == {"countersign"}
    assert '<bpmn:process id="countersign"' in drawn.called["countersign"]


def test_a_step_stands_where_its_latest_stay_stands(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft")
    act = look_at_case(world.session, world.actor("drafter"), done.case.id)
    states = trace.step_states(trace.stops(act), world.at)
    name = world.actor("drafter").name
    assert {each.step: (each.state, each.passes) for each in states} == {
        "draft": ("present", 2),
        "dept_review": ("done", 1),
        "office_check": ("returned", 1),
    }
    assert [list(each.people) for each in states if each.step == "draft"] == [[name]]
    world.later(days=3)
    late = trace.step_states(trace.stops(act), world.at)
    assert [each.state for each in late if each.step == "draft"] == ["overdue"]
