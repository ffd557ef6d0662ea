"""What can be said about a step, read from the templates that the modelers load too."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from app.errors import FieldError, Invalid
from app.workflow.allowed import CAMUNDA
from app.workflow.editing.drawing import SPACES, Drawing, Element, around

TEMPLATE = f"{{{CAMUNDA}}}modelerTemplate"
FOLDER = Path(__file__).resolve().parents[3] / "processes" / ".camunda" / "element-templates"
ROLES, FORMS = "candidateGroups", "formKey"
DAYS = re.compile(r"P([0-9]+)D\Z")


@dataclass(frozen=True)
class PanelField:
    """One field of a step.

    key       name of the attribute or property it is kept in, the same for all steps
    choices   (value, label) of a field that is chosen; () where text is typed
    pattern   what typed text must match; message says so in words
    usual     what holds where the step does not say anything; "" where nothing does
    days      typed as a number of working days and kept as P3D
    """

    key: str
    label: str
    hint: str
    group: str
    choices: tuple[tuple[str, str], ...]
    pattern: str
    message: str
    usual: str
    attribute: bool

    @property
    def days(self) -> bool:
        return self.key == "limit"


class Panel:
    """The templates, with the roles and forms that there are offered beside their own choices."""

    def __init__(
        self,
        templates: list[dict[str, Any]],
        roles: Mapping[str, str] | None = None,
        forms: Mapping[str, str] | None = None,
    ) -> None:
        offered = {ROLES: roles or {}, FORMS: forms or {}}
        self.templates = [_offering(each, offered) for each in templates]
        self.groups = {
            group["id"]: group["label"] for each in templates for group in each.get("groups", [])
        }

    @classmethod
    def read(
        cls, roles: Mapping[str, str] | None = None, forms: Mapping[str, str] | None = None
    ) -> "Panel":
        """From the folder of templates beside the shipped processes."""
        found = [
            template
            for path in sorted(FOLDER.glob("*.json"))
            for template in json.loads(path.read_text("utf-8"))
        ]
        return cls(found, roles, forms)

    def template(self, step: Element) -> dict[str, Any]:
        """The template of a step; for one without, that which fits what is drawn."""
        by_id = {each["id"]: each for each in self.templates}
        named = by_id.get(step.get(TEMPLATE) or "")
        if named is not None:
            return named
        if step.find("bpmn:multiInstanceLoopCharacteristics", SPACES) is not None:
            return by_id["gongwen.signing"]
        drafting = step.get(f"{{{CAMUNDA}}}assignee") is not None
        return by_id["gongwen.drafting" if drafting else "gongwen.step"]

    def fields(self, step: Element | None = None) -> list[PanelField]:
        """The fields of a step, or those of a new one."""
        by_id = {each["id"]: each for each in self.templates}
        found = self.template(step) if step is not None else by_id["gongwen.step"]
        return [_field(each, self.groups) for each in found["properties"]]

    def values(self, step: Element) -> dict[str, str]:
        """What the step says by itself: key to value; keys it does not have are left out."""
        return {
            field.key: shown(field, value)
            for field in self.fields(step)
            if (value := _value(step, field)) is not None
        }

    def put(self, drawing: Drawing, step: Element, given: Mapping[str, str]) -> None:
        """Write the fields that are given and differ; an empty one is taken off the step.

        Raises Invalid with one sentence per field.
        """
        errors = []
        for field in self.fields(step):
            if field.key not in given:
                continue
            text = " ".join(given[field.key].split())
            kept = f"P{int(text)}D" if field.days and re.fullmatch("[0-9]{1,4}", text) else text
            if kept and field.pattern and not re.search(field.pattern, kept):
                errors.append(FieldError(field.key, _sentence(field)))
            elif kept != (_value(step, field) or ""):
                _write(drawing, step, field, kept)
        if errors:
            raise Invalid("有内容需要改正：" + "".join(each.message for each in errors), errors)


def shown(field: PanelField, value: str) -> str:
    """As it is typed: P3D is 3 working days."""
    match = DAYS.match(value) if field.days else None
    return match[1] if match else value


def _sentence(field: PanelField) -> str:
    if field.days:
        return "时限请填工作日数，如 3；不设时限的留空。"
    return f"{field.label}：{field.message or '写法不对，请改正。'}"


def _offering(template: dict[str, Any], offered: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    fields = []
    for field in template["properties"]:
        more = offered.get(field["binding"]["name"].removeprefix("camunda:"))
        if more and "choices" in field:
            known = {each["value"] for each in field["choices"]}
            added = [
                {"name": label, "value": key} for key, label in more.items() if key not in known
            ]
            field = {**field, "choices": [*field["choices"], *added]}
        fields.append(field)
    return {**template, "properties": fields}


def _field(given: dict[str, Any], groups: Mapping[str, str]) -> PanelField:
    pattern = given.get("constraints", {}).get("pattern", {})
    return PanelField(
        key=given["binding"]["name"].removeprefix("camunda:"),
        label=given["label"],
        hint=given.get("description", ""),
        group=groups.get(given.get("group", ""), ""),
        choices=tuple((each["value"], each["name"]) for each in given.get("choices", [])),
        pattern=pattern.get("value", ""),
        message=pattern.get("message", ""),
        usual=str(given.get("value", "")),
        attribute=given["binding"]["type"] == "property",
    )


def _value(step: Element, field: PanelField) -> str | None:
    if field.attribute:
        return step.get(f"{{{CAMUNDA}}}{field.key}")
    found = _property(step, field.key)
    return found.get("value") if found is not None else None


def _property(step: Element, name: str) -> Element | None:
    for each in step.iterfind("bpmn:extensionElements/camunda:properties/camunda:property", SPACES):
        if each.get("name") == name:
            return each
    return None


def _write(drawing: Drawing, step: Element, field: PanelField, value: str) -> None:
    if field.attribute:
        name = f"{{{CAMUNDA}}}{field.key}"
        if value:
            step.set(name, value)
        else:
            step.attrib.pop(name, None)
        return
    write_property(drawing, step, field.key, value)


def write_property(drawing: Drawing, step: Element, name: str, value: str) -> None:
    """Set a property of a step; an empty value takes it off."""
    found = _property(step, name)
    if not value:
        if found is not None:
            around(found).remove(found)
        return
    if found is None:
        holder = _properties(drawing, step)
        found = etree.SubElement(holder, f"{{{CAMUNDA}}}property")
        found.set("name", name)
    found.set("value", value)


def _properties(drawing: Drawing, step: Element) -> Element:
    around = step.find("bpmn:extensionElements", SPACES)
    if around is None:
        around = drawing.make(step, "extensionElements")
    found = around.find("camunda:properties", SPACES)
    if found is None:
        space = {**around.nsmap}
        if CAMUNDA not in space.values():
            space["camunda"] = CAMUNDA
        found = etree.SubElement(around, f"{{{CAMUNDA}}}properties", nsmap=space)
    return found
