"""Saved tests of a process: run whenever a version comes into force, exported and imported."""

import json
from typing import Any

import pytest

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import routes
from app.handling.views import deliveries
from app.handling.whatif import bounds, exchange, saved, waiving
from app.handling.whatif.saved import ChangedTests, FailingTests, OwnReason
from app.workflow import packages, queries
from app.workflow.definitions import Definition
from app.workflow.models import DefinitionRow
from tests.features.rows import all_rows
from tests.handling.editions import inserted, kept, renamed
from tests.handling.whatif.test_playing import WAY, suppose
from tests.world import World

FIRST, SECOND = "city.process.admin", "city.process.admin2"
LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def save(world: World, name: str = "普通通知", **more: Any) -> saved.ProcessTest:
    definition = queries.in_force(world.session, "outgoing")
    found = saved.save(
        world.session, world.actor(FIRST), definition, name, suppose(*WAY, **more), world.at
    )
    world.session.commit()
    return found


def waive(
    world: World, definition: Definition, reason: str = "测试随后更新。", by: str = FIRST
) -> None:
    failing = saved.run_all(world.session, definition).failing
    waiving.waive(world.session, world.actor(by), definition, reason, failing, world.at)
    world.session.commit()


def put_in_force(world: World, sha256: str) -> DefinitionRow:
    try:
        found = routes.put_in_force(world.session, world.actor(SECOND), sha256, world.at)
        world.session.commit()
    except BaseException:
        world.session.rollback()
        raise
    return found


def test_a_version_that_does_the_same_comes_into_force(world: World) -> None:
    save(world)
    new = kept(world.session, renamed("draft", "起草"))
    assert [each.said for each in saved.run_all(world.session, new).outcomes] == [()]
    assert put_in_force(world, new.sha256).state == "in_force"


def test_one_that_fails_needs_a_reason(world: World) -> None:
    save(world)
    new = kept(world.session, LEGAL)
    before = all_rows(world.session)
    with pytest.raises(FailingTests, match=r"普通通知.*应到“办公室负责人把关”，实到“法规审核”"):
        put_in_force(world, new.sha256)
    assert all_rows(world.session) == before
    with pytest.raises(Invalid):
        waive(world, new, " ")
    waive(world, new, "新增法规审核，测试随后更新。")
    assert put_in_force(world, new.sha256).state == "in_force"


def test_a_reason_covers_the_tests_that_failed_then(world: World) -> None:
    save(world)
    new = kept(world.session, LEGAL)
    waive(world, new)
    save(world, "加急通知", urgency="urgent")
    with pytest.raises(FailingTests, match="加急通知"):
        put_in_force(world, new.sha256)


def test_a_test_that_was_saved_again_is_not_covered_by_its_name(world: World) -> None:
    save(world)
    new = kept(world.session, LEGAL)
    waive(world, new)
    world.later(minutes=1)
    save(world, urgency="urgent")
    with pytest.raises(FailingTests, match="普通通知"):
        put_in_force(world, new.sha256)


def test_who_wrote_the_reason_does_not_agree_as_well(world: World) -> None:
    save(world)
    new = kept(world.session, LEGAL)
    waive(world, new, by=SECOND)
    with pytest.raises(OwnReason):
        put_in_force(world, new.sha256)


def test_a_run_counts_as_long_as_its_tests_are_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(world)
    new = kept(world.session, renamed("draft", "起草"))
    before = saved.run_all(world.session, new)
    world.later(minutes=1)
    save(world, urgency="urgent")
    second, sha256 = world.actor(SECOND), new.sha256
    with pytest.raises(ChangedTests):
        routes.put_in_force(world.session, second, sha256, world.at, tests=before)
    now = saved.run_all(world.session, new)
    monkeypatch.setattr(saved, "play", None)  # nothing is played while the database is held
    row = routes.put_in_force(world.session, second, sha256, world.at, tests=now)
    assert row.state == "in_force"


def test_no_reason_where_all_pass(world: World) -> None:
    present = queries.in_force(world.session, "outgoing")
    with pytest.raises(Conflict):
        waive(world, present)


def test_the_same_name_replaces(world: World) -> None:
    first, second = save(world), save(world, urgency="urgent")
    assert first.id == second.id
    assert second.scenario["urgency"] == "urgent"
    saved.delete(world.session, world.actor(FIRST), second.id, world.at)
    with pytest.raises(NotFound):
        saved.one(world.session, world.actor(FIRST), second.id)


def test_what_is_exported_is_imported_and_means_the_same(world: World) -> None:
    save(world)
    save(world, "加急通知", urgency="urgent")
    files = exchange.export(world.session, "outgoing")
    for each in saved.listed(world.session, world.actor(FIRST), "outgoing"):
        saved.delete(world.session, world.actor(FIRST), each.id, world.at)
    assert exchange.export(world.session, "outgoing") == {}
    names = exchange.import_(world.session, "outgoing", files, world.actor(SECOND), world.at)
    assert names == ["加急通知", "普通通知"]
    assert exchange.export(world.session, "outgoing") == files
    present = queries.in_force(world.session, "outgoing")
    assert [each.said for each in saved.run_all(world.session, present).outcomes] == [(), ()]


