"""How far a page is, told where somebody waits for it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.database import db
from app.documents.layout import Rendered
from app.handling.views import paper
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.world import World


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every page takes two passes, and is set once ``go_on`` is called."""
    gate, real = threading.Event(), paper.render

    def slow(sheet: Any, fonts: Any, *, passing: Callable[[], None]) -> Rendered:
        passing()
        passing()
        gate.wait(20)
        return real(sheet, fonts)

    monkeypatch.setattr(paper, "render", slow)
    monkeypatch.setattr(paper, "_pages", {})
    return gate.set


@pytest.fixture
def stay(app: Flask) -> int:
    with app.app_context():
        world = World(db.session())
        task = world.run(world.draft(), until="leader_sign")
        assert task is not None
        number: int = task.id
        db.session().rollback()
        return number


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_who_opens_the_page_is_told_how_far_it_is(
    desk: Sit, stay: int, slowly: Callable[[], None], size: dict[str, int]
) -> None:
    leader = desk("leader", size=size)
    page = leader.go(f"/tasks/{stay}")
    page.get_by_role("link", name="连同版面检查").click()
    page.get_by_text("正在排版，第 2 遍（至多 16 遍）。").wait_for()
    leader.shot(f"typesetting-{size['width']}")
    assert leader.barriers() == []
    assert not leader.overflows()
    slowly()
    page.get_by_text("排成 1 页").wait_for()


def test_the_sign_off_waits_for_the_page_it_signs(
    desk: Sit, stay: int, slowly: Callable[[], None]
) -> None:
    leader = desk("leader")
    page = leader.go(f"/tasks/{stay}")
    page.get_by_role("radio", name="同意签发").check()
    page.locator("#opinion").fill("同意签发。")
    page.evaluate(REMEMBER)
    threading.Timer(2, slowly).start()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已提交，").wait_for()
    said = page.evaluate("sessionStorage.getItem('said')")
    assert "正在提交…|正在排版，第 2 遍（至多 15 遍）。" in said


REMEMBER = """() => {
  const button = document.querySelector("button[data-main]");
  const note = () => sessionStorage.setItem(
    "said", `${sessionStorage.getItem("said") ?? ""}|${button.textContent}`);
  new MutationObserver(note).observe(button, { childList: true });
}"""
"""A browser tells nothing of a page that it is about to leave: what its button says is kept."""
