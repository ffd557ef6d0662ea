"""An event log written to a file, by form; as big as the period that is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.handling.eventlogs import ocel, table, xes
from app.handling.eventlogs.gathering import Wanted, count, traces

MOST_ON_A_PAGE = 300_000
"""Entries that one answer of the web server holds; a minute or two of work."""


@dataclass(frozen=True)
class Form:
    """``lines`` gets a session and what is wanted; the pieces of the file."""

    label: str
    ending: str
    media_type: str
    lines: Callable[[Session, Wanted], Iterator[bytes]]


FORMS = {
    "xes": Form(
        "XES（IEEE 1849）",
        "xes",
        "application/xml",
        lambda session, wanted: xes.lines(traces(session, wanted)),
    ),
    "ocel": Form(
        "OCEL 2.0（JSON）",
        "jsonocel",
        "application/json",
        lambda session, wanted: ocel.lines(lambda: traces(session, wanted)),
    ),
    "csv": Form(
        "CSV",
        "csv",
        "text/csv; charset=utf-8",
        lambda session, wanted: table.lines(traces(session, wanted)),
    ),
}


def write(session: Session, form: str, wanted: Wanted, to: IO[bytes]) -> int:
    """Write the log piece by piece; how many bytes. Ends the session's transaction as it goes."""
    written = 0
    for piece in FORMS[form].lines(session, wanted):
        written += to.write(piece)
    return written


def ensure_fits(session: Session, wanted: Wanted) -> tuple[int, int]:
    """(cases, entries). Raises Invalid for more than an answer of the web server should hold."""
    cases, entries = count(session, wanted)
    if entries > MOST_ON_A_PAGE:
        message = (
            f"共 {entries} 条记录，超过一次下载的 {MOST_ON_A_PAGE} 条，"
            "请缩短时间段，或者用命令 gongwen event-log 导出。"
        )
        raise Invalid.at("since", message)
    return cases, entries
