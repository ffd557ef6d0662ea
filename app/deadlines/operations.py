"""Opening, closing and moving limits: rows written in the transaction of the act (architecture).

The caller holds the lock of the subject. Rows that a sweep holds at that moment are left alone:
it looks at the subject again under its lock and finds it finished, or its revision raised.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.deadlines.effects import DueRow
from app.deadlines.models import Due
from app.deadlines.rules import Deadline

DUE = cast(sa.Table, Due.__table__)

End = Deadline | datetime
"""When a row falls due: a computed limit, whose inputs are then kept, or a plain aware instant."""


def open_limits(
    session: Session,
    subject_type: str,
    limits: Sequence[tuple[int, End]],
    *,
    kind: str = "overdue",
    revision: int = 1,
    reminders: Sequence[tuple[int, datetime]] = (),
) -> None:
    """Open a row for each (subject, end) in one statement.

    kind       overdue, remind, escalate, alarm, receipt_check, checkin or timer
    revision   of the subject's limit; raised by the caller whenever the limit is set anew
    reminders  (subject, instant) at which it is said that a limit draws near: rows of kind remind
    Raises IntegrityError when such a row of that kind and revision exists already.
    """
    if not limits:
        return
    rows = [
        {**_row(kind, subject_type, subject_id, revision, 1), **_end(end)}
        for subject_id, end in limits
    ]
    rows += [
        {**_row("remind", subject_type, subject_id, revision, 1), **_end(at)}
        for subject_id, at in reminders
    ]
    session.execute(sa.insert(DUE).returning(DUE.c.id), rows)


def close_limits(
    session: Session, subject_type: str, subject_ids: Sequence[int], at: datetime
) -> int:
    """Cancel what still waits for these subjects, in one statement; how many rows that were.

    Called when a stay ends, whatever its outcome (decision 5). Whether it ended late follows
    from its own times, never from these rows.
    """
    if not subject_ids:
        return 0
    return _cancel(session, subject_type, subject_ids, at)


def move_limit(
    session: Session,
    subject_type: str,
    subject_id: int,
    end: End,
    *,
    revision: int,
    at: datetime,
    alone: bool = False,
    kind: str = "overdue",
    reminder: datetime | None = None,
) -> int:
    """Put a limit in place of those of older revisions; how many waiting rows that cancelled.

    revision  the subject's new one, which the caller has raised under its lock
    alone     alarms beside the old limit go on waiting; else the caller opens them again
    kind      as in :func:`open_limits`
    reminder  when it is said that the new limit draws near
    """
    older = [DUE.c.deadline_revision < revision]
    if alone:
        older.append(DUE.c.kind.in_((kind, "remind")))
    cancelled = _cancel(session, subject_type, [subject_id], at, *older)
    reminders = [(subject_id, reminder)] if reminder is not None else []
    ends = [(subject_id, end)]
    open_limits(session, subject_type, ends, kind=kind, revision=revision, reminders=reminders)
    return cancelled


def drop_limit(session: Session, subject_type: str, subject_id: int, at: datetime) -> None:
    """A subject has no limit any more, and goes on; alarms beside it go on waiting."""
    of_limit = DUE.c.kind.in_(("overdue", "remind", "escalate"))
    _cancel(session, subject_type, [subject_id], at, of_limit)


def pass_on_limits(session: Session, subject_type: str, old: int, new: int, at: datetime) -> None:
    """The limits of one subject become those of another, to the minute, with their inputs.

    For a stay that goes to a colleague: it is another stay, and the time is not another one. One
    that has run out passes on too, with its mark: its inputs are needed when the calendar changes.
    """
    fresh = ("id", "subject_id", "attempts", "last_error")
    kept = [column for column in DUE.c if column.name not in fresh]
    waiting = sa.select(sa.literal(new), *kept).where(
        DUE.c.subject_type == subject_type,
        DUE.c.subject_id == old,
        DUE.c.kind != "alarm",
        sa.or_(DUE.c.state == "pending", (DUE.c.state == "done") & (DUE.c.kind == "overdue")),
    )
    columns = ["subject_id", *(column.name for column in kept)]
    session.execute(sa.insert(DUE).from_select(columns, waiting))
    _cancel(session, subject_type, [old], at)


def stamp_limits(
    session: Session,
    subject_type: str,
    subject_ids: Sequence[int],
    version: str,
    *,
    kind: str = "overdue",
) -> None:
    """Say of limits that did not move that they hold by this version of the calendar too."""
    waiting = _waiting(subject_type, subject_ids, DUE.c.kind == kind)
    session.execute(sa.update(DUE).where(DUE.c.id.in_(waiting)).values(calendar_version=version))


def open_next(session: Session, after: DueRow, due_at: datetime, kind: str | None = None) -> bool:
    """From within an effect: repeat its row at ``due_at``, or open one of another ``kind``.

    So the alarm of DDL-02 repeats and what is overdue escalates. False when that row is there
    already: an effect must not fail of it.
    """
    repeated = kind is None or kind == after.kind
    row = _row(
        kind or after.kind,
        after.subject_type,
        after.subject_id,
        after.deadline_revision,
        after.occurrence + 1 if repeated else 1,
    )
    return insert_once(session, Due, {**row, **_end(due_at)})


def open_again(
    session: Session,
    subject_type: str,
    subject_id: int,
    *,
    kind: str,
    revision: int,
    due_at: datetime,
) -> None:
    """Let the last row of a kind, which was cancelled, wait once more until ``due_at``.

    For what climbs from row to row and stood still meanwhile: a new row would begin at the bottom.
    """
    last = (
        sa.select(sa.func.max(DUE.c.id))
        .where(
            DUE.c.subject_type == subject_type,
            DUE.c.subject_id == subject_id,
            DUE.c.kind == kind,
            DUE.c.deadline_revision == revision,
            DUE.c.state.in_(("cancelled", "pending")),
        )
        .scalar_subquery()
    )
    values = {"state": "pending", "due_at": due_at, "next_try_at": due_at, "handled_at": None}
    session.execute(sa.update(DUE).where(DUE.c.id == last).values(**values))


def _row(
    kind: str, subject_type: str, subject_id: int, revision: int, occurrence: int
) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "deadline_revision": revision,
        "occurrence": occurrence,
    }


def _end(end: End) -> dict[str, Any]:
    computed = end if isinstance(end, Deadline) else None
    due_at = end.due_at if isinstance(end, Deadline) else end
    return {
        "due_at": due_at,
        "next_try_at": due_at,
        "started_at": computed and computed.arrived_at,
        "rule": computed and asdict(computed.rule),
        "pause": _pause(computed),
        "provisional": bool(computed and computed.provisional),
        "calendar_version": computed and computed.version,
    }


def _pause(computed: Deadline | None) -> dict[str, Any] | None:
    pause = computed and computed.pause
    if not pause:
        return None
    moments = {name: getattr(pause, name).isoformat() for name in ("stopped_at", "resumed_at")}
    return {**asdict(pause), **moments}


def _cancel(
    session: Session,
    subject_type: str,
    subject_ids: Sequence[int],
    at: datetime,
    *conditions: sa.ColumnElement[bool],
) -> int:
    waiting = _waiting(subject_type, subject_ids, *conditions)
    result = session.execute(
        sa.update(DUE).where(DUE.c.id.in_(waiting)).values(state="cancelled", handled_at=at)
    )
    return cast("sa.CursorResult[Any]", result).rowcount


def _waiting(
    subject_type: str, subject_ids: Sequence[int], *conditions: sa.ColumnElement[bool]
) -> sa.Select[int]:
    """Ids of rows that wait, under lock; those that a sweep holds are left to it."""
    return (
        sa.select(DUE.c.id)
        .where(
            DUE.c.subject_type == subject_type,
            DUE.c.subject_id.in_(subject_ids),
            DUE.c.state == "pending",
            *conditions,
        )
        .with_for_update(skip_locked=True)
    )
