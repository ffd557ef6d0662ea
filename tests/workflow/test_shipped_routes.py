"""What the shipped routes say: steps, people, forms, outcomes, rules (OUT, INC, CSG)."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
TEMPLATES = PROCESSES / ".camunda" / "element-templates"
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "modeler": "http://camunda.org/schema/modeler/1.0",
}
CAMUNDA = f"{{{NS['camunda']}}}"
ROUTES = (
    *("outgoing", "outgoing_free", "incoming", "scan"),
    *("certificate", "seal_request", "countersign"),
)
BUNDLES = (
    ("outgoing", "countersign"),
    *(("outgoing_free",), ("incoming",), ("scan",), ("certificate",), ("seal_request",)),
)
"""What is published together; ids are unique in each."""
NODES = (
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "callActivity",
    "exclusiveGateway",
)

# route, step -> (who acts, form, outcome keys)
STEPS = {
    "outgoing": {
        "draft": ("${drafter}", "draft", "submit"),
        "dept_review": ("dept-head", "opinion", "approve"),
        "office_check": ("office-head", "office_check", "approve"),
        "leader_review": ("leader-in-charge", "opinion", "approve"),
        "unit_head_sign": ("unit-head", "opinion", "approve"),
        "leader_sign": ("leader-in-charge", "opinion", "approve"),
        "register_number": ("printing-room", "register_number", "register"),
        "seal": ("seal-keeper", "seal", "seal"),
        "final_check_dispatch": ("office-secretary", "dispatch", "dispatch"),
    },
    "outgoing_free": {
        "handle": (
            "${drafter}",
            "draft",
            "review instruct sign seal dispatch archive reopen",
        ),
        "review": (
            "dept-head,office-head",
            "opinion",
            "to_handler to_reviewer to_instruct to_sign",
        ),
        "instruct": ("leader-in-charge,unit-head", "opinion", "confirm"),
        "sign": ("leader-in-charge,unit-head", "opinion", "to_handler to_seal"),
        "seal": ("seal-keeper", "seal", "seal"),
        "dispatch": ("dispatcher", "print_and_send", "dispatch"),
    },
    "incoming": {
        "register": ("office-secretary,dispatcher", "register", "submit"),
        "propose": ("office-head", "propose", "submit"),
        "distribute": ("office-secretary", "distribute", "distribute"),
        "leader_read": ("${reader}", "opinion", "read"),
        "collect": ("office-secretary", "collect", "to_handle more_readers"),
        "handle": ("dept-head,drafter", "handle", "handle"),
        "close": ("office-secretary", "close", "close"),
    },
    "scan": {
        "register_scan": ("dispatcher", "register", "submit"),
        "check_scan": ("office-secretary", "dispatch", "dispatch"),
    },
    "seal_request": {
        "apply": ("${drafter}", "seal_request", "submit"),
        "direct_leader": ("dept-head", "opinion", "approve refuse"),
        "managing_head": ("dept-head", "opinion", "approve refuse"),
        "deputy_head": ("leader-in-charge", "opinion", "approve refuse"),
        "head": ("unit-head", "opinion", "approve refuse"),
        "use_seal": ("${seal_keeper}", "seal_use", "seal"),
        "bring_back": ("${seal_keeper}", "bring_back", "returned"),
    },
    "certificate": {
        "apply": ("${drafter}", "certificate", "submit"),
        "check_application": ("certificate-officer", "opinion", "approve refuse"),
        "grant_application": ("certificate-issuer", "opinion", "approve refuse"),
    },
    "countersign": {
        "sign": ("${countersigner}", "opinion", "approve object"),
        "sign_parallel": ("${countersigner}", "opinion", "approve object"),
        "sign_any": ("${countersigner}", "opinion", "approve object"),
        "sign_share": ("${countersigner}", "opinion", "approve object"),
    },
}
TOPICS = {
    "outgoing": ["write-signatory", "register-number", "seal", "dispatch"],
    "outgoing_free": [
        *("write-signatory", "write-signatory", "take-back-sign-off"),
        *("register-number", "seal", "dispatch", "archive"),
    ],
    "incoming": ["close-incoming"],
    "scan": ["enter-scan", "dispatch"],
    "seal_request": [
        *("open-seal-request", "pass-seal-request", "record-seal-use", "refuse-request"),
    ],
    "certificate": [
        *("ask-certificate", "suspend-certificate", "approve-request"),
        *("review-certificate", "refuse-certificate", "refuse-request"),
        *("grant-certificate", "grant-certificate", "approve-request"),
    ],
    "countersign": ["countersign-done"],
}
CLERICAL = {  # an opinion is optional here and required everywhere else (OUT-06, CSG-07)
    ("outgoing_free", "handle"),
    "dispatch",
    "draft",
    "register_number",
    "seal",
    "final_check_dispatch",
    "register",
    "distribute",
    "collect",
    "close",
    "register_scan",
    "check_scan",
    "apply",
    "use_seal",
    "bring_back",
}
LIMITS = {"check_application": "P3D", "grant_application": "P2D"}
"""A certificate is issued anew within five working days (SIG-14)."""
OUTCOME = re.compile(r"outcome == '([a-z_]+)'")
RULE = re.compile(r"[A-Z]{3}-\d\d")
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

Point = tuple[float, float]


@cache
def route(name: str) -> etree._Element:
    return etree.parse(PROCESSES / f"{name}.bpmn").getroot()


def find(name: str, path: str) -> list[etree._Element]:
    return route(name).findall(path, NS)


def nodes(name: str) -> list[etree._Element]:
    return [node for tag in NODES for node in find(name, f".//bpmn:{tag}")]


def properties(node: etree._Element) -> dict[str, str]:
    found = node.findall("bpmn:extensionElements/camunda:properties/camunda:property", NS)
    return {each.get("name", ""): each.get("value", "") for each in found}


def outcomes(name: str, node: etree._Element) -> str:
    """Keys of the ways out: of the gateway that follows, else of the step's own properties."""
    flows = {each.get("id"): each for each in find(name, ".//bpmn:sequenceFlow")}
    (way_out,) = (flows[each.text] for each in node.findall("bpmn:outgoing", NS))
    keys = [
        match[1]
        for flow in flows.values()
        if flow.get("sourceRef") == way_out.get("targetRef")
        and (match := OUTCOME.fullmatch(flow.findtext("bpmn:conditionExpression", "", NS)))
    ]
    return " ".join(keys) or properties(node).get("outcome", "")


