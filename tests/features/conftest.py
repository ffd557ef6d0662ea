"""Scenarios in Chinese, played against the whole application through its API."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.database import db
from app.organization.passwords import hashed_by
from tests.conftest import CHEAP, POSTGRES, install, settings
from tests.features.story import Story

HERE = Path(__file__).parent
STEPS = sorted(path.stem for path in HERE.glob("steps_*.py"))


def pytest_configure(config: pytest.Config) -> None:
    """Load the steps for every folder; let ``-m OUT-05`` select the proofs of a rule."""
    for name in STEPS:
        config.pluginmanager.import_plugin(f"tests.features.{name}")
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.rglob("*.feature"))
    for rule in sorted(set(re.findall(r"@([A-Z]{3}-\d\d)", text))):
        config.addinivalue_line("markers", f"{rule}: scenarios that prove this rule")


@pytest.fixture(scope="session")
def postgres_copies(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes databases on PostgreSQL in which the office is installed already."""
    app = create_app(settings(tmp_path_factory.mktemp("template"), postgres_url))
    with app.app_context():
        install(app)
        db.engine.dispose()
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    template = sa.make_url(postgres_url)
    names: list[str] = []

    def copy() -> str:
        names.append(f"{template.database}_{len(names) + 1}")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {names[-1]} TEMPLATE {template.database}")
        return template.set(database=names[-1]).render_as_string(hide_password=False)

    yield copy
    with admin.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite; on PostgreSQL for scenarios tagged ``@postgres``."""
    if request.node.get_closest_marker("postgres") is None:
        yield request.getfixturevalue("app")
        return
    app = create_app(settings(tmp_path, request.getfixturevalue("postgres_copies")()))
    with hashed_by(CHEAP):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def story(office: Flask) -> Story:
    return Story(office)
