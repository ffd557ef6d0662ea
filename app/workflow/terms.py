"""From when to when which version holds, and where: proposed by one person, agreed to by another.

A unit without a term of its own follows the unit above it, and at last the whole office
(``unit_id`` None). To go back is to propose an older version again; how a unit goes back to
following is in following.py.
"""

import json
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.errors import Invalid
from app.organization.choices import upwards
from app.organization.models import Unit
from app.workflow.errors import AlreadyDecided, NoDefinition, SecondPersonNeeded, SetForLater
from app.workflow.models import (
    DefinitionRow,
    DefinitionState,
    DraftState,
    ProcessDraft,
    ProcessTerm,
    TermState,
)
from app.workflow.noting import named, record

TURNS = 0x7465726D
"""Key of the advisory locks of :func:`take_turns`, one per process (PostgreSQL)."""


def holding(session: Session, unit_id: int | None = None) -> dict[str, str]:
    """Process to the sha256 that new cases of a unit begin with; None for the office's own."""
    query = sa.select(ProcessTerm.process_id, ProcessTerm.unit_id, ProcessTerm.sha256).where(
        ProcessTerm.state == TermState.IN_FORCE, ~ProcessTerm.follows
    )
    rows = session.execute(query.order_by(ProcessTerm.process_id)).all()
    found = {row.process_id: row.sha256 for row in rows if row.unit_id is None}
    if unit_id is None or len(found) == len(rows):
        return found
    chain = chain_of(session, unit_id)
    own = [row for row in rows if row.unit_id in chain]
    own.sort(key=lambda row: -chain.index(row.unit_id))
    return dict(sorted((found | {row.process_id: row.sha256 for row in own}).items()))


def chain_of(session: Session, unit_id: int) -> list[int]:
    """The unit and those above it, nearest first."""
    rows = session.execute(sa.select(Unit.id, Unit.parent_id))
    return upwards({row.id: row for row in rows}, unit_id)


def files_in_force(
    session: Session, process_id: str, unit_id: int | None = None
) -> dict[str, bytes]:
    """Name to content of what new cases begin with; {} where nothing is in force."""
    sha256 = holding(session, unit_id).get(process_id)
    text = session.scalar(sa.select(DefinitionRow.files).where(DefinitionRow.sha256 == sha256))
    return {name: each.encode() for name, each in json.loads(text or "{}").items()}


def propose(
    session: Session,
    row: DefinitionRow,
    by: audit.Signature,
    at: datetime,
    *,
    unit_id: int | None = None,
    reason: str = "",
    in_force_from: date | None = None,
    follows: bool = False,
) -> ProcessTerm:
    """Ask a second person to put a version in force, anew or again (roll back).

    follows  the unit is to follow the one above, where this version holds
    Raises Invalid for a day that has passed, AlreadyDecided where it holds already or is proposed.
    """
    if in_force_from is not None and in_force_from < at.astimezone(SHANGHAI).date():
        raise Invalid.at("in_force_from", "启用日期不能早于今天，请改为今天或以后的日期。")
    take_turns(session, row.process_id)
    place = (ProcessTerm.process_id == row.process_id, _at(unit_id))
    open_states = (TermState.PROPOSED, TermState.SCHEDULED, TermState.IN_FORCE)
    meant: sa.ColumnElement[bool] = ProcessTerm.follows.is_(True)
    if not follows:
        meant = sa.and_(~ProcessTerm.follows, ProcessTerm.sha256 == row.sha256)
    same = sa.select(ProcessTerm.state).where(*place, meant, ProcessTerm.state.in_(open_states))
    state = session.scalar(same)
    if state is not None:
        words = "正在启用" if state == TermState.IN_FORCE else "已经提请启用"
        raise AlreadyDecided(f"流程“{row.name}”{named(row, follows)}{words}，不需再次提交。")
    term = ProcessTerm(
        process_id=row.process_id,
        unit_id=unit_id,
        sha256=row.sha256,
        reason=reason.strip(),
        proposed_by=by.person_id,
        proposed_at=at,
        in_force_from=in_force_from,
        state=TermState.PROPOSED,
        follows=follows,
    )
    session.add(term)
    session.flush()
    return term


def put_in_force(
    session: Session,
    sha256: str,
    by: audit.Signature,
    at: datetime,
    term_id: int | None = None,
) -> ProcessTerm:
    """Agree to what another person proposed; it holds at once, or from the day that was set.

    term_id  which proposal of this version; None for the whole office's, else the oldest one
    Raises SecondPersonNeeded for the person who proposed it, or drew what has never held;
    SetForLater where another version would end it again, AlreadyDecided unless proposed.
    """
    term = proposed(session, sha256, term_id)
    row = session.get_one(DefinitionRow, sha256)
    _ensure_second(session, row, term, by)
    _ensure_lasts(session, row, term, at)
    term.decided_by, term.decided_at, term.answer = by.person_id, at, None
    if _waits(term, at):
        term.state = TermState.SCHEDULED
        session.flush()
        record(session, "definition.scheduled", row, by, at, term)
    else:
        begin(session, term, by, at)
    return term


