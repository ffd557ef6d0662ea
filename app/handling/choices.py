"""What a person filled in at a step, as case variables: form fields and the people named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app import organization
from app.errors import Invalid
from app.handling.acts import Act
from app.handling.equipment import equipment
from app.workflow import queries as routes
from app.workflow.definitions import Step
from app.workflow.forms import Field, Form


def variables(act: Act, fields: Mapping[str, Any], logins: Sequence[str]) -> dict[str, Any]:
    """The case variables that an act sets.

    Form fields are case variables of the same key. Named people go where the property ``next_to``
    says (a list), or their department where ``next_department_to`` says. Countersigning is due
    again when the text has changed since the countersigners agreed to it.
    """
    found = _form_values(act, fields)
    found.update(_named(act, logins))
    present = {**routes.variables(act.engine), **found}
    signers = present.get("countersigners") or []
    outdated = act.case.countersigned_version != act.document.version
    found["needs_countersign"] = bool(signers) and outdated
    return found


def options(act: Act, source: str) -> list[tuple[str, str]]:
    """(value, label) of each choice that a form field takes from the organization.

    source  ``departments``, or ``people:`` and role keys separated by commas
    """
    if source == "departments":
        departments = organization.departments(act.session, act.case.unit_id)
        return [(each.key, each.name) for each in departments]
    found: dict[str, str] = {}
    for role in source.removeprefix("people:").split(","):
        for each in organization.people_of_role(act.session, role.strip(), act.case.unit_id):
            found.setdefault(each.login, each.name)
    return list(found.items())


def form_of(step: Step) -> Form | None:
    return equipment().forms.get(step.form_key) if step.form_key else None


def _form_values(act: Act, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, checked by the form; fields left out keep what they have."""
    form = form_of(act.step)
    known = {each.key: each for each in form.fields} if form else {}
    unknown = [key for key in fields if key not in known]
    if unknown:
        raise Invalid.at("fields", f"“{act.step.name}”环节的表单没有“{unknown[0][:40]}”这一栏。")
    if form is None:
        return {}
    present = routes.variables(act.engine)
    asked = [each for each in form.fields if each.key in fields or _lacking(each, present)]
    sources = {each.source for each in asked if each.source}
    allowed = {source: [value for value, _ in options(act, source)] for source in sources}
    return replace(form, fields=tuple(asked)).validate(fields, allowed)


def _lacking(field: Field, present: Mapping[str, Any]) -> bool:
    return field.required and present.get(field.key) in (None, "", [])


def _named(act: Act, logins: Sequence[str]) -> dict[str, Any]:
    properties = act.step.properties
    if not logins:
        return {}
    if "next_to" in properties:
        named = organization.named(act.session, logins, act.case.unit_id)
        return {properties["next_to"]: list(named.logins)}
    if "next_department_to" in properties:
        return {properties["next_department_to"]: _department_of(act, logins)}
    return {}


def _department_of(act: Act, logins: Sequence[str]) -> str:
    named = organization.named(act.session, logins, act.case.unit_id)
    wanted = {each.department_id for each in named.people}
    departments = organization.departments(act.session, act.case.unit_id)
    found = [each.key for each in departments if each.id in wanted]
    if len(found) != 1:
        raise Invalid.at("next", "请只选择一个部门的人员承办。")
    return found[0]
