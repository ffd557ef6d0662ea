"""Every field of every operation of the API with what does not belong there."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_problem, unchanged
from tests.world import NOTICE, RECEIVED


@dataclass(frozen=True)
class Operation:
    """An operation and a good body; ``place`` names the case that it is about."""

    name: str
    login: str
    method: str
    path: str
    place: str
    good: dict[str, Any]
    texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


CREATE = Operation(
    "createDocument", "drafter", "POST", "/api/v1/documents", "draft", dict(NOTICE),
    texts=("direction", "kind", "title", "body", "urgency", "classification", "note", "nature",
           "series"),
    lists=("main_recipients", "copy_recipients", "joint_issuers", "countersigners", "present",
           "excused", "observers", "keywords"),
    required=("direction", "kind", "title"),
)  # fmt: skip
REGISTER = Operation(
    "registerIncoming", "secretary", "POST", "/api/v1/incoming", "incoming", dict(RECEIVED),
    texts=("from_unit", "number", "title", "body", "received_at", "urgency", "source", "kind",
           "document_date", "classification"),
    required=("from_unit", "title", "received_at"),
)  # fmt: skip
REVISE = Operation(
    "reviseDocument", "drafter", "PATCH", "/api/v1/documents/{document}", "draft",
    {"version": 1, "title": "江洲县水务局关于做好春季堤防巡查的通知"},
    texts=("title", "body", "kind", "direction", "urgency", "note", "nature", "series"),
    lists=("main_recipients", "copy_recipients", "joint_issuers", "present", "excused",
           "observers", "keywords"),
    numbers=("version",), required=("version",),
)  # fmt: skip
COMPLETE = Operation(
    "completeTask", "dept.head", "POST", "/api/v1/tasks/{task}/complete", "review",
    {"outcome": "approve", "opinion": "同意。", "revision": 1},
    texts=("outcome", "opinion"), lists=("next", "checked"), numbers=("revision",),
    required=("revision",),
)  # fmt: skip
RETURN = Operation(
    "returnTask", "dept.head", "POST", "/api/v1/tasks/{task}/return", "review",
    {"to": "draft", "opinion": "请修改。", "then": "route", "revision": 1},
    texts=("to", "opinion", "then"), numbers=("revision",), required=("to", "revision"),
)  # fmt: skip
ASSIGN = Operation(
    "assignTask", "dept.head", "POST", "/api/v1/tasks/{task}/assign", "review",
    {"to": "leader", "reason": "代办"}, texts=("to", "reason"), required=("to", "reason"),
)  # fmt: skip
CANCEL = Operation(
    "cancelCase", "drafter", "POST", "/api/v1/cases/{case}/cancel", "draft",
    {"reason": "不再发文"}, texts=("reason",), required=("reason",),
)  # fmt: skip
HAND_IN = Operation(
    "registerHandIn", "secretary", "POST", "/api/v1/paper-hand-ins", "review",
    {"case": "1", "remark": "稿纸一份"}, texts=("case", "remark"),
)  # fmt: skip
OPERATIONS = (CREATE, REGISTER, REVISE, COMPLETE, RETURN, ASSIGN, CANCEL, HAND_IN)

NO_TEXT: tuple[Any, ...] = (1, 1.5, True, [], {}, ["甲"])
CONTROL = ("甲\x00乙", "甲\x1b[31m乙", "甲\x07", "\ud800")
NO_NUMBER: tuple[Any, ...] = ("一", "", [], {}, None, 1.5, 10**400, "1e5", float("nan"))


def bad_bodies(operation: Operation) -> Iterator[tuple[str, Any]]:
    """(what is wrong, body) of everything that one field can be but should not."""
    good = operation.good
    for name in operation.required:
        yield f"{name} missing", {key: value for key, value in good.items() if key != name}
        yield f"{name} null", {**good, name: None}
    for name in operation.texts:
        for value in NO_TEXT:
            if (name, value) == ("body", []):
                continue  # a text without a block
            yield f"{name} {value!r}", {**good, name: value}
        yield f"{name} too long", {**good, name: "长" * 500_001}
        for value in CONTROL:
            yield f"{name} {value!r}", {**good, name: value}
    for name in operation.lists:
        for wrong in ("甲", 1, {}, [1], [None], [[]], ["甲\x00"], ["\ud800"], ["长" * 300]):
            yield f"{name} {str(wrong)[:20]!r}", {**good, name: wrong}
        yield f"{name} many", {**good, name: [f"甲{place}" for place in range(300)]}
    for name in operation.numbers:
        for value in NO_NUMBER:
            yield f"{name} {str(value)[:20]}", {**good, name: value}
    yield "extra", {**good, "signatory": "张三"}
    yield "prototype", {**good, "__proto__": {"admin": True}}


def address(office: Office, operation: Operation) -> str:
    place = operation.place
    return operation.path.format(
        task=office.tasks[place][0], document=office.documents[place], case=office.cases[place]
    )


def send(office: Office, operation: Operation, data: Any, content_type: str) -> Any:
    caller = office.call(operation.login)
    return caller.client.open(
        address(office, operation),
        method=operation.method,
        data=data,
        content_type=content_type,
        headers={"Authorization": f"Bearer {caller.token}"},
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_field_that_cannot_be_taken_is_named(office: Office, operation: Operation) -> None:
    with unchanged(office.app, recorded=None):
        for wrong, body in bad_bodies(operation):
            answer = send(office, operation, json.dumps(body), "application/json")
            # 413: five hundred thousand characters written as escapes; 409, 403: the act itself
            assert answer.status_code in (422, 413, 409, 403), (wrong, answer.status_code)
            ensure_problem(answer, answer.status_code)
            if wrong.endswith((" missing", " null")) or wrong == "extra":
                assert answer.status_code == 422, wrong
                field = "signatory" if wrong == "extra" else wrong.split()[0]
                assert field in [each["field"] for each in answer.json["errors"]], wrong


def bodies_that_no_database_keeps(operation: Operation) -> Iterator[tuple[str, Any]]:
    good = operation.good
    for value in CONTROL:
        for name in operation.texts:
            yield f"{name} {value!r}", {**good, name: value}
        for name in operation.lists:
            yield f"{name} {value!r}", {**good, name: [value]}
        if operation is COMPLETE:
            for fields in ({value: 1}, {"countersigners": [value]}, {"a": {"b": [value]}}):
                yield f"fields {value!r}", {**good, "fields": fields}


@pytest.mark.postgres
def test_signs_that_no_database_keeps_reach_none(postgres_app: Flask) -> None:
    """NUL would be a fault on PostgreSQL, half a surrogate pair on both engines."""
    office = Office(postgres_app)
    office.fill()
    for operation in OPERATIONS:
        for wrong, body in bodies_that_no_database_keeps(operation):
            answer = send(office, operation, json.dumps(body), "application/json")
            assert answer.status_code in (422, 409, 403), (operation.name, wrong, answer.text)
            ensure_problem(answer, answer.status_code)
    for query in ({"q": "\x00"}, {"cursor": "\x00"}, {"cursor": TOO_FAR}):
        for box in ("todo", "read", "done", "mine"):
            path = "/api/v1/tasks"
            answer = office.call("drafter").get(path, query_string={"box": box, **query})
            assert answer.status_code == 422, (box, query)


TOO_FAR = base64.urlsafe_b64encode(b'{"after": %d}' % 2**70).decode()

NOT_AN_OBJECT = {
    "nothing": b"",
    "half": b'{"title": ',
    "array": b"[]",
    "text": b'"x"',
    "number": b"1",
    "null": b"null",
    "not utf-8": b'{"title": "\xff\xfe"}',
    "utf-16": '{"title": "x"}'.encode("utf-16"),
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "twice": b'{"revision": 1, "revision": "x", "to": [], "reason": 1, "title": 1}',
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_body_that_is_no_object_is_refused(office: Office, operation: Operation) -> None:
    with unchanged(office.app, recorded=None):
        for name, body in NOT_AN_OBJECT.items():
            answer = send(office, operation, body, "application/json")
            assert answer.status_code in (400, 422), (name, answer.status_code, answer.text[:200])
            ensure_problem(answer, answer.status_code)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_only_json_is_taken_as_json(office: Office, operation: Operation) -> None:
    good = json.dumps(operation.good)
    with unchanged(office.app):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
            ensure_problem(send(office, operation, good, kind), 415)
        form = send(office, operation, {"title": "x"}, "multipart/form-data")
        ensure_problem(form, 415)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a6_what_is_far_too_large_is_not_read(office: Office, operation: Operation) -> None:
    """A6: an opinion of 10 MB, refused by its length alone."""
    body = json.dumps({**operation.good, "opinion": "x" * (10 << 20)})
    with unchanged(office.app):
        ensure_problem(send(office, operation, body, "application/json"), 413)


def test_idempotency_keys_are_bounded(office: Office) -> None:
    with unchanged(office.app):
        answer = office.call("drafter").post("/api/v1/documents", NOTICE, key="k" * 101)
        ensure_problem(answer, 422, "idempotency_key")
