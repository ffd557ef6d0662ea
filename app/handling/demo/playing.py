"""Playing all stories in one order of time, with the time limits taking effect in between."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.deadlines.models import Due
from app.deadlines.sweep import sweep
from app.handling.demo.acts import Act
from app.handling.demo.days import Days
from app.handling.demo.stage import Actors, Stage
from app.handling.demo.stories import Story
from app.handling.effects import EFFECTS
from app.organization.demo import UNITS

SWEPT_AFTER = timedelta(seconds=10)
"""From a limit's end until the sweep finds it, as it does every few seconds."""
APART = timedelta(milliseconds=1)
"""At least so much lies between two acts: no two carry one time, so their order is beyond doubt."""
WORKER = "演示"


def play(session: Session, stories: Sequence[Story], days: Days, now: datetime) -> None:
    """Every act at its time, in a transaction of its own; at the end it is ``now``."""
    for at, act, stage in _in_order(_stages(session, stories), stories, days, now):
        _sweep_until(session, at)
        with clock.moved_to(at):
            _play(act, stage)
            session.commit()
    _sweep_until(session, now)
    with clock.moved_to(now):
        _sweep(session)


def _play(act: Act, stage: Stage) -> None:
    try:
        act.play(stage)
    except Exception as error:
        error.add_note(f"in story {stage.number} ({stage.unit.key}): {act}")
        raise


def _stages(session: Session, stories: Sequence[Story]) -> list[Stage]:
    units = {unit.key: unit for unit in UNITS}
    actors: Actors = {}
    return [Stage(session, units[each.unit], n, actors) for n, each in enumerate(stories)]


def _in_order(
    stages: Sequence[Stage], stories: Sequence[Story], days: Days, now: datetime
) -> Iterable[tuple[datetime, Act, Stage]]:
    planned = [
        (at, stage.number, place)
        for stage, story in zip(stages, stories, strict=True)
        for place, at in enumerate(story.times(days, now))
    ]
    last: datetime | None = None
    for wanted, number, place in sorted(planned):
        last = wanted if last is None else max(wanted, last + APART)
        yield last, stories[number].acts[place], stages[number]


def _sweep_until(session: Session, until: datetime) -> None:
    """What runs out before the next act takes effect before it."""
    first = sa.select(sa.func.min(Due.next_try_at)).where(Due.state == "pending")
    while True:
        ready = session.scalar(first)
        session.commit()  # on SQLite the sweep waits for the end of every other transaction
        if ready is None or ready + SWEPT_AFTER >= until:
            return
        with clock.moved_to(ready + SWEPT_AFTER):
            _sweep(session)


def _sweep(session: Session) -> None:
    sweep(sessionmaker(session.get_bind()), EFFECTS, worker=WORKER)
