"""Event logs as OCEL 2.0 (JSON): acts with all that they concern — case, document, stay, people."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from app.handling.eventlogs.gathering import Event, Trace
from app.handling.views.history import ACTIONS

TEXTS = ("name", "activity", "step", "authority", "outcome")
CASE = ("process", "process_name", "unit", "unit_name", "state", "definition_sha256")
OBJECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "case": (*((each, "string") for each in CASE), ("process_version", "integer")),
    "document": (("kind", "string"), ("flow", "string")),
    "stay": (("step", "string"), ("arrived", "time"), ("due", "time")),
    "person": (("name", "string"),),
}
"""Types of objects with their attributes."""


def lines(read: Callable[[], Iterable[Trace]]) -> Iterator[bytes]:
    """The file in pieces. ``read`` is called twice: for the objects of the cases, for the acts.

    Only names of people and numbers of documents are kept meanwhile.
    """
    yield b'{"objectTypes": '
    yield _json([{"name": name, "attributes": _typed(each)} for name, each in OBJECTS.items()])
    yield b',\n"eventTypes": '
    attributes = _typed(
        [
            *((each, "string") for each in TEXTS),
            ("moves", "boolean"),
            ("process_version", "integer"),
        ]
    )
    yield _json([{"name": action, "attributes": attributes} for action in ACTIONS])
    yield b',\n"events": ['
    people: dict[str, tuple[str, datetime]] = {}
    begun = False
    for trace in read():
        for event in trace.events:
            people.setdefault(event.by, (event.person, event.at))
            if event.principal:
                people.setdefault(event.principal, (event.principal, event.at))
            yield (b",\n" if begun else b"\n") + _json(_event(trace, event))
            begun = True
    yield b'],\n"objects": ['
    begun = False
    for each in _objects(read(), people):
        yield (b",\n" if begun else b"\n") + _json(each)
        begun = True
    yield b"]}\n"


def _event(trace: Trace, event: Event) -> dict[str, Any]:
    related = [(f"case-{trace.case_id}", "of"), (f"document-{trace.document_id}", "about")]
    if event.stay is not None:
        related.append((f"stay-{event.stay}", "at"))
    related.append((f"person-{event.by}", "by"))
    if event.principal:
        related.append((f"person-{event.principal}", "for"))
    texts = {each: getattr(event, each) for each in TEXTS}
    return {
        "id": f"entry-{event.seq}",
        "type": event.action,
        "time": _time(event.at),
        "attributes": [
            *({"name": name, "value": value} for name, value in texts.items()),
            {"name": "moves", "value": event.moves},
            {"name": "process_version", "value": event.version},
        ],
        "relationships": [{"objectId": ident, "qualifier": how} for ident, how in related],
    }


def _objects(
    traces: Iterable[Trace], people: dict[str, tuple[str, datetime]]
) -> Iterator[dict[str, Any]]:
    documents: set[int] = set()
    for trace in traces:
        yield from _of_case(trace, trace.document_id not in documents)
        documents.add(trace.document_id)
    for login, (name, at) in people.items():
        yield _object(f"person-{login}", "person", {"name": name}, at)


def _of_case(trace: Trace, with_document: bool) -> Iterator[dict[str, Any]]:
    about = {
        "process": trace.process,
        "process_name": trace.process_name,
        "unit": trace.unit,
        "unit_name": trace.unit_name,
        "state": trace.state,
        "definition_sha256": trace.sha256,
        "process_version": trace.version,
    }
    found = _object(f"case-{trace.case_id}", "case", about, trace.started)
    found["attributes"] += _versions(trace)
    found["relationships"] = [{"objectId": f"document-{trace.document_id}", "qualifier": "carries"}]
    yield found
    if with_document:
        kind = {"kind": trace.kind, "flow": trace.flow}
        yield _object(f"document-{trace.document_id}", "document", kind, trace.started)
    told: set[int] = set()
    for event in trace.events:
        if event.stay is None or event.stay in told:
            continue
        told.add(event.stay)
        times = {"arrived": event.arrived, "due": event.due}
        said = {name: _time(at) for name, at in times.items() if at is not None}
        at = event.arrived or event.at
        yield _object(f"stay-{event.stay}", "stay", {"step": event.step, **said}, at)


def _versions(trace: Trace) -> Iterator[dict[str, Any]]:
    """Each later version with the moment of the move: attributes change in time (OCEL 2.0)."""
    runs_on = trace.sha256
    for event in trace.events:
        if event.sha256 != runs_on:
            runs_on, at = event.sha256, _time(event.at)
            yield {"name": "definition_sha256", "value": event.sha256, "time": at}
            yield {"name": "process_version", "value": event.version, "time": at}


def _object(ident: str, kind: str, values: dict[str, Any], at: datetime) -> dict[str, Any]:
    attributes = [{"name": n, "value": value, "time": _time(at)} for n, value in values.items()]
    return {"id": ident, "type": kind, "attributes": attributes}


def _typed(attributes: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes]


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
