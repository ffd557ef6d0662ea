"""常用意见: one's own, bounded, in one's own order."""

import pytest

from app.errors import Invalid
from app.handling.acts.phrases import DEFAULTS, keep
from app.handling.views.phrases import Phrases, phrases
from tests.world import World


def kept(world: World, login: str = "leader") -> Phrases:
    return phrases(world.session, world.actor(login))


def test_the_usual_ones_until_there_are_ones_own(world: World) -> None:
    assert kept(world) == Phrases(DEFAULTS, own=False)
    world._act(keep, world.actor("leader"), ["拟同意。", " ", "请会商。\r\n报我。"])
    assert kept(world) == Phrases(["拟同意。", "请会商。报我。"], own=True)
    assert not kept(world, "leader2").own
    world._act(keep, world.actor("leader"), ["请会商。报我。", "拟同意。"])
    assert list(kept(world).items) == ["请会商。报我。", "拟同意。"]
    world._act(keep, world.actor("leader"), [])
    assert kept(world) == Phrases(DEFAULTS, own=False)


@pytest.mark.parametrize(
    ("texts", "field", "words"),
    [
        (["好。", "好。 "], "items.1", "相同"),
        (["好。", "长" * 201], "items.1", "200"),
        ([f"第{number}条。" for number in range(31)], "items", "30"),
        (["好\x00。"], "items.0", "控制字符"),
    ],
)
def test_what_cannot_be_kept_changes_nothing(
    world: World, texts: list[str], field: str, words: str
) -> None:
    world._act(keep, world.actor("leader"), ["拟同意。"])
    with pytest.raises(Invalid, match=words) as refused:
        world._act(keep, world.actor("leader"), texts)
    assert [each.field for each in refused.value.errors] == [field]
    assert list(kept(world).items) == ["拟同意。"]
