"""What a chain alone cannot show: a cut end, a record written anew, a forged checkpoint (T3–T5)."""

import json
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import audit
from app.audit import chain, checkpoints, keeping, proofs, tree, witnesses
from app.audit.checkpoints import Checkpoint
from app.audit.errors import KeyNotPrivate, RecordNotWhole
from app.database import db
from app.errors import NotFound

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULE = audit.signed_by_rule("测试")
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def write(session: Session, count: int, act: str = "act") -> None:
    for _ in range(count):
        audit.record(session, act, RULE, at=AT, case_id=1)
    session.commit()


def sign(session: Session, key: Ed25519PrivateKey = KEY) -> Checkpoint:
    found = checkpoints.make(session, key, AT, now=True)
    session.commit()
    assert found is not None
    return found


def unguarded(session: Session) -> None:
    """As the owner of the database can: the triggers go."""
    for table in ("audit_entry", "audit_checkpoint"):
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))


def rewrite(session: Session, first: int, keep: int) -> None:
    """From ``first`` on, other acts with right hashes, ``keep`` entries in all (T4)."""
    rows = session.execute(sa.text("SELECT seq, body FROM audit_entry ORDER BY seq")).all()
    previous = chain.GENESIS
    for seq, text in rows:
        body = json.loads(text)
        body["previous"] = previous
        if seq >= first:
            body["reason"] = "改写"
        new = chain.canonical(body)
        previous = chain.leaf_hash(new)
        values = {"seq": seq, "body": new, "hash": previous, "sm3": chain.sm3(new)}
        change = "UPDATE audit_entry SET body = :body, hash = :hash, sm3 = :sm3 WHERE seq = :seq"
        session.execute(sa.text(change), values)
        if seq == keep:
            break
    session.execute(sa.text("DELETE FROM audit_entry WHERE seq > :n"), {"n": keep})
    session.execute(
        sa.text("UPDATE audit_head SET seq = :n, hash = :hash"), {"n": keep, "hash": previous}
    )
    session.commit()


def test_the_checkpoint_has_the_root_over_all_entries(session: Session) -> None:
    for size in (3, 5, 6):
        write(session, size - (session.scalar(sa.text("SELECT max(seq) FROM audit_entry")) or 0))
        found = sign(session)
        hashes = session.scalars(sa.text("SELECT hash FROM audit_entry ORDER BY seq")).all()
        assert found.size == size
        assert found.root == tree.root(bytes.fromhex(each) for each in hashes).hex()
        assert found.is_signed()
    assert [each.size for each in checkpoints.listed(session)] == [6, 5, 3]
    assert audit.verify(session) == audit.Verification(True, 6, checkpoints=3)


def test_nothing_new_is_not_signed_again_and_a_little_waits(session: Session) -> None:
    assert checkpoints.make(session, KEY, AT) is None
    write(session, 2)
    assert checkpoints.make(session, KEY, AT) is not None
    session.commit()
    assert checkpoints.make(session, KEY, AT, now=True) is None
    write(session, 1)
    assert checkpoints.make(session, KEY, AT + timedelta(minutes=9)) is None
    assert checkpoints.make(session, KEY, AT + timedelta(minutes=10)) is not None
    session.commit()
    write(session, checkpoints.EVERY_ENTRIES)
    assert checkpoints.make(session, KEY, AT + timedelta(minutes=11)) is not None


def test_a_cut_end_is_found_by_a_checkpoint(session: Session) -> None:
    """T3: the last entries cut and the head set back, so that the chain looks whole."""
    write(session, 6)
    sign(session)
    unguarded(session)
    rewrite(session, first=99, keep=4)
    found = audit.verify(session)
    assert (found.ok, found.entries, found.first_bad) == (False, 4, 5)
    assert "第 5 条起被截去" in (found.reason or "")


def test_a_record_written_anew_is_found_by_a_checkpoint(session: Session) -> None:
    """T4: named from the last checkpoint that still fits."""
    write(session, 3)
    sign(session)
    write(session, 4)
    sign(session)
    unguarded(session)
    rewrite(session, first=5, keep=7)
    found = audit.verify(session)
    assert (found.ok, found.first_bad) == (False, 4)
    assert "第 4 至 7 条" in (found.reason or "")


def test_a_forger_with_a_key_of_his_own_is_found_by_the_witness(
    session: Session, tmp_path: Path
) -> None:
    """Record and checkpoints written anew and signed again: only what lies elsewhere tells."""
    write(session, 7)
    sign(session)
    witnesses.hand_over(session, tmp_path)
    unguarded(session)
    rewrite(session, first=2, keep=7)
    session.execute(sa.text("DELETE FROM audit_checkpoint"))
    session.commit()
    sign(session, OTHER)
    assert audit.verify(session).ok  # nothing in the database shows it
    known = witnesses.read([tmp_path])
    by_another_key = audit.verify(session, known)
    assert "另一把密钥" in (by_another_key.reason or "")
    both = [each.public_key for each in (*known, *checkpoints.listed(session))]
    found = audit.verify(session, known, both)
    assert (found.ok, found.first_bad) == (False, 1)


FORGED: list[tuple[str, Callable[[Checkpoint], Checkpoint]]] = [
    ("the root", lambda it: replace(it, root="0" * 64)),
    ("the size", lambda it: replace(it, size=it.size - 1)),
    ("the time", lambda it: replace(it, at=it.at.replace("2026", "2025"))),
    ("the signature", lambda it: replace(it, signature="00" * 64)),
    ("a signature that is none", lambda it: replace(it, signature="zz")),
    ("the key", lambda it: replace(it, public_key=OTHER.public_key().public_bytes_raw().hex())),
]


