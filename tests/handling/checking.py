"""登录查收 as tests play it: the chore that keeps watch, people who come, and what was missed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from app import audit, clock
from app.clock import SHANGHAI
from app.deadlines import policies
from app.deadlines.scheduler import do_chores
from app.handling.checkins import visiting
from app.handling.checkins.models import MissedCheck
from app.handling.checkins.watching import keep_watch
from app.organization import Person
from tests.world import World

BY = audit.signed_by_rule("测试")


def watch(world: World) -> None:
    """What the scheduler does every few seconds."""
    world.session.rollback()
    with clock.moved_to(world.at):
        do_chores(sessionmaker(world.session.get_bind()), (keep_watch,))


def choose(world: World, **texts: str) -> None:
    """The county bureau chooses, and is watched by it from now on."""
    unit = world.actor("drafter").unit_id
    policies.choose(world.session, unit, texts, "试行", BY, world.at, source="局办〔2026〕7号")
    world.session.commit()
    watch(world)


def moment(text: str) -> datetime:
    """``23 10:30`` in November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI)


def come(world: World, login: str, at: str | None = None) -> None:
    """Somebody looks at his lists."""
    world.at = moment(at) if at else world.at
    with clock.moved_to(world.at):
        visiting.note(world.session, world.actor(login), world.at)
        world.session.commit()


def sweep_at(world: World, *moments: str) -> None:
    for each in moments:
        world.at = moment(each)
        world.sweep()


def missed_by(world: World, login: str) -> list[str]:
    """``23 08:30-10:30``, earliest first."""
    world.session.rollback()
    query = (
        sa.select(MissedCheck.opens_at, MissedCheck.closes_at)
        .join(Person, Person.id == MissedCheck.person_id)
        .where(Person.login == login)
        .order_by(MissedCheck.closes_at)
    )
    return [
        f"{opens.astimezone(SHANGHAI):%d %H:%M}-{closes.astimezone(SHANGHAI):%H:%M}"
        for opens, closes in world.session.execute(query)
    ]
