"""工作日历 through the API: the same operations as on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.deadlines.models import WorkdayOverride, WorkingHours
from tests.features.steps_calendar import NOTICE
from tests.web.conftest import Caller
from tests.world import World

Call = Callable[[str], Caller]
API = "/api/v1/calendar"
BODY = {"year": 2027, "source": "国办发明电〔2026〕9号", "lines": NOTICE}
DAY = {"day": "2026-11-24", "works": False, "reason": "县庆", "source": "县政府办〔2026〕30号"}


def test_everybody_may_read_the_year(call: Call) -> None:
    found = call("drafter").get(f"{API}/2026").json
    assert (found["working_days"], found["provisional"]) == (248, False)
    assert ("2026-02-14", True) in [(each["day"], each["works"]) for each in found["special_days"]]
    assert call("drafter").get(f"{API}/2027").json["provisional"]
    assert call("drafter").get(f"{API}/1900").status_code == 404


def test_the_preview_writes_nothing(call: Call, world: World) -> None:
    found = call("system.admin").post(f"{API}/notices/preview", BODY)
    assert found.status_code == 200, found.json
    assert {"day": "2027-01-04", "worked": True, "works": False} in found.json["days"]
    assert call("drafter").get(f"{API}/2027").json["provisional"]
    assert call("security.admin").post(f"{API}/notices/preview", BODY).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"), [("notices", BODY), ("notices/preview", BODY), ("days", DAY)]
)
def test_others_may_not(call: Call, path: str, body: dict[str, Any]) -> None:
    for login in ("drafter", "process.admin", "auditor"):
        assert call(login).post(f"{API}/{path}", body).status_code == 403


def test_what_is_wrong_is_named(call: Call) -> None:
    admin = call("system.admin")
    wrong = admin.post(f"{API}/notices", {**BODY, "lines": "元旦：1月1日（周四）放假。"})
    assert wrong.status_code == 422
    assert [each["field"] for each in wrong.json["errors"]] == ["lines"]
    unknown = admin.post(f"{API}/notices/2027/confirmation", {"seen": "x"})
    assert (unknown.status_code, unknown.json["code"]) == (422, "calendar_refused")
    unread = admin.post(f"{API}/days", {**DAY, "reason": "", "source": ""})
    assert [each["field"] for each in unread.json["errors"]] == ["reason", "source"]


def test_a_day_sent_again_is_entered_once(call: Call, world: World) -> None:
    first = call("system.admin").post(f"{API}/days", DAY, key="d-1")
    again = call("system.admin").post(f"{API}/days", DAY, key="d-1")
    assert (first.status_code, first.data) == (200, again.data)
    count = sa.select(sa.func.count()).select_from(WorkdayOverride)
    assert world.session.scalar(count) == 1


def test_hours_are_those_of_the_own_unit(call: Call, world: World) -> None:
    body = {"since": "2026-12-01", "hours": "09:00-12:00 13:30-17:00", "source": "局办〔2026〕7号"}
    assert call("system.admin").post(f"{API}/hours", body).status_code == 200
    assert call("drafter").get(f"{API}/2026").json["hours"] == "09:00-12:00 13:30-17:00"
    assert "09:00" not in call("city.drafter").get(f"{API}/2026").json["hours"]
    row = world.session.scalars(sa.select(WorkingHours)).one()
    assert row.unit_id == world.actor("drafter").unit_id


def test_a_second_person_reads_the_notice_and_confirms_just_that(call: Call) -> None:
    admin, second = call("system.admin"), call("security.admin")
    assert second.get(f"{API}/notices/2027").status_code == 404
    admin.post(f"{API}/notices", BODY)
    assert call("drafter").get(f"{API}/notices/2027").status_code == 403
    read = second.get(f"{API}/notices/2027").json
    assert read["days_off"][0] == {"name": "元旦", "first": "2027-01-01", "last": "2027-01-04"}
    admin.post(f"{API}/notices", {**BODY, "lines": NOTICE.replace("端午节：6月9日放假。", "")})
    late = second.post(f"{API}/notices/2027/confirmation", {"seen": read["seen"]})
    assert (late.status_code, late.json["code"]) == (409, "notice_changed")
    now = second.get(f"{API}/notices/2027").json
    assert now["seen"] != read["seen"]
    done = second.post(f"{API}/notices/2027/confirmation", {"seen": now["seen"]})
    assert done.status_code == 200, done.json
    assert second.get(f"{API}/notices/2027").json["state"] == "official"
