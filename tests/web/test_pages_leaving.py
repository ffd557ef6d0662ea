"""岗位交接 as pages: prepared with a form, looked at as a list, signed for with one button."""

from tests.web.conftest import At
from tests.web.handling import waiting
from tests.world import World

PREPARE = 'form[action="/handovers"]'


def test_prepared_looked_at_and_signed(at: At, world: World) -> None:
    waiting(world, world.run(world.draft(), "office_check"))
    admin = at("system.admin")
    refused = admin.press("/handovers", PREPARE, person="office.head", successor="", reason="调动")
    assert refused.status == 422
    assert "请选择人员" in refused.text("#successor-error")
    assert refused.form(PREPARE)["reason"] == "调动"
    typed = {"person": "office.head", "successor": "secretary", "reason": "调动"}
    address = admin.press("/handovers", PREPARE, **typed).leads_to
    page = admin.get(address)
    assert "由接替人接办" in page.text("#items ~ .in li")
    assert not page.root.cssselect('form[action$="/confirm"]')
    leader = at("leader")
    assert "待监交签字" in leader.get("/handovers").text("tbody tr")
    assert leader.press(address, 'form[action$="/confirm"]').leads_to == address
    assert "账号已停用" in leader.get(address).text(".message.done")
    assert "已交接" in leader.get(address).text("#facts")
    assert at("secretary").get("/handovers").status == 200
    again = leader.post(f"{address}/confirm", leader.get("/handovers").form(PREPARE))
    assert again.status == 409


def test_somebody_who_leaves_prepares_it_himself_and_drops_it(at: At) -> None:
    clerk = at("archivist")
    page = clerk.get("/handovers")
    assert page.form(PREPARE)["person"] == "archivist"
    address = clerk.press("/handovers", PREPARE, successor="secretary", reason="退休").leads_to
    assert at("drafter").get(address).status == 404
    assert clerk.press(address, 'form[action$="/drop"]').status == 303
    assert "已撤销" in clerk.get(address).text("#facts")
    assert clerk.get(f"{address}/drop").leads_to == address
