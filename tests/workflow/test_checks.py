"""Publish checks: every fault has a place and says what to do; good drawings have none."""

import re
from pathlib import Path

import pytest

from app.handling.acts.topics import RESULTS
from app.handling.routes import SHIPPED
from app.workflow import forms
from app.workflow.checks import check
from app.workflow.errors import Fault
from app.workflow.fields import CASE_VARIABLES, Kind
from app.workflow.topics import register_topics

from .drawing import (
    END,
    START,
    file_of,
    flow,
    line,
    path,
    properties,
    service,
    signing,
    step,
    steps,
    timer,
)
from .model import Process

ROLES = ["clerk", "head"]
VARIABLES = {**CASE_VARIABLES, "signers": Kind.LIST, "round": Kind.YES_NO, "level": Kind.NUMBER}
FORMS = forms.load(
    {
        "f": b'{"id": "amount", "components": [{"type": "number", "key": "amount", "label": "a"}]}',
        "g": b'{"id": "level", "components": [{"type": "textfield", "key": "level"}]}',
    }
)
X, X2 = '<exclusiveGateway id="x"/>', '<exclusiveGateway id="x2"/>'


def faults(*parts: str, **others: bytes) -> list[Fault]:
    files = {"p.bpmn": file_of(*parts), **{f"{k}.bpmn": v for k, v in others.items()}}
    return check(files, ROLES, FORMS, variables=VARIABLES)


def choice(*flows: str) -> tuple[str, ...]:
    return (START, END, steps("a", "b"), X, path("begin", "a", "x"), flow("b", "finish"), *flows)


def default(gateway: str, target: str, kind: str = "exclusiveGateway") -> str:
    return f'<{kind} id="{gateway}" default="f_{gateway}_{target}"/>'


def block(split: str, join: str, *extra: str) -> tuple[str, ...]:
    return (
        START, END, steps("a", "m", "q", "c"), f'<{split} id="g1"/><{join} id="g2"/>',
        path("begin", "a", "g1", "m", "g2", "c", "finish"),
        path("g1", "q", "g2"), *extra,
    )  # fmt: skip


