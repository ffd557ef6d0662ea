"""扫描件发文 from the form to the dispatch: no barrier, nothing overflowing, on desk and phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import Sit, decide
from tests.browser.conftest import Desk
from tests.browser.walking import SIZES
from tests.documents import files
from tests.world import SCAN

FLAG = "扫描件，签发人为手工录入"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    made = tmp_path / "通知扫描件.tif"
    made.write_bytes(files.picture("TIFF"))
    return made


@SIZES
def test_a_scan_is_registered_checked_and_sent(desk: Sit, scan: Path, size: dict[str, int]) -> None:
    clerk = desk("dispatcher", size=size)
    page = clerk.go("/scans/new")
    _look(clerk, "empty", size)
    _fill(page, signatory="")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("请填写签发人。").first).to_be_visible()
    _look(clerk, "refused", size)
    page.get_by_label("签发人").fill(SCAN["paper_signatory"])
    page.locator("input[type=file]").set_input_files(scan)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text(FLAG).first).to_be_visible()
    _look(clerk, "registered", size)
    page.get_by_role("link", name="修改公文").click()
    expect(page.get_by_role("heading", name="修改扫描件发文")).to_be_visible()
    _look(clerk, "edit", size)
    page.get_by_role("button", name="保存", exact=True).click()
    decide(page, "送核对", "")

    checker = desk("secretary", size=size)
    page = checker.go("/")
    page.get_by_role("main").get_by_role("link", name=SCAN["title"]).first.click()
    expect(page.get_by_text("下载扫描件").first).to_be_visible()
    _look(checker, "check", size)
    decide(page, "核对无误，发送", "与纸质件一致。")
    page = clerk.go("/done")
    page.get_by_role("main").get_by_role("link", name=SCAN["title"]).first.click()
    _look(clerk, "sent", size)
    page.goto(page.url.partition("?")[0] + "?tab=sheet")
    expect(page.get_by_text("扫描件发文登记单").first).to_be_visible()
    _look(clerk, "sheet", size)


def test_it_needs_no_script(desk: Sit, scan: Path) -> None:
    page = desk("dispatcher", scripts=False).go("/scans/new")
    _fill(page, signatory=SCAN["paper_signatory"])
    page.locator("input[type=file]").set_input_files(scan)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text(FLAG).first).to_be_visible()


def _fill(page: Page, *, signatory: str) -> None:
    page.get_by_label("发文字号").fill(SCAN["paper_number"])
    page.get_by_label("成文日期").fill(SCAN["paper_date"])
    page.get_by_label("签发人").fill(signatory)
    page.get_by_label("标题").fill(SCAN["title"])
    page.get_by_label("主送机关").fill("\n".join(SCAN["main_recipients"]))
    page.get_by_label("文种").select_option(SCAN["kind"])
    page.get_by_label("行文方向").select_option(SCAN["direction"])


def _look(desk: Desk, name: str, size: dict[str, int]) -> None:
    desk.shot(f"scan-{name}-{size['width']}")
    assert desk.barriers() == []
    assert not desk.overflows()
