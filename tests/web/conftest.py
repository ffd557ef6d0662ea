"""Programs that speak to the API as people of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, organization
from app.database import db
from app.handling.models import Task
from app.organization import accounts
from tests.web.desk import Desk
from tests.web.handling import dismiss, now_open, waiting
from tests.world import World


@dataclass
class Caller:
    """One person's program, with a personal token."""

    client: FlaskClient
    token: str

    def get(self, path: str, key: str | None = None, **more: Any) -> TestResponse:
        return self.client.get(path, headers=self._headers(key), **more)

    def post(
        self, path: str, body: Any = None, key: str | None = None, **more: Any
    ) -> TestResponse:
        if "data" not in more:
            more["json"] = {} if body is None else body
        return self.client.post(path, headers=self._headers(key), **more)

    def patch(self, path: str, body: Any) -> TestResponse:
        return self.client.patch(path, headers=self._headers(), json=body)

    def delete(self, path: str, body: Any = None) -> TestResponse:
        more = {} if body is None else {"json": body}
        return self.client.delete(path, headers=self._headers(), **more)

    def _headers(self, key: str | None = None) -> dict[str, str]:
        given = {"Idempotency-Key": key} if key else {}
        return {"Authorization": f"Bearer {self.token}", **given}


@pytest.fixture
def call(app: Flask) -> Callable[[str], Caller]:
    """``call("leader")`` speaks as that person."""
    tokens: dict[str, str] = {}

    def caller(login: str) -> Caller:
        if login not in tokens:
            with app.app_context():
                person = organization.person_by_login(db.session(), login)
                at = clock.now(db.session())
                tokens[login] = accounts.new_token(db.session(), person.id, "测试", at)
                db.session.commit()
        return Caller(app.test_client(), tokens[login])

    return caller


At = Callable[[str], Desk]


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    """``at("leader")``: that person's browser, signed in, on the Monday afternoon."""

    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


@pytest.fixture
def review(world: World) -> Task:
    """A notice at the review by the section head."""
    return waiting(world, world.run(world.draft(), "dept_review"))


@pytest.fixture
def stopped(world: World) -> Task:
    """A notice that nobody can seal."""
    done = world.draft()
    task = world.run(done, "register_number")
    assert task is not None
    dismiss(world, "seal-keeper")
    world.complete(task, "printing", "register")
    (blocked,) = now_open(world, done.case.id)
    assert blocked.blocked is not None
    return waiting(world, blocked)
