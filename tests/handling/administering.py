"""What the tests of process administrators share: one proposes, the other one agrees."""

from app import clock
from app.handling.acts import deciding, intervening
from app.handling.acts.intervening import Proposal
from app.handling.models import Case, Intervention, Task
from tests.world import World

FIRST, SECOND = "process.admin", "process.admin2"


def propose(
    world: World,
    case: Case,
    kind: str,
    task: Task | None = None,
    to: str | None = None,
    *,
    by: str = FIRST,
    reason: str = "办理人突发疾病。",
    clause: str = "办公会纪要〔2026〕3号",
) -> Intervention:
    world.later(minutes=1)
    form = Proposal(kind, reason, clause, task.id if task else None, to)
    with clock.moved_to(world.at):
        try:
            found = intervening.propose(world.session, world.actor(by), case.id, form)
            world.session.commit()
        except BaseException:
            world.session.rollback()
            raise
    return found


def decide(
    world: World, found: Intervention, agree: bool = True, *, by: str = SECOND, answer: str = ""
) -> Intervention:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        try:
            actor = world.actor(by)
            done = deciding.decide(world.session, actor, found.id, agree=agree, answer=answer)
            world.session.commit()
        except BaseException:
            world.session.rollback()
            raise
    return done


def take_back(world: World, found: Intervention, *, by: str = FIRST) -> Intervention:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        try:
            deciding.withdraw(world.session, world.actor(by), found.id)
            world.session.commit()
        except BaseException:
            world.session.rollback()
            raise
    return found


def carry_out(
    world: World, case: Case, kind: str, task: Task | None = None, to: str | None = None
) -> Intervention:
    """Both of it."""
    return decide(world, propose(world, case, kind, task, to))
