"""A unit goes back to following the unit above, as two administrators do it in a browser."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.workflow import checks, trial
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.handling.test_following import county, own
from tests.handling.test_process_drafts import dismiss_all
from tests.world import World

HERE = "/process/definitions/outgoing/units/jiangzhou-county-water"


@pytest.fixture(autouse=True)
def _county(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The county has a version of its own with one step more, and nobody who keeps the seal."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    with app.app_context():
        world = World(db.session())
        own(world)
        dismiss_all(world, "seal-keeper", county(world))
        db.session.remove()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_one_proposes_and_another_agrees(desk: Sit, size: dict[str, int]) -> None:
    width = size["width"]
    first, second = desk("process.admin", size=size), desk("process.admin2", size=size)

    def look(name: str) -> None:
        first.page.wait_for_load_state("networkidle")
        first.shot(f"following-{name}-{width}")
        assert not first.overflows(), name
        assert not first.barriers(), name

    page = first.go("/process/definitions/outgoing")
    look("process")
    page.get_by_role("link", name="江洲县水务局").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("发文办理：江洲县水务局")
    expect(page.locator("section[aria-labelledby=differences]")).to_contain_text("法规审核")
    expect(page.locator(".message.warn")).to_contain_text("没有人担任“印章管理员”")
    look("place")
    page.get_by_role("button", name="提请跟随上级").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明改为跟随上级的理由")
    look("refused")
    page.get_by_label("理由").fill("与市局一致")
    page.get_by_role("button", name="提请跟随上级").click()
    expect(page.locator("main")).to_contain_text("等另一位流程管理员同意")
    look("proposed")

    other = second.go("/process/definitions/outgoing")
    expect(other.locator("main")).to_contain_text("待改为跟随上级")
    other.get_by_role("link", name="江洲县水务局").click()
    assert not second.barriers()
    second.shot(f"following-decision-{width}")
    other.get_by_role("button", name="同意跟随上级").click()
    expect(other.locator(".case-head")).to_contain_text("跟随上级")
    expect(other.locator("section[aria-labelledby=now]")).to_contain_text("新件用这一版")
    page.reload()
    look("followed")


def test_the_whole_office_is_not_the_countys_to_choose(desk: Sit) -> None:
    page = desk("process.admin").go("/process/drafts/new")
    expect(page.get_by_label("适用").locator("option")).to_have_text(["江洲县水务局"])
    page = desk("city.process.admin").go("/process/drafts/new")
    options = ["全机关", "江洲市水务局", "江洲县水务局", "东湖区水务局"]
    expect(page.get_by_label("适用").locator("option")).to_have_text(options)
