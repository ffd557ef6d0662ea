"""Traces and their events, a few hundred cases at a time: a long record fills no memory.

Opinions, reasons and texts of documents are in none of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry, Entry, entries_of_cases
from app.documents.models import Document
from app.handling.models import Case
from app.handling.views.history import ACTIONS
from app.organization import Unit

CASES = 200
"""Cases read in one transaction: on SQLite everybody waits for it, some tenths of a second."""
STEPS = {
    "task.completed": "",
    "task.skipped": "",
    "task.returned": ">",
    "timer.fired": "timer:",
}
"""Acts that move a token along the net of the diagram or by an allowed return."""
PASSING = ("task.handed_over", "task.consulted", "task.answered", "task.asked_no_more")


@dataclass(frozen=True)
class Wanted:
    """Cases that began in a period (its end not included) on some process; None and "" for all."""

    since: datetime | None = None
    until: datetime | None = None
    process: str = ""


@dataclass(frozen=True)
class Event:
    """One act. ``activity``: its label in the net (petri.py), or ``step:act`` for all others.

    name      the step and the act in Chinese, as people call them
    moves     it moves a token along the diagram: these alone are replayed on the net
    arrived   when the document came to the stay, which is when the work on it could begin
    version   of the diagram that the case ran on then, and ``sha256`` of its files
    by        login, and ``person`` the name, of who acted; "rule" and 自动 for what no person did
    """

    seq: int
    at: datetime
    activity: str
    name: str
    action: str
    moves: bool
    step: str
    by: str
    person: str
    authority: str
    principal: str
    outcome: str
    stay: int | None
    arrived: datetime | None
    due: datetime | None
    version: int
    sha256: str


@dataclass(frozen=True)
class Trace:
    """One case with its acts, oldest first.

    version, sha256  of the diagram that it began with
    moved            some of its moves were made on another (迁移): no single net judges it
    """

    case_id: int
    document_id: int
    process: str
    process_name: str
    version: int
    sha256: str
    unit: str
    unit_name: str
    kind: str
    flow: str
    state: str
    started: datetime
    events: Sequence[Event] = ()

    @property
    def moved(self) -> bool:
        return any(each.moves and each.sha256 != self.sha256 for each in self.events)


def traces(session: Session, wanted: Wanted) -> Iterator[Trace]:
    """Every case that is wanted, in the order of their numbers; ends its transaction as it goes."""
    last = 0
    while True:
        found = _some(session, wanted, last)
        session.rollback()
        if not found:
            return
        yield from found
        last = found[-1].case_id


def count(session: Session, wanted: Wanted) -> tuple[int, int]:
    """(cases, entries) that an export would read."""
    cases = session.scalar(sa.select(sa.func.count()).select_from(Case).where(*_which(wanted))) or 0
    of_case = sa.select(Case.id).where(*_which(wanted))
    query = sa.select(sa.func.count()).where(AuditEntry.case_id.in_(of_case))
    return cases, session.scalar(query) or 0


def _which(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(Case.started_at >= wanted.since)
    if wanted.until is not None:
        found.append(Case.started_at < wanted.until)
    if wanted.process:
        found.append(Case.process_id == wanted.process)
    return found


def _some(session: Session, wanted: Wanted, after: int) -> list[Trace]:
    query = (
        sa.select(Case, Document.kind, Document.flow, Unit.key, Unit.name)
        .join(Document, Document.id == Case.document_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(Case.id > after, *_which(wanted))
        .order_by(Case.id)
        .limit(CASES)
    )
    rows = session.execute(query).all()
    entries = entries_of_cases(session, [row[0].id for row in rows])
    return [_trace(row, entries.get(row[0].id, ())) for row in rows]


def _trace(row: Sequence[Any], entries: Sequence[Entry]) -> Trace:
    case, kind, flow, unit, unit_name = row
    began = next((each for each in islice(entries, 20) if each.action == "case.started"), None)
    version, sha256 = _version(began, case.process_version)
    return Trace(
        case_id=case.id,
        document_id=case.document_id,
        process=case.process_id,
        process_name=case.process_name,
        version=version,
        sha256=sha256,
        unit=unit,
        unit_name=unit_name,
        kind=kind or "",
        flow=flow,
        state=case.state,
        started=case.started_at,
        events=list(_Reading(version, sha256).events(entries)),
    )


def _version(entry: Entry | None, otherwise: int) -> tuple[int, str]:
    """That an entry names which began a case or moved it."""
    detail = entry.detail if entry else {}
    return int(detail.get("process_version") or otherwise), str(detail.get("definition_sha256", ""))


@dataclass
class _Reading:
    """Goes over the entries of one case.

    version, sha256  that it runs on, from the first entry on
    straight         stays after which the document goes straight back to a step
    """

    version: int
    sha256: str
    straight: dict[int, str] = field(default_factory=dict)

    def events(self, entries: Sequence[Entry]) -> Iterator[Event]:
        for entry in entries:
            if "definition_sha256" in entry.detail and entry.outcome == "done":
                self.version, self.sha256 = _version(entry, self.version)
            yield self._event(entry)

    def _event(self, entry: Entry) -> Event:
        detail, step = entry.detail, entry.step or ""
        stay = entry.subject[1] if entry.subject and entry.subject[0] == "task" else None
        home = self.straight.get(stay or 0, "")
        for opened in detail.get("opened_stays", []):
            if entry.action == "task.returned" and detail.get("then") == "back_to_me":
                self.straight[opened] = step
            elif home and entry.action in PASSING:
                self.straight[opened] = home
        label = ACTIONS.get(entry.action, entry.action)
        name = str(detail.get("step_name") or "")
        return Event(
            seq=entry.seq,
            at=entry.at,
            activity=_activity(entry, step, home),
            name=name if name and entry.action in ("task.completed",) else f"{name}{label}",
            action=entry.action,
            moves=entry.action in STEPS,
            step=step,
            by=entry.actor_login,
            person=entry.actor_name,
            authority=entry.authority,
            principal=entry.principal or "",
            outcome=str(detail.get("outcome_label") or ""),
            stay=stay,
            arrived=_moment(detail.get("arrived_at")),
            due=_moment(detail.get("due_at")),
            version=self.version,
            sha256=self.sha256,
        )


def _activity(entry: Entry, step: str, home: str) -> str:
    if entry.action == "task.returned":
        return f"{step}>{entry.detail.get('to', '')}"
    if entry.action == "timer.fired":
        return f"timer:{entry.detail.get('timer', '')}"
    if entry.action in STEPS:
        return f"{step}>>{home}" if home else step
    return f"{step}:{entry.action}" if step else entry.action


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
