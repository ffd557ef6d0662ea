"""Tampering with raw SQL, past the triggers, as the owner of the file could (R13: T1 to T3)."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import audit
from app.audit import chain
from app.database import db

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULE = audit.signed_by_rule("测试")

TAMPERING = [
    ("one byte of a body", "UPDATE audit_entry SET body = body || ' ' WHERE seq = 3", 3),
    (
        "a body and both digests",
        "UPDATE audit_entry SET body = replace(body, 'act 3', 'act 9'), hash = :hash, sm3 = :sm3,"
        " action = 'act 9' WHERE seq = 3",
        4,
    ),
    ("an entry deleted", "DELETE FROM audit_entry WHERE seq = 2", 2),
    ("a copy for searching", "UPDATE audit_entry SET case_id = 77 WHERE seq = 5", 5),
    ("the tail cut", "DELETE FROM audit_entry WHERE seq = 5", 5),
    ("the head set back", "UPDATE audit_head SET seq = 4", 6),
]


@pytest.mark.parametrize(
    ("what", "statement", "first_bad"), TAMPERING, ids=[t[0] for t in TAMPERING]
)
def test_the_first_bad_entry_is_named(
    session: Session, what: str, statement: str, first_bad: int
) -> None:
    for number in range(1, 6):
        audit.record(session, f"act {number}", RULE, at=AT, case_id=1)
        session.commit()
    for trigger in ("update", "delete"):
        session.execute(sa.text(f"DROP TRIGGER audit_entry_no_{trigger}"))
    body = session.execute(sa.text("SELECT body FROM audit_entry WHERE seq = 3")).scalar_one()
    forged = body.replace("act 3", "act 9")
    values = {"hash": chain.leaf_hash(forged), "sm3": chain.sm3(forged)}
    session.execute(sa.text(statement), values if ":hash" in statement else {})
    session.commit()
    result = audit.verify(session)
    assert not result.ok
    assert result.first_bad == first_bad
    assert result.reason


def test_an_empty_record_is_whole(session: Session) -> None:
    assert audit.verify(session) == audit.Verification(True, 0)


@pytest.mark.postgres
def test_a_whole_record_is_whole_while_somebody_writes(postgres_app: Flask) -> None:
    """Entries and head of one moment: what is written meanwhile comes after it."""
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        with postgres_app.app_context():
            while not stop.is_set():
                audit.record(db.session(), "act", RULE, at=AT, case_id=1)
                db.session.commit()
                written += 1
            db.session.remove()

    writer = threading.Thread(target=write)
    with postgres_app.app_context():
        for _ in range(200):
            audit.record(db.session(), "act", RULE, at=AT, case_id=1)
        db.session.commit()
        writer.start()
        try:
            found = []
            while written < 20 or len(found) < 5:
                found.append(audit.verify(db.session()))
                db.session.rollback()
        finally:
            stop.set()
            writer.join()
            db.session.remove()
    assert [each.reason for each in found if not each.ok] == []
