"""What differs between the forms of two versions, field by field."""

from collections.abc import Iterator

from app.workflow.differing.drawn import Drawn
from app.workflow.forms import Field, Form

TYPES = {
    "textfield": "单行文字",
    "textarea": "多行文字",
    "number": "数字",
    "datetime": "日期",
    "select": "下拉选择",
    "radio": "单选",
    "checkbox": "是否",
    "checklist": "多选",
}


def changes(old: Drawn, new: Drawn) -> Iterator[tuple[str, str]]:
    """(form key, sentence) of everything that differs; a form that nobody uses says nothing."""
    for key, form in new.forms.items():
        before = old.forms.get(key)
        if before is None:
            yield key, "随流程新增。"
        else:
            yield from ((key, sentence) for sentence in _fields(before, form))
    for key in old.forms:
        if key not in new.forms:
            yield key, "不再随流程发布。"


def _fields(before: Form, after: Form) -> Iterator[str]:
    was, now = ({each.key: each for each in form.fields} for form in (before, after))
    for key, field in now.items():
        if key not in was:
            must = "，必填" if field.required else ""
            yield f"新增栏目“{field.label}”（{TYPES[field.type]}{must}）。"
        else:
            yield from _field(was[key], field)
    for key, field in was.items():
        if key not in now:
            yield f"删去栏目“{field.label}”。"
    if [each for each in was if each in now] != [each for each in now if each in was]:
        yield "栏目的次序有改动。"
    if before.texts != after.texts:
        yield "说明文字有改动。"


def _field(was: Field, now: Field) -> Iterator[str]:
    name = f"栏目“{now.label}”"
    if was.label != now.label:
        yield f"栏目“{was.label}”改名为“{now.label}”。"
    if was.type != now.type:
        yield f"{name}由{TYPES[was.type]}改为{TYPES[now.type]}。"
    if was.required != now.required:
        yield f"{name}改为{'必填' if now.required else '选填'}。"
    if was.options != now.options or was.source != now.source:
        yield f"{name}的选项由{_options(was)}改为{_options(now)}。"
    if _rest(was) != _rest(now):
        yield f"{name}的提示、默认值或限制有改动。"


def _options(field: Field) -> str:
    return field.source or "、".join(each.label for each in field.options) or "无"


def _rest(field: Field) -> tuple[object, ...]:
    return (
        *(field.hint, field.group, field.lowest, field.highest),
        *(field.longest, field.with_time, field.default),
    )
