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


def note(session: Session, facts: object, about: tuple[str, int] = ("case", 1)) -> None:
    audit.note(session, about, "stays", 4, facts)


def test_how_things_stand_afterwards_is_in_the_last_entry_of_the_act(session: Session) -> None:
    note(session, {"state": "open"})
    write(session, "first")
    note(session, {"state": "done"})
    note(session, {"state": "open"}, about=("case", 2))
    write(session, "second")
    session.commit()
    write(session, "third")
    session.commit()
    first, second, third = audit.case_entries(session, 1)
    assert second.detail["after"] == {"stays": {"4": {"state": "done"}}}
    assert "after" not in {**first.detail, **third.detail}
    assert audit.verify(session).ok


def test_what_was_noted_goes_with_what_was_undone(session: Session) -> None:
    note(session, {"state": "lost"})
    session.rollback()
    write(session, "first")
    inner = session.begin_nested()
    note(session, {"state": "lost too"})
    inner.rollback()
    session.commit()
    session.execute(sa.select(1))
    note(session, {"state": "without an entry"})
    session.commit()
    write(session, "second")
    session.commit()
    assert all("after" not in each.detail for each in audit.case_entries(session, 1))


def test_what_was_noted_within_a_savepoint_is_kept_with_it(session: Session) -> None:
    kept = session.begin_nested()
    write(session, "first")
    note(session, {"state": "done"})
    kept.commit()
    session.commit()
    (entry,) = audit.case_entries(session, 1)
    assert entry.detail["after"] == {"stays": {"4": {"state": "done"}}}


def test_a_note_without_one_spelling_is_refused(session: Session) -> None:
    with pytest.raises(TypeError):
        note(session, {"hours": 1.5})


def test_the_entries_of_one_case_are_checked_alone(session: Session) -> None:
    write(session, "first")
    audit.record(session, "of another", CLERK, at=AT, case_id=2)
    write(session, "third")
    session.commit()
    assert audit.verify_case(session, 1, 9) == audit.Verification(True, 2)
    session.execute(sa.text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
    session.execute(sa.text("UPDATE audit_entry SET hash = 'x' WHERE seq = 2"))
    found = audit.verify_case(session, 1, 9)
    assert (found.ok, found.entries, found.first_bad) == (False, 1, 3)
    assert found.reason == "第 3 条记录没有接在上一条之后。"
    session.rollback()


def test_an_entry_left_out_of_a_case_is_missed_by_the_next_one(session: Session) -> None:
    """Although what stands before that one in the record, of another case, is whole."""
    write(session, "first")
    audit.record(session, "of another", CLERK, at=AT, case_id=2)
    write(session, "third")
    session.commit()
    session.execute(sa.text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
    session.execute(sa.text("DELETE FROM audit_entry WHERE seq = 1"))
    found = audit.verify_case(session, 1, 9)
    assert (found.ok, found.first_bad) == (False, 3)
    assert found.reason == "第 3 条记录之前缺少此件的记录。"
    session.rollback()


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
