"""Who may put a seal on a document now: its keeper, or the deputy while he is away."""

import pytest

from app.handling.acts.going_away import go_away
from app.seals.models import Seal
from app.seals.registry import keeping
from app.seals.registry.errors import ForeignSeal
from tests.seals.registry.sealing import made
from tests.seals.registry.test_making import second_keeper
from tests.world import World


def away(world: World, login: str) -> None:
    until = world.at.replace(hour=18)
    given = {"since": world.at, "until": until, "words": "赴市局", "travelling": False}
    go_away(world.session, world.actor(login), world.at, **given)
    world.session.commit()


def refusal(world: World, seal: Seal, login: str, kind: str = "通知") -> str:
    person = world.actor(login).person_id
    with pytest.raises(ForeignSeal) as refused:
        keeping.ensure_usable(world.session, seal, seal.unit_id, person, kind, world.at)
    assert keeping.usable(world.session, seal.unit_id, person, kind, world.at) == []
    return refused.value.message


def usable(world: World, seal: Seal, login: str) -> bool:
    person = world.actor(login).person_id
    keeping.ensure_usable(world.session, seal, seal.unit_id, person, "通知", world.at)
    return bool(keeping.usable(world.session, seal.unit_id, person, "通知", world.at))


def test_the_keeper_seals_and_the_deputy_waits(world: World) -> None:
    seal = made(world, deputy=second_keeper(world))
    assert usable(world, seal, "seal.keeper")
    assert "在岗" in refusal(world, seal, "archivist")
    assert "不由您保管" in refusal(world, seal, "printing")


def test_a_keeper_on_leave_cannot_seal_and_the_deputy_can(world: World) -> None:
    seal = made(world, deputy=second_keeper(world))
    away(world, "seal.keeper")
    assert "您已登记外出" in refusal(world, seal, "seal.keeper")
    assert usable(world, seal, "archivist")


def test_without_a_deputy_nobody_seals_meanwhile(world: World) -> None:
    seal = made(world)
    away(world, "seal.keeper")
    assert "您已登记外出" in refusal(world, seal, "seal.keeper")
