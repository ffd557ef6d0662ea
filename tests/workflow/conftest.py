"""A database in memory per test, with the tables of this room and of the record."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import workflow
from app.audit import AuditCheckpoint, AuditEntry, AuditHead
from app.database import Base
from app.organization.models import Unit
from app.workflow.models import (
    DefinitionRow,
    ProcessDraft,
    ProcessTerm,
    WorkflowCase,
    WorkflowTimer,
)

TABLES = [AuditEntry, AuditHead, AuditCheckpoint, DefinitionRow, Unit, ProcessTerm, ProcessDraft]
TABLES += [WorkflowCase, WorkflowTimer]


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine, tables=[sa.inspect(model).local_table for model in TABLES])
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture(autouse=True)
def topics() -> Iterator[None]:
    """Every test starts with one operation that does nothing."""
    workflow.register_topics({"note": lambda call: None})
    yield
    workflow.register_topics({})
