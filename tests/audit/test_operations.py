from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app import audit
from app.audit.models import AuditEntry

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
CLERK = audit.Signature(7, "drafter", "周明", authority="拟稿人")


def write(session: Session, action: str) -> None:
    audit.record(session, action, CLERK, at=AT, case_id=1, detail={"opinion": "同意。"})


def actions(session: Session) -> list[str]:
    return [entry.action for entry in audit.case_entries(session, 1)]


def test_entries_are_numbered_without_a_gap_and_read_back_whole(session: Session) -> None:
    write(session, "first")
    write(session, "second")
    session.commit()
    write(session, "third")
    session.commit()
    entries = audit.case_entries(session, 1)
    assert [(entry.seq, entry.action) for entry in entries] == [
        (1, "first"),
        (2, "second"),
        (3, "third"),
    ]
    assert entries[0].at == AT
    assert entries[0].detail == {"opinion": "同意。"}
    assert audit.verify(session) == audit.Verification(True, 3)


def test_an_act_rolled_back_leaves_no_entry(session: Session) -> None:
    write(session, "undone")
    session.rollback()
    write(session, "done")
    session.commit()
    assert actions(session) == ["done"]


def test_a_savepoint_takes_only_its_own_entries_with_it(session: Session) -> None:
    write(session, "before")
    session.flush()
    kept = session.begin_nested()
    write(session, "kept")
    kept.commit()
    lost = session.begin_nested()
    write(session, "lost")
    inner = session.begin_nested()
    write(session, "lost too")
    inner.commit()
    lost.rollback()
    session.commit()
    assert actions(session) == ["before", "kept"]


def test_a_float_is_refused_before_anything_is_written(session: Session) -> None:
    with pytest.raises(TypeError):
        audit.record(session, "act", CLERK, at=AT, detail={"share": 0.5})
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET hash = ''", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_change_the_record(session: Session, statement: str) -> None:
    write(session, "act")
    session.commit()
    with pytest.raises((IntegrityError, OperationalError), match="append-only"):
        session.execute(sa.text(statement))
    session.rollback()
    assert audit.verify(session).ok
