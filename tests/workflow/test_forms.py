"""Forms: the subset that is read, and what a field takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import Invalid
from app.workflow import forms
from app.workflow.fields import Kind

COMPONENTS: list[dict[str, Any]] = [
    {"type": "text", "text": "请如实填写。"},
    {
        "type": "textfield",
        "key": "title",
        "label": "标题",
        "validate": {"required": True, "maxLength": 10},
    },
    {"type": "number", "key": "copies", "label": "份数", "validate": {"min": 1, "max": 500}},
    {"type": "datetime", "key": "reply_by", "dateLabel": "回复日期", "subtype": "date"},
    {
        "type": "group",
        "label": "会签",
        "components": [
            {
                "type": "select",
                "key": "leader",
                "label": "领导",
                "properties": {"source": "people:leader-in-charge"},
                "validate": {"required": True},
            },
            {
                "type": "checklist",
                "key": "units",
                "label": "单位",
                "values": [{"value": "finance", "label": "财政局"}, {"value": "audit"}],
            },
        ],
    },
    {"type": "checkbox", "key": "urgent", "label": "加急"},
]
GOOD = {"title": "通知", "leader": "li", "units": ["finance"], "copies": "3", "urgent": "on"}
CHOICES = {"people:leader-in-charge": ["li", "wang"]}


def form_of(components: list[Any], key: str = "f") -> bytes:
    return json.dumps({"id": key, "components": components}).encode()


@pytest.fixture
def form() -> forms.Form:
    return forms.load({"f.form": form_of(COMPONENTS)})["f"]


def test_what_is_read(form: forms.Form) -> None:
    assert [(field.key, field.kind, field.required) for field in form.fields] == [
        ("title", Kind.TEXT, True),
        ("copies", Kind.NUMBER, False),
        ("reply_by", Kind.DATE, False),
        ("leader", Kind.PERSON, True),
        ("units", Kind.LIST, False),
        ("urgent", Kind.YES_NO, False),
    ]
    assert form.fields[3].source == "people:leader-in-charge"
    assert form.fields[3].group == "会签"
    assert [option.label for option in form.fields[4].options] == ["财政局", "audit"]
    assert form.texts == ("请如实填写。",)


def test_values_come_back_in_their_kinds(form: forms.Form) -> None:
    assert form.validate(GOOD, CHOICES) == {
        "title": "通知",
        "copies": 3,
        "reply_by": None,
        "leader": "li",
        "units": ["finance"],
        "urgent": True,
    }
    assert "strange" not in form.validate({**GOOD, "strange": "1"}, CHOICES)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("title", " ", "请填写“标题”。"),
        ("title", "字" * 11, "“标题”最多 10 字，现有 11 字。"),
        ("title", 3, "“标题”应是文字。"),
        ("title", "通\x00知", "“标题”中有不能显示的控制字符，请删去。"),
        ("title", "通\ud800知", "“标题”中有不能显示的控制字符，请删去。"),
        ("copies", "many", "“份数”应是数字。"),
        ("copies", "nan", "“份数”应是数字。"),
        ("copies", True, "“份数”应是数字。"),
        ("copies", "0", "“份数”不能小于 1。"),
        ("copies", "501", "“份数”不能大于 500。"),
        ("reply_by", "明天", "“回复日期”应写成 2026-03-05 这样的日期。"),
        ("leader", "", "请选择“领导”。"),
        ("leader", "zhao", "“领导”所选的“zhao”不在可选范围内，请重新选择。"),
        ("units", ["ghost"], "“单位”所选的“ghost”不在可选范围内，请重新选择。"),
        ("units", {"a": 1}, "“单位”应是若干选项。"),
    ],
)
def test_each_refused_field_has_one_sentence(
    form: forms.Form, key: str, value: Any, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        form.validate({**GOOD, key: value}, CHOICES)
    assert [(each.field, each.message) for each in refusal.value.errors] == [(key, sentence)]
    assert sentence in refusal.value.message


def test_all_fields_are_refused_at_once(form: forms.Form) -> None:
    with pytest.raises(Invalid) as refusal:
        form.validate({"copies": "x"}, CHOICES)
    assert [each.field for each in refusal.value.errors] == ["title", "copies", "leader"]


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ({"type": "html", "content": "<b>"}, "html"),
        ({"type": "iframe"}, "iframe"),
        ({"type": "textfield", "key": "Name"}, "Name"),
        ({"type": "textfield", "key": "outcome"}, "outcome"),
        ({"type": "textfield", "key": "mi_x"}, "mi_x"),
        ({"type": "textfield", "key": "a", "defaultValue": "=1+1"}, "表达式"),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=b"}}, "表达式"),
        ({"type": "select", "key": "a", "valuesExpression": "=b"}, "表达式"),
        ({"type": "select", "key": "a"}, "没有选项"),
        ({"type": "select", "key": "a", "properties": {"source": "sql:x"}}, "sql:x"),
        ({"type": "textfield", "key": "copies"}, "重复"),
        ("text", "对象"),
    ],
)
def test_what_is_not_in_the_subset_is_refused(component: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        forms.load({"f.form": form_of([*COMPONENTS, component])})


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"components": []}', b"[" * 5000])
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="表单"):
        forms.load({"f.form": data})


def test_the_shipped_forms_are_in_the_subset() -> None:
    folder = Path(__file__).parents[2] / "forms"
    assert set(forms.load(folder)) == {path.stem for path in folder.glob("*.form")}
