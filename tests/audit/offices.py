"""Two offices, each with the record, the scheduler and the web server of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock, create_app
from app.audit import chain, checkpoints
from app.audit.cosigning import directory, submitting
from app.audit.cosigning.notes import LOG, WITNESS, VerifierKey
from app.audit.cosigning.transport import Place, Reply, Unreachable
from app.config import Config
from app.database import db
from tests.conftest import settings

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULE = audit.signed_by_rule("测试")
ADDRESS = "https://witness.example/api/v1/witness"


@dataclass
class Office:
    """One of the two. ``lost``: how many of the next answers to it get lost on their way."""

    app: Flask
    config: Config
    key: Ed25519PrivateKey
    at: datetime = AT
    lost: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def log_key(self) -> VerifierKey:
        return VerifierKey.of(self.config.origin, LOG, self.key)

    @property
    def witness_key(self) -> VerifierKey:
        key = checkpoints.kept_key(self.config.cosigning_key)
        return VerifierKey.of(self.config.witness_name, WITNESS, key)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.app.app_context(), clock.moved_to(self.at):
            yield db.session()
            db.session.commit()
            db.session.remove()

    def act(self, count: int = 1) -> None:
        with self.session() as session:
            for _ in range(count):
                audit.record(session, "act", RULE, at=self.at, case_id=1)

    def sign(self) -> int:
        """Size of a new checkpoint."""
        with self.session() as session:
            found = checkpoints.make(session, self.key, self.at, now=True)
            assert found is not None
            return found.size

    def is_witnessed_by(self, other: "Office") -> None:
        with self.session() as session:
            key = str(other.witness_key)
            directory.add_witness(session, RULE, self.at, address=ADDRESS, key=key, demo=False)
        with other.session() as session:
            directory.trust_log(session, RULE, self.at, str(self.log_key))

    def send(self, to: "Office") -> int:
        """One turn of the errand of the scheduler: how many cosignatures came."""

        def post(_: Place, body: str) -> Reply:
            self.asked.append(body)
            reply = to.asked_to_cosign(body)
            if self.lost:
                self.lost -= 1
                raise Unreachable("lost")
            return reply

        with self.app.app_context(), clock.moved_to(self.at):
            errand = submitting.submitter(self.key, self.config.origin, demo=False, post=post)
            return errand(sessionmaker(db.engine), lambda: False)

    def asked_to_cosign(self, body: str | bytes) -> Reply:
        with clock.moved_to(self.at):
            path = "/api/v1/witness/add-checkpoint"
            answer = self.app.test_client().post(path, data=body, base_url="http://localhost")
        return Reply(answer.status_code, answer.get_data(as_text=True))

    def rewrite(self, first: int = 1) -> None:
        """As the owner of database and key can: all hashes, and every checkpoint, made anew."""
        with self.session() as session:
            unguarded(session)
            previous = chain.GENESIS
            for seq, text in session.execute(
                sa.text("SELECT seq, body FROM audit_entry ORDER BY seq")
            ).all():
                body = {**json.loads(text), "previous": previous}
                if seq >= first:
                    body["reason"] = "改写"
                new = chain.canonical(body)
                previous = chain.leaf_hash(new)
                values = {"seq": seq, "body": new, "hash": previous, "sm3": chain.sm3(new)}
                session.execute(
                    sa.text(
                        "UPDATE audit_entry SET body = :body, hash = :hash, sm3 = :sm3"
                        " WHERE seq = :seq"
                    ),
                    values,
                )
            session.execute(sa.text("UPDATE audit_head SET hash = :hash"), {"hash": previous})
            session.execute(sa.text("DELETE FROM audit_checkpoint"))

    def actions(self, action: str) -> list[dict[str, Any]]:
        """The bodies of these entries."""
        with self.session() as session:
            query = sa.select(audit.AuditEntry.body).filter_by(action=action)
            return [json.loads(body) for body in session.scalars(query)]


def unguarded(session: Session) -> None:
    for table in ("audit_entry", "audit_checkpoint", "audit_cosignature"):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            continue
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))


def opened(data: Path, url: str, name: str, seed: bytes) -> Office:
    """An office on this database, which is known to others under this name."""
    config = replace(settings(data, url), log_name=name)
    return Office(create_app(config), config, Ed25519PrivateKey.from_private_bytes(seed * 32))


Pair = tuple[Office, Office]
