"""试算时限: what a program is told about a limit before anything has arrived."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import Caller

Call = Callable[[str], Caller]
PATH = "/api/v1/deadlines/preview"
FRIDAY = {"unit": "jiangzhou-county-water", "arrived_at": "2026-11-20T16:00:00+08:00"}


def test_an_ordinary_arrival_with_its_sum(call: Call) -> None:
    found = call("drafter").get(PATH, query_string=FRIDAY)
    assert found.status_code == 200
    assert found.json["due_at"] == "2026-11-23T18:00:00+08:00"
    assert found.json["steps"][0].startswith("周五 16:00 到达，当日不计；周一（11-23）为第 1 个")
    assert (found.json["rule"], found.json["provisional"]) == ("DDL-01", False)
    assert "chinesecalendar" in found.json["calendar_version"]


@pytest.mark.parametrize(
    ("more", "due_at"),
    [
        ({"profile": "elapsed"}, "2026-11-23T16:00:00+08:00"),
        ({"urgency": "urgent"}, "2026-11-20T16:30:00+08:00"),
        ({"urgency": "extra_urgent", "profile": "elapsed"}, "2026-11-20T16:30:00+08:00"),
        ({"profile": "two_limits", "urgency": "urgent"}, "2026-11-20T16:30:00+08:00"),
        ({"profile": "three_levels"}, "2026-11-21T16:00:00+08:00"),
        ({"profile": "three_levels", "urgency": "urgent"}, "2026-11-21T04:00:00+08:00"),
        ({"profile": "three_levels", "urgency": "extra_urgent"}, "2026-11-20T22:00:00+08:00"),
        ({"profile": "three_levels", "stage": "handling"}, "2026-11-23T18:00:00+08:00"),
        ({"stage": "review"}, "2026-11-23T18:00:00+08:00"),
        ({"limit": "P3D"}, "2026-11-25T18:00:00+08:00"),
        ({"limit": "PT3H"}, "2026-11-23T09:30:00+08:00"),
        ({"unit": ""}, "2026-11-23T18:00:00+08:00"),
        ({"arrived_at": "2026-11-20T08:00:00Z"}, "2026-11-23T18:00:00+08:00"),
        ({"arrived_at": "2026-11-20T16:00:00 08:00"}, "2026-11-23T18:00:00+08:00"),
    ],
)
def test_urgency_profile_and_limit_decide(call: Call, more: Mapping[str, Any], due_at: str) -> None:
    found = call("drafter").get(PATH, query_string={**FRIDAY, **more})
    assert found.json["due_at"] == due_at


def test_a_year_without_a_notice_is_marked_and_said(call: Call) -> None:
    asked = {**FRIDAY, "arrived_at": "2026-12-31T10:00:00+08:00"}
    found = call("drafter").get(PATH, query_string=asked).json
    assert found["provisional"]
    assert "2027 年放假安排未录入，按周末推算。" in found["steps"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"unit": "nowhere"}, "没有这个单位"),
        ({"arrived_at": ""}, "不是有效的时间"),
        ({"arrived_at": "昨天"}, "不是有效的时间"),
        ({"arrived_at": "2026-11-20T16:00:00"}, "缺少时区"),
        ({"arrived_at": "1988-07-01T09:00:00+08:00"}, "1992 年至 2199 年"),
        ({"urgency": "very"}, "none、urgent、extra_urgent"),
        ({"profile": "lunar"}, "civil_code、elapsed、two_limits、three_levels"),
        ({"stage": "lunch"}, "handling、review"),
        ({"limit": "soon"}, "P1D"),
        ({"limit": "P1001D"}, "1000 个工作日"),
    ],
)
def test_each_parameter_is_refused_by_name(call: Call, more: Mapping[str, str], words: str) -> None:
    answer = call("drafter").get(PATH, query_string={**FRIDAY, **more})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json["errors"]] == list(more)
    assert words in answer.json["errors"][0]["message"]


def test_all_that_is_wrong_is_said_at_once(call: Call) -> None:
    asked = {"unit": "?", "arrived_at": "?", "urgency": "?", "profile": "?", "limit": "?"}
    errors = call("drafter").get(PATH, query_string=asked).json["errors"]
    assert [each["field"] for each in errors] == list(asked)


def test_who_is_not_signed_in_learns_nothing(app: Flask) -> None:
    assert app.test_client().get(PATH, query_string=FRIDAY).status_code == 401
