"""归档移交 in a browser: filed, handed over, accepted and found; no barrier at either size."""

from typing import Any

import pytest
from flask import Flask

from app.database import db
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.handling.filing.archiving import Archive
from tests.world import World

TITLES = ("冬季堤防巡查", "水闸检修", "水库调度", "防汛物资清点", "河道清障")


@pytest.fixture
def office(app: Flask) -> None:
    """One document in each state, one of them returned, one received and one under way."""
    with app.app_context():
        archive = Archive(World(db.session()))
        accepted, waiting, returned, _ = (
            archive.filed(title=f"江洲县水务局关于做好{each}的通知") for each in TITLES[:4]
        )
        archive.accept(archive.propose(accepted, returned), {returned.id: "保管期限应为永久。"})
        archive.propose(waiting)
        archive.sent(title=f"江洲县水务局关于做好{TITLES[4]}的通知")
        archive.received()
        archive.world.run(archive.world.draft(), "leader_sign")
        db.session.remove()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_the_pages_have_no_barrier(office: None, desk: Sit, size: dict[str, Any]) -> None:
    for login, path, name in (
        ("archivist", "/archive/", "catalogue"),
        ("archivist", "/archive/?q=没有这样的", "catalogue-empty"),
        ("drafter", "/archive/unfiled", "unfiled"),
        ("drafter", "/archive/filed", "filed"),
        ("dispatcher", "/archive/collection", "collection"),
        ("archivist", "/archive/transfers", "transfers"),
        ("archivist", "/archive/transfers/1", "transfer-accepted"),
        ("archivist", "/archive/transfers/2", "transfer-waiting"),
        ("drafter", "/archive/transfers/2", "transfer-mine"),
        ("drafter", "/archive/items/1", "item"),
        ("drafter", "/archive/cases/5", "item-unfiled"),
        ("drafter", "/archive/items/3", "item-returned"),
        ("drafter", "/archive/cases/7", "item-none"),
    ):
        found = desk(login, size=size)
        found.go(path)
        assert found.barriers() == [], name
        assert not found.overflows(), name
        found.shot(f"archive-{name}-{size['width']}")


def test_a_document_goes_into_the_archive(office: None, desk: Sit) -> None:
    """Filed with the rest, put on a list, one line returned, found by its 档号."""
    drafter = desk("drafter")
    page = drafter.go("/archive/unfiled")
    page.get_by_role("button", name="按建议期限归档所选").click()
    assert page.get_by_text("请先勾选要归档的公文。").is_visible()
    page.get_by_label("选择 江洲县水务局关于做好河道清障的通知").check()
    page.get_by_role("button", name="按建议期限归档所选").click()
    assert page.get_by_text("已归档 1 件").is_visible()
    page.get_by_role("link", name="江洲县水务局关于做好水库调度的通知").click()
    page.get_by_label("保管期限", exact=True).select_option("permanent")
    page.get_by_role("button", name="改定").click()
    page.get_by_label("改动期限的理由").fill("按档案员意见。")
    page.get_by_role("button", name="改定").click()
    assert page.get_by_text("保管期限已改定。").is_visible()
    page.get_by_role("button", name="列成移交清单").click()
    assert page.get_by_role("alert").get_by_text("请先勾选要移交的档案件。").is_visible()
    for title in ("水库调度", "河道清障"):
        page.get_by_label(f"选择 江洲县水务局关于做好{title}的通知").check()
    page.get_by_role("button", name="列成移交清单").click()
    assert page.get_by_text("已送档案员，接收之前可以撤回").is_visible()

    archivist = desk("archivist")
    page = archivist.go("/archive/transfers/3")
    page.get_by_label("退回此件").last.check()
    page.get_by_role("button", name="接收（勾选的退回）").click()
    assert page.get_by_role("alert").get_by_text("退回移交须写明原因").is_visible()
    page.get_by_placeholder("退回原因").last.fill("缺附件。")
    page.get_by_label("退回此件").last.uncheck()
    page.get_by_role("button", name="接收（勾选的退回）").click()
    assert page.get_by_role("alert").get_by_text("没有勾选退回").is_visible()
    assert archivist.barriers() == []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert not archivist.overflows()
        archivist.shot(f"archive-transfer-refused-{size['width']}")
    page.get_by_label("退回此件").last.check()
    page.get_by_role("button", name="接收（勾选的退回）").click()
    assert page.get_by_text("已接收，退回 1 件").is_visible()
    page.get_by_role("link", name="档案目录").click()
    page.get_by_label("档号、题名、文号").fill("江水-ws.2026-d30-engineering-2")
    page.get_by_role("button", name="查找").click()
    assert page.get_by_text("江水-WS·2026-D30-ENGINEERING-0002").first.is_visible()
    assert page.get_by_text("档案部门：江洲县水务局档案部门").is_visible()
