"""/verify as somebody sees it who has only the file."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.documents.layout.sheets import request
from tests.seals.house import House
from tests.seals.issued import Stages, fonts, house, issued
from tests.seals.verification import attacks
from tests.web.verify.conftest import known

__all__ = ["fonts", "house", "issued", "known"]


@pytest.fixture(scope="module")
def paper(issued: Callable[..., Stages]) -> Stages:
    """Signed in a thread of its own: the browser's event loop runs in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(issued, request()).result()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_a_good_and_a_changed_file(
    known, desk: Sit, paper: Stages, house: House, tmp_path: Path, size: dict[str, int]
) -> None:
    good, bad = tmp_path / "江水〔2026〕15号 关于提前下达资金的请示.pdf", tmp_path / "改动过.pdf"
    good.write_bytes(paper.sealed)
    bad.write_bytes(attacks.changed_field(paper.sealed, "发文字号", "/V", attacks.OTHER_NUMBER))
    seat = desk(None, size=size)
    page = seat.go("/sign-in")
    page.get_by_role("link", name="核验公文").click()
    seat.shot(f"{size['width']}-verify-form")
    found = seat.barriers()
    page.get_by_label("收到的公文").set_input_files([good, bad])
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_text("文件有效")).to_be_visible()
    expect(page.get_by_text("文件无效")).to_be_visible()
    seat.shot(f"{size['width']}-verify-verdict")
    assert not found + seat.barriers()
    assert not seat.overflows()