@pytest.mark.parametrize("name", ROUTES)
def test_steps_with_their_people_forms_and_outcomes(name: str) -> None:
    drawn = {
        step.get("id"): (
            step.get(f"{CAMUNDA}assignee") or step.get(f"{CAMUNDA}candidateGroups"),
            step.get(f"{CAMUNDA}formKey"),
            outcomes(name, step),
        )
        for step in find(name, ".//bpmn:userTask")
    }
    assert drawn == STEPS[name]


@pytest.mark.parametrize("name", ROUTES)
def test_every_step_has_limit_rule_and_the_opinion_its_kind_asks_for(name: str) -> None:
    for step in find(name, ".//bpmn:userTask"):
        found = properties(step)
        assert found["limit"] == LIMITS.get(str(step.get("id")), "P1D"), step.get("id")
        assert RULE.match(found["rule"]), step.get("id")
        clerical = step.get("id") in CLERICAL or (name, step.get("id")) in CLERICAL
        wanted = "optional" if clerical else "required"
        assert found["opinion"] == wanted, step.get("id")
        reviews = name != "incoming" and not clerical
        assert found["stage"] == ("review" if reviews else "handling"), step.get("id")
        assert ("outcome" in found) == ("outcome_label" in found), step.get("id")


def test_choices_of_people_sign_off_and_acts_that_cannot_be_taken_back() -> None:
    found = {
        step.get("id"): properties(step)
        for name in ROUTES
        if name != "outgoing_free"
        for step in find(name, ".//bpmn:userTask")
    }

    def having(key: str) -> dict[str | None, str]:
        return {step: each[key] for step, each in found.items() if key in each}

    assert having("choose") == {"draft": "one", "distribute": "many", "collect": "one"}
    assert having("next_to") == {"distribute": "readers"}
    assert having("next_department_to") == {"collect": "handling_department"}
    assert having("edit").keys() == {
        *("draft", "dept_review", "office_check", "leader_review"),
        *("unit_head_sign", "leader_sign", "register", "register_scan", "apply"),
    }
    assert having("sign_off") == {"unit_head_sign": "yes", "leader_sign": "yes"}
    assert having("scope") == {
        "handle": "handling_department",
        "managing_head": "seal_department",
    }
    assert having("pass_on") == {"sign": "yes"}
    assert having("batch") == {"close": "yes"}
    assert {"final_check_dispatch", "seal", "register_number"} <= having("withdraw").keys()