CASES: dict[str, tuple[tuple[str, ...], str, str]] = {
    # name: (parts, element, words of the sentence)
    "no start": ((END, steps("a"), path("a", "finish")), "p", "开始事件"),
    "two starts": (
        (
            START,
            '<startEvent id="s2"/>',
            END,
            steps("a"),
            path("begin", "a", "finish"),
            flow("s2", "a"),
        ),
        "p",
        "开始事件",
    ),
    "no end": ((START, steps("a"), path("begin", "a")), "p", "结束事件"),
    "loose flow": (
        (START, END, steps("a"), path("begin", "a", "finish"), flow("a", "nowhere")),
        "a",
        "两端",
    ),
    "no way out": (
        (START, END, steps("a", "b"), path("begin", "a", "finish"), flow("a", "b")),
        "b",
        "出口",
    ),
    "unreachable": (
        (START, END, steps("a", "b"), path("begin", "a", "finish"), flow("b", "finish")),
        "b",
        "到不了这里",
    ),
    "no end from here": (
        (
            START,
            END,
            steps("a", "b", "c"),
            default("x", "finish"),
            path("begin", "a", "x", "finish"),
            flow("x", "b", "round"),
            path("b", "c", "b"),
        ),
        "b",
        "到不了结束",
    ),
    "two flows from a step": (
        (START, END, steps("a", "b"), path("begin", "a", "finish"), path("a", "b", "finish")),
        "a",
        "一条出口",
    ),
    "condition on a step": (
        (START, END, steps("a"), flow("begin", "a"), flow("a", "finish", "round")),
        "a",
        "条件只能",
    ),
    "flow into a subprocess": (
        (
            START,
            END,
            steps("a"),
            '<subProcess id="h"><startEvent id="h1"/>',
            steps("b"),
            '<endEvent id="h2"/>',
            path("h1", "b", "h2"),
            "</subProcess>",
            path("begin", "a", "b"),
            flow("h", "finish"),
        ),
        "a",
        "同一流程",
    ),
    "exclusive then parallel": (block("exclusiveGateway", "parallelGateway"), "g2", "没有对应"),
    "parallel then exclusive": (block("parallelGateway", "exclusiveGateway"), "g1", "会合"),
    "mixed kinds": (block("inclusiveGateway", "parallelGateway"), "g1", "会合"),
    "branch ends by itself": (
        (
            START,
            END,
            '<endEvent id="e2"/>',
            steps("m", "q"),
            '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
            path("begin", "g1", "m", "g2", "finish"),
            path("g1", "q", "e2"),
        ),
        "g1",
        "会合",
    ),
    "branches meet without a join": (
        (
            START,
            END,
            steps("m", "q", "c"),
            '<parallelGateway id="g1"/>',
            path("begin", "g1", "m", "c", "finish"),
            path("g1", "q", "c"),
        ),
        "g1",
        "会合",
    ),
    "joins and splits": (
        (
            START,
            END,
            steps("a", "b", "c"),
            '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
            default("x", "finish"),
            path("begin", "g1", "a", "g2", "x", "finish"),
            path("g1", "b", "g2"),
            flow("x", "c", "round"),
            flow("c", "g1"),
        ),
        "g1",
        "两个网关",
    ),
    "flow out of a branch": (
        (
            START,
            END,
            steps("a", "m", "q"),
            default("x", "g2"),
            '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
            path("begin", "a", "g1", "m", "x", "g2", "finish"),
            path("g1", "q", "g2"),
            flow("x", "a", "round"),
        ),
        "g1",
        "会合",
    ),
    "reminder that flows back": (
        (
            START,
            END,
            steps("a", "b"),
            timer("t", "a"),
            path("begin", "a", "b", "finish"),
            flow("t", "b"),
        ),
        "t",
        "自行结束",
    ),
    "person beside a step": (
        (
            START,
            END,
            '<endEvent id="e2"/>',
            steps("a", "b"),
            timer("t", "a"),
            path("begin", "a", "finish"),
            path("t", "b", "e2"),
        ),
        "t",
        "服务任务",
    ),
    "timer on a gateway": (
        (
            START,
            END,
            steps("a"),
            timer("t", "begin"),
            path("begin", "a", "finish"),
            flow("t", "finish"),
        ),
        "t",
        "定时器须画在",
    ),
    "loop without a person": (
        (
            START,
            END,
            X2,
            default("x", "finish"),
            service("s"),
            path("begin", "x2", "s", "x", "finish"),
            flow("x", "x2", "round"),
        ),
        "x2",
        "循环",
    ),
    "loop through a subprocess without a person": (
        (
            START,
            END,
            X2,
            default("x", "finish"),
            '<subProcess id="h"><startEvent id="h1"/><endEvent id="h2"/>',
            path("h1", "h2"),
            "</subProcess>",
            path("begin", "x2", "h", "x", "finish"),
            flow("x", "x2", "round"),
        ),
        "",
        "循环",
    ),
    "called process unknown": (
        (START, END, '<callActivity id="c" calledElement="other"/>', path("begin", "c", "finish")),
        "c",
        "被调用流程",
    ),
    "calls itself": (
        (START, END, '<callActivity id="c" calledElement="p"/>', path("begin", "c", "finish")),
        "c",
        "调用了自己",
    ),
    "no default": (choice(flow("x", "b", "round"), flow("x", "finish", "level > 1")), "x", "默认"),
    "flow without condition": (
        (
            *choice(flow("x", "b"), flow("x", "finish"))[:3],
            default("x", "finish"),
            path("begin", "a", "x", "b", "finish"),
            flow("x", "finish"),
        ),
        "x",
        "没有条件",
    ),
    "outcomes mixed with conditions": (
        choice(flow("x", "b", "outcome == 'ok'", "同意"), flow("x", "finish", "round")),
        "x",
        "先后",
    ),
    "outcome without a label": (
        choice(flow("x", "b", "outcome == 'ok'"), flow("x", "finish", "outcome == 'no'", "否")),
        "x",
        "没有名称",
    ),
    "outcomes of one label": (
        choice(
            flow("x", "b", "outcome == 'ok'", "是"), flow("x", "finish", "outcome == 'no'", "是")
        ),
        "x",
        "都叫",
    ),
    "outcome drawn twice": (
        choice(
            flow("x", "b", "outcome == 'ok'", "是"), flow("x", "finish", "outcome == 'ok'", "否")
        ),
        "x",
        "两条连线",
    ),
    "outcome within a condition": (
        choice(flow("x", "b", "outcome == 'ok' and round", "是"), flow("x", "finish", "round")),
        "x",
        "混用",
    ),
    "outcome not after a step": (
        (
            START,
            END,
            steps("a", "b"),
            service("s"),
            X,
            path("begin", "a", "s", "x"),
            flow("x", "b", "outcome == 'ok'", "是"),
            flow("x", "finish", "outcome == 'no'", "否"),
            flow("b", "finish"),
        ),
        "x",
        "紧接",
    ),
    "unknown role": (
        (START, END, step("a", who="ghost"), path("begin", "a", "finish")),
        "a",
        "ghost",
    ),
    "nobody": ((START, END, '<userTask id="a"/>', path("begin", "a", "finish")), "a", "恰选一种"),
    "strange assignee": (
        (START, END, step("a", who="${a.b}"), path("begin", "a", "finish")),
        "a",
        "${字段名}",
    ),
    "unknown form": (
        (START, END, step("a", form="ghost"), path("begin", "a", "finish")),
        "a",
        "ghost",
    ),
    "unknown topic": (
        (START, END, steps("a"), service("s", "burn"), path("begin", "a", "s", "finish")),
        "s",
        "burn",
    ),
    "bad property": (
        (START, END, step("a", properties(opinion="maybe")), path("begin", "a", "finish")),
        "a",
        "opinion",
    ),
    "bad limit": (
        (START, END, step("a", properties(limit="1 day")), path("begin", "a", "finish")),
        "a",
        "P1D",
    ),
    "stage that is none": (
        (START, END, step("a", properties(stage="both")), path("begin", "a", "finish")),
        "a",
        "review 或 handling",
    ),
    "limit and opinion without a stage": (
        (START, END, step("a", properties(limit="P1D")), path("begin", "a", "finish")),
        "a",
        "属性 stage",
    ),
    "outcome without label": (
        (START, END, step("a", properties(outcome="ok")), path("begin", "a", "finish")),
        "a",
        "outcome_label",
    ),
    "reason for nothing": (
        (START, END, step("a", properties(reason_for="ghost")), path("begin", "a", "finish")),
        "a",
        "reason_for",
    ),
    "return to nowhere": (
        (START, END, step("a", properties(return_to="ghost")), path("begin", "a", "finish")),
        "a",
        "ghost",
    ),
    "return into a block": (
        (
            START,
            END,
            '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
            steps("m", "q"),
            step("c", properties(return_to="m")),
            path("begin", "g1", "m", "g2", "c", "finish"),
            path("g1", "q", "g2"),
        ),
        "c",
        "退回",
    ),
    "quorum": (
        (START, END, signing(quorum="most"), path("begin", "sign", "finish")),
        "sign",
        "2/3",
    ),
    "quorum of another outcome": (
        (START, END, signing(quorum="agree:2/3"), path("begin", "sign", "finish")),
        "sign",
        "agree",
    ),
    "condition of a signing": (
        (START, END, signing(condition="round"), path("begin", "sign", "finish")),
        "sign",
        "round",
    ),
    "element named like a variable": (
        (
            START,
            END,
            signing().replace('"signer"', '"drafter"').replace("${signer}", "${drafter}"),
            path("begin", "sign", "finish"),
        ),
        "sign",
        "重名",
    ),
    "field not declared": (
        choice(flow("x", "b", "colour == 'red'"), flow("x", "finish", "round")),
        "x",
        "没有声明",
    ),
    "text as yes/no": (
        choice(flow("x", "b", "urgency"), flow("x", "finish", "round")),
        "x",
        "是/否",
    ),
    "text as a list": (
        choice(flow("x", "b", "'a' in urgency"), flow("x", "finish", "round")),
        "x",
        "列表",
    ),
    "text beside <": (
        choice(flow("x", "b", "urgency > 3"), flow("x", "finish", "round")),
        "x",
        "数字",
    ),
    "text as a date": (
        (
            START,
            END,
            steps("a"),
            timer("t", "a", "urgency", interrupting=True),
            path("begin", "a", "finish"),
            flow("t", "finish"),
        ),
        "t",
        "日期",
    ),
    "two kinds of one name": (
        (START, END, step("a", form="level"), path("begin", "a", "finish")),
        "a",
        "不同的名字",
    ),
    "set on one way only": (
        (
            START,
            END,
            step("a"),
            step("b", form="amount"),
            default("x", "m"),
            default("y", "finish"),
            '<exclusiveGateway id="m"/>',
            steps("c"),
            path("begin", "a", "x", "m", "y", "finish"),
            flow("x", "b", "round"),
            flow("b", "m"),
            flow("y", "c", "amount > 3"),
            flow("c", "finish"),
        ),
        "y",
        "不一定有值",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_has_a_place_and_a_sentence(name: str) -> None:
    parts, element, words = CASES[name]
    found = faults(*parts)
    assert any(
        words in fault.message and element in ("", fault.element) and fault.line for fault in found
    ), found
    assert all(re.search("[一-鿿]", fault.message) for fault in found)


def test_all_faults_come_at_once() -> None:
    found = faults(START, END, step("a", who="ghost", form="ghost"), service("s", "burn"))
    assert len({fault.message for fault in found}) >= 5


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_random_good_drawings_have_no_fault(seed: int) -> None:
    process = Process(seed)
    lists = dict.fromkeys(process.variables(), Kind.LIST)
    assert check(process.files(), ROLES, {}, variables=lists) == []


def test_a_field_may_be_used_where_every_way_has_set_it() -> None:
    branches = (
        START, END, step("m", form="amount"), steps("q", "c"), default("x", "finish"),
        '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
        path("begin", "g1", "m", "g2", "x", "finish"), path("g1", "q", "g2"),
        flow("x", "c", "amount > 3"), flow("c", "finish"),
    )  # fmt: skip
    assert faults(*branches) == []


@pytest.mark.parametrize(("calls", "fits"), [(["once"], True), (["once", "twice"], False)])
def test_a_return_may_lead_into_a_process_that_is_called_once(calls: list[str], fits: bool) -> None:
    drawn = [f'<callActivity id="{each}" calledElement="inner"/>' for each in calls]
    back = step("c", properties(return_to="within"))
    way = path("begin", "a", *calls, "c", "finish")
    inner = file_of(
        '<startEvent id="in"/><endEvent id="out"/>',
        steps("within"),
        path("in", "within", "out"),
        process="inner",
    )
    main = file_of(START, END, steps("a"), *drawn, back, way)
    found = check({"p.bpmn": main, "inner.bpmn": inner}, ROLES, {})
    assert [(each.element, "within" in each.message) for each in found] == (
        [] if fits else [("c", True)]
    )


def test_topics_may_declare_what_they_set() -> None:
    parts = (
        START, END, service("s"), steps("c"), default("x", "finish"),
        path("begin", "s", "x", "finish"), flow("x", "c", "number > 3"), flow("c", "finish"),
    )  # fmt: skip
    assert any("没有声明" in fault.message for fault in faults(*parts))
    register_topics({"note": lambda call: None}, {"note": {"number": Kind.NUMBER}})
    assert [fault.message for fault in faults(*parts) if "声明" in fault.message] == []


def test_a_process_may_declare_variables_of_its_own() -> None:
    body = path("begin", "a", "x", "finish") + flow("x", "b", "own == 1") + flow("b", "finish")
    parts = START, END, steps("a", "b"), default("x", "finish"), body
    declared = properties(variables="own:number")
    assert any("没有声明" in fault.message for fault in faults(*parts))
    assert faults(declared, *parts) == []
    assert any("种类" in each.message for each in faults(properties(variables="own:big"), *parts))


def test_the_trial_points_at_the_step_where_a_walk_is_stuck() -> None:
    def trial(definition: object, variables: object) -> list[tuple[str, str]]:
        return [("a", "走不下去")]

    found = check({"p.bpmn": line("a", "b")}, ROLES, {}, trial=trial)
    assert [(fault.element, fault.message) for fault in found] == [("a", "走不下去")]
    assert found[0].line == 1


def test_a_long_line_of_steps_is_read_and_played() -> None:
    names = [f"s{number}" for number in range(190)]
    assert check({"p.bpmn": line(*names)}, ROLES, {}, trial=None) == []


@pytest.mark.parametrize("route", SHIPPED)
def test_the_shipped_routes_have_no_fault(route: str) -> None:
    root = Path(__file__).parents[2]
    names = [f"{name}.bpmn" for name in SHIPPED[route]]
    files = {name: (root / "processes" / name).read_bytes() for name in names}
    topics = re.findall('camunda:topic="([^"]+)"', "".join(map(bytes.decode, files.values())))
    register_topics(dict.fromkeys(topics, lambda call: None), RESULTS)
    roles = (
        "drafter dept-head office-head leader-in-charge unit-head printing-room seal-keeper "
        "office-secretary dispatcher certificate-officer certificate-issuer"
    )
    assert check(files, roles.split(), forms.load(root / "forms")) == []
