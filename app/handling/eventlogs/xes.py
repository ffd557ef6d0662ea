"""Event logs as XES (IEEE 1849-2016), written trace by trace.

A trace names the version of the diagram that it began with, each event the one of its time; what
was moved to another version (迁移) is marked, since no single net judges it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from app.handling.eventlogs.gathering import Event, Trace

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value="0"/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>\
<string key="lifecycle:transition" value="complete"/>\
<string key="gongwen:activity" value=""/></global>
<classifier name="办理动作" keys="concept:name"/>
<classifier name="流程网变迁" keys="gongwen:activity"/>
"""


def lines(traces: Iterable[Trace]) -> Iterator[bytes]:
    """The file in pieces; each trace is one."""
    yield HEAD.encode()
    for trace in traces:
        yield "".join(_trace(trace)).encode()
    yield b"</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    yield "<trace>"
    yield _text("concept:name", str(trace.case_id))
    yield _text("gongwen:process", trace.process)
    yield _text("gongwen:process_name", trace.process_name)
    yield _number("gongwen:process_version", trace.version)
    yield _text("gongwen:definition_sha256", trace.sha256)
    yield _flag("gongwen:moved", on=trace.moved)
    yield _text("org:group", trace.unit)
    yield _text("gongwen:unit_name", trace.unit_name)
    yield _text("gongwen:kind", trace.kind)
    yield _text("gongwen:state", trace.state)
    for event in trace.events:
        yield from _event(event)
    yield "</trace>\n"


def _event(event: Event) -> Iterator[str]:
    yield "<event>"
    yield _text("concept:name", event.name)
    yield _date("time:timestamp", event.at)
    yield _text("lifecycle:transition", "complete")
    yield _text("org:resource", event.by)
    yield _text("org:role", event.authority)
    yield _text("gongwen:person", event.person)
    yield _text("gongwen:activity", event.activity)
    yield _text("gongwen:action", event.action)
    yield _flag("gongwen:moves", on=event.moves)
    yield _number("gongwen:version", event.version)
    yield _text("gongwen:sha256", event.sha256)
    yield _number("gongwen:seq", event.seq)
    for key, text in (
        ("gongwen:step", event.step),
        ("gongwen:outcome", event.outcome),
        ("gongwen:principal", event.principal),
    ):
        if text:
            yield _text(key, text)
    for key, at in (("gongwen:arrived", event.arrived), ("gongwen:due", event.due)):
        if at is not None:
            yield _date(key, at)
    yield "</event>"


def _text(key: str, value: str) -> str:
    """A string; characters that XML cannot hold are left out."""
    clean = "".join(each for each in value if each >= " " or each in "\t\n\r")
    clean = clean.replace("\ufffe", "").replace("\uffff", "")
    return f"<string key={quoteattr(key)} value={quoteattr(clean)}/>"


def _flag(key: str, *, on: bool) -> str:
    return f'<boolean key={quoteattr(key)} value="{str(on).lower()}"/>'


def _number(key: str, value: int, tag: str = "int") -> str:
    return f'<{tag} key={quoteattr(key)} value="{value}"/>'


def _date(key: str, at: datetime) -> str:
    return f'<date key={quoteattr(key)} value="{escape(at.isoformat(timespec="milliseconds"))}"/>'
