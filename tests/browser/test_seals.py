"""Seals, their uses, requests and the choice of how to sign: no barrier, on desk and phone."""

from playwright.sync_api import expect

from tests.browser.acts import Sit
from tests.browser.conftest import Desk
from tests.browser.walking import SIZES
from tests.seals.registry.sealing import made
from tests.world import World

PAGES = [
    *(("office.head", path) for path in ("/seals", "/seals/new", "/seals/1", "/seal-uses")),
    *(("office.head", f"/seals/1/{verb}") for verb in ("keep", "permit", "suspend", "retire")),
    ("system.admin", "/office/signing"),
    *(("drafter", path) for path in ("/requests", "/requests/seal_request/new")),
]


@SIZES
def test_every_page_is_without_barriers(desk: Sit, world: World, size: dict[str, int]) -> None:
    made(world)
    world.session.rollback()
    people: dict[str, Desk] = {}
    for login, path in PAGES:
        person = people.get(login) or people.setdefault(login, desk(login, size=size))
        person.go(path)
        _look(person, path.strip("/").replace("/", "-"), size)


@SIZES
def test_a_request_is_made_and_submitted(desk: Sit, world: World, size: dict[str, int]) -> None:
    made(world)
    world.session.rollback()
    person = desk("drafter", size=size)
    page = person.go("/requests")
    page.get_by_role("link", name="用印申请", exact=True).click()
    page.get_by_label("标题").fill("堤防工程合同用印")
    page.get_by_label("事由").fill("签订施工合同。")
    page.get_by_role("button", name="保存，继续填写").click()
    page.get_by_label("印章", exact=False).first.select_option(index=1)
    page.get_by_label("用印时间").fill("2026-11-24T10:00")
    page.get_by_label("盖章文件的名称").fill("施工合同")
    page.get_by_role("group", name="是否带出印章").get_by_label("否").check()
    page.get_by_role("group", name="以上内容属实").get_by_label("是").check()
    _look(person, "request-filled", size)
    page.get_by_label("提交申请").check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("直属领导审批").first).to_be_visible()


def _look(person: Desk, name: str, size: dict[str, int]) -> None:
    person.shot(f"seals-{name}-{size['width']}")
    assert person.barriers() == [], name
    assert not person.overflows(), name
