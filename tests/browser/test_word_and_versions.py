"""导入 Word and the comparing of versions: no barrier, nothing overflowing, at both sizes."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.handling.acts import editing
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.documents.word import wordfiles
from tests.world import World

TABLE = {
    "type": "table",
    "head": 1,
    "rows": [
        [{"text": "乡镇"}, {"text": "任务（公里）", "align": "right"}],
        [{"text": "东山镇"}, {"text": "12", "align": "right"}],
        [{"text": "西河镇"}, {"text": "9", "align": "right"}],
    ],
}
CHANGED = {
    **TABLE,
    "rows": [
        TABLE["rows"][0],
        [{"text": "东山镇"}, {"text": "15", "align": "right"}],
        [{"text": "西河镇"}, {"text": "9", "align": "right"}],
    ],
}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def lines(*texts: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "text": text} for text in texts]


@pytest.fixture
def review(app: Flask) -> dict[str, int]:
    """A document at review that three people have changed, with a table in it."""
    with app.app_context():
        world = World(db.session())
        done = world.draft(
            body=[
                *lines("现就冬季堤防巡查通知如下。", "一、按日巡查。各镇负责。", "任务见表。"),
                TABLE,
                *lines("请遵照执行。"),
            ]
        )
        document = done.case.document_id
        world.run(done, until="dept_review")
        text = [
            *lines("现就冬季堤防巡查通知如下。", "一、按周巡查，及时报告。各镇负责。"),
            *lines("二、汛前完成除险加固。", "任务见表。"),
            CHANGED,
        ]
        save = editing.Save({"body": text, "note": "联系人：张三"})
        world._act(editing.save, world.actor("dept.head"), document, save)
        task = world.open(done.case)[0].id
        db.session.remove()
    return {"task": task, "document": document}


SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])


@SIZES
def test_versions_have_no_barrier(desk: Sit, review: dict[str, int], size: dict[str, int]) -> None:
    seat = desk("dept.head", size=size)
    found: list[str] = []
    for name, path in {
        "inline": "/tasks/{task}?tab=versions",
        "side": "/tasks/{task}?tab=versions&from=1&to=2&view=side",
        "authors": "/tasks/{task}?tab=versions&view=authors",
        "restore": "/documents/{document}/versions/1/restore",
    }.items():
        seat.go(path.format(**review))
        seat.page.wait_for_load_state("networkidle")
        seat.shot(f"{size['width']}-versions-{name}")
        found += [f"{path}: {barrier}" for barrier in seat.barriers()]
        found += [f"{path}: wider than the window"] if seat.overflows() else []
    assert not found


@SIZES
def test_a_word_file_is_read_corrected_and_saved(desk: Sit, size: dict[str, int]) -> None:
    seat = desk("drafter", size=size, scripts=size == DESK)
    page = seat.go("/documents/new")
    page.locator("#word").set_input_files(
        {"name": "通知.docx", "mimeType": WORD, "buffer": wordfiles.official()}
    )
    page.get_by_role("button", name="导入到正文").click()
    expect(page.get_by_text("还没有保存")).to_be_visible()
    seat.shot(f"{size['width']}-imported")
    if size == DESK:
        assert not seat.barriers()
        assert not seat.overflows()
    page.locator("input[name=direction][value=downward]").check()
    page.locator("input[name=kind][value=通知]").check()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("cell", name="东山镇")).to_be_visible()
    expect(page.get_by_text("一、提高认识")).to_be_visible()
