"""附件规则: chosen through the API and on its page, inherited, and said where files are chosen."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.documents import admission
from app.documents.inspection import MEDIA_TYPES, MOST_BYTES
from app.organization import Unit
from tests.web.conftest import At, Caller
from tests.web.desk import Desk
from tests.world import World

Call = Callable[[str], Caller]
RULES = "/api/v1/attachment-rules"
BODY: dict[str, Any] = {
    "own": {"types": "JPEG、.docx, xlsx", "megabytes": "020"},
    "reason": "统一格式",
    "source": "局办〔2026〕9号",
}


def test_as_shipped_everything_that_the_readers_open_is_taken(call: Call) -> None:
    found = call("drafter").get(RULES).json
    assert {MEDIA_TYPES[each] for each in found["types"]} == set(MEDIA_TYPES.values())
    assert found["megabytes"] << 20 == MOST_BYTES
    assert (found["own"], found["chosen_by"], found["history"]) == ({}, {}, [])


def test_a_choice_is_kept_in_one_way_of_writing(call: Call) -> None:
    chosen = call("system.admin").post(RULES, BODY)
    assert chosen.status_code == 200, chosen.json
    assert chosen.json["own"] == {"types": "docx xlsx jpg", "megabytes": "20"}
    assert chosen.json["history"][0]["words"] == [
        *("允许的类型：docx、xlsx、jpg", "每个最大（MB）：20")
    ]
    again = call("system.admin").post(RULES, BODY)
    assert (again.status_code, "没有需要生效的改动" in again.json["detail"]) == (422, True)
    back = call("system.admin").post(RULES, {**BODY, "own": {}})
    assert len(back.json["types"]) == len(admission.TYPES)
    assert [each["until"] is None for each in back.json["history"]] == [True, False]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**BODY, "own": {"types": "docx exe"}}, "types"),
        ({**BODY, "own": {"megabytes": "51"}}, "megabytes"),
        ({**BODY, "own": {"megabytes": "0"}}, "megabytes"),
        ({**BODY, "own": {"megabytes": "1.5"}}, "megabytes"),
        ({**BODY, "own": {"megabytes": "²"}}, "megabytes"),
        ({**BODY, "own": {"megabytes": "9" * 90}}, "megabytes"),
        ({**BODY, "own": {"nothing": "1"}}, "nothing"),
        ({**BODY, "own": {"types": "、，,"}}, "types"),
        ({**BODY, "reason": " "}, "reason"),
        ({**BODY, "source": "长" * 201}, "source"),
    ],
)
def test_a_choice_that_cannot_be(call: Call, body: dict[str, Any], field: str) -> None:
    refused = call("system.admin").post(RULES, body)
    assert refused.status_code == 422, refused.json
    assert [each["field"] for each in refused.json["errors"]] == [field]
    assert call("system.admin").get(RULES).json["own"] == {}


def test_only_the_system_administrator_chooses(call: Call) -> None:
    for login in ("drafter", "office.head", "security.admin", "process.admin"):
        assert call(login).post(RULES, BODY).status_code == 403, login


def test_units_below_inherit_what_they_have_not_chosen(call: Call, world: World) -> None:
    assert call("system.admin").post(RULES, BODY).status_code == 200
    admin = world.actor("system.admin")
    below = Unit(key="x", name="东山水库管理所", short_name="东山所", agency_code="东库", rank=3)
    below.letterhead, below.parent_id = "东山水库管理所文件", admin.unit_id
    world.session.add(below)
    world.session.flush()
    found = admission.in_force(world.session, below.id)
    assert (found.types, found.megabytes) == (("docx", "xlsx", "jpg"), 20)
    alone = admission.in_force(world.session, admin.unit_id, inherited=True)
    assert alone.types == admission.TYPES
    world.session.rollback()


def test_the_page_of_the_rules(app: Flask, password: str, at: At, world: World) -> None:
    admin = Desk(app, "system.admin", password, rest=world.session.rollback)
    admin.sign_in()
    page = admin.get("/office/attachments")
    assert page.text("h1") == "附件规则"
    form = {**page.form("main form"), "types": "docx jpg", "megabytes": "8", "reason": "试行"}
    refused = admin.post("/office/attachments", form)
    assert refused.status == 422
    assert "请写明依据" in refused.text(".errors")
    assert refused.form("main form")["types"] == "docx jpg"
    sent = admin.post("/office/attachments", {**form, "source": "局办〔2026〕9号"})
    assert sent.status == 303
    assert "允许的类型 docx、jpg 本单位" in admin.get("/office/attachments").text("main")
    drafting = at("drafter").get("/documents/new")
    assert "可以上传：docx、jpg，每个不超过 8 MB。" in drafting.text("main")
    assert at("drafter").get("/office/attachments").status == 403
