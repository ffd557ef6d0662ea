"""退回 on the page: out of the sign-off into a countersigning that is over (OUT-08)."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.world import NOTICE, World

SIGNED = {"sign": {"outcome": "approve"}}


@pytest.fixture
def signing_off(app: Flask) -> int:
    """The stay of the leader before whom a document lies that others have countersigned."""
    with app.app_context():
        world = World(db.session())
        task = world.run(
            world.draft(countersigners=["leader2", "leader3"]), until="leader_sign", **SIGNED
        )
        assert task is not None
        found = task.id
        db.session.remove()
    return found


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_it_goes_back_to_the_countersigners(
    desk: Sit, signing_off: int, size: dict[str, int]
) -> None:
    leader = desk("leader", size=size)
    page = leader.go(f"/tasks/{signing_off}")
    page.get_by_role("radio", name="退回", exact=True).check()
    page.get_by_label("退至", exact=True).select_option(label="会签：孙丽华、吴志刚")
    page.get_by_role("textbox", name="意见").fill("经费数额有变，请重新会签。")
    leader.shot(f"return-{size['width']}")
    assert (leader.barriers(), leader.overflows()) == ([], False)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已退回").first).to_be_visible()
    first = desk("leader2", size=size)
    page = first.go("/")
    page.get_by_role("main").get_by_role("link", name=NOTICE["title"]).first.click()
    expect(page.get_by_role("heading", name="我的办理 · 会签")).to_be_visible()
    expect(page.get_by_text("经费数额有变，请重新会签。").first).to_be_visible()
    first.shot(f"returned-{size['width']}")
