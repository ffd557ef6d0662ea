"""图库: whose pictures a person may put into his texts."""

import pytest

from app.documents import pictures
from app.documents.pictures import Taken
from app.errors import Invalid, NotAllowed, NotFound
from app.handling.acts import editing, illustrating
from app.handling.acts.editing import Save
from app.handling.views.pictures import Usable, usable
from tests.world import World

MAP = Taken("a" * 64, "image/png", 1200, 800, 4000)
PLAN = Taken("b" * 64, "image/png", 600, 800, 4000)


def body(sha256: str) -> list[dict[str, object]]:
    return [{"type": "paragraph", "text": "见图。"}, {"type": "image", "sha256": sha256}]


@pytest.fixture
def drawn(world: World) -> int:
    """A document of dept.head with a map, which came before leader."""
    head = world.actor("dept.head")
    world._act(lambda session, at: pictures.keep(session, head, at, MAP), world.at)
    done = world.draft("dept.head", body=body(MAP.sha256), process="outgoing_free")
    world.complete(done.opened[0], "dept.head", "review", next=["dept.deputy"])
    return done.case.document_id


def again(world: World, login: str, taken: Taken, document: int | None = None) -> Taken:
    found: Taken = world._act(
        illustrating.use_again, world.actor(login), taken.sha256, document, world.at
    )
    return found


def test_a_picture_of_a_document_that_one_sees_is_used_again(world: World, drawn: int) -> None:
    deputy = world.actor("dept.deputy")
    title = "江洲县水务局关于做好冬季堤防巡查的通知"
    assert usable(world.session, deputy) == [Usable(MAP.sha256, 1200, 800, title)]
    own = world.draft("dept.deputy").case.document_id
    with pytest.raises(Invalid, match="不是您上传的"):
        world._act(editing.save, deputy, own, Save({"body": body(MAP.sha256)}))
    assert again(world, "dept.deputy", MAP, own) == MAP
    world._act(editing.save, deputy, own, Save({"body": body(MAP.sha256)}))
    assert [each.sha256 for each in usable(world.session, deputy)] == [MAP.sha256]


@pytest.mark.parametrize("login", ["drafter", "city.drafter"])
def test_what_one_does_not_see_stays_hidden(world: World, drawn: int, login: str) -> None:
    assert usable(world.session, world.actor(login)) == []
    with pytest.raises(NotFound):
        again(world, login, MAP)


def test_an_own_upload_is_there_before_any_text_has_it(world: World) -> None:
    drafter = world.actor("drafter")
    world._act(lambda session, at: pictures.keep(session, drafter, at, PLAN), world.at)
    assert usable(world.session, drafter) == [Usable(PLAN.sha256, 600, 800, "")]
    assert again(world, "drafter", PLAN) == PLAN


def test_who_writes_no_text_uses_none(world: World, drawn: int) -> None:
    with pytest.raises(NotAllowed):
        again(world, "seal.keeper", MAP)
