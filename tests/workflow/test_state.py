"""The state row: kept formats, guards before it is written, threads on shared definitions."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from app.workflow import definitions
from app.workflow.errors import EngineFault
from app.workflow.state import load_state, new_tree

from .drawing import END, START, file_of, flow, line, path, service, signing, steps, timer
from .model import Model, Process, outcomes
from .play import Case, definition_of, nothing

ROOM = Path(__file__).parents[2] / "app" / "workflow"
STATES = Path(__file__).parent / "states"
PRIVATE = re.compile(
    r"(?<!\bself)\._[a-z]|def _(update|run|on_complete|predict|check_thr)\w*\(|_EndJoin"
)

KEPT = file_of(
    START, END, steps("a", "n", "z"), signing(), timer("late", "n"), service("note"),
    '<endEvent id="noted"/><parallelGateway id="g1"/><parallelGateway id="g2"/>',
    path("begin", "a", "g1", "sign", "g2", "z", "finish"), path("g1", "n", "g2"),
    path("late", "note", "noted"),
)  # fmt: skip


def test_only_one_file_touches_private_members_of_the_library() -> None:
    touching = {
        path.name
        for path in ROOM.glob("*.py")
        for row in path.read_text(encoding="utf-8").splitlines()
        if PRIVATE.search(row)
    }
    assert touching == {"spiff.py"}


def test_legacy_serializers_are_never_imported() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    assert not re.search(
        r"import .*pickle|serializer|add_bpmn_(str|file)|reset_from_task|\beval\(", text
    )


@pytest.mark.parametrize("name", [path.name for path in sorted(STATES.glob("*.json"))])
def test_states_of_every_format_run_to_their_end(name: str) -> None:
    """In branch n; of the signers u1 has answered, u2 is open; a reminder waits."""
    case = Case(definition_of({"p.bpmn": KEPT}), {"signers": ["u1", "u2"]})
    text = (STATES / name).read_text(encoding="utf-8")
    case.tree = load_state(text, case.definition, nothing)
    assert case.open() == [("n", None), ("sign", "u2")]
    assert case.timers() == ["late"]
    assert case.tree.variables["title"] == "关于检查的通知"
    for step, person in (("sign", "u2"), ("n", None), ("z", None)):
        case.complete(step, person)
        case.reload()
    assert case.tree.completed


def test_an_unknown_format_is_refused() -> None:
    definition = definition_of({"p.bpmn": line("a")})
    state = {**json.loads(Case(definition, {}).save()), "format": 99}
    with pytest.raises(EngineFault, match="无法继续"):
        load_state(json.dumps(state), definition)


def test_the_order_of_keys_means_nothing() -> None:
    case = Case(definition_of({"p.bpmn": KEPT}), {"signers": ["u1", "u2"]})
    case.complete("a")
    before = case.open()
    case.tree = load_state(
        json.dumps(json.loads(case.save()), sort_keys=True), case.definition, nothing
    )
    assert case.open() == before


def test_a_case_in_which_nothing_can_happen_is_not_saved() -> None:
    """An automatic loop: the library stops at depth 1000 and calls the case finished."""
    gates = '<exclusiveGateway id="g1"/><exclusiveGateway id="x" default="f_x_finish"/>'
    ways = path("begin", "g1", "x", "finish") + flow("x", "g1", "again")
    definition = definition_of({"p.bpmn": file_of(START, END, gates, ways)})
    with pytest.raises(EngineFault):
        Case(definition, {"again": True}).save()
    assert new_tree(definition, {"again": False}, nothing).completed


def test_threads_share_definitions() -> None:
    definitions.forget()

    def play(number: int) -> int:
        chance, acts = Random(number), 0  # noqa: S311  (draws test cases)
        for seed in range(8):
            process = Process(seed)
            files, variables = process.files(), process.variables()
            model, offered = Model(process.shape, variables), outcomes(process.shape)
            case = Case(definition_of(files), variables)
            for _ in range(25):
                if not model.open():
                    break
                what, person = chance.choice(model.open())
                outcome = chance.choice([*offered.get(what, [""])]) or None
                model.act(what, person, outcome)
                case.complete(what, person, outcome)
                case.reload(definition_of(files))
                assert case.open() == model.open()
                acts += 1
        return acts

    with ThreadPoolExecutor(4) as pool:
        assert all(acts > 50 for acts in pool.map(play, range(4)))


def test_the_cache_is_bounded() -> None:
    definitions.forget()
    for number in range(definitions.CACHED + 3):
        definition_of({"p.bpmn": line(f"s{number}")})
    first = definition_of({"p.bpmn": line(f"s{definitions.CACHED}")})
    assert first is definition_of({"other name": line(f"s{definitions.CACHED}")})
    assert definitions.peek(definitions.digest("p", {"p.bpmn": line("s0")})) is None
