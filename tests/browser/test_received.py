"""来文作附件 in a browser: chosen, named beside the attachment, and its record opened."""

import io

import pytest
from flask import Flask

from app.database import db
from app.handling.acts import editing
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.documents.files import pdf, picture
from tests.world import World


@pytest.fixture
def draft(app: Flask) -> int:
    """A draft of dept.head, with whom two received documents lie."""
    with app.app_context():
        world = World(db.session())
        given = {"distribute": {"next": ["leader"]}}
        given["collect"] = {"outcome": "to_handle", "next": ["dept.head"]}
        for title, files in (
            ("江洲市水务局关于开展河道清障的通知", {"河道清障通知.pdf": pdf()}),
            (
                "江洲市水务局关于报送冬春水利建设进度的函",
                {"来函.tif": picture("TIFF"), "进度表样.pdf": pdf()},
            ),
        ):
            done = world.register(title=title, number=f"江市水〔2026〕{len(title)}号")
            uploads = editing.take_in([(name, io.BytesIO(each)) for name, each in files.items()])
            editing.attach_all(world.session, world.actor("secretary"), done, uploads)
            world.session.commit()
            world.run(done, until="handle", **given)
        number: int = world.draft("dept.head").case.document_id
        db.session().rollback()
        return number


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_an_original_is_chosen_and_leads_to_its_record(
    desk: Sit, draft: int, size: dict[str, int]
) -> None:
    head = desk("dept.head", size=size)
    page = head.go(f"/documents/{draft}/edit")
    page.get_by_role("button", name="从收文中选择…").click()
    assert page.url.endswith(f"/documents/{draft}/received")
    head.shot(f"received-choose-{size['width']}")
    assert head.barriers() == []
    assert not head.overflows()
    page.get_by_role("button", name="添加为附件").click()
    page.get_by_text("请先勾选要添加的文件。").first.wait_for()
    assert head.barriers() == []
    page.get_by_role("searchbox").fill("清障")
    page.get_by_role("button", name="查找").click()
    page.get_by_label("河道清障通知.pdf").check()
    page.get_by_role("button", name="添加为附件").click()
    page.get_by_text("已添加来文附件 1 个").wait_for()
    assert page.get_by_role("button", name="用所选文件替换 河道清障通知.pdf").count() == 0
    head.shot(f"received-edit-{size['width']}")
    assert head.barriers() == []
    assert not head.overflows()
    page.get_by_role("link", name="江市水〔2026〕17号").click()
    page.get_by_role("heading", name="江洲市水务局关于开展河道清障的通知").first.wait_for()
