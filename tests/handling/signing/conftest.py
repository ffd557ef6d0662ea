"""An office that signs with keys: founded once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.database import db
from app.organization.passwords import hashed_by
from tests.conftest import CHEAP, settings
from tests.handling.signing.direct import SigningOffice, found, processes, use_signer
from tests.world import World

FILE = "gongwen.sqlite3"


@pytest.fixture(scope="session")
def founded(installation: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the keys of both processes."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copy(installation[0] / FILE, folder / FILE)
    app = create_app(settings(folder, f"sqlite:///{folder / FILE}"))
    with app.app_context(), hashed_by(CHEAP):
        found(World(db.session()), folder)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def app(founded: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of its own, in the place of the one that signs nothing."""
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / FILE}"))
    with hashed_by(CHEAP):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def office(world: World, password: str, tmp_path: Path) -> SigningOffice:
    use_signer(*processes(tmp_path))
    return SigningOffice(world, password, tmp_path)
