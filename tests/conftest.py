"""What tests share: an installation made once, and a copy of it for each test."""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as trials
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import ROOT, clock, create_app
from app.config import Config
from app.database import Base, db
from app.documents.layout import FontBook, Rendered, Sheet
from app.handling.routes import publish_shipped
from app.handling.views import paper
from app.organization import demo
from app.organization.passwords import Hasher, hashed_by
from tests.world import MONDAY, World

trials.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
trials.load_profile("ours")  # how busy the machine is proves nothing
LONG = bool(os.environ.get("GONGWEN_LONG"))
"""The long pass of what is left to chance: more rounds, more kills (see ./test help)."""
CHEAP = Hasher(memory_kib=8, passes=1, lanes=1)
"""Passwords of tests need no expensive hash."""


def install(app: Flask) -> str:
    """Tables, offices and routes in an empty database; the password of all its people."""
    Base.metadata.create_all(db.engine)
    with clock.moved_to(MONDAY), hashed_by(CHEAP):
        passwords = demo.install(db.session(), MONDAY)
        publish_shipped(db.session(), ROOT / "processes", MONDAY)
        db.session.commit()
    db.session.remove()
    return passwords["drafter"]


def settings(data: Path, url: str) -> Config:
    key = "of-tests-" * 8
    return Config(data=data, database_url=url, secret_key=key, demo=True, factor_key=key)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder as ``gongwen init`` and ``gongwen demo`` leave it, and the password."""
    data = tmp_path_factory.mktemp("installation")
    app = create_app(settings(data, f"sqlite:///{data / 'gongwen.sqlite3'}"))
    with app.app_context():
        password = install(app)
        db.engine.dispose()
    gc.collect()
    gc.freeze()  # what stays need not be searched for waste after each test
    return data, password


@pytest.fixture(scope="session", autouse=True)
def _pages_set_once() -> Iterator[None]:
    """A page takes a second and is the same for the same sheet: documents of tests share theirs."""
    real, done = paper.render, {}

    def once(sheet: Sheet, fonts: FontBook, **more: Any) -> Rendered:
        key = (sheet, fonts.fingerprint)
        if key not in done:
            done[key] = real(sheet, fonts, **more)
        return done[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper, "render", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    """Each application compiles its five hundred addresses anew; those of tests share the code."""
    real, done = Rule._compile_builder, {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in done:
            done[key] = real(rule, append_unknown)
        return done[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture
def app(installation: tuple[Path, str], tmp_path: Path) -> Iterator[Flask]:
    """The application on a SQLite copy of its own."""
    shutil.copy(installation[0] / "gongwen.sqlite3", tmp_path / "gongwen.sqlite3")
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'gongwen.sqlite3'}"))
    with hashed_by(CHEAP):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of one's own, for tests that call operations and queries."""
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def password(installation: tuple[Path, str]) -> str:
    return installation[1]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


POSTGRES = sa.make_url(
    os.environ.get("GONGWEN_TEST_DATABASE", "postgresql+psycopg://root@127.0.0.1:5432/test")
)
"""A server on which tests may create databases of their own."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A new database for this run; dropped at its end."""
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"gongwen_test_{uuid.uuid4().hex[:12]}"
    try:
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL to test on: {error.orig}")
    yield POSTGRES.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_copies(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes databases on PostgreSQL in which the office is installed already."""
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    office = f"{sa.make_url(postgres_url).database}_office"
    names = [office]

    def url_of(name: str) -> str:
        return POSTGRES.set(database=name).render_as_string(hide_password=False)

    def create(words: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {words}")

    def copy() -> str:
        names.append(f"{office}_{len(names)}")
        create(f"{names[-1]} TEMPLATE {office}")
        return url_of(names[-1])

    create(office)
    app = create_app(settings(tmp_path_factory.mktemp("template"), url_of(office)))
    with app.app_context():
        install(app)
        db.engine.dispose()
    yield copy
    with admin.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def postgres_app(postgres_copies: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    """The application on a PostgreSQL copy of its own."""
    app = create_app(settings(tmp_path, postgres_copies()))
    with hashed_by(CHEAP):
        yield app
    with app.app_context():
        db.engine.dispose()
