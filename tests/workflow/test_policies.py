"""Publish checks of the policies of a step: skipping, the next level, and what a step requires."""

import pytest

from app.workflow import forms
from app.workflow.checks import check
from app.workflow.fields import CASE_VARIABLES, Kind
from app.workflow.topics import register_topics

from .drawing import END, START, file_of, flow, path, properties, service, signing, step, steps

ROLES = ["clerk", "head"]
VARIABLES = {**CASE_VARIABLES, "signers": Kind.LIST}
FORMS = forms.load(
    {
        "f": b'{"id": "needed", "components": [{"type": "textfield", "key": "reason",'
        b' "label": "a", "validate": {"required": true}}]}',
        "g": b'{"id": "free", "components": [{"type": "textfield", "key": "word", "label": "b"}]}',
    }
)
CHOICE = (
    '<exclusiveGateway id="x"/>',
    path("begin", "a", "x"),
    flow("x", "b", "outcome == 'on'", "往下"),
    flow("x", "finish", "outcome == 'stop'", "结束"),
    flow("b", "finish"),
)
LINE = (path("begin", "a", "b", "finish"),)


@pytest.fixture(autouse=True)
def _topics() -> None:
    register_topics({"note": lambda _call: None})


def faults(*parts: str) -> list[tuple[str, str]]:
    found = check({"p.bpmn": file_of(START, END, *parts)}, ROLES, FORMS, variables=VARIABLES)
    return [(fault.element, fault.message) for fault in found]


def drawn(who: str = "clerk", form: str = "", **values: str) -> tuple[str, ...]:
    return (step("a", properties(**values), who=who, form=form), steps("b"))


GOOD = {
    "asked as always": drawn(same_person="ask", nobody="stop", drafter="ask"),
    "skipped": drawn(same_person="skip", nobody="skip", drafter="skip"),
    "next level": drawn(nobody="next_level", drafter="next_level", next_level="head, clerk"),
    "by name": drawn("${drafter}", same_person="skip"),
    "a form that may stay empty": drawn(form="free", nobody="skip"),
    "what it requires": drawn(requires="sealed"),
    "one way out": drawn(nobody="skip", outcome="on", outcome_label="往下", skip_outcome="on"),
}


@pytest.mark.parametrize("name", GOOD)
def test_policies_that_may_be_published(name: str) -> None:
    assert faults(*GOOD[name], *LINE) == []


BAD = {
    "no such word": (drawn(same_person="merge"), "same_person"),
    "no such state": (drawn(requires="printed"), "requires"),
    "no next level": (drawn(nobody="next_level"), "写明上一级的角色"),
    "unknown role": (drawn(nobody="next_level", next_level="boss"), "没有角色“boss”"),
    "no role at all": (drawn("${drafter}", nobody="skip"), "只用于由角色办理的环节"),
    "sign-off": (drawn(same_person="skip", sign_off="yes"), "签发须由本人作出"),
    "form to fill in": (drawn(form="needed", nobody="skip"), "表单有必填的内容"),
    "names people": (drawn(drafter="skip", choose="one", next_to="readers"), "以后的办理人"),
    "names a department": (
        drawn(drafter="skip", choose="one", next_department_to="handling_department"),
        "以后的办理人",
    ),
    "no such way out": (
        drawn(nobody="skip", outcome="on", outcome_label="往下", skip_outcome="off"),
        "“off”不在此环节的结果之中",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_policies_that_are_refused(name: str) -> None:
    parts, words = BAD[name]
    assert any(element == "a" and words in sentence for element, sentence in faults(*parts, *LINE))


def test_a_choice_needs_the_way_that_a_skip_takes() -> None:
    (fault,) = faults(*drawn(nobody="skip"), *CHOICE)
    assert "skip_outcome" in fault[1]
    assert faults(*drawn(nobody="skip", skip_outcome="on"), *CHOICE) == []


def test_a_signing_is_never_skipped() -> None:
    text = signing("a").replace("</userTask>", properties(same_person="skip") + "</userTask>")
    (fault,) = faults(text, steps("b"), *LINE)
    assert "会签须由每个人作出" in fault[1]


def test_what_sets_off_an_automatic_act_is_never_skipped() -> None:
    (fault,) = faults(*drawn(nobody="skip"), service("s"), path("begin", "a", "s", "b", "finish"))
    assert "须由人确认" in fault[1]
    assert faults(*drawn(nobody="skip"), service("s"), path("begin", "a", "b", "s", "finish")) == []


def test_the_same_behind_an_inner_process() -> None:
    inner = ('<subProcess id="h"><startEvent id="h1"/>', service("s"), '<endEvent id="h2"/>')
    (fault,) = faults(
        *drawn(nobody="skip"),
        *inner,
        path("h1", "s", "h2"),
        "</subProcess>",
        path("begin", "a", "h", "b", "finish"),
    )
    assert "须由人确认" in fault[1]


def test_the_same_after_leaving_an_inner_process() -> None:
    (fault,) = faults(
        '<subProcess id="h"><startEvent id="h1"/>',
        step("a", properties(nobody="skip")),
        '<endEvent id="h2"/>',
        path("h1", "a", "h2"),
        "</subProcess>",
        service("s"),
        steps("b"),
        path("begin", "h", "s", "b", "finish"),
    )
    assert "须由人确认" in fault[1]
