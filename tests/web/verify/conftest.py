"""An office whose tables know the certificates and lists of the house, and one sealed paper."""

from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.database import db
from tests.seals.house import AT, House
from tests.seals.issued import Stages, fonts, house, issued, paper
from tests.seals.on_record import put_house, put_paper

__all__ = ["fonts", "house", "issued", "paper"]


@pytest.fixture
def known(app: Flask, house: House, paper: Stages) -> Flask:
    """The application with the house's authority and its paper on record."""
    with app.app_context():
        session = db.session()
        put_house(session, house, clock.now(session))
        put_paper(session, paper, AT)
        session.commit()
        db.session.remove()
    return app


@pytest.fixture
def file(tmp_path: Path, paper: Stages) -> Path:
    found = tmp_path / "江水〔2026〕15号.pdf"
    found.write_bytes(paper.sealed)
    return found