def test_the_free_route_names_its_people_and_what_each_step_requires() -> None:
    steps = find("outgoing_free", ".//bpmn:userTask")
    found = {step.get("id"): properties(step) for step in steps}

    def having(key: str) -> dict[str | None, str]:
        return {step: each[key] for step, each in found.items() if key in each}

    assert having("choose") == dict.fromkeys(["handle", "review", "sign"], "one")
    assert having("must_choose") == dict.fromkeys(["handle", "review", "sign"], "yes")
    assert having("edit") == dict.fromkeys(["handle", "review", "instruct", "sign"], "yes")
    assert having("reason_for") == {"handle": "reopen"}
    assert having("sign_off") == {"sign": "yes"}
    assert having("withdraw") == {"seal": "no", "dispatch": "no"}
    assert having("requires") == {
        **dict.fromkeys(["review", "instruct", "sign"], "unsigned"),
        "seal": "numbered",
        "dispatch": "sealed",
    }


@pytest.mark.parametrize("name", ROUTES)
def test_documentation_names_the_rules_that_the_step_enforces(name: str) -> None:
    for node in nodes(name):
        if node.tag.endswith("Event"):
            continue
        text = node.findtext("bpmn:documentation", "", NS)
        ids, _, sentence = text.partition("：")
        assert RULE.match(ids), node.get("id")
        assert sentence.endswith("。"), node.get("id")
        rules = properties(node).get("rule")
        if rules is not None:
            assert set(ids.split("、")) <= set(rules.split()), node.get("id")


@pytest.mark.parametrize("name", ROUTES)
def test_automatic_steps_are_registered_operations(name: str) -> None:
    services = find(name, ".//bpmn:serviceTask")
    assert {each.get(f"{CAMUNDA}type") for each in services} == {"external"}
    assert [each.get(f"{CAMUNDA}topic") for each in services] == TOPICS[name]


def test_signings_name_their_list_and_end_as_their_mode_says() -> None:
    signings = {
        node.getparent().get("id"): (
            node.get(f"{CAMUNDA}collection"),
            node.get(f"{CAMUNDA}elementVariable"),
            node.get("isSequential") == "true",
            node.findtext("bpmn:completionCondition", None, NS),
        )
        for name in ROUTES
        for node in find(name, ".//bpmn:multiInstanceLoopCharacteristics")
    }
    assert signings == {
        "leader_read": ("readers", "reader", True, None),
        "sign": ("countersigners", "countersigner", True, None),
        "sign_parallel": ("countersigners", "countersigner", False, None),
        "sign_any": ("countersigners", "countersigner", False, "nrOfCompletedInstances >= 1"),
        "sign_share": ("countersigners", "countersigner", False, "quorum_met"),
    }


@pytest.mark.parametrize("name", ROUTES)
def test_gateways_offer_named_ways_and_a_default(name: str) -> None:
    flows = find(name, ".//bpmn:sequenceFlow")
    for gateway in find(name, ".//bpmn:exclusiveGateway"):
        ways = [each for each in flows if each.get("sourceRef") == gateway.get("id")]
        assert all(each.get("name") for each in ways), gateway.get("id")
        conditions = [each.findtext("bpmn:conditionExpression", "", NS) for each in ways]
        if any(OUTCOME.fullmatch(each) for each in conditions):
            assert all(OUTCOME.fullmatch(each) for each in conditions), gateway.get("id")
            assert gateway.get("default") is None
        else:
            (default,) = (each for each in ways if each.get("id") == gateway.get("default"))
            assert default.find("bpmn:conditionExpression", NS) is None


