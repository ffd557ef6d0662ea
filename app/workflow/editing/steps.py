"""Putting a step into a route, and taking one out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import Invalid
from app.workflow.editing import layout, lines
from app.workflow.editing.drawing import SPACES, Drawing, Element, around, indent, local
from app.workflow.editing.layout import GATEWAY, STEP
from app.workflow.editing.panel import TEMPLATE, Panel
from app.workflow.editing.rows import REMOVABLE, any_choice_after, choice_after
from app.workflow.editing.ways import NewOutcome, add_flow, checked_outcomes, name_outcome


@dataclass(frozen=True)
class NewStep:
    """A step to be put in.

    fields    what the panel says about it, by key; what is left out stays as usual
    outcomes  ways out; with none or one there is no choice, with several a gateway follows
    """

    name: str
    fields: Mapping[str, str] = field(default_factory=dict)
    outcomes: Sequence[NewOutcome] = ()


def insert(drawing: Drawing, panel: Panel, flow_id: str, new: NewStep) -> str:
    """Put a step into a flow; the id of the new step.

    An outcome without a target goes on to where the flow went. Nothing else of the drawing
    changes but its place, where room has to be made.
    Raises Invalid when the flow is gone or the step is described badly.
    """
    flow = drawing.node(flow_id)
    if local(flow) != "sequenceFlow":
        raise Invalid("请选择一条出口，新环节加在它的后面。")
    name = _named(new.name)
    if any_choice_after(drawing, drawing.node(flow.get("sourceRef") or "")) is not None:
        raise Invalid("请在这个环节的某个结果之后加新环节。")
    outcomes = checked_outcomes(drawing, new.outcomes)
    holder = around(flow)
    process = holder.get("id") or "step"
    step = drawing.make(holder, "userTask", id=drawing.new_id(f"{process}_step"), name=name)
    _say(drawing, panel, step, new.fields)
    _join(drawing, flow, step, outcomes)
    indent(step)
    return step.get("id") or ""


def rename(step: Element, name: str) -> None:
    """Raises Invalid for a step without a name."""
    if name != step.get("name"):
        step.set("name", _named(name))


def remove(drawing: Drawing, ident: str) -> None:
    """Take a step out; what led to it leads to where its first way out went.

    Timers on it, the choice after it and lines to notes go with it. Raises Invalid for what is
    no step, and for one without a way out.
    """
    step = drawing.node(ident)
    if not local(step).endswith(REMOVABLE):
        raise Invalid("只能删除环节；开始、结束和网关请在画布上删除。")
    choice = choice_after(drawing, step)
    leaving = drawing.outgoing(choice if choice is not None else step)
    ahead = next((each for each in leaving if each.get("targetRef") != ident), None)
    if ahead is None:
        raise Invalid("这个环节没有出口，请在画布上删除。")
    _bridge(drawing, step, ahead)
    gone = [*drawing.outgoing(step), *leaving]
    for event in _attached(step):
        gone += [*drawing.outgoing(event), event]
    gone += _hanging(drawing, ident)
    for each in [*gone, *([choice] if choice is not None else []), *step.iterdescendants()]:
        if isinstance(each.tag, str) and each.get("id") and each is not step:
            drawing.drop(each)
    drawing.drop(step)


def _named(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 60:
        raise Invalid.at("name", "请填写环节名称，不超过 60 字。")
    return name


def _say(drawing: Drawing, panel: Panel, step: Element, given: Mapping[str, str]) -> None:
    template = next(each for each in panel.templates if each["id"] == "gongwen.step")
    step.set(TEMPLATE, template["id"])
    step.set(f"{TEMPLATE}Version", str(template["version"]))
    usual = {each.key: each.usual for each in panel.fields(step) if each.usual and _worth(each.key)}
    panel.put(drawing, step, {**usual, **given})


def _worth(key: str) -> bool:
    """Written even where it is as usual, so that a step says who acts on what and until when."""
    return key in ("candidateGroups", "limit", "formKey", "opinion", "stage")


def _join(drawing: Drawing, flow: Element, step: Element, outcomes: Sequence[NewOutcome]) -> None:
    source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
    ident = step.get("id") or ""
    several = len(outcomes) > 1
    made = [step]
    if several:
        name = drawing.new_id(f"{ident}_choice")
        made.append(drawing.make(around(step), "exclusiveGateway", id=name))
    cut = lines.opened(drawing, flow, [STEP, GATEWAY][: len(made)])
    if cut is not None:
        for each, middle in zip(made, cut.middles, strict=True):
            layout.draw_shape(drawing, each.get("id") or "", middle, lines.SIZES[local(each)])
        layout.draw_line(drawing, flow.get("id") or "", cut.pieces[0])
    for each in made:
        lines.put_in_lane(drawing, each.get("id") or "", source)
    drawing.forget(flow)
    flow.set("targetRef", ident)
    drawing.refer(flow)
    if several:
        add_flow(drawing, ident, made[1].get("id") or "", cut.pieces[1] if cut else None)
        _leave(drawing, made[1], outcomes, target, cut.pieces[2] if cut else None)
        return
    onward = outcomes[0].target if outcomes else ""
    add_flow(drawing, ident, onward or target, cut.pieces[1] if cut and not onward else None)
    if outcomes:
        name_outcome(drawing, step, outcomes[0])


def _leave(
    drawing: Drawing,
    choice: Element,
    outcomes: Sequence[NewOutcome],
    target: str,
    straight: list[layout.Point] | None,
) -> None:
    """One flow per outcome; the first that goes on takes the line that is drawn already."""
    number = 0
    for each in outcomes:
        way = None
        if not each.target and straight is not None:
            way, straight = straight, None
        else:
            number += 1
        add_flow(drawing, choice.get("id") or "", each.target or target, way, each, number)


def _bridge(drawing: Drawing, step: Element, ahead: Element) -> None:
    """Lead everything that came to the step on to the target of ``ahead``."""
    target = ahead.get("targetRef") or ""
    rest = layout.points(drawing.edge(ahead.get("id") or ""))
    for flow in drawing.incoming(step):
        drawing.forget(flow)
        flow.set("targetRef", target)
        drawing.refer(flow)
        way = layout.points(drawing.edge(flow.get("id") or ""))
        if way and rest:
            (x1, y1), (x2, y2) = way[-1], rest[0]
            corner = [] if x1 == x2 or y1 == y2 else [(x2, y1)]
            layout.draw_line(drawing, flow.get("id") or "", [*way, *corner, *rest])


def _attached(step: Element) -> list[Element]:
    holder = step.getparent()
    found = holder.findall("bpmn:boundaryEvent", SPACES) if holder is not None else []
    return [each for each in found if each.get("attachedToRef") == step.get("id")]


def _hanging(drawing: Drawing, ident: str) -> list[Element]:
    """Lines to notes and to other pools that end at an element."""
    return [
        each
        for tag in ("association", "messageFlow")
        for each in drawing.root.iterfind(f".//bpmn:{tag}", SPACES)
        if ident in (each.get("sourceRef"), each.get("targetRef"))
    ]
