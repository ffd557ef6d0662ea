"""Ways out of a step: adding, changing and taking away an outcome."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import FieldError, Invalid
from app.workflow.editing import layout, lines
from app.workflow.editing.drawing import SPACES, Drawing, Element, around, indent, local
from app.workflow.editing.layout import GATEWAY, Point
from app.workflow.editing.panel import write_property
from app.workflow.editing.rows import (
    any_choice_after,
    choice_after,
    is_node,
    outcome_of,
    step_before,
)

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")


@dataclass(frozen=True)
class NewOutcome:
    """key: as in conditions; label: as people read it; target: element, "" for going on."""

    key: str
    label: str
    target: str = ""


def checked_outcomes(drawing: Drawing, given: Sequence[NewOutcome]) -> list[NewOutcome]:
    """The outcomes with words tidied. Raises Invalid with a sentence per row."""
    found = [
        NewOutcome(each.key.strip(), " ".join(each.label.split()), each.target) for each in given
    ]
    errors = []
    for number, each in enumerate(found, start=1):
        if not KEY.match(each.key):
            errors.append(
                FieldError(
                    f"key{number}",
                    f"第 {number} 个结果的编号应以小写字母开头，只含小写字母、数字和下划线。",
                )
            )
        if not each.label or len(each.label) > 30:
            errors.append(
                FieldError(f"label{number}", f"请填写第 {number} 个结果的名称，不超过 30 字。")
            )
        if each.target and not _can_be_entered(drawing, each.target):
            errors.append(
                FieldError(f"target{number}", f"第 {number} 个结果的去向不在流程图中，请重选。")
            )
    keys, labels = [each.key for each in found], [each.label for each in found]
    if len(set(keys)) < len(keys) or len(set(labels)) < len(labels):
        errors.append(FieldError("key1", "各个结果的编号和名称不能相同。"))
    if errors:
        raise Invalid("有内容需要改正：" + "".join(each.message for each in errors), errors)
    return found


def add_way(drawing: Drawing, step_id: str, new: NewOutcome) -> None:
    """One more outcome of a step; a step with a single way gets a choice for both.

    Raises Invalid unless it names its target, and for what is no step.
    """
    step = drawing.node(step_id)
    if local(step) != "userTask":
        raise Invalid("只有办理环节可以加结果。")
    if not new.target:
        raise Invalid("请选择这个结果的去向。", [FieldError("target1", "请选择这个结果的去向。")])
    [outcome] = checked_outcomes(drawing, [new])
    choice = choice_after(drawing, step)
    if choice is None and any_choice_after(drawing, step) is not None:
        raise Invalid("几个环节共用后面的结果，请在画布上改。")
    if choice is None:
        choice = _with_choice(drawing, step)
    others = drawing.outgoing(choice)
    taken = {outcome_of(each) for each in others} | {each.get("name") for each in others}
    if taken & {outcome.key, outcome.label}:
        raise Invalid(
            "这个环节已有同名或同编号的结果，请换一个。",
            [FieldError("key1", "编号或名称已经用过。")],
        )
    add_flow(drawing, choice.get("id") or "", outcome.target, None, outcome, len(others))


def change_way(
    drawing: Drawing, flow_id: str, *, name: str, target: str, key: str = "", condition: str = ""
) -> None:
    """Name, target and outcome or condition of one way out; what is as it was stays untouched.

    key        only where the way is an outcome; the only way of a step has it in its properties
    condition  only where it is none
    """
    flow = drawing.node(flow_id)
    if local(flow) != "sequenceFlow" or not _can_be_entered(drawing, target):
        raise Invalid("请选择去向。", [FieldError("target", "请选择去向。")])
    source = drawing.node(flow.get("sourceRef") or "")
    if outcome_of(flow):
        [outcome] = checked_outcomes(drawing, [NewOutcome(key, name)])
        drawing.condition(flow, f"outcome == '{outcome.key}'")
    elif local(source).endswith("Gateway") and _condition(flow) != condition.strip():
        drawing.condition(flow, condition.strip())
    _rename(flow, " ".join(name.split()))
    if target != flow.get("targetRef"):
        drawing.forget(flow)
        flow.set("targetRef", target)
        drawing.refer(flow)
        way = lines.route(drawing, flow.get("sourceRef") or "", target)
        if way:
            layout.draw_line(drawing, flow_id, way)


def remove_way(drawing: Drawing, flow_id: str) -> None:
    """Take a way out away. A choice with one way left becomes a plain line again.

    Raises Invalid for the only way out, and for the default one.
    """
    flow = drawing.node(flow_id)
    source = drawing.node(flow.get("sourceRef") or "")
    if len(drawing.outgoing(source)) < 2:
        raise Invalid("这是唯一的出口，不能删除；请改它的去向。")
    if source.get("default") == flow_id:
        raise Invalid("这是默认出口，不能删除；请先在画布上另外指定默认出口。")
    drawing.drop(flow)
    step = step_before(drawing, source)
    left = drawing.outgoing(source)
    if step is not None and len(left) == 1:
        _without_choice(drawing, step, source, left[0])


def add_flow(
    drawing: Drawing,
    source: str,
    target: str,
    way: list[Point] | None,
    outcome: NewOutcome | None = None,
    number: int = 0,
) -> Element:
    """A flow between two elements, drawn along ``way`` or along a line of its own."""
    holder = around(drawing.node(source))
    stem = f"{source}_{outcome.key}" if outcome else f"{source}_to"
    flow = drawing.make(
        holder, "sequenceFlow", id=drawing.new_id(stem), sourceRef=source, targetRef=target
    )
    if outcome is not None:
        flow.set("name", outcome.label)
        drawing.condition(flow, f"outcome == '{outcome.key}'")
    drawing.refer(flow)
    indent(flow)
    points = way or lines.route(drawing, source, target, number)
    if points:
        layout.draw_line(drawing, flow.get("id") or "", points)
    return flow


def name_outcome(drawing: Drawing, step: Element, outcome: NewOutcome | None) -> None:
    """The only outcome of a step stands in its properties."""
    write_property(drawing, step, "outcome", outcome.key if outcome else "")
    write_property(drawing, step, "outcome_label", outcome.label if outcome else "")


def _with_choice(drawing: Drawing, step: Element) -> Element:
    """A gateway after a step, with the one outcome that the step had so far."""
    leaving = drawing.outgoing(step)
    if len(leaving) != 1:
        raise Invalid("这个环节没有出口，请先在画布上接好。")
    flow, ident = leaving[0], step.get("id") or ""
    said = {
        each.get("name"): each.get("value") or ""
        for each in step.iterfind(
            "bpmn:extensionElements/camunda:properties/camunda:property", SPACES
        )
    }
    first = NewOutcome(said.get("outcome") or "approve", said.get("outcome_label") or "同意")
    choice = drawing.make(around(step), "exclusiveGateway", id=drawing.new_id(f"{ident}_choice"))
    name = choice.get("id") or ""
    cut = lines.opened(drawing, flow, [GATEWAY])
    if cut is not None:
        layout.draw_shape(drawing, name, cut.middles[0], GATEWAY)
        layout.draw_line(drawing, flow.get("id") or "", cut.pieces[1])
    lines.put_in_lane(drawing, name, ident)
    drawing.forget(flow)
    flow.set("sourceRef", name)
    flow.set("name", first.label)
    drawing.refer(flow)
    drawing.condition(flow, f"outcome == '{first.key}'")
    add_flow(drawing, ident, name, cut.pieces[0] if cut else None)
    name_outcome(drawing, step, None)
    return choice


def _without_choice(drawing: Drawing, step: Element, choice: Element, left: Element) -> None:
    """The other way round: the last outcome becomes that of the step."""
    outcome = NewOutcome(outcome_of(left), left.get("name") or "")
    [link] = drawing.incoming(choice)
    way = [
        *layout.points(drawing.edge(link.get("id") or "")),
        *layout.points(drawing.edge(left.get("id") or "")),
    ]
    drawing.drop(link)
    drawing.forget(left)
    left.set("sourceRef", step.get("id") or "")
    drawing.condition(left, "")
    left.attrib.pop("name", None)
    drawing.refer(left)
    if way:
        layout.draw_line(drawing, left.get("id") or "", way)
    drawing.drop(choice)
    name_outcome(drawing, step, outcome)


def _can_be_entered(drawing: Drawing, ident: str) -> bool:
    found = drawing.find(ident)
    return (
        found is not None and is_node(found) and local(found) not in ("startEvent", "boundaryEvent")
    )


def _condition(flow: Element) -> str:
    return (flow.findtext("bpmn:conditionExpression", "", SPACES) or "").strip()


def _rename(flow: Element, name: str) -> None:
    if name:
        flow.set("name", name)
    else:
        flow.attrib.pop("name", None)
