"""The property ``batch``: only steps that ask nobody to decide about each document may have it."""

import pytest

from app.workflow import forms
from app.workflow.checks import check

from .drawing import END, START, file_of, flow, path, properties, signing, step

FORMS = forms.load(
    {
        "free": b'{"id": "free", "components": [{"type": "textfield", "key": "note"}]}',
        "asks": b'{"id": "asks", "components": [{"type": "textfield", "key": "note",'
        b' "validate": {"required": true}}]}',
    }
)
ONE = {"outcome": "file", "outcome_label": "归卷"}
CHOICE = (
    '<exclusiveGateway id="x"/>',
    flow("a", "x"),
    flow("x", "finish", "outcome == 'yes'", "同意"),
    flow("x", "b", "outcome == 'no'", "不同意"),
    flow("b", "finish"),
    step("b"),
)


def faults(*parts: str) -> list[str]:
    found = check({"p.bpmn": file_of(START, END, *parts)}, ["clerk"], FORMS, trial=None)
    return [each.message for each in found if "批量" in each.message]


def single(form: str = "", **given: str) -> tuple[str, str]:
    return step("a", properties(batch="yes", **given), form=form), path("begin", "a", "finish")


def test_a_clerical_step_may_be_done_for_many_at_once() -> None:
    assert faults(*single("free", **ONE)) == []


def test_batch_is_yes_or_no() -> None:
    drawn = step("a", properties(batch="often", **ONE)), path("begin", "a", "finish")
    found = check({"p.bpmn": file_of(START, END, *drawn)}, ["clerk"], FORMS, trial=None)
    assert any("batch 只能是" in each.message for each in found)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (single(), "恰有一个结果"),
        (single("asks", **ONE), "必填项"),
        (single(sign_off="yes", **ONE), "签发"),
        (single(choose="one", **ONE), "选择下一步人员"),
        ((step("a", properties(batch="yes")), flow("begin", "a"), *CHOICE), "恰有一个结果"),
    ],
)
def test_what_needs_a_decision_is_done_one_by_one(parts: tuple[str, ...], why: str) -> None:
    (message,) = faults(*parts)
    assert why in message
    assert "逐件办理" in message


def test_signers_decide_each_for_himself() -> None:
    many = signing().replace("</userTask>", properties(batch="yes", **ONE) + "</userTask>")
    assert any("多人办理" in each for each in faults(many, path("begin", "sign", "finish")))
