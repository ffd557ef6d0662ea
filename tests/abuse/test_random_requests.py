"""Random bodies made from the OpenAPI description: whatever comes, no fault and no trace."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_no_trace, ensure_problem

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
FILES = ("application/pdf", "application/zip", "application/xml", "text/csv")
"""Of answers that are files: their bytes are no text that could tell of a fault."""
PEOPLE = ("drafter", "dept.head", "secretary", "process.admin", "auditor")


def operations(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything that the description names."""
    description = office.app.test_client().get("/api/v1/openapi.json").json
    return [
        (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def body_of(office: Office, operation: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the description asks for, with some fields wrong, missing or more."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return st.just({})
    description = office.app.test_client().get("/api/v1/openapi.json").json
    schema = content["schema"]
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    fields = {name: value_of(each) | ANY for name, each in schema["properties"].items()}
    required = {name: fields[name] for name in schema.get("required", [])}
    optional = {name: each for name, each in fields.items() if name not in required}
    shaped = st.fixed_dictionaries(required, optional={**optional, "extra": ANY})
    return shaped | ANY


def value_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A value that fits a schema roughly: enough to get past the first check."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if "anyOf" in schema:
        return st.one_of([value_of(each) for each in schema["anyOf"]])
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": st.text(max_size=20) | st.sampled_from(("通知", "2026-11-23T09:00", "none")),
        "integer": st.integers(-1, 3) | st.integers(),
        "number": st.floats(),
        "boolean": st.booleans(),
        "array": st.lists(value_of(schema["items"]), max_size=3) if "items" in schema else ANY,
        "object": st.dictionaries(st.text(max_size=9), ANY, max_size=3),
        "null": st.none(),
    }
    return kinds.get(schema.get("type", ""), ANY)


@pytest.fixture(scope="module")
def drawn(office: Office) -> Callable[[st.DataObject], Any]:
    """Draws a request of any operation; bodies of files have tests of their own.

    A function, because a strategy over all operations is printed on hundreds of pages.
    """
    choices = []
    for method, path, operation in operations(office):
        if path.endswith(("document.pdf", "attachments", "attachments.zip")) and method in (
            "GET",
            "POST",
        ):
            continue
        choices.append(st.tuples(st.just(method), st.just(path), body_of(office, operation)))
    requests = st.tuples(
        st.one_of(choices), st.sampled_from(PEOPLE), st.integers(1, 20) | st.integers()
    )

    def draw(data: st.DataObject) -> Any:
        return data.draw(requests)

    return draw


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_request_is_a_fault(
    office: Office, drawn: Callable[[st.DataObject], Any], data: st.DataObject
) -> None:
    (method, path, body), login, number = drawn(data)
    address = path.replace("{id}", str(number)).replace("{attachment_id}", "1")
    caller = office.call(login)
    answer = caller.client.open(
        address,
        method=method,
        data=json.dumps(body) if method != "GET" else None,
        content_type="application/json" if method != "GET" else None,
        headers={"Authorization": f"Bearer {caller.token}"},
    )
    assert answer.status_code < 500, (method, address, login, body)
    if answer.status_code >= 400:
        ensure_no_trace(answer)
        ensure_problem(answer, answer.status_code)
    elif answer.data and answer.mimetype not in FILES:
        ensure_no_trace(answer)
        assert answer.is_json


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    box=st.sampled_from(("todo", "read", "done", "mine")) | st.text(max_size=5),
    q=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    cursor=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    limit=st.integers(-2, 300) | st.integers(),
)
def test_no_list_is_a_fault(
    office: Office, box: str, q: str, cursor: str | None, limit: int
) -> None:
    asked = {"box": box, "q": q, "limit": str(limit), **({"cursor": cursor} if cursor else {})}
    answer = office.call("drafter").get("/api/v1/tasks", query_string=asked)
    assert answer.status_code in (200, 422), asked
    ensure_no_trace(answer)
