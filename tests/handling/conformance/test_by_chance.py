"""Whatever people do by the operations, nothing wrong is found in it: random acts on a tangle."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from app.handling.conformance.kinds import WRONG
from app.workflow import checks, trial
from tests.conftest import LONG
from tests.handling import stages
from tests.handling.conformance.test_replaying import deviations
from tests.handling.test_tangle import ACTS, REFUSALS, SEEDS, Tangle
from tests.world import World


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def tangled(world: World) -> World:
    stages.in_force(world.session, stages.tangled())
    return world


@settings(
    max_examples=200 if LONG else 5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=SEEDS)
def test_nothing_that_the_operations_allow_is_wrong(tangled: World, seed: int) -> None:
    tangle = Tangle(tangled, seed)
    for _ in range(tangle.chance.randint(4, 20)):
        if tangle.case.state not in ("running", "suspended"):
            break
        try:
            tangle.one(ACTS)(tangle)
        except REFUSALS:
            tangled.session.rollback()
    tangle.close()
    found = deviations(tangled, tangle.case)
    assert [each for each in found if each.kind in WRONG] == []
