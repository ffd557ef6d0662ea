"""Forms: the subset of form-js that pages are built from and input is checked by.

No expressions (FEEL) and no scripts. Options that depend on the unit are named by ``source``,
for example ``people:leader-in-charge,unit-head`` or ``departments``; the caller resolves them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import FieldError, Invalid
from app.workflow.errors import Fault
from app.workflow.expressions import NAME
from app.workflow.fields import MAX_TEXT, is_reserved
from app.workflow.form_fields import CHOOSING, INPUTS, SOURCE, Field, Option, Refused, taken

__all__ = ["Field", "Form", "Option", "load", "read"]

MAX_BYTES = 256 * 1024


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


def read(name: str, data: bytes) -> tuple[Form | None, list[Fault]]:
    """One form file; what is not in the subset is a fault."""
    try:
        schema = json.loads(data) if len(data) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        schema = None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        return None, [Fault(name, 0, "", "不是 form-js 表单文件，或超过 256 KiB")]
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

    def components(self, listed: Sequence[Any], group: str) -> None:
        for component in listed:
            if isinstance(component, dict):
                self.component(component, group)
            else:
                self.fault(group, "组件不是对象")

    def component(self, component: Mapping[str, Any], group: str) -> None:
        kind = component.get("type")
        label = str(component.get("label") or "")
        if kind == "group" and isinstance(component.get("components", []), list):
            self.components(component.get("components", []), label)
        elif kind == "text":
            self.texts.append(str(component.get("text") or ""))
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
        self.fields.append(
            Field(
                key=key,
                label=str(component.get("label") or component.get("dateLabel") or key),
                type=str(component["type"]),
                required=rules.get("required") is True,
                options=options,
                source=source,
                hint=str(component.get("description") or ""),
                group=group,
                lowest=_bound(rules.get("min")),
                highest=_bound(rules.get("max")),
                longest=int(_bound(rules.get("maxLength")) or MAX_TEXT),
                with_time=component.get("subtype") in ("datetime", "time"),
                default=component.get("defaultValue"),
            )
        )

    def options(
        self, component: Mapping[str, Any], key: str
    ) -> tuple[tuple[Option, ...], str | None]:
        source = (component.get("properties") or {}).get("source")
        if source is not None and not (isinstance(source, str) and SOURCE.match(source)):
            self.fault(
                key, f"选项来源“{source}”不能识别，应为 people:角色、departments、units 或 numbers"
            )
        listed = tuple(
            Option(str(each["value"]), str(each.get("label") or each["value"]))
            for each in component.get("values") or []
            if isinstance(each, dict) and each.get("value") not in (None, "")
        )
        if component.get("type") in CHOOSING and not listed and source is None:
            self.fault(key, "没有选项，请填写选项或写明来源（source）")
        return listed, source


def _bound(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
