"""Event logs as CSV, a line for each act; no cell begins a formula in a spreadsheet.

``process_version`` is that of the act; of a case that was moved to another (``case_moved``) it
changes from one line to the next.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.documents import tables
from app.handling.eventlogs.gathering import Trace

HEAD = (
    *("case_id", "process", "process_name", "process_version", "unit", "kind", "seq", "timestamp"),
    *("activity", "name", "action", "moves", "step", "resource", "person", "authority"),
    *("principal", "outcome", "stay", "arrived", "due", "case_moved"),
)


def lines(traces: Iterable[Trace]) -> Iterator[bytes]:
    """The file in pieces; UTF-8 with its mark, for Excel."""
    yield tables.as_csv([HEAD])
    mark = len("\ufeff".encode())
    for trace in traces:
        rows = [
            (
                *(trace.case_id, trace.process, trace.process_name, event.version),
                *(trace.unit_name, trace.kind, event.seq, _time(event.at)),
                *(event.activity, event.name, event.action, str(event.moves).lower()),
                *(event.step, event.by, event.person, event.authority, event.principal),
                event.outcome,
                "" if event.stay is None else event.stay,
                *(_time(event.arrived), _time(event.due), str(trace.moved).lower()),
            )
            for event in trace.events
        ]
        yield tables.as_csv(rows)[mark:]


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds") if at else ""
