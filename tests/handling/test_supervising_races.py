"""督办 by several at once, on PostgreSQL: one wins, the other is told; time waits for nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app import clock
from app.database import db
from app.deadlines import load
from app.deadlines.models import Due
from app.deadlines.sweep import sweep
from app.deadlines.workdays import local_date
from app.errors import Conflict
from app.handling.effects import EFFECTS
from app.handling.supervision import extending, opening, reporting
from app.handling.supervision.models import Supervision, SupervisionExtension
from app.handling.supervision.rows import counts
from tests.handling.test_races import at_once
from tests.handling.test_supervising import ask, supervise
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 8


def prepared(app: Flask, *, asked: bool = False) -> tuple[int, int]:
    """A supervision of the present day, with a request if so: its id and that of its case."""
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session)
        done = world.register(received_at=(world.at - timedelta(hours=1)).isoformat())
        calendar = load(world.session, done.case.unit_id)
        day = calendar.workday_after(local_date(world.at), 2)
        found = supervise(world, done.case, by=day)
        if asked:
            ask(world, found, calendar.workday_after(day))
        ids = found.id, done.case.id
        db.session.remove()
    return ids


def waiting_of(app: Flask, supervision: int) -> int:
    with app.app_context():
        query = sa.select(SupervisionExtension.id).where(
            SupervisionExtension.supervision_id == supervision
        )
        found: int = db.session.scalars(query).one()
        db.session.remove()
    return found


def by(
    login: str, operation: Callable[..., object], *values: object, **more: object
) -> Callable[[], None]:
    def act() -> None:
        operation(db.session(), World(db.session()).actor(login), *values, **more)

    return act


def test_two_open_one_for_the_same_department(postgres_app: Flask) -> None:
    for _ in range(ROUNDS):
        first, case = prepared(postgres_app)
        with postgres_app.app_context():
            day = local_date(db.session.get_one(Supervision, first).due_at)
            db.session.remove()
        order = opening.Order("finance", day, "核算经费。", "会议纪要")
        results = at_once(
            postgres_app,
            *(by(login, opening.supervise, case, order) for login in ("office.head", "secretary")),
        )
        (lost,) = [error for error in results if error is not None]
        assert isinstance(lost, Conflict)


def test_one_consents_while_another_refuses_or_closes(postgres_app: Flask) -> None:
    for _ in range(ROUNDS):
        supervision, _ = prepared(postgres_app, asked=True)
        results = at_once(
            postgres_app,
            by(
                "office.head",
                extending.decide,
                supervision,
                waiting_of(postgres_app, supervision),
                agree=True,
            ),
            by(
                "secretary",
                extending.decide,
                supervision,
                waiting_of(postgres_app, supervision),
                agree=False,
                answer="不行。",
            ),
        )
        (lost,) = [error for error in results if error is not None]
        assert isinstance(lost, Conflict)
        supervision, _ = prepared(postgres_app, asked=True)
        consented, closed = at_once(
            postgres_app,
            by(
                "office.head",
                extending.decide,
                supervision,
                waiting_of(postgres_app, supervision),
                agree=True,
            ),
            by("secretary", reporting.close, supervision, "已办。"),
        )
        assert closed is None
        assert consented is None or isinstance(consented, Conflict)
        with postgres_app.app_context():
            waiting = sa.select(sa.func.count()).where(
                Due.subject_type == "supervision",
                Due.subject_id == supervision,
                Due.state == "pending",
            )
            assert db.session.scalar(waiting) == 0
            db.session.remove()


def test_it_is_closed_while_the_sweep_marks_it(postgres_app: Flask) -> None:
    """Whoever is first: a closed one is never marked afterwards, and no row is left."""
    for _ in range(ROUNDS):
        supervision, _ = prepared(postgres_app)
        with postgres_app.app_context():
            late = db.session.get_one(Supervision, supervision).due_at + timedelta(minutes=1)
            db.session.remove()

        def sweep_now(late: datetime = late) -> None:
            with clock.moved_to(late):
                sweep(sessionmaker(db.engine), EFFECTS)

        closed, swept = at_once(
            postgres_app, by("office.head", reporting.close, supervision, "已办。"), sweep_now
        )
        assert (closed, swept) == (None, None)
        sweep_later(postgres_app, late + timedelta(minutes=5))
        with postgres_app.app_context():
            rows = db.session.scalars(
                sa.select(Due.state).where(
                    Due.subject_type == "supervision", Due.subject_id == supervision
                )
            ).all()
            assert "pending" not in rows
            db.session.remove()


def sweep_later(app: Flask, at: datetime) -> None:
    with app.app_context(), clock.moved_to(at):
        sweep(sessionmaker(db.engine), EFFECTS)


def test_the_counts_of_the_column_on_postgresql(postgres_app: Flask) -> None:
    prepared(postgres_app, asked=True)
    prepared(postgres_app)
    with postgres_app.app_context():
        world = World(db.session())
        assert counts(world.session, world.actor("office.head")) == (2, 1)
        assert counts(world.session, world.actor("sole.head")) == (0, 0)
        db.session.remove()
