"""Tables of the engine: published versions, running cases, timers drawn in a diagram."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class DefinitionState(StrEnum):
    """draft is not kept here: only what passed every check becomes a row."""

    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class CaseStatus(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    FINISHED = "finished"
    CANCELLED = "cancelled"


def _one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class DefinitionRow(Base):
    """One published version of a process with every process it calls; never changed.

    files   JSON object: file name to text, the process itself and the called ones
    called  JSON object: called process to the sha256 of its file
    """

    __tablename__ = "definition"
    __table_args__ = (
        _one_of("state", DefinitionState),
        sa.UniqueConstraint("process_id", "version"),
        sa.Index(
            "uq_definition_in_force",
            "process_id",
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        ),
    )

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    process_id: Mapped[str]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(sa.Integer)
    files: Mapped[str]
    called: Mapped[str]
    state: Mapped[str]
    shipped: Mapped[bool] = mapped_column(default=False)
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class WorkflowCase(Base):
    """One run of a definition. ``state`` is compact JSON text whose key order matters to nobody.

    ``revision`` rises with every act. An UPDATE that finds another revision raises
    StaleDataError: somebody wrote past the lock, and the whole act must be tried again.
    """

    __tablename__ = "workflow_case"
    __table_args__ = (_one_of("status", CaseStatus),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("definition.sha256"), index=True)
    revision: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str]
    status: Mapped[str]
    started_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  (SQLAlchemy reads it as a class attribute)


class WorkflowTimer(Base):
    """A timer drawn on a step; a due row points here and the sweep fires it.

    text  ISO 8601 as drawn: a duration or a moment
    """

    __tablename__ = "workflow_timer"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_case.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(36), unique=True)
    element: Mapped[str]
    text: Mapped[str]
    closed_at: Mapped[datetime | None]
