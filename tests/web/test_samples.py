"""The two samples through the API: to a typeset page, and in again at a subordinate unit."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from tests import samples
from tests.web.conftest import Caller

Call = Callable[[str], Caller]


def play(call: Call, reader: str, case: int, **given: dict[str, Any]) -> list[str]:
    """Complete the first open task of a case until it closes; the steps in order."""
    seen: list[str] = []
    for _ in range(30):
        found = call(reader).get(f"/api/v1/cases/{case}").json
        if found["state"] != "running":
            return seen
        task = found["open_tasks"][0]
        seen.append(task["step"])
        body = {"opinion": "同意。", "revision": task["revision"], **given.get(task["step"], {})}
        body["any_hour"] = True  # the clock of this test is the real one
        answer = call(task["candidates"][0]).post(f"/api/v1/tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, (task["step"], answer.json)
    raise AssertionError("the case does not end")


@pytest.mark.parametrize(
    ("sample", "signatory_step", "pages"),
    [(samples.NOTICE, "leader_sign", 8), (samples.REQUEST, "unit_head_sign", 2)],
    ids=["notice", "request"],
)
def test_a_sample_ends_as_a_page(
    call: Call, sample: dict[str, Any], signatory_step: str, pages: int
) -> None:
    created = call("drafter").post("/api/v1/documents", sample)
    assert created.status_code == 201, created.json
    steps = play(call, "drafter", created.json["case_id"])
    assert signatory_step in steps
    document = call("drafter").get(f"/api/v1/documents/{created.json['id']}").json
    assert document["state"] == "dispatched"
    pdf = call("drafter").get(f"/api/v1/documents/{document['id']}/document.pdf")
    assert pdf.mimetype == "application/pdf", pdf.json
    with pikepdf.open(io.BytesIO(pdf.data)) as opened:
        assert len(opened.pages) == pages
        assert str(opened.docinfo["/Title"]) == sample["title"]


def test_the_notice_comes_in_and_is_closed_after_three_leaders(call: Call) -> None:
    received = {
        "from_unit": "延安市人民政府办公室",
        "number": "延政办函〔2017〕130号",
        "title": samples.NOTICE["title"],
        "body": samples.NOTICE["body"],
        "received_at": "2026-11-23T08:40:00+08:00",
        "document_date": "2017-08-09",
        "source": "上级来文",
    }
    created = call("east.secretary").post("/api/v1/incoming", received)
    assert created.status_code == 201, created.json
    readers = ["east.leader", "east.leader2", "east.leader3"]
    steps = play(
        call,
        "east.secretary",
        created.json["case_id"],
        distribute={"next": readers},
        collect={"outcome": "to_handle", "next": ["east.dept.head"]},
    )
    assert steps.count("leader_read") == 3
    assert steps[-2:] == ["handle", "close"]
    history = call("east.secretary").get(f"/api/v1/cases/{created.json['case_id']}/history").json
    read = [act["actor"] for act in history["items"] if act["step"] == "leader_read"]
    assert sorted(set(read)) == sorted(readers)
