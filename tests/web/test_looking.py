"""Requests that only show: what they leave behind, and whom they keep waiting."""

import io
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import audit
from app.database import current_session, db, reading
from app.documents import inspection
from app.handling.acts import editing
from app.handling.models import Notice, Task
from app.organization import passwords
from tests.documents.files import pdf
from tests.web.conftest import At, Caller
from tests.web.desk import Desk
from tests.web.handling import now_open, waiting
from tests.world import NOTICE, World

Call = Callable[[str], Caller]


@contextmanager
def somebody_writes(app: Flask) -> Iterator[None]:
    """Another program holds the write lock meanwhile."""
    path = app.config["SETTINGS"].data / "gongwen.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def may_write(app: Flask) -> bool:
    """Whether another program gets the write lock at once."""
    path = app.config["SETTINGS"].data / "gongwen.sqlite3"
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


LISTS = ["tasks?box=todo", "tasks?box=read", "tasks?box=done", "tasks?box=mine", "me"]


def test_readers_do_not_wait_for_a_writer(
    app: Flask, call: Call, world: World, review: Task
) -> None:
    """Whoever looked at a list waited for the write lock, up to half a minute."""
    world.session.rollback()
    head = call("dept.head")
    document = head.get(f"/api/v1/tasks/{review.id}").json["document_id"]
    paths = [
        *LISTS,
        *(f"tasks/{review.id}", f"cases/{review.case_id}", f"cases/{review.case_id}/history"),
        *(f"cases/{review.case_id}/diagram", f"documents/{document}"),
    ]
    for path in paths:  # the first look is noted, and the use of the token
        assert head.get(f"/api/v1/{path}").status_code == 200, path
    began = time.monotonic()
    with somebody_writes(app):
        for path in paths:
            assert head.get(f"/api/v1/{path}").status_code == 200, path
    assert time.monotonic() - began < 10


def test_a_reader_that_would_write_fails_at_once(app: Flask) -> None:
    with app.app_context():
        with reading(), pytest.raises(OperationalError, match="readonly"):
            current_session().execute(Task.__table__.delete())
        current_session().rollback()
        current_session().execute(Task.__table__.delete())
        current_session().rollback()


def test_verifying_a_long_record_keeps_nobody_from_writing(
    app: Flask, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify, free = audit.verify, []

    def slow(session: object) -> audit.Verification:
        found = verify(session)  # type: ignore[arg-type]
        free.append(may_write(app))
        return found

    monkeypatch.setattr(audit, "verify", slow)
    answer = call("auditor").get("/api/v1/audit/verification")
    assert answer.json["ok"]
    assert free == [True]
    again = call("auditor").get("/api/v1/audit/verification")
    assert again.json["entries"] == answer.json["entries"] + 1


def test_checking_an_upload_keeps_nobody_from_writing(
    app: Flask, call: Call, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader of a file may take half a minute; all others waited for it."""
    inspect, free = inspection.inspect, []

    def slow(*given: object) -> None:
        free.append(may_write(app))
        inspect(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(inspection, "inspect", slow)
    document = world.draft().case.document_id
    world.session.rollback()
    data = {"file": (io.BytesIO(pdf()), "x.pdf")}
    path = f"/api/v1/documents/{document}/attachments"
    sent = call("drafter").post(path, key="k", data=data, content_type="multipart/form-data")
    assert sent.status_code == 201
    assert free == [True]


@pytest.mark.parametrize("page", ["/documents/new", "/documents/{}/edit"])
def test_checking_the_files_of_a_form_keeps_nobody_from_writing(
    app: Flask, at: At, world: World, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    inspect, free = inspection.inspect, []

    def slow(*given: object) -> None:
        free.append(may_write(app))
        inspect(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(inspection, "inspect", slow)
    path = page.format(world.draft().case.document_id)
    world.session.rollback()
    typed = {**NOTICE, "main_recipients": "各乡镇水务站", "file": (io.BytesIO(pdf()), "x.pdf")}
    answer = at("drafter").press(path, "#drafting", do="save", **typed)
    assert (answer.status, free) == (303, [True])


READING = [
    *("documents/{}", "documents/{}/document.pdf", "documents/{}/attachments/{}"),
    *("documents/{}/attachments/{}/preview", "documents/{}/attachments.zip", "cases/{}"),
]


@pytest.mark.parametrize("path", READING)
def test_what_was_read_through_the_api_cannot_be_taken_back(
    app: Flask, call: Call, world: World, path: str
) -> None:
    """OUT-18: the receiver had read everything, and withdrawing succeeded."""
    done = world.draft()
    document = done.case.document_id
    uploads = editing.take_in([("x.pdf", io.BytesIO(pdf()))])
    world._act(editing.save, world.actor("drafter"), document, editing.Save({}, uploads=uploads))
    (attachment,) = world.document(done.case).attachments
    task, case_id, attachment_id = done.opened[0], done.case.id, attachment.id
    world.complete(task, "drafter", "submit")
    (sent,) = now_open(world, case_id)
    assert sent.opened_at is None
    task_id = task.id
    world.session.rollback()
    assert call("secretary").get(f"/api/v1/cases/{case_id}").status_code == 200
    at = case_id if path.startswith("cases") else document
    read = call("dept.head").get("/api/v1/" + path.format(at, attachment_id))
    assert read.status_code == 200
    read.close()
    refused = call("drafter").post(f"/api/v1/tasks/{task_id}/withdraw")
    assert (refused.status_code, "已打开" in refused.json["detail"]) == (409, True)


def test_a_refused_download_opens_nothing(call: Call, world: World) -> None:
    done = world.draft()
    task = waiting(world, world.run(done, "dept_review"))
    path = f"/api/v1/documents/{done.case.document_id}/attachments/77"
    world.session.rollback()
    assert call("dept.head").get(path).status_code == 404
    assert world.session.get_one(Task, task.id).opened_at is None
    world.session.rollback()


@pytest.mark.parametrize("path", ["/api/v1/tasks/{task}", "/api/v1/cases/{case}"])
def test_a_notice_is_read_when_its_case_is_opened_through_the_api(
    call: Call, world: World, review: Task, path: str
) -> None:
    """The box of a program could never be emptied."""
    person_id = world.actor("drafter").person_id
    values = {"kind": "overdue", "case_id": review.case_id, "task_id": review.id}
    world.session.add(Notice(person_id=person_id, **values, text="超时", at=world.at))
    world.session.commit()
    drafter = call("drafter")
    assert len(drafter.get("/api/v1/tasks?box=read").json["items"]) == 1
    drafter.get(path.format(task=review.id, case=review.case_id))
    assert drafter.get("/api/v1/tasks?box=read").json["items"] == []


def test_a_request_leaves_the_next_one_in_its_thread_free_to_write(app: Flask, call: Call) -> None:
    assert call("drafter").get("/api/v1/documents/999").status_code == 404
    assert call("drafter").get("/nowhere").status_code == 404
    with app.app_context():
        current_session().execute(Task.__table__.delete())
        db.session.remove()


def test_a_password_is_hashed_while_others_may_write(
    app: Flask, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody's acts waited while somebody signed in."""
    matches, free = passwords.Hasher.matches, []

    def slow(self: passwords.Hasher, stored: str | None, typed: str) -> bool:
        free.append(may_write(app))
        return matches(self, stored, typed)

    monkeypatch.setattr(passwords.Hasher, "matches", slow)
    desk = Desk(app, "drafter", password)
    assert desk.sign_in("Wrong-2026-pass").status == 403
    assert desk.sign_in().status == 303
    assert free == [True, True]
