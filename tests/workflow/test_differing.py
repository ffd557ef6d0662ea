"""Differences in words and by element, between versions and for drafts that cannot run yet."""

import json
from pathlib import Path

import pytest

from app import ROOT
from app.workflow.differing import Drawn, Kind, compare

from .drawing import END, START, file_of, flow, path, properties, step, steps, timer

ROLES = {"clerk": "经办人", "leader": "主管领导"}


def said(old: bytes, new: bytes, **forms: tuple[bytes, bytes]) -> list[str]:
    sides = [
        {"p.bpmn": drawing} | {f"{key}.form": pair[side] for key, pair in forms.items()}
        for side, drawing in enumerate((old, new))
    ]
    return [each.words for each in compare(*map(Drawn.of, sides), ROLES).changes]


def one(inner: str = "", **more: str) -> bytes:
    return file_of(START, END, step("a", inner, name="审核", **more), path("begin", "a", "finish"))


def two(*names: str) -> bytes:
    drawn = "".join(step(name, name=name.upper()) for name in names)
    return file_of(START, END, drawn, path("begin", *names, "finish"))


def test_a_step_put_in_between_is_told_once() -> None:
    assert said(two("a", "c"), two("a", "b", "c")) == [
        "步骤“B”新增于“A”之后。",
        "步骤“B”由经办人办理，时限：不限时。",
    ]
    assert said(two("a", "b", "c"), two("a", "c")) == ["步骤“B”删去（原在“A”之后）。"]


def test_another_order_is_told_by_what_comes_next() -> None:
    assert said(two("a", "b", "c"), two("b", "a", "c")) == [
        "“begin”之后由“A”改为“B”。",
        "“B”之后由“C”改为“A”。",
        "“A”之后由“B”改为“C”。",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            one(properties(limit="P1D")), one(properties(limit="P2D")),
            "时限由 1 个工作日改为 2 个工作日",
        ),
        (one(properties(limit="PT2H")), one(), "时限由 2 小时改为不限时"),
        (one(), one(who="leader"), "办理人由经办人改为主管领导"),
        (one(), one(who="${drafter}"), "办理人由经办人改为拟稿人"),
        (one(), one(form="opinion"), "表单由未设改为 opinion"),
        (one(), one(properties(return_to="none")), "可退回至由任一已办环节改为不能退回"),
        (one(), one(properties(nobody="skip")), "无人可办由未设改为按规则跳过"),
        (
            one(properties(rule="OUT-01")), one(properties(rule="OUT-06")),
            "依据条款由 OUT-01 改为 OUT-06",
        ),
        (one(), one(properties(requires="signed")), "办理前提由不限改为已签发"),
    ],
)  # fmt: skip
def test_what_changes_at_a_step(old: bytes, new: bytes, sentence: str) -> None:
    assert said(old, new) == [f"“审核”{sentence}。"]


def outcomes(*ways: tuple[str, str, str]) -> bytes:
    gateway = '<exclusiveGateway id="g"/>'
    flows = "".join(flow("g", there, f"outcome == '{key}'", name) for key, name, there in ways)
    return file_of(
        START, END, step("a", name="审核"), step("b", name="签发"), gateway,
        path("begin", "a", "g"), flows, path("b", "finish"),
    )  # fmt: skip


def test_ways_out_by_their_names() -> None:
    old = outcomes(("yes", "同意", "b"), ("no", "不同意", "finish"))
    new = outcomes(("yes", "同意签发", "finish"), ("later", "缓办", "b"))
    assert said(old, new) == [
        "“审核”的结果“同意”改名为“同意签发”。",
        "“审核”的结果“同意签发”之后由“签发”改为“finish”。",
        "“审核”新增结果“缓办”，之后为“签发”。",
        "“审核”删去结果“不同意”。",
    ]


def test_conditions_of_gateways() -> None:
    def choice(text: str) -> bytes:
        return file_of(
            START, END, steps("a", "b"),
            '<exclusiveGateway id="g" name="会签？" default="f_g_b"/>',
            path("begin", "g", "b", "finish"), flow("g", "a", text), path("a", "finish"),
        )  # fmt: skip

    assert said(choice("needs_countersign"), choice("not needs_countersign")) == [
        "网关“会签？”到“a”的条件由“needs_countersign”改为“not needs_countersign”。"
    ]


def test_timers() -> None:
    plain = file_of(START, END, steps("a"), path("begin", "a", "finish"))
    timed = file_of(
        START, END, steps("a"), timer("t", "a"), '<endEvent id="e"/>',
        path("begin", "a", "finish"), path("t", "e"),
    )  # fmt: skip
    assert "“a”新增定时器“t”：3 个工作日。" in said(plain, timed)
    assert "“t”定时由 3 个工作日改为 2 个工作日。" in said(timed, timed.replace(b"P3D", b"P2D"))


def form(*fields: dict[str, object]) -> bytes:
    return json.dumps({"id": "f", "components": fields}).encode()


def test_fields_of_forms() -> None:
    name = {"type": "textfield", "key": "name", "label": "名称"}
    law = {"type": "textarea", "key": "law", "label": "法规意见", "validate": {"required": True}}
    old = form(name)
    new = form({**name, "validate": {"required": True}}, law)
    drawing = one(form="f")
    assert said(drawing, drawing, f=(old, new)) == [
        "表单“f”（审核）栏目“名称”改为必填。",
        "表单“f”（审核）新增栏目“法规意见”（多行文字，必填）。",
    ]
    assert said(drawing, drawing, f=(new, old))[-1] == "表单“f”（审核）删去栏目“法规意见”。"


def test_the_same_files_say_nothing() -> None:
    files = {path.name: path.read_bytes() for path in Path(ROOT / "processes").glob("*.bpmn")}
    drawn = Drawn.of(files)
    found = compare(drawn, drawn, ROLES)
    assert (found.changes, found.marks) == ((), {})


def test_marks_colour_the_diagram() -> None:
    data = (ROOT / "processes" / "incoming.bpmn").read_bytes()
    moved = data.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1', 1)
    assert set(compare(Drawn.of({"a": data}), Drawn.of({"a": moved}), {}).marks.values()) == {
        Kind.MOVED
    }
    found = compare(Drawn.of({"p": two("a", "c")}), Drawn.of({"p": two("a", "b", "c")}), ROLES)
    assert found.marks == {
        "b": Kind.ADDED,
        "f_a_b": Kind.ADDED,
        "f_b_c": Kind.ADDED,
        "f_a_c": Kind.REMOVED,
    }


def test_what_cannot_be_read_is_not_there() -> None:
    found = compare(Drawn.of({"p.bpmn": one()}), Drawn.of({"p.bpmn": b"<half"}), ROLES)
    assert [each.words for each in found.changes] == ["删去流程“测试”。"]
