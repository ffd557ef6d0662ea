"""Deviations for the auditor's page and the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.handling.conformance.checking import ENDED
from app.handling.conformance.kinds import LAWFUL, WRONG
from app.handling.conformance.models import ConformanceCheck, ConformanceDeviation
from app.handling.conformance.moving import version_at, version_changes
from app.handling.models import Case
from app.organization import Unit


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" and None for everything.

    kind   of deviation, or ``wrong`` and ``lawful`` for all of that sort
    """

    kind: str = ""
    process: str = ""
    unit: str = ""
    case_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    """A deviation with its case.

    process_version  that the case ran on when it deviated
    entries          how long the record was when it was found
    """

    id: int
    case_id: int
    title: str
    number: str | None
    unit: str
    process: str
    process_name: str
    process_version: int
    kind: str
    wrong: bool
    seq: int | None
    at: datetime
    step: str
    step_name: str
    person: str
    reason: str
    authority: str
    said: str
    entries: int


@dataclass(frozen=True)
class Summary:
    """How far the check has come: ended cases, those checked, and what was found in them.

    oldest, newest  when the first and the last of the present results were computed
    entries         the shortest record that one of them was computed at
    kinds           (kind, how many)
    """

    ended: int
    checked: int
    fitting: int
    deviating: int
    wrong: int
    oldest: datetime | None
    newest: datetime | None
    entries: int | None
    kinds: Sequence[tuple[str, int]]


def summary(session: Session) -> Summary:
    ended = session.scalar(sa.select(sa.func.count()).where(Case.state.in_(ENDED))) or 0
    check = ConformanceCheck
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(check.deviations == 0),
            sa.func.count().filter(check.wrong > 0),
            sa.func.min(check.at),
            sa.func.max(check.at),
            sa.func.min(check.entries),
        ).select_from(check)
    ).one()
    query = sa.select(ConformanceDeviation.kind, sa.func.count()).group_by(
        ConformanceDeviation.kind
    )
    counts = {row.kind: row[1] for row in session.execute(query)}
    kinds = [(kind, counts[kind]) for kind in (*WRONG, *LAWFUL) if kind in counts]
    checked, fitting, wrong, oldest, newest, entries = row
    return Summary(
        *(ended, checked, fitting, checked - fitting, wrong), oldest, newest, entries, kinds
    )


def listed(session: Session, wanted: Wanted, limit: int, skip: int = 0) -> list[Line]:
    """The newest first, those that nothing explains before the others of their moment."""
    found = ConformanceDeviation
    query = (
        sa.select(
            found.id,
            found.case_id,
            Document.title,
            Document.number,
            Unit.name,
            Case.process_id,
            Case.process_name,
            Case.process_version,
            found.kind,
            found.wrong,
            found.seq,
            found.at,
            found.step,
            found.step_name,
            found.person,
            found.reason,
            found.authority,
            found.said,
            ConformanceCheck.entries,
        )
        .join(Case, Case.id == found.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .join(Document, Document.id == Case.document_id)
        .join(ConformanceCheck, ConformanceCheck.case_id == Case.id)
        .where(*_conditions(wanted))
        .order_by(found.at.desc(), found.wrong.desc(), found.id.desc())
        .limit(limit)
        .offset(skip)
    )
    rows: Iterable[Any] = session.execute(query)
    return _of_then(session, [Line(*row) for row in rows])


def _of_then(session: Session, lines: list[Line]) -> list[Line]:
    """Each deviation with the version that its case ran on then, which may not be the present."""
    changes = version_changes(session, {each.case_id for each in lines})
    return [
        replace(line, process_version=version)
        if (version := version_at(changes.get(line.case_id, ()), line.seq))
        else line
        for line in lines
    ]


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = ConformanceDeviation
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kind in ("wrong", "lawful"):
        conditions.append(found.wrong.is_(wanted.kind == "wrong"))
    elif wanted.kind:
        conditions.append(found.kind == wanted.kind)
    if wanted.process:
        conditions.append(Case.process_id == wanted.process)
    if wanted.unit:
        conditions.append(Unit.key == wanted.unit)
    if wanted.case_id is not None:
        conditions.append(found.case_id == wanted.case_id)
    if wanted.since is not None:
        conditions.append(found.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(found.at < wanted.until)
    return conditions


def processes(session: Session) -> list[tuple[str, str]]:
    """(process, name) of all that has run, for lists to choose from."""
    query = (
        sa.select(Case.process_id, sa.func.max(Case.process_name))
        .group_by(Case.process_id)
        .order_by(Case.process_id)
    )
    return [(process, name) for process, name in session.execute(query)]
