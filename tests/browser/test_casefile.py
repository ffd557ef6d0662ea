"""The page of a case file, opened from disk: it judges as verify.py does, and asks nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import sessionmaker

from app.database import db
from app.handling.casefile import making, packing, verify
from app.handling.equipment import equipment
from tests.browser.acts import Sit
from tests.browser.conftest import AXE, DESK, PHONE, SHOTS
from tests.browser.walking import SIZES
from tests.handling.casefiles import (
    KEY,
    PUBLIC,
    Damage,
    damages,
    forged_cosignatures,
    resigned,
    shelf,
)
from tests.handling.test_casefile_witnessed import witnessed
from tests.world import World

SAMPLE = 5
"""Every so many of the kinds of damage."""


@pytest.fixture
def good(app: Flask) -> list[bytes]:
    with app.app_context():
        return shelf(World(db.session()), 7)


@pytest.fixture
def page(browser: Browser, good: list[bytes], tmp_path: Path) -> Iterator[Page]:
    """check.html as it lies in a case file, without a server and without a network."""
    place = tmp_path / "check.html"
    place.write_bytes(verify.unpack(good[-1])["check.html"])
    context = browser.new_context(viewport=DESK, offline=True)
    found = context.new_page()
    found.goto(place.as_uri())
    yield found
    context.close()


def judged(page: Page, folder: Path, data: bytes) -> tuple[str, list[str]]:
    """Verdict and sentences."""
    file = folder / f"{len(list(folder.iterdir()))}.zip"  # the same name twice is no change
    file.write_bytes(data)
    page.get_by_label("卷宗包（也可以把文件拖到这里）").set_input_files(file)
    box = page.locator(f"#verdict[data-file='{file.name}']:not([data-verdict=running])")
    expect(box).to_be_visible()
    sentences = box.locator("p").all_inner_texts()
    return ("whole" if sentences[0] == "卷宗包完好。" else "broken"), sentences


def by_python(data: bytes, key: str | None = None) -> tuple[str, list[str]]:
    try:
        return "whole", ["卷宗包完好。", *verify.verify(data, key)]
    except verify.Broken as fault:
        return "broken", [f"卷宗包不可信：{fault}"]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return "broken", ["卷宗包不可信：内容不能读取。"]


def test_good_and_damaged_case_files_are_judged_as_by_the_verifier(
    page: Page, good: list[bytes], tmp_path: Path
) -> None:
    samples = [Damage(f"whole {place}", each) for place, each in enumerate(good[-3:])]
    samples += list(damages(good[-1], good[0]))[::SAMPLE]
    said = {each.what: judged(page, tmp_path, each.data) for each in samples}
    expected = {each.what: by_python(each.data) for each in samples}
    assert [verdict for verdict, _ in said.values()].count("whole") == 3
    assert said == expected


def test_cosignatures_are_judged_as_by_the_verifier(page: Page, app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        data, size, _ = witnessed(World(db.session()))
    verdict, sentences = judged(page, tmp_path, data)
    assert (verdict, sentences) == by_python(data)
    assert f"副署了第 {size} 条的检查点" in sentences[-1]
    for _, change in forged_cosignatures():
        forged = resigned(verify.unpack(data), change)
        found, expected = judged(page, tmp_path, forged), by_python(forged)
        assert found[0] == expected[0] == "broken"


def test_the_key_that_was_given_has_to_be_that_of_the_list(
    page: Page, good: list[bytes], tmp_path: Path
) -> None:
    key = page.get_by_label("应当签署的公钥", exact=False)
    key.fill(PUBLIC)
    assert judged(page, tmp_path, good[0]) == by_python(good[0], PUBLIC)
    key.fill("0" * 64)
    key.press("Tab")
    expect(page.get_by_text("卷宗包由另一把密钥签署")).to_be_visible()


def test_a_browser_that_cannot_verify_signatures_says_so(
    page: Page, good: list[bytes], tmp_path: Path
) -> None:
    page.evaluate("() => { crypto.subtle.importKey = () => Promise.reject(new Error('?')) }")
    _, sentences = judged(page, tmp_path, good[0])
    assert "签名没有核对" in sentences[0]
    assert "清单签名成立" not in sentences[1]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_course_is_readable_without_barrier(
    page: Page, good: list[bytes], tmp_path: Path, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    judged(page, tmp_path, good[-1])
    expect(page.get_by_role("cell", name="发起").first).to_be_visible()
    expect(page.get_by_role("link", name="record.json")).to_be_visible()
    page.screenshot(path=SHOTS / f"卷宗包-{size['width']}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide
    with page.expect_download() as got:
        page.get_by_role("link", name="record.json").click()
    assert Path(got.value.path()).read_bytes() == verify.unpack(good[-1])["record.json"]
    page.evaluate("document.querySelector('meta[http-equiv]').remove()")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(it => it.violations.map(each => each.id))")
    assert found == []


@SIZES
def test_it_is_asked_for_and_taken_away_on_a_page(
    desk: Sit, app: Flask, good: list[bytes], size: dict[str, int]
) -> None:
    seat = desk("auditor", size=size)
    seat.go("/audit/")
    seat.page.get_by_label("件的编号").fill("1")
    seat.page.get_by_role("button", name="打开").click()
    seat.page.get_by_role("button", name="制作卷宗包").click()
    expect(seat.page.get_by_role("cell", name="正在制作")).to_be_visible()
    found = seat.barriers()
    with app.app_context():
        assert making.maker(KEY, equipment().store)(sessionmaker(db.engine), lambda: False) == 1
    link = seat.page.get_by_role("link", name="下载")
    expect(link).to_be_visible(timeout=15_000)  # the page looks every five seconds by itself
    seat.shot(f"卷宗包页-{size['width']}")
    found += seat.barriers()
    with seat.page.expect_download() as got:
        link.click()
    assert verify.verify(Path(got.value.path()).read_bytes(), PUBLIC)
    assert not found
    assert not seat.overflows()


@SIZES
def test_the_page_of_the_rules_has_no_barrier(desk: Sit, size: dict[str, int]) -> None:
    seat = desk("process.admin", size=size)
    seat.go("/audit/rules?show=must")
    expect(seat.page.get_by_role("heading", name="规则对照")).to_be_visible()
    seat.shot(f"规则对照-{size['width']}")
    assert not seat.barriers()
    assert not seat.overflows()


def test_the_page_names_nothing_outside_of_it() -> None:
    text = packing.CHECKER.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
