"""Hostile and broken files: refused with a place and a Chinese sentence."""

import re

import pytest

from app.workflow.reading import MAX_BYTES, read

from .drawing import END, START, file_of, flow, path, properties, service, step, steps, timer

GOOD = file_of(START, END, steps("a"), path("begin", "a", "finish"))
LISTENER = (
    '<extensionElements><camunda:taskListener class="a.B" event="create"/></extensionElements>'
)

BYTES = {
    "too large": b" " * (MAX_BYTES + 1),
    "doctype": b"<!DOCTYPE d>" + GOOD,
    "entities": b'<!DOCTYPE d [<!ENTITY x "y">]>' + GOOD.replace(b"begin", b"&x;"),
    "external entity": b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + GOOD,
    "not utf-8": GOOD.replace("测试".encode(), "测试".encode("gbk")),
    "utf-16": b'<?xml version="1.0" encoding="UTF-16"?>' + GOOD,
    "nul": GOOD.replace(b"begin", b"be\0gin", 1),
    "cut off": GOOD[:-20],
    "empty": b"",
    "no bpmn": b"<definitions/>",
    "html": b"<html><body/></html>",
}
ELEMENTS = {
    "script task": ('<scriptTask id="x"><script>1</script></scriptTask>', "脚本"),
    "plain task": ('<task id="x"/>', "普通任务"),
    "manual task": ('<manualTask id="x"/>', "手工任务"),
    "send task": ('<sendTask id="x"/>', "sendTask"),
    "business rule": ('<businessRuleTask id="x"/>', "businessRuleTask"),
    "ad hoc": ('<adHocSubProcess id="x"/>', "adHocSubProcess"),
    "transaction": ('<transaction id="x"/>', "transaction"),
    "event subprocess": ('<subProcess id="x" triggeredByEvent="true"/>', "事件子流程"),
    "signal": (
        '<intermediateCatchEvent id="x"><signalEventDefinition/></intermediateCatchEvent>',
        "signal",
    ),
    "data object": ('<dataObject id="x"/>', "dataObject"),
    "standard loop": (
        step("x", '<standardLoopCharacteristics loopMaximum="3"/>'),
        "standardLoop",
    ),
    "listener": (step("x", LISTENER), "监听器"),
    "parameters": (
        step("x", "<extensionElements><camunda:inputOutput/></extensionElements>"),
        "inputOutput",
    ),
    "foreign element": ('<x:y xmlns:x="http://x.invalid"/>', "y"),
    "service without topic": ('<serviceTask id="x" camunda:type="external"/>', "主题"),
    "service with a class": ('<serviceTask id="x" camunda:class="a.B"/>', "class"),
    "service with an expression": ('<serviceTask id="x" camunda:expression="${a}"/>', "expression"),
    "asynchronous": ('<userTask id="x" camunda:asyncBefore="true"/>', "asyncBefore"),
    "foreign attribute": ('<userTask id="x" implementation="y"/>', "implementation"),
    "cycle timer": (
        '<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition><timeCycle>R/P1D'
        "</timeCycle></timerEventDefinition></boundaryEvent>",
        "循环计时",
    ),
    "timer on a start": (
        '<startEvent id="x"><timerEventDefinition><timeDuration>P1D</timeDuration>'
        "</timerEventDefinition></startEvent>",
        "定时器只能",
    ),
    "event without timer": ('<intermediateCatchEvent id="x"/>', "须有一个定时器"),
    "two times": (
        timer("x", "a").replace("</timerE", "<timeDate>2026-01-01</timeDate></timerE"),
        "二者取一",
    ),
    "bad duration": (timer("x", "a", "3 days"), "P3D"),
    "python in a timer": (timer("x", "a", "__import__(1)"), "P3D"),
    "python in a condition": (flow("a", "finish", "__import__('os')", ident="x"), "比较"),
    "wrapped condition": (flow("a", "finish", "${a}", ident="x"), "${ }"),
    "other language": (
        flow("a", "finish", "a == 1", ident="x")
        .replace("<conditionE", '<conditionExpression language="js"', 1)
        .replace('"js"xpression', '"js"'),
        "语言",
    ),
    "same id": ('<endEvent id="a"/>', "重复"),
    "reserved id": ('<endEvent id="End"/>', "End"),
    "library id": ('<endEvent id="mi_x"/>', "mi_"),
    "strange id": ('<endEvent id="a b"/>', "字母"),
    "no id": ("<endEvent/>", "缺少编号"),
    "signing on a service": (
        service("x").replace("/>", "><multiInstanceLoopCharacteristics/></serviceTask>"),
        "多人",
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_not_a_process_file(name: str) -> None:
    root, faults = read("x.bpmn", BYTES[name])
    assert root is None
    assert [fault.file for fault in faults] == ["x.bpmn"]
    assert re.search("[一-鿿]", faults[0].message)


@pytest.mark.parametrize("name", ELEMENTS)
def test_elements_that_are_refused(name: str) -> None:
    text, sentence = ELEMENTS[name]
    data = file_of(START, END, steps("a"), path("begin", "a", "finish"), "\n", text)
    _, faults = read("x.bpmn", data)
    assert any(sentence in fault.message for fault in faults), faults
    assert all(fault.line == 2 and fault.element for fault in faults), faults


def test_a_good_file_has_no_fault() -> None:
    extras = (
        "<documentation>说明</documentation>",
        '<laneSet id="l"><lane id="l1" name="办公室"><flowNodeRef>a</flowNodeRef></lane></laneSet>',
        "<!-- a comment --><?pi x?>",
        '<textAnnotation id="t"><text>注</text></textAnnotation>',
        timer("late", "a"),
        service("note"),
        step("b", properties(limit="P1D", stage="handling")),
    )
    root, faults = read("x.bpmn", file_of(START, END, steps("a"), *extras))
    assert root is not None
    assert faults == []


def test_the_execution_platform_must_be_named() -> None:
    _, faults = read("x.bpmn", GOOD.replace(b"Camunda Platform", b"Camunda Cloud"))
    assert ["执行平台" in fault.message for fault in faults] == [True]


def test_more_than_200_nodes_are_refused() -> None:
    names = [f"s{number}" for number in range(199)]
    _, faults = read("x.bpmn", file_of(START, END, steps(*names), path("begin", *names, "finish")))
    assert ["201 个节点" in fault.message for fault in faults] == [True]


def test_a_comment_does_not_cut_a_condition() -> None:
    text = flow("a", "finish", "x == 1", ident="c").replace("x == 1", "x <!-- y -->== 1")
    root, faults = read("x.bpmn", file_of(START, END, steps("a"), text))
    assert faults == []
    assert root is not None
    assert [each.text for each in root.iter("{*}conditionExpression")] == ["x == 1"]