@pytest.mark.parametrize(("what", "forge"), FORGED, ids=[each[0] for each in FORGED])
def test_a_forged_checkpoint_is_refused(
    session: Session, what: str, forge: Callable[[Checkpoint], Checkpoint]
) -> None:
    """T5: in the database as from a witness."""
    write(session, 3)
    forged = forge(sign(session))
    assert not forged.is_signed()
    found = audit.verify(session, [forged])
    assert not found.ok
    assert "检查点" in (found.reason or "")


def test_nothing_is_signed_over_an_entry_that_does_not_fit(session: Session) -> None:
    write(session, 3)
    sign(session)
    write(session, 3)
    unguarded(session)
    session.execute(sa.text("UPDATE audit_entry SET body = body || ' ' WHERE seq = 5"))
    session.commit()
    with pytest.raises(RecordNotWhole, match="第 5 条"):
        checkpoints.make(session, KEY, AT, now=True)


def test_the_database_refuses_to_change_a_checkpoint(session: Session) -> None:
    write(session, 1)
    sign(session)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        session.execute(sa.text("UPDATE audit_checkpoint SET root = ''"))


def test_witnesses_get_everything_once_and_catch_up(session: Session, tmp_path: Path) -> None:
    sizes = []
    for _ in range(3):
        write(session, 2)
        sizes.append(sign(session).size)
        if len(sizes) != 2:
            witnesses.hand_over(session, tmp_path)
    assert witnesses.hand_over(session, tmp_path) == 0
    assert [each.size for each in witnesses.read([tmp_path])] == sizes
    assert audit.verify(session, witnesses.read([tmp_path])).witnessed == 3


def test_a_witness_that_cannot_be_written_keeps_no_other_waiting(
    session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(session, 1)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    errand = keeping.keeper(KEY, [tmp_path / "file", tmp_path / "good"])
    sessions = sessionmaker(session.get_bind())
    assert errand(sessions, lambda: False) == 1
    assert errand(sessions, lambda: False) == 0
    assert errand(sessions, lambda: True) == 0
    assert len(witnesses.read([tmp_path / "good"])) == 1
    assert "did not take" in caplog.text


@pytest.mark.parametrize("line", ["{}", "nonsense", '{"size": "3"}', "[]"])
def test_what_is_no_checkpoint_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "checkpoints-2026-11.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="第 2 行不是检查点"):
        witnesses.read([tmp_path])


def test_an_entry_is_proved_without_the_database(session: Session) -> None:
    write(session, 9)
    sign(session)
    for seq in range(1, 10):
        given: dict[str, Any] = json.loads(json.dumps(proofs.of_entry(session, seq).as_json()))
        assert proofs.holds(given)
        assert not proofs.holds({**given, "body": given["body"].replace("测试", "改写")})
        assert not proofs.holds({**given, "seq": seq % 9 + 1})
        assert not proofs.holds({**given, "path": given["path"][1:]})
        forged = {**given["checkpoint"], "at": "2020-01-01T00:00:00.000000+00:00"}
        assert not proofs.holds({**given, "checkpoint": forged})
    assert not proofs.holds({})
    assert not proofs.holds({"checkpoint": 3, "body": 4, "seq": 5, "path": 6})


def test_an_entry_that_is_under_no_checkpoint_waits(session: Session) -> None:
    write(session, 1)
    with pytest.raises(NotFound, match="还没有覆盖"):
        proofs.of_entry(session, 1)
    with pytest.raises(NotFound, match="没有第 2 条"):
        proofs.of_entry(session, 2)


def test_one_checkpoint_is_proved_to_follow_another(session: Session) -> None:
    write(session, 3)
    first = sign(session)
    write(session, 4)
    second = sign(session)
    proof = [bytes.fromhex(each) for each in proofs.between(session, 3, 7)]
    roots = bytes.fromhex(first.root), bytes.fromhex(second.root)
    assert tree.extends(3, roots[0], 7, roots[1], proof)
    for earlier, later in ((7, 3), (3, 6)):
        with pytest.raises(NotFound):
            proofs.between(session, earlier, later)


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "audit-key.pem"
    made = checkpoints.kept_key(path)
    assert checkpoints.kept_key(path).private_bytes_raw() == made.private_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(KeyNotPrivate):
        checkpoints.kept_key(path)
    path.chmod(0o600)
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(KeyNotPrivate):
        checkpoints.kept_key(path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.postgres
def test_writers_and_schedulers_at_once_leave_one_line_of_checkpoints(postgres_app: Flask) -> None:
    """T6: eight writers, a thousand entries: no gap, no fork, and every checkpoint fits."""

    def run(work: Callable[[Session], object], turns: int) -> None:
        with postgres_app.app_context():
            for _ in range(turns):
                work(db.session())
                db.session.commit()
            db.session.remove()

    def act(session: Session) -> None:
        audit.record(session, "act", RULE, at=AT, case_id=1)

    def look(session: Session) -> None:
        checkpoints.make(session, KEY, AT, now=True)

    with postgres_app.app_context():
        before = audit.verify(db.session()).entries
        db.session.remove()
    work = [*[(act, 125)] * 8, (look, 20), (look, 20)]
    threads = [threading.Thread(target=run, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with postgres_app.app_context():
        sign(db.session())
        found = audit.verify(db.session())
        db.session.remove()
    assert (found.ok, found.entries) == (True, before + 1000)
    assert found.checkpoints >= 1