def test_ids_are_plain_and_unique_over_the_route_and_what_it_calls() -> None:
    (call,) = find("outgoing", ".//bpmn:callActivity")
    assert call.get("calledElement") == "countersign"
    for bundle in BUNDLES:
        elements = [
            each.get("id")
            for name in bundle
            for each in (*nodes(name), *find(name, ".//bpmn:sequenceFlow"))
        ]
        assert len(elements) == len(set(elements))
    for name in ROUTES:
        ids = [each.get("id", "") for each in route(name).iter(etree.Element) if each.get("id")]
        assert len(ids) == len(set(ids))
        assert all(ID.fullmatch(each) for each in ids)
        assert not {"Start", "End"} & set(ids)


@pytest.mark.parametrize("name", ROUTES)
def test_files_are_for_the_engine_we_run(name: str) -> None:
    modeler = f"{{{NS['modeler']}}}"
    assert route(name).get(f"{modeler}executionPlatform") == "Camunda Platform"
    assert route(name).get(f"{modeler}executionPlatformVersion") == "7.24.0"


def test_forms_exist_and_their_fields_are_those_the_routes_use() -> None:
    used = {key for steps in STEPS.values() for _, key, _ in steps.values()}
    forms = {each.stem: json.loads(each.read_text("utf-8")) for each in ROOT.glob("forms/*.form")}
    assert used <= forms.keys()
    keys = {name: [field["key"] for field in form["components"]] for name, form in forms.items()}
    assert {name: fields for name, fields in keys.items() if fields} == {
        "office_check": ["countersigners", "countersign_mode"],
        "register_number": ["number_from", "copies", "proofreader"],
        "print_and_send": ["copies", "proofreader"],
        "propose": ["handling_department", "readers"],
        "distribute": ["readers"],
        "collect": ["handling_department"],
        "handle": ["result"],
        "seal_request": [
            *("seal", "seal_time", "document_names", "document_count", "taken_out"),
            *("companions", "told", "confirmed"),
        ],
        "seal_use": ["copies"],
        "seal": ["seal"],
        "certificate": [
            *("certificate_verb", "certificate_cause", "certificate_purpose"),
            *("certificate_seal", "certificate_agreement"),
        ],
    }
    assert all(form["id"] == name for name, form in forms.items())


def test_steps_open_in_the_modeler_with_a_template_that_knows_their_values() -> None:
    """A dropdown that lacks the drawn value would show, and then write, another one."""
    templates = json.loads((TEMPLATES / "gongwen.json").read_text("utf-8"))
    by_id = {each["id"]: each["properties"] for each in templates}
    for name in ROUTES:
        for step in find(name, ".//bpmn:userTask"):
            fields = by_id[step.get(f"{CAMUNDA}modelerTemplate")]
            for field in fields:
                key = field["binding"]["name"]
                drawn = properties(step).get(key) or step.get(key.replace("camunda:", CAMUNDA))
                if drawn is not None and "choices" in field:
                    assert drawn in {choice["value"] for choice in field["choices"]}, key
                pattern = field.get("constraints", {}).get("pattern", {}).get("value", "")
                assert drawn is None or re.match(pattern, drawn), (step.get("id"), key)


def test_templates_of_the_modeler_offer_roles_and_forms_that_exist() -> None:
    templates = json.loads((TEMPLATES / "gongwen.json").read_text("utf-8"))
    fields = {field["label"]: field for each in templates for field in each["properties"]}
    assert {
        "办理角色",
        "时限（工作日）",
        "表单",
        "会签方式",
        "可退回至",
        "依据条款",
    } <= fields.keys()
    offered = {choice["value"] for choice in fields["表单"]["choices"]}
    assert offered == {each.stem for each in ROOT.glob("forms/*.form")}
    roles = {choice["value"] for choice in fields["办理角色"]["choices"]}
    drawn = {who for steps in STEPS.values() for who, _, _ in steps.values()}
    named = {role for who in drawn if not who.startswith("$") for role in who.split(",")}
    assert named <= roles
