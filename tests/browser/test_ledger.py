"""公文台账 and the states of 待办 in a browser: no barrier, nothing overflowing, at both sizes."""

from typing import Any

import pytest
from flask import Flask

from app.database import db
from app.documents.attachments import Upload
from app.documents.inspection import MEDIA_TYPES
from app.handling.acts.editing import attach_all
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.world import World


@pytest.fixture
def office(app: Flask) -> None:
    """Two sent documents, one to be sent, two to be signed, one to be reviewed, two received."""
    with app.app_context():
        world = World(db.session())
        for title in ("冬季堤防巡查", "水闸检修"):
            world.run(world.draft(title=f"江洲县水务局关于做好{title}的通知", keywords=["防汛"]))
        world.run(world.draft(), until="final_check_dispatch")
        sheet = Upload("巡查表.xlsx", MEDIA_TYPES["xlsx"], 10, "a" * 64)
        attach_all(world.session, world.actor("drafter"), world.draft(), [sheet])
        world.session.commit()
        for _ in range(2):
            world.run(world.draft(), until="leader_sign")
        world.run(world.request(), until="leader_review")
        for number in ("江市水〔2026〕12号", "江市水〔2026〕13号"):
            world.register(number=number)
        db.session.remove()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_the_pages_have_no_barrier(office: None, desk: Sit, size: dict[str, Any]) -> None:
    width = size["width"]
    for login, path, name in (
        ("secretary", "/ledger/", "ledger"),
        ("secretary", "/ledger/?book=incoming&year=0", "ledger-incoming"),
        ("drafter", "/ledger/?keyword=没有", "ledger-empty"),
        ("leader", "/", "states"),
        ("leader", "/?waits=sign", "states-narrowed"),
        ("leader", "/given", "given"),
        ("secretary", "/ledger/formats?years=0", "formats"),
    ):
        found = desk(login, size=size)
        found.go(path)
        assert found.barriers() == []
        assert not found.overflows()
        found.shot(f"{name}-{width}")


def test_a_state_is_chosen_and_the_ledger_narrowed(office: None, desk: Sit) -> None:
    leader = desk("leader")
    states = leader.page.get_by_role("navigation", name="按处理状态查看")
    states.get_by_role("link", name="待签发 2").click()
    assert leader.page.locator("table[data-rows] tbody tr").count() == 2
    secretary = desk("secretary")
    page = secretary.go("/ledger/")
    page.get_by_label("主题词").fill("防汛")
    page.get_by_label("办理状态").select_option("done")
    page.get_by_role("button", name="查找").click()
    assert page.locator("table[data-rows] tbody tr").count() == 2
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 CSV").click()
    assert taken.value.suggested_filename == "江洲县水务局2026年发文台账.csv"
