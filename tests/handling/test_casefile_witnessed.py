"""卷宗包 with what witnesses had cosigned: checked without them, and forgeries of it."""

import json
from collections.abc import Callable

import pytest

from app.audit import Checkpoint
from app.audit.checkpoints import of_json
from app.handling.casefile import verify
from app.handling.casefile.verify import Broken, Files
from tests.handling.casefiles import (
    PUBLIC,
    cosigned,
    forged_cosignatures,
    of_witnesses,
    resigned,
    sign,
    taken,
)
from tests.world import World


def witnessed(world: World) -> tuple[bytes, int, int]:
    """A case file, the size that was cosigned last before it, and the case."""
    done = world.draft()
    world.run(done, until="office_check")
    cosigned(world, sign(world))
    world.run(done, until="leader_sign")
    first = sign(world)
    cosigned(world, first)
    world.later(hours=1)
    world.run(done)
    last = sign(world)
    return taken(world, done.case.id, last), first.size, done.case.id


def test_it_says_what_witnesses_had_cosigned_and_that_it_goes_on_there(world: World) -> None:
    data, size, _ = witnessed(world)
    said = verify.verify(data, PUBLIC)[-1]
    assert "见证方 city.example/witness 于 2026-11-23T" in said
    assert f"副署了第 {size} 条的检查点" in said
    (given,) = json.loads(verify.unpack(data)[verify.WITNESSES])["cosigned"]
    assert given["size"] == size
    assert given["public_key"] in said


def test_what_is_cosigned_later_does_not_change_it(world: World) -> None:
    data, _, case_id = witnessed(world)
    checkpoint = sign_of(data)
    world.later(hours=1)
    cosigned(world, checkpoint)
    again = verify.unpack(taken(world, case_id, checkpoint))
    assert again[verify.WITNESSES] == verify.unpack(data)[verify.WITNESSES]


def test_without_witnesses_there_is_nothing_to_say(world: World) -> None:
    done = world.draft()
    world.run(done)
    data = taken(world, done.case.id, sign(world))
    assert verify.WITNESSES not in verify.unpack(data)
    assert "见证方" not in "".join(verify.verify(data))


@pytest.mark.parametrize(
    ("what", "change"), [pytest.param(*each, id=each[0]) for each in forged_cosignatures()]
)
def test_a_forged_cosignature_is_refused_although_the_list_is_signed(
    good: bytes, what: str, change: Callable[[Files], None]
) -> None:
    with pytest.raises((Broken, ValueError, KeyError, IndexError)):
        verify.verify(resigned(verify.unpack(good), change), PUBLIC)


@pytest.fixture
def good(world: World) -> bytes:
    return witnessed(world)[0]


def test_a_record_written_anew_after_it_is_told(good: bytes) -> None:
    """By somebody who has every key of the office, but not that of the witness."""
    change = of_witnesses(lambda it: it["path"].reverse())
    with pytest.raises(Broken, match="没有接在见证方 city"):
        verify.verify(resigned(verify.unpack(good), change), PUBLIC)


def sign_of(data: bytes) -> Checkpoint:
    return of_json(json.loads(verify.unpack(data)["record.json"])["checkpoint"])
