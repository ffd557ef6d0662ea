"""Absences and delegations for programs; whom a stay is done for, in every answer."""

from collections.abc import Callable

import pytest

from app import clock
from tests.web.conftest import Caller
from tests.world import MONDAY, World

PERIOD = {"since": "2026-11-23T09:00:00+08:00", "until": "2026-11-28T00:00:00+08:00"}


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with clock.moved_to(MONDAY):
        yield


def test_absences(call: Callable[[str], Caller]) -> None:
    leader = call("leader")
    made = leader.post("/api/v1/me/absences", {**PERIOD, "words": "开会"})
    assert (made.status_code, len(made.json["items"])) == (201, 1)
    found = leader.get("/api/v1/me/absences").json["items"][0]
    assert (found["until"], found["words"]) == (PERIOD["until"], "开会")
    path = f"/api/v1/me/absences/{found['id']}"
    for who, status in (("leader2", 404), ("leader", 200)):
        caller = call(who)
        assert caller.client.delete(path, headers=caller._headers()).status_code == status
    assert leader.get("/api/v1/me/absences").json["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"agent": "secretary", "reason": "x"}, 201),
        ({"agent": "secretary", "reason": "x", "since": "2026-11-23T09:00:00"}, 422),
        ({"agent": "secretary", "reason": "x", "until": "9999-12-31T23:59:59Z"}, 422),
        ({"agent": "secretary", "reason": "x", "since": "9999-12-30T00:00:00Z",
          "until": "9999-12-31T23:59:59Z"}, 422),
        ({"agent": "secretary", "reason": "x", "scope": "kind", "scope_value": "小说"}, 422),
        ({"agent": "auditor", "reason": "x"}, 422),
        ({"agent": "secretary"}, 422),
    ],
)  # fmt: skip
def test_delegations(call: Callable[[str], Caller], body: dict[str, object], status: int) -> None:
    head = call("office.head")
    made = head.post("/api/v1/me/delegations", {**PERIOD, **body})
    assert made.status_code == status, made.json
    given = head.get("/api/v1/me/delegations").json["given"]
    assert [each["state"] for each in given] == (["代办中"] if status == 201 else [])


def test_whom_a_stay_is_done_for(call: Callable[[str], Caller], world: World) -> None:
    given = world.delegate("office.head", "secretary")
    task = world.run(world.draft(), "office_check")
    assert task is not None
    path = f"/api/v1/tasks/{task.id}"
    world.session.rollback()
    with clock.moved_to(world.at):
        seen = {who: call(who).get(path).json for who in ("office.head", "secretary")}
        assert seen["secretary"]["on_behalf_of"] == "office.head"
        assert seen["office.head"]["on_behalf_of"] is None
        assert seen["secretary"]["candidates"] == ["office.head", "secretary"]
        assert call("secretary").get("/api/v1/me/delegations").json["received"][0]["id"] == given.id
        day = "/api/v1/delegations?day=2026-11-24"
        assert call("secretary").get(day).status_code == 403
        assert [each["agent"] for each in call("auditor").get(day).json["items"]] == ["secretary"]
