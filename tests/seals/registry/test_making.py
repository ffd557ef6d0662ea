"""Seals are made, handed over, permitted, suspended, resumed by a second person, and retired."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import audit, organization
from app.audit.models import AuditEntry
from app.documents import seal_sizes
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.organization import operations as people
from app.seals.models import Seal, SealChange
from app.seals.registry import making, queries
from app.seals.registry.errors import SealNotActive
from tests.seals.registry.sealing import made
from tests.world import World

PICTURE = "a" * 64


def changes(world: World, seal: Seal) -> list[str]:
    query = sa.select(SealChange.verb).where(SealChange.seal_id == seal.id)
    return list(world.session.scalars(query.order_by(SealChange.id)))


def second_keeper(world: World, login: str = "archivist") -> str:
    """One more 印章管理员."""
    by = world.actor("security.admin")
    person = organization.person_by_login(world.session, login)
    people.appoint(
        world.session, by, world.at, person=person, role="seal-keeper", department=None, title=""
    )
    world.session.commit()
    return login


def test_a_seal_is_made_with_its_keeper_and_recorded(world: World) -> None:
    seal = made(world)
    assert (seal.state, seal.picture, seal.kinds) == ("active", None, [])
    assert changes(world, seal) == ["make"]
    query = sa.select(AuditEntry).where(AuditEntry.action == "seal.make")
    assert '"wording":"江洲县水务局"' in world.session.scalars(query).one().body
    (line,) = queries.seals(world.session, world.actor("seal.keeper"))
    assert (line.keeper, line.mine) == ("黄守印", True)


WRONG = [
    ({"keeper": ""}, "SIG-02"),
    ({"keeper": "drafter"}, "SIG-04"),
    ({"keeper": "east.seal.keeper"}, "SIG-04"),
    ({"deputy": "seal.keeper"}, "同一人"),
    ({"diameter": 61}, "10 至 60 毫米"),
    ({"diameter": 46}, "超过本单位级别所能用的 45 毫米"),
    ({"kind": "signature", "owner": "leader", "diameter": 41}, "不超过 40 毫米"),
    ({"kind": "stamp"}, "请选择印章种类"),
    ({"kinds": ["简报"]}, "没有“简报”这个文种"),
    ({"kind": "signature"}, "须写明是谁的"),
    ({"owner": "leader"}, "只有签名章"),
    ({"kind": "department"}, "请选择内设机构"),
    ({"kind": "department", "department": "nowhere"}, "没有这个部门"),
    ({"reason": " "}, "请写明原因"),
    ({"wording": ""}, "请填写印文"),
]


@pytest.mark.parametrize(("wanted", "words"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_made(
    world: World, wanted: dict[str, Any], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        made(world, **wanted)
    assert world.session.scalars(sa.select(Seal)).all() == []


@pytest.mark.parametrize("login", ["drafter", "seal.keeper", "unit.head", "system.admin"])
def test_others_have_no_seals_made(world: World, login: str) -> None:
    with pytest.raises(NotAllowed, match="印章由办公室负责人和安全管理员管理"):
        made(world, login)


def test_a_unit_has_one_seal_of_a_wording_until_it_is_retired(world: World) -> None:
    seal = made(world)
    with pytest.raises(Conflict, match="已有印文"):
        made(world)
    world._act(making.retire, world.actor("office.head"), world.at, seal.id, "印章磨损。")
    assert made(world).id != seal.id


def test_an_uploaded_picture_waits_for_a_second_person(world: World) -> None:
    seal = made(world)
    head, security = world.actor("office.head"), world.actor("security.admin")
    world._act(making.bring_picture, head, world.at, seal.id, PICTURE)
    assert (seal.picture, seal.state) == (PICTURE, "suspended")
    with pytest.raises(NotAllowed, match="不能自己恢复"):
        world._act(making.resume, head, world.at, seal.id, "核对无误。")
    world._act(making.resume, security, world.at, seal.id, "与备案印模一致。")
    assert seal.state == "active"
    assert changes(world, seal) == ["make", "suspend", "resume"]


def test_the_keeper_suspends_at_once_and_others_resume(world: World) -> None:
    seal = made(world)
    world._act(making.suspend, world.actor("seal.keeper"), world.at, seal.id, "印章遗失。")
    assert seal.state == "suspended"
    with pytest.raises(NotAllowed):
        world._act(making.resume, world.actor("seal.keeper"), world.at, seal.id, "找到了。")
    with pytest.raises(SealNotActive):
        world._act(making.suspend, world.actor("office.head"), world.at, seal.id, "再停。")
    world._act(making.resume, world.actor("office.head"), world.at, seal.id, "已找回。")
    assert seal.state == "active"


def test_keeping_is_handed_over_and_kinds_are_permitted(world: World) -> None:
    seal, head = made(world), world.actor("office.head")
    other = second_keeper(world)
    world._act(making.hand_over, head, world.at, seal.id, other, "seal.keeper", "岗位调整。")
    world._act(making.permit, head, world.at, seal.id, ["通知", "函"], "只用于这两种。")
    (line,) = queries.seals(world.session, head)
    assert (line.keeper_login, line.deputy_login) == (other, "seal.keeper")
    assert line.kinds == ("通知", "函")
    with pytest.raises(Invalid, match="没有变化"):
        world._act(making.hand_over, head, world.at, seal.id, other, "seal.keeper", "再来。")


@pytest.mark.parametrize("verb", [making.suspend, making.resume, making.retire])
def test_nothing_happens_to_a_retired_seal(world: World, verb: Any) -> None:
    seal, head = made(world), world.actor("office.head")
    world._act(making.retire, head, world.at, seal.id, "机构撤销。")
    with pytest.raises(SealNotActive):
        world._act(verb, head, world.at, seal.id, "再办。")


def test_seals_of_another_unit_are_not_there(world: World) -> None:
    seal = made(world)
    with pytest.raises(NotFound):
        world._act(making.retire, world.actor("east.office.head"), world.at, seal.id, "不是我的。")
    assert queries.seals(world.session, world.actor("east.office.head")) == []


def test_all_seals_of_a_unit_are_suspended_at_once(world: World) -> None:
    """SIG-15: renamed or abolished."""
    seals = [made(world), made(world, kind="department", department="office", wording="办公室")]
    by = audit.signed_by_rule("机构更名或者撤销时停用印章（SIG-15）")
    unit_id = seals[0].unit_id
    assert making.suspend_all(world.session, unit_id, by, world.at, "机构更名。") == 2
    assert {each.state for each in seals} == {"suspended"}


def test_nobody_without_a_part_in_it_looks_at_the_seals(world: World) -> None:
    with pytest.raises(DomainError):
        queries.seals(world.session, world.actor("drafter"))


@pytest.mark.parametrize(
    ("name", "rank", "usual", "largest"),
    [
        ("江洲市人民政府", 1, 45, 45),
        ("江洲县人民政府", 2, 45, 45),
        ("江洲县水务局", 2, 42, 45),
        ("东乡镇人民政府", 3, 42, 42),
    ],
)
def test_the_diameter_follows_from_the_rank(name: str, rank: int, usual: int, largest: int) -> None:
    """国发〔1999〕25号."""
    assert (seal_sizes.usual(name, rank), seal_sizes.largest(rank)) == (usual, largest)


def test_a_seal_without_a_diameter_gets_the_usual_one(world: World) -> None:
    assert made(world, diameter=None).diameter == 42
    own = {"kind": "signature", "wording": "刘国强", "owner": "leader"}
    assert made(world, **own, diameter=None).diameter == 40
