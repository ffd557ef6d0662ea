"""Scenarios in Chinese, played against the whole application through its API."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.database import db
from app.organization import Person, accounts
from app.organization.passwords import hashed_by
from tests.conftest import CHEAP, settings
from tests.features.checkpoints import Checkpoints
from tests.features.story import Story
from tests.serving import served
from tests.world import MONDAY

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
def checkpoints(
    installation: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Checkpoints:
    """Begins with the installed office, in which everybody has a personal token."""
    folder = tmp_path_factory.mktemp("checkpoints")
    file = folder / "begin.sqlite3"
    shutil.copy(installation[0] / "gongwen.sqlite3", file)
    app = create_app(settings(folder, f"sqlite:///{file}"))
    with app.app_context():
        session = db.session()
        tokens = {
            person.login: accounts.new_token(session, person.id, "场景", MONDAY)
            for person in session.scalars(sa.select(Person))
        }
        session.commit()
        db.session.remove()
        db.engine.dispose()
    return Checkpoints(folder, file, tokens)


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """The application on SQLite; on PostgreSQL for scenarios tagged ``@postgres``.

    GONGWEN_FEATURES_ON=postgresql plays all of them there, which takes some minutes; with
    ``serving`` as a role that owns nothing and has the rights of ``gongwen database grant``.
    """
    wanted = os.environ.get("GONGWEN_FEATURES_ON")
    on_postgres = request.node.get_closest_marker("postgres") is not None
    on_postgres |= wanted in ("postgresql", "serving")
    saved: Checkpoints | None = None
    if on_postgres:
        url = request.getfixturevalue("postgres_copies")()
        url = served(url) if wanted == "serving" else url
    else:
        saved = request.getfixturevalue("checkpoints")
        url = f"sqlite:///{shutil.copy(saved.begin, tmp_path / 'gongwen.sqlite3')}"
    app = create_app(settings(tmp_path, url))
    with hashed_by(CHEAP):
        yield Story(app, saved, tokens=dict(saved.tokens) if saved else {})
    with app.app_context():
        db.engine.dispose()
