"""A database of its own per test: the chain starts at its first entry."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditCheckpoint, AuditEntry, AuditHead
from app.audit.cosigning.models import Cosignature, Witness
from app.database import Base, harden_sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'audit.sqlite3'}")
    harden_sqlite(engine)
    models = (AuditEntry, AuditHead, AuditCheckpoint, Witness, Cosignature)
    names = [each.__tablename__ for each in models]
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[name] for name in names])
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session
