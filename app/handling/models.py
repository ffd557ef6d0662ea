"""办件: a document on its route. A case has stays (tasks), a stay ends with an act."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base

CASE_STATES = {
    "running": "在办",
    "closed": "办结",
    "cancelled": "已撤销",
    "suspended": "暂停",
}
TASK_STATES = {
    "open": "待办",
    "done": "已办",
    "returned": "已退回",
    "withdrawn": "已撤回",
    "recalled": "被收回",
    "closed": "随他人办理结束",
}


class Case(Base):
    """One document on one route; shares its number with the engine's row of the same run."""

    __tablename__ = "handling_case"
    __table_args__ = (sa.CheckConstraint(f"state IN {tuple(CASE_STATES)}", "state"),)

    id: Mapped[int] = mapped_column(
        sa.ForeignKey("workflow_case.id"), primary_key=True, autoincrement=False
    )
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    process_id: Mapped[str]
    process_name: Mapped[str]
    process_version: Mapped[int] = mapped_column(sa.Integer)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    starter_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    countersigned_version: Mapped[int | None] = mapped_column(sa.Integer)
    countersigned_by: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """Which text the countersigners were asked about, and their logins; a newer text asks again."""


class Task(Base):
    """One stay at one step (停留): opened by an act, ended by an act, never reopened.

    token        the engine's token; lives exactly as long as the stay
    sent_from_id the stay whose act opened this one
    returned     opened by a return (退回) rather than by moving forward
    comes_back_to_id  the returned stay whose person gets the document straight back
    instead_of_id     the stay that this one repeats after a return or withdrawal
    blocked      why nobody can act here; such a stay lies with the process administrators
    given_by     what its people rest on: the post alone, somebody's choice, an administrator
    due_at       None when the diagram gives the step no limit
    limit_steps  the arithmetic of the limit in Chinese sentences
    """

    __tablename__ = "task"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(TASK_STATES)}", "state"),
        sa.CheckConstraint("given_by IN ('post', 'choice', 'administrator')", "given_by"),
        sa.Index("ix_task_open", "case_id", postgresql_where=sa.text("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    step: Mapped[str]
    step_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    arrived_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"), index=True)
    returned: Mapped[bool] = mapped_column(default=False)
    comes_back_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    instead_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    blocked: Mapped[str | None]
    given_by: Mapped[str] = mapped_column(default="post")
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due_at: Mapped[datetime | None]
    limit_steps: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    limit_provisional: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[str | None]
    overdue_since: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    outcome: Mapped[str | None]
    outcome_label: Mapped[str | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  (SQLAlchemy reads it)


class TaskCandidate(Base):
    """A person who may act at a stay, with the reason why, as it was when the stay opened."""

    __tablename__ = "task_candidate"
    __table_args__ = (sa.Index("ix_task_candidate_person", "person_id", "task_id"),)

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str]
    authority: Mapped[str]
    self_review: Mapped[bool] = mapped_column(default=False)


class Opinion(Base):
    """What a person wrote and chose at a stay; the database refuses to change it (CSG-01)."""

    __tablename__ = "opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), unique=True)
    step: Mapped[str]
    step_name: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    person_name: Mapped[str]
    authority: Mapped[str]
    outcome: Mapped[str | None]
    outcome_label: Mapped[str]
    text: Mapped[str]
    document_version: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime]


class OpinionDraft(Base):
    """Text not yet submitted, private to its writer, gone when the stay ends."""

    __tablename__ = "opinion_draft"

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    text: Mapped[str]
    saved_at: Mapped[datetime]


class Notice(Base):
    """Something a person should know and need not act on (待阅): read by opening it.

    text     a sentence shown beside the title of the document
    task_id  the stay it is about; 0 for the case as a whole
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('alarm', 'overdue', 'dispatched', 'closed', 'cancelled')", "kind"
        ),
        sa.UniqueConstraint("person_id", "kind", "case_id", "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"))
    task_id: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


append_only(Opinion.__table__)