def take_turns(session: Session, process_id: str) -> None:
    """Versions and terms of one process are made one after the other, until the commit.

    The first lock of all that are taken for them; SQLite has one writer anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock(TURNS, sa.func.hashtext(process_id))
        session.execute(sa.select(lock))


def begin(session: Session, term: ProcessTerm, by: audit.Signature, at: datetime) -> None:
    """New cases begin with it from now on; what held there before ends."""
    take_turns(session, term.process_id)
    held = sa.select(ProcessTerm).where(
        ProcessTerm.process_id == term.process_id,
        _at(term.unit_id),
        ProcessTerm.state == TermState.IN_FORCE,
    )
    before = session.scalars(held.with_for_update()).all()
    for each in before:
        each.state, each.ended_at = TermState.ENDED, at
    session.flush()
    term.state, term.started_at = TermState.IN_FORCE, at
    row = session.get_one(DefinitionRow, term.sha256)
    if not term.follows:
        row.state, row.decided_by, row.decided_at = DefinitionState.IN_FORCE, term.decided_by, at
    session.flush()
    for each in before:
        if not each.follows:
            _retire_if_nowhere(session, each.sha256)
    record(session, "definition.put_in_force", row, by, at, term)


def put_back(
    session: Session, term: ProcessTerm, why: str, by: audit.Signature, at: datetime
) -> None:
    """Its day has come and it may not begin: it waits for a second person again, saying why."""
    term.state, term.answer, term.decided_by, term.decided_at = TermState.PROPOSED, why, None, None
    session.flush()
    row = session.get_one(DefinitionRow, term.sha256)
    record(session, "definition.not_begun", row, by, at, term)


def refuse(
    session: Session, term_id: int, answer: str, by: audit.Signature, at: datetime
) -> ProcessTerm:
    """Refuse what was proposed, withdraw one's own proposal, or call off what was set for a day.

    Raises Invalid without a reason, AlreadyDecided once it holds.
    """
    if not answer.strip():
        raise Invalid.at("answer", "请写明不予启用的理由。")
    query = sa.select(ProcessTerm).where(ProcessTerm.id == term_id).with_for_update()
    term = session.scalar(query.execution_options(populate_existing=True))
    if term is None:
        raise NoDefinition
    row = session.get_one(DefinitionRow, term.sha256)
    if term.state not in (TermState.PROPOSED, TermState.SCHEDULED):
        which = named(row, term.follows)
        raise AlreadyDecided(f"流程“{row.name}”{which}已经启用或停用，不能再退回。")
    term.state, term.answer, term.decided_by, term.decided_at = (
        TermState.REFUSED,
        answer.strip(),
        by.person_id,
        at,
    )
    session.flush()
    record(session, "definition.refused", row, by, at, term)
    return term


def proposed(session: Session, sha256: str, term_id: int | None = None) -> ProcessTerm:
    """What is proposed of a version, locked: for the whole office, else the oldest, if not told.

    Raises NoDefinition, AlreadyDecided.
    """
    row = session.get(DefinitionRow, sha256)
    if row is None:
        raise NoDefinition
    take_turns(session, row.process_id)
    query = sa.select(ProcessTerm).where(
        ProcessTerm.sha256 == sha256, ProcessTerm.state == TermState.PROPOSED
    )
    wanted = ~ProcessTerm.follows if term_id is None else ProcessTerm.id == term_id
    order = (ProcessTerm.unit_id.is_not(None), ProcessTerm.id)
    locked = query.where(wanted).order_by(*order).limit(1).with_for_update()
    found = session.scalars(locked.execution_options(populate_existing=True)).first()
    if found is None:
        raise AlreadyDecided(f"流程“{row.name}”第 {row.version} 版已经启用或停用，不需再次启用。")
    return found


def _ensure_second(
    session: Session, row: DefinitionRow, term: ProcessTerm, by: audit.Signature
) -> None:
    if by.person_id is None or by.person_id == term.proposed_by:
        raise SecondPersonNeeded
    drew = sa.exists().where(
        ProcessDraft.sha256 == row.sha256,
        ProcessDraft.state == DraftState.SUBMITTED,
        ProcessDraft.updated_by == by.person_id,
    )
    if row.state == DefinitionState.SUBMITTED and session.scalar(sa.select(drew)):
        raise SecondPersonNeeded(
            "这一版是您绘制的，须由绘制人和提交人以外的人启用。没有第三人时，"
            "请由提交人退回，您自己提请后由对方启用。"
        )


def _waits(term: ProcessTerm, at: datetime) -> bool:
    return term.in_force_from is not None and term.in_force_from > at.astimezone(SHANGHAI).date()


def _ensure_lasts(session: Session, row: DefinitionRow, term: ProcessTerm, at: datetime) -> None:
    """What was decided for a later day before does not end silently what is decided now."""
    query = (
        sa.select(DefinitionRow, ProcessTerm.in_force_from, ProcessTerm.follows)
        .join(DefinitionRow, DefinitionRow.sha256 == ProcessTerm.sha256)
        .where(
            ProcessTerm.process_id == term.process_id,
            _at(term.unit_id),
            ProcessTerm.state == TermState.SCHEDULED,
        )
        .order_by(ProcessTerm.in_force_from)
    )
    if _waits(term, at):
        query = query.where(ProcessTerm.in_force_from >= term.in_force_from)
    later = session.execute(query.limit(1)).first()
    if later is not None:
        raise SetForLater(
            f"流程“{row.name}”{named(later.DefinitionRow, later.follows)}"
            f"已定于 {later.in_force_from} 启用，到时会取代{named(row, term.follows)}。"
            "请先取消那一次启用，再启用这一版。"
        )


def _retire_if_nowhere(session: Session, sha256: str) -> None:
    holds = sa.exists().where(
        ProcessTerm.sha256 == sha256,
        ProcessTerm.state == TermState.IN_FORCE,
        ~ProcessTerm.follows,
    )
    if not session.scalar(sa.select(holds)):
        session.get_one(DefinitionRow, sha256).state = DefinitionState.RETIRED
        session.flush()


def _at(unit_id: int | None) -> sa.ColumnElement[bool]:
    return ProcessTerm.unit_id.is_not_distinct_from(unit_id)
