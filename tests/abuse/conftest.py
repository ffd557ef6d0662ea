"""An office in which nothing succeeds: made once per file, because refusals change nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock, create_app, organization
from app.database import db
from app.organization import accounts, sessions
from app.organization.passwords import hashed_by
from tests.conftest import CHEAP, settings
from tests.web.conftest import Caller, call
from tests.world import World

__all__ = ["call"]


@dataclass
class Office:
    """The application with a document at every place that a test needs.

    tokens     personal tokens by login
    documents  id of the document of each case by name
    cases      ids by name
    tasks      (id, revision) of the stay that each case waits at, by the same name
    """

    app: Flask
    tokens: dict[str, str] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def call(self, login: str) -> Caller:
        """That person's program."""
        if login not in self.tokens:
            with self.app.app_context():
                person = organization.person_by_login(db.session(), login)
                at = clock.now(db.session())
                self.tokens[login] = accounts.new_token(db.session(), person.id, "测试", at)
                db.session.commit()
        return Caller(self.app.test_client(), self.tokens[login])

    def browser(self, login: str) -> FlaskClient:
        """That person's browser, signed in."""
        client = self.app.test_client()
        with self.app.app_context():
            person = organization.person_by_login(db.session(), login)
            at = clock.now(db.session())
            client.set_cookie(
                "gongwen_session", sessions.open_session(db.session(), person.id, None, at)
            )
            db.session.commit()
        return client

    def fill(self) -> None:
        with self.app.app_context():
            world = World(db.session())
            for name, until in (
                ("draft", "draft"),
                ("review", "dept_review"),
                ("signed", "register_number"),
                ("done", None),
            ):
                self._place(world, name, until)
            elsewhere = world.draft("east.drafter")
            self._note("east", elsewhere.case.id, elsewhere.case.document_id)
            self.tasks["east"] = (elsewhere.opened[0].id, 1)
            received = world.register()
            self._note("incoming", received.case.id, received.case.document_id)
            self.tasks["incoming"] = (received.opened[0].id, 1)
            db.session.remove()
        # seen once: what is refused there later only draws the page again
        for login, place in (("dept.head", "review"), ("drafter", "draft")):
            self.call(login).get(f"/api/v1/tasks/{self.tasks[place][0]}")

    def _place(self, world: World, name: str, until: str | None) -> None:
        done = world.draft()
        first = done.opened[0]
        task = world.run(done, until=until) or first
        self._note(name, done.case.id, done.case.document_id)
        self.tasks[name] = (task.id, task.revision)

    def _note(self, name: str, case: int, document: int) -> None:
        self.cases[name], self.documents[name] = case, document


@pytest.fixture(scope="module")
def office(
    installation: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("office")
    shutil.copy(installation[0] / "gongwen.sqlite3", data / "gongwen.sqlite3")
    found = Office(create_app(settings(data, f"sqlite:///{data / 'gongwen.sqlite3'}")))
    with hashed_by(CHEAP):
        found.fill()
        yield found
    with found.app.app_context():
        db.engine.dispose()
