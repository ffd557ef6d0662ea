"""A copy is read or taken back, never both, whoever is first. On PostgreSQL, with two sessions."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.database import db
from app.errors import Conflict
from app.handling.acts import copies
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.recalling import recall
from app.handling.models import Circulation
from app.handling.stays import notices
from tests.world import World


@pytest.mark.postgres
@pytest.mark.parametrize("reader_is_first", [True, False])
def test_reading_and_taking_back_at_once(postgres_app: Flask, reader_is_first: bool) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        task = world.run(world.draft(), "office_check")
        assert task is not None
        case_id, document = task.case_id, world.case_of(task).document_id
        sender, reader = world.actor("office.head"), world.actor("leader3")
        (copy,) = world._act(circulate, sender, document, Circulate(["leader3"]))
        copy_id = copy.id
        world.session.commit()
        refused: list[str] = []
        engine = db.engine

        def read(session: Session) -> None:
            copies.note_read(session, reader, case_id, world.at)
            notices.mark_read(session, reader, case_id, world.at)

        def take_back(session: Session) -> None:
            try:
                recall(session, sender, document, copy_id)
            except Conflict as error:
                refused.append(error.code)
                session.rollback()

        first, second = (read, take_back) if reader_is_first else (take_back, read)

        def other() -> None:
            with Session(engine) as session:
                second(session)
                session.commit()

        with Session(engine) as session:
            first(session)
            session.flush()
            waiting = threading.Thread(target=other)
            waiting.start()
            waiting.join(0.5)
            assert waiting.is_alive()  # it waits for the row
            session.commit()
            waiting.join()
        world.session.expire_all()
        found = world.session.scalars(sa.select(Circulation)).one()
        assert (found.read_at is None) != (found.recalled_at is None)
        assert (found.read_at is not None) == reader_is_first
        assert refused == (["already_read"] if reader_is_first else [])
        db.session.remove()
