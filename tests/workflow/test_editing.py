"""Changing a process file as a table: what is put in runs, what was there stays."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from app.errors import Invalid
from app.workflow import editing, forms, register_topics
from app.workflow.checks import check
from app.workflow.editing import Drawing, NewOutcome, NewStep, Panel, rows
from app.workflow.editing.layout import Box, box, points

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
SHIPPED = sorted(path.stem for path in PROCESSES.glob("*.bpmn"))
PANEL = Panel.read({"legal": "法规科"})
TOPICS = (
    *("write-signatory", "register-number", "seal", "dispatch", "countersign-done", "register"),
    *("collect-readers", "seal-use", "certificate-request"),
)
ROLES = {
    *("drafter", "dept-head", "office-head", "leader-in-charge", "unit-head", "printing-room"),
    *("seal-keeper", "office-secretary", "dispatcher", "archivist", "legal"),
}
THREE = [
    NewOutcome("approve", "同意"),
    NewOutcome("revise", "修改后再核", "dept_review"),
    NewOutcome("reject", "不同意", "draft"),
]


def drawing(name: str = "outgoing") -> Drawing:
    return Drawing((PROCESSES / f"{name}.bpmn").read_bytes())


def legal(made: Drawing) -> str:
    said = {"candidateGroups": "legal", "limit": "2", "rule": "OUT-06", "return_to": "draft"}
    return editing.insert(
        made, PANEL, "dept_review_to_office_check", NewStep("法规审核", said, THREE)
    )


def faults(made: Drawing) -> list[str]:
    register_topics({topic: lambda call: None for topic in TOPICS})
    files = {
        "outgoing.bpmn": made.written(),
        "countersign.bpmn": (PROCESSES / "countersign.bpmn").read_bytes(),
    }
    found = check(files, ROLES, forms.load(ROOT / "forms"))
    return [each.message for each in found if "没有登记" not in each.message]


def parts(data: bytes) -> Counter[str]:
    """Each element with its attributes and text, without regard to lines."""
    found = etree.fromstring(data).iter()
    return Counter(
        repr((each.tag, sorted(each.attrib.items()), str(each.text or "").strip()))
        for each in found
    )


def moved(data: bytes) -> Counter[str]:
    """The same without figures of the drawing."""
    root = etree.fromstring(data)
    for each in root.iter():
        for name in ("x", "y", "width", "height"):
            each.attrib.pop(name, None)
    return parts(etree.tostring(root))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_file_that_is_read_and_written_stays_as_it_is(name: str) -> None:
    data = (PROCESSES / f"{name}.bpmn").read_bytes()
    assert parts(Drawing(data).written()) == parts(data)


@pytest.mark.parametrize("name", SHIPPED)
def test_all_steps_are_rows_in_the_order_of_the_route(name: str) -> None:
    made = drawing(name)
    found = rows(made)
    steps = {each.get("id") for each in made.root.iter("{*}userTask")}
    assert {row.id for row in found if row.step} == steps
    assert found[0].tag == "startEvent"
    ways = [way.id for row in found for way in row.ways]
    assert len(ways) == len(set(ways))


def test_a_step_with_three_outcomes_runs_and_says_what_it_was_given() -> None:
    made = drawing()
    ident = legal(made)
    assert faults(made) == []
    row = next(row for row in rows(made) if row.id == ident)
    assert [(way.key, way.name, way.target) for way in row.ways] == [
        ("approve", "同意", "office_check"),
        ("revise", "修改后再核", "dept_review"),
        ("reject", "不同意", "draft"),
    ]
    values = PANEL.values(made.node(ident))
    assert values["candidateGroups"] == "legal"
    assert values["limit"] == "2"
    assert values["return_to"] == "draft"
    assert "outcome" not in values


def boxes(made: Drawing) -> dict[str, Box]:
    """Where things are drawn, without what holds others."""
    holding = {each.get("id") for each in made.root.iter("{*}participant", "{*}lane")}
    shapes = {str(each.get("bpmnElement")): box(each) for each in made.root.iter("{*}BPMNShape")}
    return {name: found for name, found in shapes.items() if found and name not in holding}


def test_a_new_step_is_drawn_in_its_lane_and_covers_nothing() -> None:
    made = drawing()
    ident = legal(made)
    lane = next(made.root.iter("{*}lane"))
    assert ident in {each.text for each in lane.iter("{*}flowNodeRef")}
    found = boxes(made)
    mine = found.pop(ident)
    for name, other in found.items():
        beside = mine.x + mine.width <= other.x or other.x + other.width <= mine.x
        above = mine.y + mine.height <= other.y or other.y + other.height <= mine.y
        assert beside or above, name


def test_lines_still_begin_and_end_at_their_shapes() -> None:
    made = drawing()
    legal(made)
    editing.insert(made, PANEL, "write_signatory_to_register_number", NewStep("归口登记"))
    found = boxes(made)
    for flow in made.root.iter("{*}sequenceFlow"):
        line = points(made.edge(str(flow.get("id"))))
        for end, (x, y) in (("sourceRef", line[0]), ("targetRef", line[-1])):
            shape = found[str(flow.get(end))]
            assert shape.x - 1 <= x <= shape.x + shape.width + 1, flow.get("id")
            assert shape.y - 1 <= y <= shape.y + shape.height + 1, flow.get("id")


def test_putting_in_and_taking_out_leaves_only_figures_changed() -> None:
    before = (PROCESSES / "outgoing.bpmn").read_bytes()
    made = Drawing(before)
    editing.remove(made, legal(made))
    after = moved(made.written())
    # a label that was placed by hand before the line was drawn anew may be placed by the editor
    assert after == moved(before)
    assert faults(made) == []


def test_a_second_way_out_gives_a_choice_and_the_last_one_takes_it_away() -> None:
    made = drawing()
    editing.add_way(made, "leader_review", NewOutcome("back", "退请重拟", "draft"))
    assert faults(made) == []
    row = next(row for row in rows(made) if row.id == "leader_review")
    assert [(way.key, way.name) for way in row.ways] == [("approve", "同意"), ("back", "退请重拟")]
    editing.remove_way(made, row.ways[1].id)
    assert moved(made.written()) == moved((PROCESSES / "outgoing.bpmn").read_bytes())


def test_a_way_out_is_renamed_and_led_elsewhere() -> None:
    made = drawing()
    ident = legal(made)
    way = next(
        way for row in rows(made) if row.id == ident for way in row.ways if way.key == "reject"
    )
    editing.change_way(made, way.id, name="退回重拟", target="office_check", key="again")
    row = next(row for row in rows(made) if row.id == ident)
    assert ("again", "退回重拟", "office_check") in [(w.key, w.name, w.target) for w in row.ways]
    assert faults(made) == []


def test_fields_are_written_only_where_they_differ() -> None:
    made = drawing()
    step = made.node("dept_review")
    before = parts(made.written())
    PANEL.put(made, step, PANEL.values(step))
    assert parts(made.written()) == before
    PANEL.put(made, step, {"limit": "3", "clause": "", "withdraw": "no"})
    assert PANEL.values(step)["limit"] == "3"
    assert "clause" not in PANEL.values(step)
    assert PANEL.values(step)["withdraw"] == "no"
    assert faults(made) == []


def test_foreign_elements_attributes_and_comments_stay() -> None:
    text = (PROCESSES / "outgoing.bpmn").read_text("utf-8")
    text = text.replace(
        '<bpmn:userTask id="dept_review"',
        '<!-- 旧系统导入 --><bpmn:userTask xmlns:old="urn:example:old" old:colour="blue" '
        'id="dept_review"',
    ).replace(
        "<camunda:properties>",
        '<old:notes xmlns:old="urn:example:old"><old:note at="1">甲</old:note></old:notes>'
        "<camunda:properties>",
        1,
    )
    made = Drawing(text.encode())
    legal(made)
    written = made.written().decode()
    assert "<!-- 旧系统导入 -->" in written
    assert 'old:colour="blue"' in written
    assert '<old:note at="1">甲</old:note>' in written


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewStep("  "), "请填写环节名称"),
        (NewStep("甲", {"limit": "两天"}), "时限请填工作日数"),
        (NewStep("甲", {"return_to": "a,b"}), "可退回至"),
        (NewStep("甲", {}, [NewOutcome("同意", "同意")]), "编号应以小写字母开头"),
        (NewStep("甲", {}, [NewOutcome("a", "")]), "名称"),
        (NewStep("甲", {}, [NewOutcome("a", "甲", "nowhere")]), "去向不在流程图中"),
        (NewStep("甲", {}, [NewOutcome("a", "甲"), NewOutcome("a", "乙")]), "不能相同"),
    ],
)
def test_a_step_that_is_described_badly_is_refused(new: NewStep, sentence: str) -> None:
    made = drawing()
    with pytest.raises(Invalid, match=sentence):
        editing.insert(made, PANEL, "draft_to_dept_review", new)


def test_what_cannot_be_done_here_is_refused_with_the_way_out() -> None:
    made = drawing()
    ident = legal(made)
    link = str(made.outgoing(made.node(ident))[0].get("id"))
    with pytest.raises(Invalid, match="某个结果之后"):
        editing.insert(made, PANEL, link, NewStep("甲"))
    with pytest.raises(Invalid, match="只能删除环节"):
        editing.remove(made, "outgoing_begin")
    with pytest.raises(Invalid, match="唯一的出口"):
        editing.remove_way(made, "draft_to_dept_review")
    with pytest.raises(Invalid, match="默认出口"):
        editing.remove_way(made, "parallel_or_downward")
    with pytest.raises(Invalid, match="已没有这个元素"):
        editing.remove(made, "gone")
    with pytest.raises(Invalid, match="实体"):
        Drawing(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')


def test_every_step_of_every_route_can_be_taken_out_and_the_file_stays_whole() -> None:
    for name in SHIPPED:
        made = drawing(name)
        for row in [row for row in rows(made) if row.step]:
            changed = drawing(name)
            editing.remove(changed, row.id)
            ids = {each.get("id") for each in changed.root.iter() if each.get("id")}
            for flow in changed.root.iter("{*}sequenceFlow"):
                assert {flow.get("sourceRef"), flow.get("targetRef")} <= ids, (name, row.id)
            drawn = {
                each.get("bpmnElement") for each in changed.root.iter("{*}BPMNEdge", "{*}BPMNShape")
            }
            assert drawn <= ids, (name, row.id)


def test_a_drawing_without_a_picture_is_changed_too() -> None:
    text = (PROCESSES / "outgoing.bpmn").read_text("utf-8")
    start, end = text.index("<bpmndi:BPMNDiagram"), text.index("</bpmn:definitions>")
    made = Drawing((text[:start] + text[end:]).encode())
    ident = legal(made)
    assert faults(made) == []
    editing.remove(made, ident)
    assert ident not in made.written().decode()
