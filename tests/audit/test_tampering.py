"""Raw changes by the owner of the database, past every trigger, on both engines (T1 to T5, T8).

The first bad entry or the broken checkpoint is named. What nothing in the database can show, a
record and its checkpoints written anew by somebody with full access, the witness shows.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import audit
from app.audit import AuditCheckpoint, AuditEntry, AuditHead, chain, checkpoints, witnesses
from app.audit.checkpoints import Checkpoint
from app.audit.cosigning.models import Cosignature, Witness
from app.audit.tree import Edge
from app.database import Base, harden_sqlite

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULE = audit.signed_by_rule("测试")
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
MODELS = (AuditEntry, AuditHead, AuditCheckpoint, Witness, Cosignature)
TABLES = [each.__tablename__ for each in MODELS]
FIRST, LAST = 5, 9
"""Entries under the first checkpoint, and under the second; so many there are."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Tables of the record alone, in a file or a schema of their own."""
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'audit.sqlite3'}")
        harden_sqlite(engine)
    else:
        url = request.getfixturevalue("postgres_url")
        schema = f"audit_{uuid.uuid4().hex[:8]}"
        engine = sa.create_engine(url, connect_args={"options": f"-csearch_path={schema}"})
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[each] for each in TABLES])
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """Nine entries, a checkpoint after five and one after nine."""
    with Session(engine) as session:
        for number in range(1, LAST + 1):
            audit.record(session, f"act {number}", RULE, at=AT, case_id=1, document_id=2)
            session.commit()
            if number in (FIRST, LAST):
                checkpoints.make(session, KEY, AT, now=True)
                session.commit()
        yield session


def unguard(session: Session) -> None:
    """As the owner of the tables can."""
    if session.get_bind().dialect.name == "postgresql":
        for table in TABLES[0], TABLES[2]:
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    for table in TABLES[0], TABLES[2]:
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))


def entry(session: Session, seq: int) -> dict[str, Any]:
    row = session.execute(sa.text("SELECT * FROM audit_entry WHERE seq = :seq"), {"seq": seq})
    return dict(row.mappings().one())


def put(session: Session, place: int, /, **values: Any) -> None:
    said = ", ".join(f"{name} = :{name}" for name in values)
    change = sa.text(f"UPDATE audit_entry SET {said} WHERE seq = :place")  # noqa: S608
    session.execute(change, {**values, "place": place})


def forged(session: Session, seq: int, **changes: Any) -> dict[str, Any]:
    """Body, hash, SM3 and copies of an entry that says something else."""
    body = chain.canonical({**json.loads(entry(session, seq)["body"]), **changes})
    return {"body": body, "hash": chain.leaf_hash(body), "sm3": chain.sm3(body)}


def swap(session: Session, one: int, other: int) -> None:
    for seq, now in ((one, -1), (other, one), (-1, other)):
        put(session, seq, seq=now)


def insert(session: Session) -> None:
    """A right looking entry between the fourth and the fifth; the later ones move up."""
    for seq in range(LAST, 4, -1):
        put(session, seq, seq=seq + 1)
    before = entry(session, 4)
    body = chain.canonical({**json.loads(before["body"]), "seq": 5, "previous": before["hash"]})
    new = {**before, "seq": 5, "body": body, "hash": chain.leaf_hash(body), "sm3": chain.sm3(body)}
    names = ", ".join(new)
    values = ", ".join(f":{name}" for name in new)
    session.execute(sa.text(f"INSERT INTO audit_entry ({names}) VALUES ({values})"), new)  # noqa: S608


def rehash(session: Session, first: int, keep: int = LAST) -> None:
    """All of it with right hashes, another reason from ``first`` on, ``keep`` entries (T4)."""
    previous = chain.GENESIS
    for seq in range(1, keep + 1):
        changes = {"previous": previous, **({"reason": "改写"} if seq >= first else {})}
        values = forged(session, seq, **changes)
        put(session, seq, **values)
        previous = values["hash"]
    session.execute(sa.text("DELETE FROM audit_entry WHERE seq > :keep"), {"keep": keep})
    session.execute(
        sa.text("UPDATE audit_head SET seq = :keep, hash = :hash"),
        {"keep": keep, "hash": previous},
    )


def on_record(change: str) -> Callable[[Session], None]:
    return lambda session: session.execute(sa.text(change)) and None


@dataclass(frozen=True)
class Raw:
    """A raw change, the first bad entry it leaves, and what is said."""

    what: str
    change: Callable[[Session], Any]
    first_bad: int
    said: str


def _replaced(column: str, value: str) -> Raw:
    change = on_record(f"UPDATE audit_entry SET {column} = {value} WHERE seq = 4")  # noqa: S608
    return Raw(f"the copy {column}", change, 4, "检索栏与内容不符")


def _no_json(session: Session) -> None:
    put(session, 3, body="no", hash=chain.leaf_hash("no"), sm3=chain.sm3("no"))