def test_tests_travel_with_the_package_of_their_process(world: World) -> None:
    save(world)
    sha256 = queries.in_force(world.session, "outgoing").sha256
    package = packages.read(packages.write(deliveries.package(world.session, sha256)))
    assert package.tests == exchange.export(world.session, "outgoing")


GOOD = {"format": 1, "process": "outgoing", "tests": []}
ONE: dict[str, Any] = {"name": "a", "scenario": suppose().stored()}
LINE = {
    **{"step": "draft", "name": "拟稿", "refused": False, "late": False},
    **{"skipped": [], "written": [], "opened": []},
}
STAY = {"step": "a", "name": "a", "people": [], "agents": [], "due": "x", "stopped": False}


def file_of(*lines: Any, **scenario: Any) -> bytes:
    """One test: what it supposes besides, and what it expects."""
    one = {**ONE, "scenario": {**ONE["scenario"], **scenario}}
    tests = [{**one, "expected": {"finished": False, "lines": lines}}]
    return json.dumps({**GOOD, "tests": tests}).encode()


BAD = [
    b"\xff", b"[]", b"{}", b"[" * 100_000, b"x" * (bounds.MOST_BYTES + 1),
    json.dumps({**GOOD, "process": "incoming"}).encode(),
    json.dumps({**GOOD, "tests": [1]}).encode(),
    json.dumps({**GOOD, "tests": [{"name": "a", "scenario": {}, "expected": {}}]}).encode(),
    json.dumps({**GOOD, "tests": [{**ONE, "expected": {"lines": []}}]}).encode(),
    file_of(1), file_of({**LINE, "late": {}}), file_of({**LINE, "opened": [STAY]}),
    file_of(at="0001-01-01T00:00:00+08:00"), file_of(at="9999-12-31T23:00:00-08:00"),
    file_of(variables={"x": "字" * 4001}), file_of(variables={"x": ["a"] * 501}),
]  # fmt: skip


@pytest.mark.parametrize("data", BAD, ids=range(len(BAD)))
def test_what_cannot_be_imported(world: World, data: bytes) -> None:
    before = all_rows(world.session)
    with pytest.raises(Invalid):
        exchange.import_(world.session, "outgoing", {"a.json": data}, world.actor(FIRST), world.at)
    world.session.rollback()
    assert all_rows(world.session) == before


def test_only_process_administrators(world: World) -> None:
    present = queries.in_force(world.session, "outgoing")
    with pytest.raises(NotAllowed):
        saved.save(world.session, world.actor("drafter"), present, "a", suppose(), world.at)
    with pytest.raises(NotAllowed):
        saved.listed(world.session, world.actor("drafter"))


def test_a_test_that_cannot_be_played_fails_and_keeps_nothing_else_from_running(
    world: World,
) -> None:
    save(world, "好的")
    test = save(world, "坏的")
    test.expected = {**test.expected, "lines": [1]}
    world.session.commit()
    present = queries.in_force(world.session, "outgoing")
    outcomes = {each.name: each.said for each in saved.run_all(world.session, present).outcomes}
    assert outcomes["好的"] == ()
    assert outcomes["坏的"][0].startswith("无法推演：")


@pytest.mark.parametrize("bound", ["MOST", "MOST_DEEDS", "MOST_BYTES"])
def test_what_is_saved_of_one_process_is_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    save(world)
    monkeypatch.setattr(bounds, bound, 1)
    with pytest.raises(Invalid, match="请先删除"):
        save(world, "再一项")
    world.session.rollback()
    assert [each.name for each in saved.listed(world.session, world.actor(FIRST))] == ["普通通知"]


def test_a_package_brings_only_tests_that_change_nothing_here(world: World) -> None:
    save(world)
    scenario = suppose().stored()
    other = {**scenario, "starter": "elsewhere.drafter"}
    tests = [
        {"name": "普通通知", "scenario": scenario},
        {"name": "别处", "scenario": other},
        {"name": "新", "scenario": scenario},
    ]
    each = [{**one, "expected": {"finished": False, "lines": []}} for one in tests]
    data = json.dumps({**GOOD, "tests": each}).encode()
    before = saved.listed(world.session, world.actor(FIRST))[0].scenario
    found = exchange.bring(
        world.session, "outgoing", {"a.json": data}, world.actor(FIRST), world.at
    )
    assert found.taken == ["新"]
    assert found.skipped == {"普通通知": "已有同名的测试", "别处": "这里没有 elsewhere.drafter"}
    assert "没有并入推演测试“普通通知”（已有同名的测试）" in found.words
    kept_ = {one.name: one.scenario for one in saved.listed(world.session, world.actor(FIRST))}
    assert kept_ == {"新": scenario, "普通通知": before}
