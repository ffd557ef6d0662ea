"""发文登记 through the API: the same operations as on the pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.clock import SHANGHAI
from tests.web.conftest import Caller
from tests.world import World

Call = Callable[[str], Caller]
API = "/api/v1/numbers"
RESERVE = {"series": "江水", "count": 2, "purpose": "会议材料", "until": "2099-01-01"}
SERIES = {"code": "江水令", "name": "局令", "form": "order", "kinds": ["命令"], "role": ""}


def reserve(call: Call, until: str, **more: Any) -> Any:
    return call("printing").post(f"{API}/reserve", {**RESERVE, "until": until, **more})


@pytest.fixture
def until(call: Call) -> str:
    """Today, by the clock of the server."""
    return str(datetime.now(SHANGHAI).date())


def test_a_book_from_end_to_end(call: Call, until: str, world: World) -> None:
    world.run(world.draft(), "seal")
    world.session.rollback()
    made = reserve(call, until)
    assert made.status_code == 201, made.json
    assert len(made.json["items"]) == 2
    assert (
        call("printing").post(f"{API}/skip", {"series": "江水", "reason": "错"}).status_code == 201
    )
    found = call("printing").get(API).json
    states = [each["state"] for each in found["items"]]
    assert (found["series"], states[-3:]) == ("江水", ["reserved", "reserved", "skipped"])
    kept, other = [each["id"] for each in found["items"] if each["state"] == "reserved"]
    assert call("printing").post(f"{API}/{kept}/release").json["items"] == [
        found["items"][-3]["text"]
    ]
    assert call("printing").post(f"{API}/{other}/skip", {"reason": "取消"}).status_code == 200
    again = call("office.head").get(API).json
    assert again["counts"]["skipped"] == 2
    assert again["next"] == found["items"][-3]["text"]


def test_a_number_is_voided_once(call: Call, world: World) -> None:
    world.run(world.draft(), "seal")
    world.session.rollback()
    (line,) = call("printing").get(f"{API}?year=2026").json["items"]
    path = f"{API}/{line['id']}/void"
    assert call("printing").post(path, {"reason": " "}).status_code == 422
    assert call("printing").post(path, {"reason": "印错"}, key="v-1").status_code == 200
    assert call("printing").post(path, {"reason": "印错"}, key="v-1").status_code == 200
    assert call("printing").post(path, {"reason": "印错"}).status_code == 409
    (line,) = call("printing").get(f"{API}?year=2026").json["items"]
    assert (line["state"], line["words"]) == ("void", "印错")


def test_series_are_set_up_changed_and_ended(call: Call) -> None:
    admin = call("process.admin")
    assert admin.post(f"{API}/series", SERIES).status_code == 201
    items = admin.get(f"{API}/series").json["items"]
    assert [(each["code"], each["form"]) for each in items] == [
        ("江水", "number"),
        ("江水令", "order"),
    ]
    path = f"{API}/series/江水令"
    changed = {"name": "局长令", "kinds": ["命令"], "role": "printing-room"}
    headers = {"Authorization": f"Bearer {admin.token}"}
    answer = admin.client.put(path, headers=headers, json=changed)
    assert (answer.status_code, answer.json["name"]) == (200, "局长令")
    assert call("printing").get(f"{API}?series=江水令").json["next"] == "第1号"
    assert admin.post(f"{path}/end").json["ended_at"]
    assert admin.post(f"{path}/end").status_code == 404
    assert admin.post(f"{API}/series/江水/end").status_code == 409


@pytest.mark.parametrize("login", ["drafter", "leader", "secretary", "process.admin", "auditor"])
def test_who_keeps_no_book_sees_none(call: Call, login: str) -> None:
    assert call(login).get(API).status_code == 403
    if login != "process.admin":
        assert call(login).get(f"{API}/series").status_code == 403
    assert call(login).post(f"{API}/series", SERIES).status_code == (
        201 if login == "process.admin" else 403
    )


def test_other_units_have_their_own_books(call: Call, world: World) -> None:
    world.run(world.draft(), "seal")
    world.session.rollback()
    (line,) = call("printing").get(f"{API}?year=2026").json["items"]
    city = call("city.printing")
    assert city.get(API).json["series"] == "江市水"
    assert city.get(f"{API}?series=江水").status_code == 404
    assert city.post(f"{API}/skip", {"series": "江水", "reason": "错"}).status_code == 404
    for verb in ("void", "skip"):
        assert city.post(f"{API}/{line['id']}/{verb}", {"reason": "错"}).status_code == 404
    assert city.post(f"{API}/{line['id']}/release").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": "x"}, "count"),
        ({"until": "2001-01-01"}, "until"),
        ({"until": "soon"}, "until"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "\u0000"}, "purpose"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(call: Call, until: str, wrong: dict[str, Any], field: str) -> None:
    answer = reserve(call, **{"until": until, **wrong})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert call("printing").get(API).json["items"] == []
