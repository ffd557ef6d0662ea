"""预览 of attachments and 附件规则: no barrier, nothing overflowing, at both sizes."""

import io

import pytest
from flask import Flask

from app.database import db
from app.handling.acts import editing
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.documents.files import office, picture
from tests.documents.word import wordfiles
from tests.world import World


def table() -> str:
    rows = [("乡镇", "任务（公里）", "责任人"), ("东山镇", "12", "张三"), ("西河镇", "9", "李四")]
    return wordfiles.table(*(wordfiles.row(*map(wordfiles.cell, each)) for each in rows))


@pytest.fixture
def files(app: Flask) -> dict[str, str]:
    """Addresses: the files tab as ``tab``, and a preview by the name of each file."""
    contents = {
        "巡查安排.docx": wordfiles.docx(wordfiles.p("一、巡查安排如下，" * 30), table()),
        "现场照片.jpg": picture("JPEG", (3000, 2000)),
        "扫描件.tif": picture("TIFF", (1240, 1754), frames=2),
        "说明.txt": ("x" * 400 + "\n\n    第二行").encode(),
        "任务分解表.xlsx": office("xlsx"),
    }
    with app.app_context():
        world = World(db.session())
        done = world.draft()
        document, found = done.case.document_id, {"tab": f"/cases/{done.case.id}?tab=files"}
        for name, content in contents.items():
            replaces = (
                world.document(done.case).attachments[0].id if name == "现场照片.jpg" else None
            )
            uploads = editing.take_in([(name, io.BytesIO(content))])
            save = editing.Save({}, uploads=uploads, replaces=replaces)
            world._act(editing.save, world.actor("drafter"), document, save)
            attached = world.document(done.case).attachments[-1].id
            found[name] = f"/documents/{document}/attachments/{attached}/preview"
        db.session().rollback()
        return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_preview_has_no_barrier(
    desk: Sit, files: dict[str, str], size: dict[str, int]
) -> None:
    drafter = desk("drafter", size=size)
    for name, path in files.items():
        page = drafter.go(path)
        assert drafter.barriers() == [], name
        assert not drafter.overflows(), name
        drafter.shot(f"preview-{name.partition('.')[0]}-{size['width']}")
    page = drafter.go(files["扫描件.tif"])
    page.get_by_role("link", name="下一页").click()
    page.get_by_text("第 2 页，共 2 页").wait_for()
    shown = page.get_by_role("img", name="扫描件.tif，第 2 页")
    assert shown.evaluate("each => each.decode().then(() => each.naturalWidth)") == 1240


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_of_the_rules_has_no_barrier(desk: Sit, size: dict[str, int]) -> None:
    admin = desk("system.admin", size=size)
    page = admin.go("/office/attachments")
    page.get_by_label("允许的类型").fill("docx exe")
    page.get_by_role("button", name="生效").click()
    page.get_by_role("link", name="不能接收“exe”").wait_for()
    assert admin.barriers() == []
    page.get_by_label("允许的类型").fill("docx xlsx jpg")
    page.get_by_label("原因").fill("统一格式")
    page.get_by_label("依据").fill("局办〔2026〕9号")
    page.get_by_role("button", name="生效").click()
    page.get_by_text("附件规则已改").wait_for()
    assert admin.barriers() == []
    assert not admin.overflows()
    admin.shot(f"attachment-rules-{size['width']}")
