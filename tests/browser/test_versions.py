"""流程, its versions and drafts as an administrator sees them, on desk and phone."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.workflow import drafts
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.handling.test_process_drafts import ADMIN, drawn
from tests.world import World


@pytest.fixture
def pages(app: Flask) -> dict[str, str]:
    """A version that waits for its second person, and a draft with faults."""
    with app.app_context():
        world = World(db.session())
        old = '"limit" value="P1D"'
        first = drawn(world, old, old.replace("P1D", "P2D"))
        files = dict(first.files)
        files["outgoing.bpmn"] = files["outgoing.bpmn"].replace(
            'name="部门负责人核稿"', 'name="部门核稿"'
        )
        drafts.save(world.session, first.id, 2, files, world.actor(ADMIN), world.at)
        row = drafts.submit(
            world.session, first.id, "拟稿时间不够", None, world.actor(ADMIN), world.at
        )
        second = drawn(world, 'name="sign_off" value="yes"', 'name="sign_off" value="no"')
        world.session.commit()
        found = {
            "list": "/process/definitions",
            "process": "/process/definitions/outgoing",
            "version": f"/process/versions/{row.sha256}",
            "new": "/process/drafts/new",
            "draft": f"/process/drafts/{second.id}/summary",
        }
        db.session.remove()
    return found


@pytest.mark.parametrize(("width", "size"), [(1366, DESK), (390, PHONE)])
def test_pages_have_no_barrier(
    desk: Sit, pages: dict[str, str], width: int, size: dict[str, int]
) -> None:
    second = desk("city.process.admin2", size=size)
    for name, path in pages.items():
        second.go(path)
        if name == "version":
            expect(second.page.locator(".diagram[data-shown]").first).to_be_visible()
        if name == "version" and width > 400:  # smaller, the badges would hide the drawing
            expect(second.page.locator(".diagram-badge.is-changed").first).to_be_visible()
        second.shot(f"versions-{name}-{width}")
        assert not second.overflows(), name
        assert not second.barriers(), name
