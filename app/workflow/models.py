"""Tables of the engine: published versions, running cases, timers drawn in a diagram."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class DefinitionState(StrEnum):
    """draft is not kept here: only what passed every check becomes a row."""

    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class TermState(StrEnum):
    """proposed → scheduled or in_force → ended; what is not agreed to ends as refused."""

    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    ENDED = "ended"
    REFUSED = "refused"


class DraftState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


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

    files   JSON object: file name to text; the process itself, the called ones, their forms
    called  JSON object: called process to the sha256 of its file
    state   submitted: nobody has begun with it yet; in_force: it has a term in force somewhere;
            retired: it had one
    """

    __tablename__ = "definition"
    __table_args__ = (
        _one_of("state", DefinitionState),
        sa.UniqueConstraint("process_id", "version"),
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


_HERE = "state = 'in_force'"


class ProcessTerm(Base):
    """One term (启用) of a version: from when to when new cases began with it, and who said so.

    unit_id        None for the whole office; a unit without a term of its own follows the unit
                   above it, and at last the whole office
    in_force_from  day of Asia/Shanghai from which it holds; None: as soon as it is agreed to
    proposed_by, decided_by
                   two people; None where the rule of shipped versions signed
    answer         why it was refused or withdrawn
    follows        the unit gives its own version up and follows the one above; ``sha256`` is then
                   what held above when that was proposed, and again when it began on its day
    """

    __tablename__ = "process_term"
    __table_args__ = (
        _one_of("state", TermState),
        sa.Index(
            "uq_process_term_office",
            "process_id",
            unique=True,
            sqlite_where=sa.text(f"{_HERE} AND unit_id IS NULL"),
            postgresql_where=sa.text(f"{_HERE} AND unit_id IS NULL"),
        ),
        sa.Index(
            "uq_process_term_unit",
            "process_id",
            "unit_id",
            unique=True,
            sqlite_where=sa.text(_HERE),
            postgresql_where=sa.text(_HERE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str] = mapped_column(index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("definition.sha256"), index=True)
    reason: Mapped[str]
    proposed_by: Mapped[int | None]
    proposed_at: Mapped[datetime]
    in_force_from: Mapped[date | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    state: Mapped[str]
    follows: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class ProcessDraft(Base):
    """A process that is being drawn: nothing runs on it, and it may be as wrong as it likes.

    unit_id      whose process it is to be; None for the whole office
    base_sha256  the version that it was begun from; None for a blank or an uploaded one
    files        file name to text: ``*.bpmn`` and ``*.form``
    revision     rises with every saving
    sha256       the version that it became when it was submitted
    """

    __tablename__ = "process_draft"
    __table_args__ = (_one_of("state", DraftState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    base_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("definition.sha256"))
    files: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(sa.Integer)
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    updated_by: Mapped[int]
    updated_at: Mapped[datetime]
    state: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("definition.sha256"))


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
