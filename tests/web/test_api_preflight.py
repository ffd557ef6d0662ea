"""发前检查 through the API and on its pages: the same checks, weights and rights."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Caller
from tests.web.desk import Desk
from tests.world import NOTICE, RECEIVED, REQUEST, World

Call = Callable[[str], Caller]
RULES = "/api/v1/preflight-rules"
BODY = {"own": {"contact": "block"}, "reason": "试行", "source": "局办〔2026〕9号"}
FAULTY = {**REQUEST, "note": "", "copy_recipients": ["局属各单位"]}


def drafted(call: Call, body: dict[str, object], who: str = "drafter") -> str:
    created = call(who).post("/api/v1/documents", body)
    assert created.status_code == 201, created.json
    return f"/api/v1/documents/{created.json['id']}/preflight"


def test_findings_say_what_to_mend_and_what_may_be_written_instead(call: Call) -> None:
    found = call("drafter").get(drafted(call, FAULTY)).json
    assert (found["version"], found["passes"]) == (1, False)
    copied, contact = found["findings"]
    assert (copied["rule"], copied["field"], copied["severity"], copied["excuse"]) == (
        *("subordinate_copied", "copy_recipients", "block"),
        None,
    )
    assert copied["clause"] == "条例第十五条（一）"
    assert (contact["rule"], contact["severity"], contact["stops"]) == ("contact", "warn", True)
    assert contact["excuse"] == "照此送出的理由"
    assert call("drafter").get(drafted(call, NOTICE)).json["findings"] == []


def test_who_may_not_see_the_document_sees_no_findings(call: Call) -> None:
    path = drafted(call, FAULTY)
    assert call("sole.head").get(path).status_code == 404
    assert call("city.drafter").get(path).status_code == 404
    received = call("secretary").post("/api/v1/incoming", RECEIVED)
    refused = call("secretary").get(f"/api/v1/documents/{received.json['id']}/preflight")
    assert (refused.status_code, refused.json["code"]) == (409, "no_preflight")


def test_a_unit_chooses_and_those_below_inherit(call: Call) -> None:
    path = drafted(call, {**REQUEST, "note": ""})
    assert call("drafter").get(path).json["findings"][0]["severity"] == "warn"
    assert call("city.system.admin").post(RULES, BODY).status_code == 200
    (finding,) = call("drafter").get(path).json["findings"]
    assert (finding["severity"], finding["excuse"]) == ("block", None)
    found = call("drafter").get(RULES).json
    chosen = {each["rule"]: each["chosen_by"] for each in found["rules"] if each["chosen_by"]}
    assert chosen == {"contact": "江洲市水务局"}
    own = call("system.admin").post(RULES, {**BODY, "own": {"contact": "note"}}).json
    assert own["own"] == {"contact": "note"}
    assert own["history"][0]["words"] == ["请示注明联系人和电话：提示"]
    (finding,) = call("drafter").get(path).json["findings"]
    assert (finding["severity"], finding["stops"]) == ("note", False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**BODY, "own": {"contact": "loud"}}, "contact"),
        ({**BODY, "own": {"direction": "note"}}, "direction"),
        ({**BODY, "own": {"request_in_report": "off"}}, "request_in_report"),
        ({**BODY, "own": {"nothing": "warn"}}, "nothing"),
        ({**BODY, "reason": " "}, "reason"),
        ({**BODY, "source": "长" * 201}, "source"),
    ],
)
def test_a_choice_that_cannot_be(call: Call, body: dict[str, object], field: str) -> None:
    refused = call("system.admin").post(RULES, body)
    assert refused.status_code == 422, refused.json
    assert [each["field"] for each in refused.json["errors"]] == [field]
    assert call("system.admin").get(RULES).json["own"] == {}


def test_only_the_system_administrator_chooses(call: Call) -> None:
    for login in ("drafter", "office.head", "security.admin", "process.admin"):
        assert call(login).post(RULES, BODY).status_code == 403, login


def test_the_page_of_the_rules(app: Flask, password: str, world: World) -> None:
    admin = Desk(app, "system.admin", password, rest=world.session.rollback)
    admin.sign_in()
    page = admin.get("/office/preflight")
    assert page.text("h1") == "发前检查规则"
    form = {**page.form("main form"), "contact": "block", "reason": "试行"}
    refused = admin.post("/office/preflight", form)
    assert refused.status == 422
    assert "请写明依据" in refused.text(".errors")
    sent = admin.post("/office/preflight", {**form, "source": "局办〔2026〕9号"})
    assert sent.status == 303
    assert "请示注明联系人和电话：必须修改" in admin.get("/office/preflight").text("main")
    reader = Desk(app, "drafter", password, rest=world.session.rollback)
    reader.sign_in()
    assert reader.get("/office/preflight").status == 403