RAW = [
    Raw(
        "T1 one byte of a body",
        on_record("UPDATE audit_entry SET body = body || ' ' WHERE seq = 3"),
        3,
        "第 3 条记录的内容与散列值不符",
    ),
    Raw(
        "T1 a body and both digests",
        lambda session: put(session, 3, **forged(session, 3, reason="改写")),
        4,
        "第 4 条记录没有接在上一条之后",
    ),
    Raw(
        "T1 the last body and both digests",
        lambda session: put(session, LAST, **forged(session, LAST, reason="改写")),
        LAST + 1,
        "链首被改动",
    ),
    Raw("T1 a body that is none, with its digests", _no_json, 3, "第 3 条记录的内容不能读取"),
    Raw(
        "T1 the hash alone",
        on_record("UPDATE audit_entry SET hash = 'ff' || substr(hash, 3) WHERE seq = 2"),
        2,
        "散列值不符",
    ),
    Raw(
        "T1 the SM3 alone",
        on_record("UPDATE audit_entry SET sm3 = '00' || substr(hash, 3) WHERE seq = 2"),
        2,
        "SM3 值不符",
    ),
    _replaced("action", "'act 9'"),
    _replaced("outcome", "'refused'"),
    _replaced("actor_id", "7"),
    _replaced("case_id", "NULL"),
    _replaced("document_id", "3"),
    _replaced("at", "'2026-11-23 01:31:00+00:00'"),
    Raw(
        "T2 an entry deleted",
        on_record("DELETE FROM audit_entry WHERE seq = 2"),
        2,
        "第 2 条记录缺失",
    ),
    Raw(
        "T2 the first one deleted",
        on_record("DELETE FROM audit_entry WHERE seq = 1"),
        1,
        "第 1 条记录缺失",
    ),
    Raw("T2 all deleted", on_record("DELETE FROM audit_entry"), 1, "第 1 条"),
    Raw("T2 an entry inserted", insert, 6, "第 6 条记录没有接在上一条之后"),
    Raw("T2 two entries swapped", lambda session: swap(session, 3, 4), 3, "第 3 条"),
    Raw("T3 the tail cut", on_record("DELETE FROM audit_entry WHERE seq > 7"), 8, "第 8 条起"),
    Raw(
        "T3 the tail cut and the head set back",
        lambda session: rehash(session, first=99, keep=7),
        8,
        "检查点记到第 9 条，现在只有 7 条：第 8 条起被截去",
    ),
    Raw(
        "T3 cut before the first checkpoint",
        lambda session: rehash(session, first=99, keep=3),
        4,
        "检查点记到第 5 条，现在只有 3 条",
    ),
    Raw("T4 written anew", lambda session: rehash(session, first=1), 1, "第 1 至 5 条与检查点不符"),
    Raw(
        "T4 written anew after the first checkpoint",
        lambda session: rehash(session, first=7),
        6,
        "第 6 至 9 条与检查点不符：记录被整体改写过",
    ),
    Raw("the head moved on", on_record("UPDATE audit_head SET seq = 12"), 10, "链首被改动"),
    Raw("no head", on_record("DELETE FROM audit_head"), 10, ""),
    *(
        Raw(
            f"T5 {what} of a checkpoint",
            on_record(f"UPDATE audit_checkpoint SET {what} = {value} WHERE size = 5"),  # noqa: S608
            first,
            f"第 {first} 条的检查点签名不符",
        )
        for what, value, first in (
            ("root", "'00' || substr(root, 3)", 5),
            ("size", "4", 4),
            ("at", "'2026-11-23 01:31:00+00:00'", 5),
            ("signature", "'00' || substr(signature, 3)", 5),
            ("public_key", "'00' || substr(public_key, 3)", 5),
        )
    ),
]


def test_nothing_is_found_where_nothing_was_changed(session: Session) -> None:
    assert audit.verify(session) == audit.Verification(True, LAST, checkpoints=2)


@pytest.mark.parametrize("raw", RAW, ids=[each.what for each in RAW])
def test_a_raw_change_is_found_and_named(session: Session, raw: Raw) -> None:
    unguard(session)
    raw.change(session)
    session.commit()
    session.expire_all()
    found = audit.verify(session)
    assert (found.ok, found.first_bad) == (False, raw.first_bad)
    assert raw.said in (found.reason or "")


def anew(session: Session, key: Ed25519PrivateKey) -> None:
    """Record and checkpoints, by somebody with full access; ``key`` signs the new ones."""
    unguard(session)
    rehash(session, first=2)
    for size in (FIRST, LAST):
        hashes = session.scalars(sa.text("SELECT hash FROM audit_entry ORDER BY seq")).all()
        edge = Edge()
        for each in hashes[:size]:
            edge.add(bytes.fromhex(each))
        public = key.public_key().public_bytes_raw().hex()
        at = AT.isoformat(timespec="microseconds")
        new = Checkpoint(size, edge.root.hex(), at, public).signed_by(key)
        session.execute(
            sa.text(
                "UPDATE audit_checkpoint SET root = :root, public_key = :public_key,"
                " signature = :signature WHERE size = :size"
            ),
            {name: value for name, value in new.as_json().items() if name != "at"},
        )
    session.commit()
    session.expire_all()


@pytest.mark.parametrize("key", [KEY, OTHER], ids=["with the very key", "with another key"])
def test_what_somebody_with_full_access_wrote_anew_the_witness_shows(
    session: Session, tmp_path: Path, key: Ed25519PrivateKey
) -> None:
    witnesses.hand_over(session, tmp_path / "witness")
    known = witnesses.read([tmp_path / "witness"])
    assert audit.verify(session, known).witnessed == 2
    anew(session, key)
    assert audit.verify(session).ok  # nothing in the database shows it
    found = audit.verify(session, known)
    assert not found.ok
    assert ("与检查点不符" if key is KEY else "由另一把密钥签署") in (found.reason or "")


@pytest.mark.parametrize("table", ["audit_entry", "audit_checkpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses(session: Session, table: str, verb: str) -> None:
    """T8, by trigger; SQLite has no TRUNCATE."""
    if verb.startswith("TRUNCATE") and session.get_bind().dialect.name == "sqlite":
        verb = "DELETE FROM {} WHERE 1 = 1"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(verb.format(table)))
    session.rollback()
    assert audit.verify(session).ok
