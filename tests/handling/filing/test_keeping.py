"""The database itself keeps what was filed, on both engines."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from app.database import db
from app.handling.filing import keeping
from tests.handling.filing.archiving import Archive
from tests.world import World

CHANGES = [
    "UPDATE archive_item SET title = '另一件'",
    "UPDATE archive_item SET formed_on = '2020-01-01'",
    "UPDATE archive_item SET retention = 'd10', reason = '不再需要'",
    "UPDATE archive_item SET reference = NULL, sequence = NULL, accepted_at = NULL",
    "UPDATE archive_transfer_line SET retention = 'd10'",
    "UPDATE archive_transfer_line SET result = 'waiting'",
    "DELETE FROM archive_transfer_line",
    "DELETE FROM archive_item",
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest) -> Iterator[Archive]:
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context():
        yield Archive(World(db.session()))
        db.session.remove()


def test_what_the_archive_has_accepted_stays(both: Archive) -> None:
    both.accept(both.propose(both.filed()))
    session = both.world.session
    for change in CHANGES:
        with pytest.raises(DatabaseError, match=keeping.REFUSAL):
            session.execute(sa.text(change))
        session.rollback()


def test_until_then_only_the_retention_changes(both: Archive) -> None:
    both.filed()
    session = both.world.session
    session.execute(sa.text("UPDATE archive_item SET retention = 'd10', reason = '只用一次'"))
    session.commit()
    with pytest.raises(DatabaseError, match=keeping.REFUSAL):
        session.execute(sa.text("UPDATE archive_item SET number = '江水〔2026〕9号'"))
    session.rollback()
    with pytest.raises(DatabaseError):
        session.execute(sa.text("UPDATE archive_item SET retention = 'permanent', reason = ''"))
    session.rollback()
