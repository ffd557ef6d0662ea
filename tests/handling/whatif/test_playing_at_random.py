"""Random scenarios on every shipped route: each deed is done or refused, and nothing breaks."""

import random
from datetime import timedelta
from typing import Any

import pytest

from app.handling.whatif import scenario as scenarios
from app.handling.whatif.playing import play
from app.workflow import queries
from tests.conftest import LONG
from tests.world import MONDAY, World

ROUTES = {
    "outgoing": "drafter",
    "outgoing_free": "drafter",
    "incoming": "secretary",
    "scan": "dispatcher",
    "seal_request": "drafter",
}
ROUNDS = 40 if LONG else 6
VALUES = ("", "leader2", "x", True, 3, None, ["leader2"], ["leader2", "dept.head"], "parallel")
KEYS = ("countersigners", "countersign_mode", "handling_department", "series", "copies", "x")


def deed(chance: random.Random, steps: list[str], result: Any, at: Any) -> dict[str, Any]:
    stays = result.open
    stay = chance.choice(stays) if stays and chance.random() < 0.9 else None
    outcomes = [key for key, _ in stay.outcomes] if stay else []
    back = chance.choice(steps) if chance.random() < 0.15 else None
    return {
        "step": stay.step if stay else chance.choice([*steps, "nowhere"]),
        "at": at.isoformat(),
        "outcome": chance.choice([*outcomes, *outcomes, None, "x"]),
        "back": back,
        "person": chance.choice(["", "", "", "leader", "nobody"]),
        "fields": {chance.choice(KEYS): chance.choice(VALUES)} if chance.random() < 0.3 else {},
        "next": [chance.choice(["leader", "nobody", "dept.head"])] if chance.random() < 0.2 else [],
    }


@pytest.mark.parametrize("route", ROUTES)
def test_every_deed_is_done_or_refused(world: World, route: str) -> None:
    session = world.session
    definition = queries.in_force(session, route)
    steps = [step.id for step in definition.steps]
    for seed in range(ROUNDS):
        chance = random.Random(f"{route}{seed}")  # noqa: S311  (tests need no secrets)
        given: dict[str, Any] = {
            "starter": ROUTES[route],
            "at": MONDAY.isoformat(),
            "direction": chance.choice(["upward", "downward"]),
            "urgency": chance.choice(["none", "urgent"]),
            "deeds": [],
        }
        for number in range(1, 13):
            result = play(session, definition, scenarios.read(given))
            at = MONDAY + timedelta(hours=number * chance.choice([1, 1, 20]))
            given["deeds"].append(deed(chance, steps, result, at))
        lines = play(session, definition, scenarios.read(given)).lines
        assert all(line.refused or line.said or line.opened for line in lines), (route, seed)
    assert not session.new
    assert not session.dirty
