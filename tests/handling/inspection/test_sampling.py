"""Samples: the algorithm as stated, repeatable, and on record."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from app.errors import Conflict, Invalid, NotFound
from app.handling.inspection import indexing, sampling
from app.handling.inspection.searching import Wanted
from tests.world import World


def take(
    world: World, count: str = "2", seed: str = "2026-07", of: str = "case"
) -> sampling.Sample:
    session = world.session
    while indexing.catch_up(session):
        session.commit()
    by = world.actor("auditor")
    sampling.take(session, by, world.at, Wanted(), of=of, seed=seed, count=count)
    session.commit()
    return sampling.samples(session)[0]


def test_the_algorithm_is_the_one_that_is_stated() -> None:
    by_hand = sorted(range(1, 101), key=lambda n: hashlib.sha256(f"种子:{n}".encode()).hexdigest())[
        :10
    ]
    assert sampling.draw(range(100, 0, -1), "种子", 10) == by_hand
    assert sampling.draw(range(1, 101), "别的", 10) != by_hand
    assert sampling.draw([3, 1], "种子", 10) in ([1, 3], [3, 1])


def test_every_number_has_the_same_chance() -> None:
    hits = dict.fromkeys(range(20), 0)
    for seed in range(2000):
        for each in sampling.draw(range(20), str(seed), 5):
            hits[each] += 1
    assert all(420 <= count <= 580 for count in hits.values()), hits


def test_a_sample_is_on_record_and_can_be_drawn_again(world: World) -> None:
    for _ in range(5):
        world.draft()
    found = take(world)
    assert (found.among, len(found.drawn), found.of) == (5, 2, "case")
    assert set(found.drawn) <= {1, 2, 3, 4, 5}
    body = json.loads(
        world.session.scalars(
            sa.select(AuditEntry.body).where(AuditEntry.action == "audit.sampled")
        ).one()
    )
    assert body["detail"]["seed"] == "2026-07"
    assert body["detail"]["digest"] == hashlib.sha256(b"1,2,3,4,5").hexdigest()
    world.draft()  # what comes later does not change it
    while indexing.catch_up(world.session):
        world.session.commit()
    assert sampling.drawn_again(world.session, sampling.sample(world.session, found.seq))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"count": "0"}, "count"),
        ({"count": "501"}, "count"),
        ({"count": "x"}, "count"),
        ({"seed": " "}, "seed"),
        ({"of": "person"}, "of"),
    ],
)
def test_what_cannot_be_drawn_is_said(world: World, given: dict[str, str], field: str) -> None:
    world.draft()
    with pytest.raises(Invalid) as refused:
        take(world, **given)
    assert [each.field for each in refused.value.errors] == [field]


def test_nothing_to_draw_from(world: World) -> None:
    with pytest.raises(Conflict, match="没有符合条件的"):
        take(world)


def test_a_directory_that_is_behind_draws_nothing(world: World) -> None:
    world.draft()
    with pytest.raises(Conflict, match="还没有跟上"):
        sampling.take(
            world.session,
            world.actor("auditor"),
            world.at,
            Wanted(),
            of="case",
            seed="1",
            count="1",
        )


def test_another_entry_is_no_sample(world: World) -> None:
    with pytest.raises(NotFound):
        sampling.sample(world.session, 1)
