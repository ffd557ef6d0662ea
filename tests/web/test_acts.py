"""One act per request, however often it is sent: keys, uploads, and trying again."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import clock, organization
from app.web import acts
from app.web.acts import RequestKey, acting, forget_old_keys
from tests.web.conftest import Caller
from tests.world import NOTICE

Call = Callable[[str], Caller]


def test_what_is_only_shown_is_never_answered_from_before(call: Call) -> None:
    """A program that sent its key with every request kept seeing the stay as it was at first."""
    drafter = call("drafter")
    drafter.post("/api/v1/documents", NOTICE)
    (task,) = drafter.get("/api/v1/tasks").json["items"]
    path = f"/api/v1/tasks/{task['id']}"
    assert drafter.get(path, key="one").json["state"] == "open"
    drafter.post(f"{path}/complete", {"outcome": "submit", "revision": task["revision"]})
    assert drafter.get(path, key="one").json["state"] == "done"


def test_an_upload_is_read_from_its_beginning_when_the_act_is_done_again(
    app: Flask, call: Call
) -> None:
    """After somebody else was faster the second try found an empty file."""
    seen: list[bytes] = []

    def view() -> str:
        seen.append(request.files["file"].read())
        if len(seen) < 3:
            raise StaleDataError("somebody was faster")
        return "done"

    app.add_url_rule("/api/try", view_func=acting(view), methods=["POST"])
    data = {"file": (io.BytesIO(b"content"), "a.txt")}
    answer = call("drafter").post("/api/try", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert seen == [b"content"] * 3


def test_a_value_with_a_line_feed_is_not_two_values(app: Flask) -> None:
    sent = [{"a": "x\nb=y"}, {"a": "x", "b": "y"}]
    found = set()
    for form in sent:
        with app.test_request_context("/", method="POST", data=form):
            found.add(acts._body_hash())
    assert len(found) == 2


def test_keys_are_forgotten_after_seven_days(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were kept for ever, with every answer that had ever been given."""
    now = clock.now(session)
    person = organization.person_by_login(session, "drafter")
    for days in (0, 6, 8, 9, 10):
        values = {"person_id": person.id, "key": f"of {days}", "route": "", "body_hash": ""}
        session.add(RequestKey(**values, at=now - timedelta(days=days), headers={}))
    session.flush()
    monkeypatch.setattr(acts, "FORGOTTEN_AT_ONCE", 2)
    assert [forget_old_keys(session, now) for _ in range(3)] == [2, 1, 0]
    assert set(session.scalars(sa.select(RequestKey.key))) == {"of 0", "of 6"}
