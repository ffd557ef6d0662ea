"""An installation on either engine, with a token of everybody who takes part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import clock, organization
from app.config import Config
from app.database import db
from app.documents.storage import Store
from app.organization import accounts
from tests.faults.processes import Process, free_port

PEOPLE = (
    *("drafter", "dept.head", "dept.deputy", "office.head", "leader", "leader2", "leader3"),
    *("printing", "seal.keeper", "secretary", "dispatcher", "process.admin", "process.admin2"),
)

Start = Callable[..., Process]


@dataclass
class Office:
    """An installation under test and its folder for logs."""

    app: Flask
    config: Config
    folder: Path
    tokens: dict[str, str]

    @property
    def store(self) -> Store:
        return Store(self.config.data / "files")

    @property
    def on_postgres(self) -> bool:
        return self.config.database_url.startswith("postgresql")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    name = "app" if request.param == "sqlite" else "postgres_app"
    app: Flask = request.getfixturevalue(name)
    with app.app_context():
        tokens = {login: _token(login) for login in PEOPLE}
        db.session.commit()
        db.session.remove()
    return Office(app, app.config["SETTINGS"], tmp_path, tokens)


def _token(login: str) -> str:
    person = organization.person_by_login(db.session(), login)
    return accounts.new_token(db.session(), person.id, "测试", clock.now(db.session()))


@pytest.fixture
def started(office: Office) -> Iterator[Start]:
    """``started("log", arguments)`` starts a process; all are killed at the end of the test."""
    running: list[Process] = []

    def start(name: str, *arguments: str, web: bool = False) -> Process:
        port = free_port() if web else 0
        process = Process(office.config, arguments, office.folder / f"{name}.log", port)
        process.start()
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
