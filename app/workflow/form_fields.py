"""One field of a form: its kind, its options, and what it takes."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.workflow.fields import MAX_ITEMS, MAX_TEXT, Kind

INPUTS: Mapping[str, Kind] = {
    "textfield": Kind.TEXT,
    "textarea": Kind.TEXT,
    "number": Kind.NUMBER,
    "datetime": Kind.DATE,
    "select": Kind.TEXT,
    "radio": Kind.TEXT,
    "checkbox": Kind.YES_NO,
    "checklist": Kind.LIST,
}
CHOOSING = ("select", "radio", "checklist")
SOURCE = re.compile(
    r"(people:[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*|departments|units|numbers|seals|kept-seals)\Z"
)

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters besides tab and line ends; halves of surrogate pairs have no UTF-8."""


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """type: a form-js input type. ``source`` names options that depend on the unit.

    lowest, highest   bounds of a number; longest: characters of a text
    """

    key: str
    label: str
    type: str
    required: bool
    options: tuple[Option, ...] = ()
    source: str | None = None
    hint: str = ""
    group: str = ""
    lowest: float | None = None
    highest: float | None = None
    longest: int = MAX_TEXT
    with_time: bool = False
    default: Any = None

    @property
    def kind(self) -> Kind:
        people = self.source is not None and self.source.startswith("people:")
        return Kind.PERSON if people and self.type != "checklist" else INPUTS[self.type]


class Refused(ValueError):
    """One field cannot take its value; the text is a sentence for the person."""


def taken(field: Field, raw: Any, choices: Mapping[str, Sequence[str]]) -> Any:
    """The value in the kind of the field; None or [] when empty. Raises Refused."""
    if field.type == "checkbox":
        return _yes_no(field, raw)
    if field.type == "checklist":
        return _listed(field, raw, choices)
    if isinstance(raw, str):
        raw = raw.strip()
    if raw in (None, ""):
        if field.required:
            verb = "选择" if field.type in CHOOSING else "填写"
            raise Refused(f"请{verb}“{field.label}”。")
        return None
    if field.type == "number":
        return _number(field, raw)
    if not isinstance(raw, str):
        raise Refused(f"“{field.label}”应是文字。")
    if field.type == "datetime":
        return _moment(field, raw)
    if field.type in CHOOSING:
        return _among(field, raw, choices)
    if len(raw) > field.longest:
        raise Refused(f"“{field.label}”最多 {field.longest} 字，现有 {len(raw)} 字。")
    if UNKEEPABLE.search(raw):
        raise Refused(f"“{field.label}”中有不能显示的控制字符，请删去。")
    return raw


def _yes_no(field: Field, raw: Any) -> bool:
    value = raw in (True, "true", "on", "1", "yes")
    if field.required and not value:
        raise Refused(f"请勾选“{field.label}”。")
    return value


def _listed(field: Field, raw: Any, choices: Mapping[str, Sequence[str]]) -> list[str]:
    listed = [raw] if isinstance(raw, str) and raw else (raw or [])
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        raise Refused(f"“{field.label}”应是若干选项。")
    listed = list(dict.fromkeys(each for each in listed if each))
    if field.required and not listed:
        raise Refused(f"请至少选择一项“{field.label}”。")
    if len(listed) > MAX_ITEMS:
        raise Refused(f"“{field.label}”最多选 {MAX_ITEMS} 项。")
    return [_among(field, each, choices) for each in listed]


def _among(field: Field, value: str, choices: Mapping[str, Sequence[str]]) -> str:
    allowed = {option.value for option in field.options}
    if field.source is not None:
        allowed |= set(choices.get(field.source, ()))
    if value not in allowed:
        raise Refused(f"“{field.label}”所选的“{value[:40]}”不在可选范围内，请重新选择。")
    return value


def _number(field: Field, raw: Any) -> int | float:
    try:
        number = math.nan if isinstance(raw, bool) else float(raw)
    except (ValueError, TypeError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Refused(f"“{field.label}”应是数字。")
    value = int(number) if number.is_integer() else number
    if field.lowest is not None and value < field.lowest:
        raise Refused(f"“{field.label}”不能小于 {field.lowest:g}。")
    if field.highest is not None and value > field.highest:
        raise Refused(f"“{field.label}”不能大于 {field.highest:g}。")
    return value


def _moment(field: Field, raw: str) -> str:
    try:
        if field.with_time:
            return datetime.fromisoformat(raw).isoformat()
        return date.fromisoformat(raw).isoformat()
    except ValueError:
        example = "2026-03-05T09:30" if field.with_time else "2026-03-05"
        raise Refused(f"“{field.label}”应写成 {example} 这样的日期。") from None
