"""What a person filled in at a step, as case variables: form fields and the people named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app import organization
from app.documents import numbering
from app.errors import Invalid
from app.handling.act import Act
from app.handling.equipment import equipment
from app.handling.signing import joint
from app.seals.models import SEAL_KINDS
from app.seals.registry import keeping
from app.workflow import queries as routes
from app.workflow.definitions import Definition, Step
from app.workflow.forms import Field, Form


def variables(act: Act, fields: Mapping[str, Any], logins: Sequence[str]) -> dict[str, Any]:
    """The case variables that an act sets.

    Form fields are case variables of the same key. Named people go where the property ``next_to``
    says (a list), or their department where ``next_department_to`` says. What the document says
    of itself is taken from it anew. Countersigning is due until everybody who is to countersign
    has been asked about the present text.
    """
    found = _form_values(act, fields)
    found.update(_named(act, logins))
    signers = {**routes.variables(act.engine), **found}.get("countersigners") or []
    return {
        **found,
        "direction": act.document.direction,
        "urgency": act.document.urgency,
        "needs_countersign": not _all_asked(act, signers),
    }


def _all_asked(act: Act, signers: Sequence[str]) -> bool:
    same_text = act.case.countersigned_version == act.document.version
    return not signers or (same_text and set(signers) <= set(act.case.countersigned_by))


def options(act: Act, source: str) -> list[tuple[str, str]]:
    """(value, label) of each choice that a form field takes from the organization.

    source  ``departments``, ``numbers``, ``seals`` of the unit, ``kept-seals`` that the actor may
            use here, or ``people:`` and role keys separated by commas
    """
    if source == "numbers":
        return numbering.offers(act.session, act.document, act.as_candidate, act.at)
    if source in ("seals", "kept-seals"):
        return _seals(act, source)
    if source == "departments":
        departments = organization.departments(act.session, act.case.unit_id)
        return [(each.key, each.name) for each in departments]
    found: dict[str, str] = {}
    for role in source.removeprefix("people:").split(","):
        for each in organization.people_of_role(act.session, role.strip(), act.case.unit_id):
            found.setdefault(each.login, each.name)
    return list(found.items())


def _seals(act: Act, source: str) -> list[tuple[str, str]]:
    if source == "seals":
        found = keeping.in_use(act.session, act.case.unit_id)
    elif (turn := joint.known_turn(act)) is None:
        found = []
    else:
        person_id, kind = act.actor.person_id, act.document.kind
        found = keeping.usable(act.session, turn.unit_id, person_id, kind, act.at)
    return [(str(each.id), f"{each.wording}（{SEAL_KINDS[each.kind]}）") for each in found]


def form_of(act: Act, step: Step) -> Form | None:
    """The form that was published with the version of this case, else the one delivered."""
    return form_by_key(act.definition, step.form_key)


def form_by_key(definition: Definition, key: str | None) -> Form | None:
    """The same without a case."""
    return (definition.forms.get(key) or equipment().forms.get(key)) if key else None


def forms_of(act: Act) -> list[Form]:
    """The forms of all steps of the route, in file order."""
    found = (form_of(act, step) for step in act.definition.steps)
    return [form for form in found if form is not None]


def _form_values(act: Act, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, checked by the form; fields left out keep what they have."""
    form = form_of(act, act.step)
    known = {each.key: each for each in form.fields} if form else {}
    unknown = [key for key in fields if key not in known]
    if unknown:
        raise Invalid.at("fields", f"“{act.step.name}”环节的表单没有“{unknown[0][:40]}”这一栏。")
    if form is None:
        return {}
    present = routes.variables(act.engine)
    asked = [each for each in form.fields if each.key in fields or _lacking(each, present)]
    sources = {each.source for each in asked if each.source} - {"numbers"}
    allowed = {source: [value for value, _ in options(act, source)] for source in sources}
    allowed["numbers"] = [str(fields.get(each.key)) for each in asked]  # the ledger says it better
    return replace(form, fields=tuple(asked)).validate(fields, allowed)


def _lacking(field: Field, present: Mapping[str, Any]) -> bool:
    return field.required and present.get(field.key) in (None, "", [])


def _named(act: Act, logins: Sequence[str]) -> dict[str, Any]:
    properties = act.step.properties
    if not logins:
        return {}
    if act.step.signing is not None:
        return _passed_on(act, logins)
    if "next_to" in properties:
        return {properties["next_to"]: among(act, properties["next_to"], logins)}
    if properties.get("choose") == "one" and len(logins) > 1:
        raise Invalid.at("next", "这里只能选择一位办理人。")
    if "next_department_to" in properties:
        return {properties["next_department_to"]: _department_of(act, logins)}
    return {}


def _passed_on(act: Act, logins: Sequence[str]) -> dict[str, Any]:
    """转交相关领导 (CSG-01): whoever is asked now is asked again when the text changes."""
    signing = act.step.signing
    if signing is None or act.step.properties.get("pass_on") != "yes":
        raise Invalid.at("next", f"“{act.step.name}”环节不能转交他人。")
    asked = routes.variables(act.engine).get(signing.collection) or []
    added = among(act, signing.collection, logins)
    return {signing.collection: [*asked, *(each for each in added if each not in asked)]}


def among(act: Act, variable: str, logins: Sequence[str]) -> list[str]:
    """The logins, if the forms of this route offer each of them for the variable (S4)."""
    offered = people_offered(act, variable)
    strangers = [login for login in logins if login not in dict(offered)]
    if strangers:
        names = "、".join(f"{name}（{login}）" for login, name in offered)
        raise Invalid.at("next", f"不能选择{'、'.join(strangers)[:100]}，可选：{names}。")
    return list(dict.fromkeys(logins))


def people_offered(act: Act, variable: str) -> list[tuple[str, str]]:
    """(login, name) of those whom the forms of this route offer for a variable."""
    here = form_of(act, act.step)
    forms = [*([here] if here else []), *forms_of(act)]
    fields = (each for form in forms for each in form.fields if each.key == variable)
    source = next((each.source for each in fields if each.source), None)
    return options(act, source) if source else []


def _department_of(act: Act, logins: Sequence[str]) -> str:
    named = organization.named(act.session, logins, act.case.unit_id)
    wanted = {each.department_id for each in named.people}
    departments = organization.departments(act.session, act.case.unit_id)
    found = [each.key for each in departments if each.id in wanted]
    if len(found) != 1:
        raise Invalid.at("next", "请只选择一个部门的人员承办。")
    return found[0]
