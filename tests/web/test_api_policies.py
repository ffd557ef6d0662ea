"""时限规则 through the API: the same operation as on the page."""

from collections.abc import Callable

from tests.web.conftest import Caller

Call = Callable[[str], Caller]
API = "/api/v1/policies"
BODY = {"own": {"profile": "three_levels"}, "reason": "试行", "source": "局办〔2026〕8号"}
MONDAY = {"arrived_at": "2026-11-23T09:00:00+08:00"}
PREVIEW = "/api/v1/deadlines/preview"


def test_everybody_may_read_what_holds_for_the_own_unit(call: Call) -> None:
    found = call("drafter").get(API).json
    values = {each["key"]: (each["value"], each["chosen_by"]) for each in found["values"]}
    assert values["profile"] == ("two_limits", "")
    assert values["remind_before"] == ("3 1 0", "")
    assert (found["own"], found["history"]) == ({}, [])


def test_a_choice_is_inherited_by_the_units_below(call: Call) -> None:
    before = call("drafter").get(API).json["calendar_version"]
    assert call("city.system.admin").post(API, BODY).status_code == 200
    found = call("drafter").get(API).json
    values = {each["key"]: (each["value"], each["chosen_by"]) for each in found["values"]}
    assert values["profile"] == ("three_levels", "江洲市水务局")
    assert values["clock"] == ("calendar", "江洲市水务局")
    assert found["history"] == []
    assert found["calendar_version"] != before
    review = {**MONDAY, "urgency": "urgent", "stage": "review"}
    due = call("drafter").get(PREVIEW, query_string=review).json
    assert (due["due_at"], due["rule"]) == ("2026-11-23T21:00:00+08:00", "DDL-06")
    (choice,) = call("city.drafter").get(API).json["history"]
    assert (choice["words"][0], choice["until"]) == ("时限方案：三级时限", None)


def test_the_preview_writes_nothing(call: Call) -> None:
    found = call("system.admin").post(f"{API}/preview", BODY)
    assert found.status_code == 200, found.json
    assert [each["label"] for each in found.json["values"]] == ["时限方案", "按小时计的"]
    assert call("drafter").get(API).json["own"] == {}


def test_others_may_not(call: Call) -> None:
    for login in ("drafter", "security.admin", "process.admin"):
        assert call(login).post(API, BODY).status_code == 403
        assert call(login).post(f"{API}/preview", BODY).status_code == 403


def test_what_is_wrong_is_named(call: Call) -> None:
    wrong = {"own": {"count": "lunar", "lunch": "12"}, "reason": "", "source": ""}
    answer = call("system.admin").post(API, wrong)
    assert answer.status_code == 422
    fields = [each["field"] for each in answer.json["errors"]]
    assert fields == ["lunch", "count", "reason", "source"]


def test_a_choice_sent_again_is_made_once(call: Call) -> None:
    first = call("system.admin").post(API, BODY, key="p-1")
    again = call("system.admin").post(API, BODY, key="p-1")
    assert (first.status_code, first.data) == (200, again.data)
    assert len(call("drafter").get(API).json["history"]) == 1
