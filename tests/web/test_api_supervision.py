"""督办 through the API: the same acts, shapes and refusals as on pages."""

from collections.abc import Callable

from app.handling.models import Task
from tests.web.conftest import Caller
from tests.world import World

Call = Callable[[str], Caller]


def body(by: str) -> dict[str, str]:
    return {
        "department": "engineering",
        "by": by,
        "requirement": "完成堤防巡查。",
        "reason": "纪要〔2026〕8号",
    }


def test_refusals_name_the_field(call: Call, world: World, review: Task) -> None:
    path = f"/api/v1/cases/{review.case_id}/supervisions"
    world.session.rollback()
    answer = call("office.head").post(path, body("2099-01-01"))
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json["errors"]] == ["by"]
    assert call("office.head").post(path, body("tomorrow")).status_code == 422
    assert call("dispatcher").post(path, body("2099-01-01")).status_code == 403
    assert call("city.office.head").post(path, body("2099-01-01")).status_code == 404
    assert call("drafter").get("/api/v1/supervisions").status_code == 403
    assert call("office.head").get("/api/v1/supervisions/999999").status_code == 404
    assert call("office.head").get(f"/api/v1/supervisions/{2**70}").status_code == 404
