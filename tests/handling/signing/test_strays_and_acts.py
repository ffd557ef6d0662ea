"""The hourly look at signatures that nobody submitted, while somebody submits one (PostgreSQL)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import db
from app.handling.act import hold_task
from app.handling.models import Case, Task
from app.handling.signing import ending
from app.seals.models import Certificate, Paper, Signature, SignatureEnd
from tests.seals.house import House
from tests.seals.on_record import _certificate
from tests.world import World

pytestmark = pytest.mark.postgres


def stray(world: World) -> Task:
    """The leader's stay, with a signature in it half an hour old."""
    session = world.session
    done = world.draft()
    (task,) = world.open(done.case)
    document = world.document(done.case)
    certificate: Certificate = _certificate("person", House().holder("刘国强").certificate)
    digest = document.content_sha256
    paper = Paper(
        document_id=document.id,
        content_sha256=digest,
        stage="signed",
        sha256=digest,
        sm3=digest,
        size=1,
        at=world.at,
    )
    session.add_all([certificate, paper])
    session.flush()
    session.add(
        Signature(
            kind="signatory",
            permit=f"{task.id}:签发",
            document_id=document.id,
            task_id=task.id,
            person_id=world.actor("drafter").person_id,
            certificate_id=certificate.id,
            paper_id=paper.id,
            field="签发",
            content_sha256=digest,
            signed_sha256=digest,
            stamped_at=world.at,
            at=world.at,
        )
    )
    session.commit()
    return task


def ends(session: Session) -> int:
    return len(session.scalars(sa.select(SignatureEnd.signature_id)).all())


def test_a_case_that_somebody_is_at_is_left_for_the_next_time(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        task = stray(world)
        later = world.at + timedelta(minutes=30)
        sessions = sessionmaker(db.engine)
        hold_task(world.session, world.actor("drafter"), task.id)
        with sessions() as look:
            assert ending.end_strays(look, later) == 0
            look.rollback()
        world.session.rollback()
        with sessions() as look:
            assert ending.end_strays(look, later) == 1
            case = sa.select(Case.id).where(Case.id == task.case_id).with_for_update(nowait=True)
            with sessions() as other, pytest.raises(sa.exc.OperationalError):
                other.execute(case)
            look.commit()
        assert ends(world.session) == 1
        db.session.remove()
