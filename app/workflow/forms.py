"""Forms: the subset of form-js that pages are built from and input is checked by.

No expressions (FEEL) and no scripts. Options that depend on the unit are named by ``source``,
for example ``people:leader-in-charge,unit-head`` or ``departments``; the caller resolves them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any

from app.errors import FieldError, Invalid
from app.workflow.errors import Fault
from app.workflow.expressions import NAME
from app.workflow.fields import MAX_TEXT, is_reserved
from app.workflow.form_fields import (
    CHOOSING,
    INPUTS,
    SOURCE,
    UNKEEPABLE,
    Field,
    Option,
    Refused,
    taken,
)

__all__ = ["Field", "Form", "Option", "load", "read"]

MAX_BYTES = 256 * 1024
MOST_NESTED = 10  # groups in groups
MOST_NUMBER = 1e15  # whole numbers are exact up to here
MEMBERS: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("type", "label", "dateLabel", "description", "text", "subtype"), str),
    **dict.fromkeys(("components", "values"), list),
    **dict.fromkeys(("properties", "validate"), dict),
    "defaultValue": str | bool | int | float | list,
}
"""What each member of a component is, where it is there; others are not looked at."""


@dataclass(frozen=True)
class Form:
    """One form by its key. Fixed texts are for the page only and hold no input."""

    key: str
    fields: tuple[Field, ...]
    texts: tuple[str, ...] = ()

    def validate(
        self, values: Mapping[str, Any], choices: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, Any]:
        """Every field with its value in the kind it is declared as; empty ones are None or [].

        choices  values allowed by each source, resolved by the caller
        Raises Invalid with one sentence per field; names that the form does not have are ignored.
        """
        found: dict[str, Any] = {}
        errors = []
        for field in self.fields:
            try:
                found[field.key] = taken(field, values.get(field.key), choices or {})
            except Refused as error:
                errors.append(FieldError(field.key, str(error)))
        if errors:
            raise Invalid("有内容需要改正：" + "".join(each.message for each in errors), errors)
        return found


# --- reading


def is_form(name: str) -> bool:
    """Whether a file of a publication is a form; all others are drawings."""
    return name.endswith(".form")


def load(source: Path | Mapping[str, bytes]) -> dict[str, Form]:
    """All ``*.form`` files of a folder, or of a mapping of names to contents, by form key.

    Raises Invalid that lists every fault of every file.
    """
    files = (
        {path.name: path.read_bytes() for path in sorted(source.glob("*.form"))}
        if isinstance(source, Path)
        else source
    )
    forms: dict[str, Form] = {}
    faults: list[Fault] = []
    for name, data in files.items():
        form, wrong = read(name, data)
        faults += wrong
        if form is not None:
            forms[form.key] = form
    if faults:
        errors = [FieldError(fault.element or fault.file, str(fault)) for fault in faults]
        raise Invalid("表单文件有误：" + "；".join(map(str, faults)), errors)
    return forms


def among(files: Mapping[str, bytes]) -> tuple[dict[str, Form], list[Fault]]:
    """The forms among these files by key, and what is wrong with them."""
    found: dict[str, Form] = {}
    faults: list[Fault] = []
    for name, data in files.items():
        if not is_form(name):
            continue
        form, wrong = read(name, data)
        faults += wrong
        if form is None:
            continue
        if form.key in found:
            sentence = f"两个表单文件的编号都是“{form.key}”，请改成不同的编号"
            faults.append(Fault(name, 0, form.key, sentence))
        found[form.key] = form
    return found, faults


def is_text(data: bytes) -> bool:
    """Whether the bytes may be a form at all."""
    try:
        return len(data) <= MAX_BYTES and "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def read(name: str, data: bytes) -> tuple[Form | None, list[Fault]]:
    """One form file; what is not in the subset is a fault."""
    try:
        schema = json.loads(data, parse_constant=_no_number) if len(data) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        schema = None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        return None, [Fault(name, 0, "", "不是 form-js 表单文件，或超过 256 KiB")]
    if any(UNKEEPABLE.search(text) for text in _strings(schema)):
        return None, [Fault(name, 0, "", "表单中有不能显示的控制字符，请删去")]
    key = schema.get("id")
    if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", key):
        return None, [Fault(name, 0, "", "表单缺少编号（id），或编号含有不可用的字符")]
    reader = _Reader(name)
    reader.components(schema["components"], "")
    keys = [field.key for field in reader.fields]
    for twice in sorted({each for each in keys if keys.count(each) > 1}):
        reader.fault(twice, "字段名重复，请改成不同的名字")
    return Form(key, tuple(reader.fields), tuple(reader.texts)), reader.faults


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.fields: list[Field] = []
        self.texts: list[str] = []
        self.faults: list[Fault] = []

    def fault(self, element: str, message: str) -> None:
        self.faults.append(Fault(self.file, 0, element, message))

    def components(self, listed: Sequence[Any], group: str, depth: int = 0) -> None:
        for component in listed:
            if not isinstance(component, dict):
                self.fault(group, "组件不是对象")
            elif depth > MOST_NESTED:
                self.fault(group, f"分组套得太深，最多 {MOST_NESTED} 层，请减少")
            else:
                self.component(component, group, depth)

    def component(self, component: Mapping[str, Any], group: str, depth: int) -> None:
        kind = component.get("type")
        for member, wanted in MEMBERS.items():
            if not isinstance(component.get(member), wanted | None):
                at = component.get("key") or component.get("id") or ""
                self.fault(str(at), f"“{member}”的写法不能识别，请用表单设计器重新导出")
                return
        label = component.get("label") or ""
        if kind == "group":
            self.components(component.get("components") or [], label, depth + 1)
        elif kind == "text":
            self.texts.append(component.get("text") or "")
        elif kind in INPUTS:
            self.input(component, group)
        else:
            self.fault(str(component.get("id") or ""), f"不支持组件类型 {kind}，请删除")

    def input(self, component: Mapping[str, Any], group: str) -> None:
        key = component.get("key")
        if not isinstance(key, str) or not NAME.match(key) or is_reserved(key):
            self.fault(str(component.get("id") or key), f"字段名“{key}”不可用，应以小写字母开头")
            return
        if any(str(value).startswith("=") for value in component.values()) or (
            component.get("conditional") or component.get("valuesExpression")
        ):
            self.fault(key, "不支持表达式，请改为固定内容")
            return
        options, source = self.options(component, key)
        rules = component.get("validate") or {}
        longest = self.bound(rules, "maxLength", key)
        if longest is not None and longest < 1:
            self.fault(key, "字数上限（maxLength）应大于零")
        self.fields.append(
            Field(
                key=key,
                label=component.get("label") or component.get("dateLabel") or key,
                type=str(component["type"]),
                required=rules.get("required") is True,
                options=options,
                source=source,
                hint=component.get("description") or "",
                group=group,
                lowest=self.bound(rules, "min", key),
                highest=self.bound(rules, "max", key),
                longest=int(min(longest or MAX_TEXT, MAX_TEXT)),
                with_time=component.get("subtype") in ("datetime", "time"),
                default=component.get("defaultValue"),
            )
        )

    def bound(self, rules: Mapping[str, Any], name: str, key: str) -> float | None:
        value = rules.get(name)
        if value in (None, ""):
            return None
        if type(value) in (int, float) and abs(value) <= MOST_NUMBER:
            return float(value)
        self.fault(key, f"界限“{name}”应是数字，且不能过大")
        return None

    def options(
        self, component: Mapping[str, Any], key: str
    ) -> tuple[tuple[Option, ...], str | None]:
        source = (component.get("properties") or {}).get("source")
        if source is not None and not (isinstance(source, str) and SOURCE.match(source)):
            self.fault(
                key,
                f"选项来源“{source}”不能识别，应为 people:角色、departments、units、numbers、"
                "seals 或 kept-seals",
            )
        listed = tuple(
            Option(str(each["value"]), str(each.get("label") or each["value"]))
            for each in component.get("values") or []
            if isinstance(each, dict) and each.get("value") not in (None, "")
        )
        if component.get("type") in CHOOSING and not listed and source is None:
            self.fault(key, "没有选项，请填写选项或写明来源（source）")
        return listed, source


def _no_number(name: str) -> float:
    raise ValueError(name)


def _strings(schema: Any) -> Iterator[str]:
    """Every text at any depth, names of members too."""
    left = [schema]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            left += each
        elif isinstance(each, str):
            yield each
