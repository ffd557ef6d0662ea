"""Tables and pictures in the editor: widths of columns, and pictures that are there already."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.handling.models import Case
from tests.browser.acts import Sit
from tests.browser.test_editor import bar, blocks, draft, emptied, picture, save, text
from tests.world import World

__all__ = ["draft"]


def test_columns_are_dragged_and_typed(app: Flask, desk: Sit, draft: int) -> None:
    seat = desk("drafter")
    page = seat.go(f"/documents/{draft}/edit")
    emptied(page)
    bar(page, "表格")
    page.get_by_label("行", exact=True).fill("2")
    page.keyboard.press("Enter")
    for word in ("序号", "事项", "单位"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    cell = page.locator("#body td")
    frame, first = page.locator("#body table").bounding_box(), cell.first.bounding_box()
    assert frame
    assert first
    edge, middle = first["x"] + first["width"], first["y"] + first["height"] / 2
    page.mouse.move(edge, middle)
    expect(page.locator("#body")).to_have_class(re.compile("between-columns"))
    page.mouse.down()
    page.mouse.move(edge - frame["width"] / 6, middle, steps=4)
    seat.shot("editor-columns-dragged")
    page.mouse.up()
    widths = blocks(page)[0]["widths"]
    assert sum(widths) == 1560
    assert widths == pytest.approx([260, 780, 520], abs=12)
    narrow = cell.first.bounding_box()
    assert narrow
    assert narrow["width"] == pytest.approx(frame["width"] / 6, abs=3)
    cell.nth(2).click()
    width = page.get_by_label("列宽，毫米")
    expect(width).to_have_value(re.compile(r"^5[123]"))  # the toolbar has followed
    width.fill("60")
    page.keyboard.press("Tab")
    assert blocks(page)[0]["widths"][2] == 600
    bar(page, "撤销")
    bar(page, "撤销")
    assert "widths" not in blocks(page)[0]
    bar(page, "重做")
    widths = blocks(page)[0]["widths"]
    save(page)
    assert text(app, draft)[0]["widths"] == widths


def test_a_picture_of_a_colleague_is_taken_from_the_gallery(app: Flask, desk: Sit) -> None:
    with app.app_context():
        world = World(db.session())
        own = world.draft("dept.head").case.document_id
        done = world.draft("drafter")
        colleague, case = done.case.document_id, done.case.id
        db.session().rollback()
    seat = desk("drafter")
    page = seat.go(f"/documents/{colleague}/edit")
    emptied(page)
    bar(page, "图库")
    expect(page.get_by_text("还没有可用的图片")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        bar(page, "图片")
    chooser.value.set_files(picture("平面图.png"))
    expect(page.get_by_text("图片已插入")).to_be_visible()
    image = blocks(page)[0]
    save(page)
    with app.app_context():
        world = World(db.session())
        world.complete(world.open(world.session.get_one(Case, case))[0], "drafter")
        db.session().rollback()
    head = desk("dept.head")
    page = head.go(f"/documents/{own}/edit")
    emptied(page)
    bar(page, "图库")
    page.get_by_role("img", name="江洲县水务局").wait_for()
    page.wait_for_load_state("networkidle")
    head.shot("editor-gallery")
    assert not head.barriers()
    page.get_by_role("button", name="江洲县水务局").click()
    expect(page.get_by_text("图片已插入")).to_be_visible()
    assert blocks(page)[0]["sha256"] == image["sha256"]
    save(page)
    assert text(app, own)[0]["sha256"] == image["sha256"]
