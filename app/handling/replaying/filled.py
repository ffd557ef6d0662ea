"""填写内容: what forms and acts had put into a case by a moment; its gateways read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.documents import kinds
from app.handling.acts.choices import form_by_key
from app.handling.replaying.moments import Moment
from app.workflow.definitions import Definition
from app.workflow.forms import Field

NAMES: Mapping[str, str] = {
    "direction": "行文方向",
    "urgency": "紧急程度",
    "drafter": "拟稿人",
    "started_by": "发起人",
    "countersigners": "会签人",
    "countersign_mode": "会签方式",
    "needs_countersign": "还须会签",
    "readers": "传阅人员",
    "handling_department": "承办部门",
    "without_seal": "不用印",
    "more_seals": "还有单位待用印",
}
"""What every case begins with (``workflow.fields.CASE_VARIABLES``); forms name the rest."""

CODES: Mapping[str, Mapping[str, str]] = {
    "direction": kinds.DIRECTIONS,
    "urgency": kinds.URGENCIES,
}


@dataclass(frozen=True)
class Filled:
    """One variable in words. ``changed``: by the record that is looked at."""

    key: str
    label: str
    words: str
    changed: bool


def filled(moment: Moment, route: Definition | None) -> tuple[Filled, ...]:
    """Every variable that holds something or has just lost it, named as its form names it."""
    fields = {each.key: each for each in _fields(route)}
    people = _people(moment)
    return tuple(
        Filled(
            key,
            fields[key].label if key in fields else NAMES.get(key, key),
            _words(value, _codes(key, fields.get(key)), people),
            key in moment.changed,
        )
        for key, value in moment.variables.items()
        if value not in (None, "", []) or key in moment.changed
    )


def _fields(route: Definition | None) -> Iterator[Field]:
    """Of the forms of the version; later steps have the last word."""
    for step in route.steps if route else ():
        form = form_by_key(route, step.form_key) if route else None
        yield from form.fields if form else ()


def _codes(key: str, field: Field | None) -> Mapping[str, str]:
    options = {each.value: each.label for each in field.options} if field else {}
    return options or CODES.get(key, {})


def _people(moment: Moment) -> dict[str, str]:
    """Logins to names, as far as the record has told."""
    found = {each.login: each.name for each in moment.opinions}
    for stay in moment.stays.values():
        found.update({each.login: each.name for each in stay.holders})
    return found


def _words(value: Any, codes: Mapping[str, str], people: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(each, codes, people) for each in value) or "（空）"
    if value in (None, ""):
        return "（空）"
    text = str(value)
    return codes.get(text) or people.get(text) or text
