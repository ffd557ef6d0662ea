"""A server on loopback, Chromium, and pages that fail on faults, foreign requests and barriers."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from app.organization.passwords import hashed_by
from app.web import assets
from tests.conftest import CHEAP

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
AXE = Path(assets.FRONTEND) / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(__file__).parent / "shots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """Address of the running application."""
    if assets.assets_stale():
        assets.build_assets()
    serving = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
    with hashed_by(CHEAP):
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


class Desk:
    """One person at a browser. ``faults`` collects what must not happen."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.faults: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._stay_here)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def go(self, path: str) -> Page:
        self.page.goto(self.server + path)
        return self.page

    def sign_in(self, login: str, password: str) -> None:
        self.go("/sign-in")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(self.server + "/")

    def barriers(self) -> list[str]:
        """What axe-core finds on the page as it is: rule, and the first element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run()")
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]

    def overflows(self) -> bool:
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )

    def shot(self, name: str) -> None:
        """Keep a picture of the page for people to look at; git ignores the folder, CI has none."""
        if os.environ.get("CI"):
            return
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _stay_here(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.faults.append(f"request to {request.url}")


@pytest.fixture
def desk(browser: Browser, server: str, password: str) -> Iterator[Callable[..., Desk]]:
    """``desk("leader")`` sits down as that person; at the end nothing may have gone wrong."""
    desks: list[tuple[Desk, Any]] = []

    def sit(login: str | None, *, scripts: bool = True, size: dict[str, int] = DESK) -> Desk:
        context = browser.new_context(viewport=size, java_script_enabled=scripts, locale="zh-CN")
        found = Desk(context.new_page(), server)
        desks.append((found, context))
        if login is not None:
            found.sign_in(login, password)
        return found

    yield sit
    faults = [fault for found, _ in desks for fault in found.faults]
    for _, context in desks:
        context.close()
    assert not faults
