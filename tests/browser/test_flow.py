"""合规检查, 流程分析, 事件日志 and 运行: no barrier, nothing overflowing, the drawing is warm."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from app import clock
from app.database import db
from app.handling.conformance.checking import check
from app.handling.conformance.entitled import Posts
from app.handling.models import Case
from tests.browser.acts import Sit
from tests.browser.walking import SIZES
from tests.world import World

SIGNERS = {"countersigners": ["leader2", "leader3"]}


@pytest.fixture
def busy(app: Flask) -> None:
    """Documents all along the way, one returned, one withdrawn; those that ended are checked."""
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(days=9)
        done = world.draft()
        (task,) = world.open(done.case)
        world.later(hours=30)
        world.complete(task, "drafter")
        world.withdraw(task, "drafter", "漏了附件。")
        world.run(done)
        returned = world.draft(**SIGNERS)
        office = world.run(returned, until="office_check")
        assert office is not None
        world.later(hours=50)
        world.send_back(office, "office.head", "draft")
        world.run(returned, sign={"outcome": "approve"}, until="seal")
        for until in ("dept_review", "leader_sign"):
            world.run(world.draft(), until)
        posts = Posts().read_on(world.session)
        ended = world.session.scalars(sa.select(Case).filter_by(state="closed")).all()
        check(world.session, ended, posts, world.at)
        world.session.commit()


@SIZES
@pytest.mark.parametrize(
    ("login", "path", "name"),
    [
        ("auditor", "/audit/deviations", "合规检查"),
        ("auditor", "/audit/flow", "流程分析"),
        ("auditor", "/audit/event-logs", "事件日志"),
        ("process.admin", "/process/flow", "运行"),
    ],
)
def test_no_barrier_and_no_overflow(
    desk: Sit, busy: None, size: dict[str, int], login: str, path: str, name: str
) -> None:
    seat = desk(login, size=size)
    seat.go(path)
    if path.endswith("/flow"):
        expect(seat.page.locator(".diagram[data-shown=yes]").first).to_be_visible()
        expect(seat.page.locator(".heat-5").first).to_be_attached()
        expect(seat.page.get_by_text("退回 1").first).to_be_attached()
    seat.shot(f"{name}-{size['width']}")
    assert not seat.barriers()
    assert not seat.overflows()


def test_from_a_figure_to_its_cases(desk: Sit, busy: None) -> None:
    page = desk("auditor").go("/audit/flow")
    page.get_by_role("link", name="办公室负责人把关退回 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("退回")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("流程分析")
