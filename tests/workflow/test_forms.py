"""Forms: the subset that is read, and what a field takes."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ({"type": ["textfield"], "key": "a"}, "“type”的写法"),
        ({"type": "textfield", "key": "a", "validate": "x"}, "“validate”的写法"),
        ({"type": "select", "key": "a", "properties": []}, "“properties”的写法"),
        ({"type": "select", "key": "a", "values": 5}, "“values”的写法"),
        ({"type": "textfield", "key": "a", "label": ["a"]}, "“label”的写法"),
        ({"type": "group", "components": "x"}, "“components”的写法"),
        ({"type": "number", "key": "a", "validate": {"min": 10**400}}, "“min”应是数字"),
        ({"type": "number", "key": "a", "validate": {"max": "x"}}, "“max”应是数字"),
        ({"type": "textfield", "key": "a", "validate": {"maxLength": -1}}, "大于零"),
        ({"type": "textfield", "key": "a", "label": "\ud800"}, "控制字符"),
        ({"type": "radio", "key": "a", "values": [{"value": "a\0"}]}, "控制字符"),
    ],
)
def test_what_is_not_in_the_subset_is_refused(component: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        forms.load({"f.form": form_of([*COMPONENTS, component])})


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"components": []}', b"[" * 5000])
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="表单"):
        forms.load({"f.form": data})


@pytest.mark.parametrize("bound", ["1e999", "NaN", "-Infinity", "[]", "true"])
def test_bounds_are_finite(bound: str) -> None:
    data = form_of([{"type": "number", "key": "a", "validate": {"min": "?"}}])
    with pytest.raises(Invalid, match="表单文件有误"):
        forms.load({"f.form": data.replace(b'"?"', bound.encode())})


def test_groups_in_groups_end_somewhere() -> None:
    data = b'{"type": "group", "components": [' * 450 + b"]}" * 450
    with pytest.raises(Invalid, match="套得太深"):
        forms.load({"f.form": b'{"id": "f", "components": [' + data + b"]}"})


TEXTS = st.sampled_from(["", "甲", "=a", "value", "people:x", "\0", "\ud800", "1"])
NUMBERS = st.sampled_from([0, 1, -1, 2.5, 10**400, float("inf"), float("nan")])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
MEMBER_NAMES = sorted({*forms.MEMBERS, "key", "id", "conditional", "source"} - {"type", "key"})


@given(
    st.sampled_from([*forms.INPUTS, "group", "text"]),
    st.dictionaries(st.sampled_from(MEMBER_NAMES), ANYTHING),
    st.dictionaries(st.sampled_from(["min", "max", "maxLength", "required"]), ANYTHING),
)
def test_any_member_is_taken_or_named(
    kind: str, members: dict[str, Any], rules: dict[str, Any]
) -> None:
    """What is taken can be asked for a value and be written on a page."""
    component = {"key": "a", "validate": rules} | members | {"type": kind}
    form, faults = forms.read("f.form", form_of([component]))
    if faults or form is None:
        assert all(str(fault) for fault in faults)
        return
    for field in form.fields:
        words = [field.label, field.hint, field.group, *(each.value for each in field.options)]
        assert "".join(words).encode() is not None
        with suppress(Invalid):
            form.validate({"a": "1"}, {})


def test_the_shipped_forms_are_in_the_subset() -> None:
    folder = Path(__file__).parents[2] / "forms"
    assert set(forms.load(folder)) == {path.stem for path in folder.glob("*.form")}
