"""A person at the pages: signs in with a password, reads forms as a browser would, sends them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from tests.world import MONDAY

AFTERNOON = MONDAY + timedelta(hours=5)
"""14:00 on the Monday on which the world begins at 9:00."""


@dataclass
class Page:
    """An answer, and its HTML to look into."""

    answer: TestResponse
    root: Any = None

    def __post_init__(self) -> None:
        if self.answer.mimetype == "text/html" and self.answer.data:
            self.root = lxml.html.fromstring(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def leads_to(self) -> str:
        return self.answer.headers["Location"]

    def texts(self, selector: str) -> list[str]:
        return [" ".join(each.text_content().split()) for each in self.root.cssselect(selector)]

    def text(self, selector: str) -> str:
        found = self.texts(selector)
        assert len(found) == 1, (selector, found)
        return found[0]

    def form(self, selector: str) -> dict[str, Any]:
        """What a browser would send of a form without pressing a button."""
        (form,) = self.root.cssselect(selector)
        sent: dict[str, Any] = {}
        for each in form.cssselect("input[name], textarea[name], select[name]"):
            kind = each.get("type")
            if (kind in ("radio", "checkbox") and each.get("checked") is None) or kind == "file":
                continue
            value = each.value if each.value is not None else ""
            if each.tag == "textarea":
                value = value.removeprefix("\n")
            sent.setdefault(each.get("name"), []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


@dataclass
class Desk:
    """One person's browser, without script.

    at    the time of the office
    rest  called before each request: a test that also acts by itself lets go of its locks
    """

    app: Flask
    login: str
    password: str
    at: datetime = AFTERNOON
    rest: Callable[[], None] = lambda: None
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, password: str | None = None, **more: str) -> Page:
        page = self.get("/sign-in")
        form = page.form("form.card[action='/sign-in']") | {"login": self.login, **more}
        return self.post("/sign-in", form | {"password": password or self.password})

    def get(self, path: str) -> Page:
        return self._ask(lambda: self.client.get(path))

    def post(self, path: str, form: dict[str, Any]) -> Page:
        return self._ask(lambda: self.client.post(path, data=form))

    def press(self, path: str, selector: str, **typed: Any) -> Page:
        """Open a page, fill in one of its forms and send it to where the form says."""
        page = self.get(path)
        (form,) = page.root.cssselect(selector)
        return self.post(form.get("action") or path, {**page.form(selector), **typed})

    def _ask(self, request: Callable[[], TestResponse]) -> Page:
        """Each request has a context of its own, as in the server."""
        self.rest()
        with self.app.app_context(), clock.moved_to(self.at):
            return Page(request())
