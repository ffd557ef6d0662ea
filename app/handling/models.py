"""办件: a document on its route. A case has stays (tasks), a stay ends with an act.

Long because all tables of the room stand together: first the case and its stays, then what lies
beside the route, then what administrators and supervisors do.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only, cleared
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
    "handed_over": "已转办",
    "consulting": "已征求意见",
    "waiting": "已加签，等候前签",
    "removed": "已减签",
    "skipped": "按规则跳过",
}
GIVEN_BY = ("post", "choice", "colleague", "administrator")
SUPERVISION_NOTICES = (
    *("supervised", "supervision_due", "supervision_closed"),
    *("supervision_reported", "supervision_extension"),
)
"""What is told of a 督办: who was told sees the document."""
REQUEST_NOTICES = ("requested", "decided")
"""Of a request (审批事项): told to those who are to know of it, and to its applicant."""
NOTICE_KINDS = (
    *("alarm", "overdue", "urged", "circulated"),
    *("dispatched", "closed", "cancelled", "recalled", "moved", "repaired", "receipt_check"),
    *SUPERVISION_NOTICES,
    *REQUEST_NOTICES,
    "archive_returned",
)
TASK_KINDS = {"step": "办理", "consult": "征求意见"}


class Case(Base):
    """One document on one route; shares its number with the engine's row of the same run.

    caretaker_id  who looks after it since its starter has left (岗位交接); the starter stays named
    """

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
    caretaker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    countersigned_version: Mapped[int | None] = mapped_column(sa.Integer)
    countersigned_by: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """Which text the countersigners were asked about, and their logins; a newer text asks again."""

    @property
    def kept_by(self) -> int:
        """Id of who may cancel it and is told how it ends."""
        return self.caretaker_id or self.starter_id


class SetSending(Base):
    """定时发送: an act at a stay that the system carries out when working time begins (TRN-04).

    form      what was submitted, as ``completing.Completion`` in JSON
    state     waiting; done; dropped by its person, or because the stay had ended before; failed
              with ``reason``, and then the stay is still open
    """

    __tablename__ = "set_sending"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'done', 'dropped', 'failed')", "state"),
        sa.Index(
            "uq_set_sending_waiting",
            "task_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    form: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime]
    send_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class Task(Base):
    """One stay at one step (停留): opened by an act, ended by an act, never reopened.

    kind         ``consult``: the person only gives an opinion, then it goes back to who asked
    token        the engine's token; one open stay has it, handing over passes it on to the next
    sent_from_id the stay whose act opened this one
    returned     opened by a return (退回) rather than by moving forward
    comes_back_to_id  the returned stay whose person gets the document straight back
    instead_of_id     the stay that this one repeats: returned to, withdrawn, had from a colleague
    asked_from_id     of a stay of kind ``consult``: the stay whose person asked
    named        login that a signing or the diagram names for it; None for the holders of a role
    blocked      why nobody can act here; such a stay lies with the process administrators
    given_by     what its people rest on: the post alone, the sender's choice, a colleague who
                 handed it over, an administrator
    due_at       None when the diagram gives the step no limit
    limit_steps  the arithmetic of the limit in Chinese sentences
    done_for_id  the principal, when somebody else ended the stay in his stead
    done_in_id   the department of who ended it, at that moment; None for who belonged to none
    """

    __tablename__ = "task"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(TASK_STATES)}", "state"),
        sa.CheckConstraint(f"kind IN {tuple(TASK_KINDS)}", "kind"),
        sa.CheckConstraint(f"given_by IN {tuple(GIVEN_BY)}", "given_by"),
        sa.Index("ix_task_open", "case_id", postgresql_where=sa.text("state = 'open'")),
        sa.Index(  # few stays are done for somebody else
            "ix_task_done_for",
            "done_for_id",
            sqlite_where=sa.text("done_for_id IS NOT NULL"),
            postgresql_where=sa.text("done_for_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_task_open_token",
            "token",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    token: Mapped[str]
    kind: Mapped[str] = mapped_column(default="step")
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
    asked_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    named: Mapped[str | None]
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
    done_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    done_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    outcome: Mapped[str | None]
    outcome_label: Mapped[str | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  (SQLAlchemy reads it)


class TaskCandidate(Base):
    """A person who may act at a stay, with the reason why, as it was when the stay opened.

    principal_id   whom the person stands in for (代); None when acting for himself
    delegation_id  what that rests on; it must be in force at the moment of the act
    """

    __tablename__ = "task_candidate"
    __table_args__ = (sa.Index("ix_task_candidate_person", "person_id", "task_id"),)

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str]
    authority: Mapped[str]
    self_review: Mapped[bool] = mapped_column(default=False)
    principal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegation.id"))


class Opinion(Base):
    """What a person wrote and chose at a stay; the database refuses to change it (CSG-01).

    principal_name  whom the person stood in for (代), None when he acted for himself
    checked         the 审查清单 as he left it, as ``review.Checked``; empty where none is asked
    """

    __tablename__ = "opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), unique=True)
    step: Mapped[str]
    step_name: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    person_name: Mapped[str]
    principal_name: Mapped[str | None]
    authority: Mapped[str]
    outcome: Mapped[str | None]
    outcome_label: Mapped[str]
    text: Mapped[str]
    document_version: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime]
    checked: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


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
        sa.CheckConstraint(f"kind IN {NOTICE_KINDS}", "kind"),
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


class Circulation(Base):
    """One reader of a circulated document (传阅): evidence of when he got it and first read it.

    kind         ``circulate``: the reader may pass it on; ``direct`` (专送): he may not (CIR-01)
    read_at      when the reader first opened the document; reading is nothing else
    recalled_at  taken back by the sender before it was read; the reader does not see it any more
    """

    __tablename__ = "circulation"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('circulate', 'direct')", "kind"),
        sa.Index("ix_circulation_reader", "reader_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reader_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str]
    words: Mapped[str]
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]


class Urge(Base):
    """催办: somebody asks the people of a stay to hurry; both sides see who, when and why."""

    __tablename__ = "urge"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]


class Phrase(Base):
    """常用意见 of one person, in the order in which they are shown."""

    __tablename__ = "phrase"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    text: Mapped[str]


class Intervention(Base):
    """What a process administrator wants to do to a case, and what a second one made of it.

    kind       move, reassign, suspend or resume
    task_id    the stay it is about; None for suspend and resume
    to         target step of a move, login of a reassignment
    clause     the rule or instruction that it rests on
    revision   of the stay when it was proposed; a stay that has changed since is not touched
    closes     names of the steps in other branches that a move ends, as was said before
    decided_by_id  who agreed or did not; of one that was taken back, the proposer
    left       of a suspension: what the limit of each open stay had left, by the stay's id, and
               each drawn timer, by ``timer-`` and its id, as [seconds, by the clock]
    """

    __tablename__ = "intervention"
    __table_args__ = (
        sa.Index(
            "uq_intervention_proposed",
            "case_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
        sa.CheckConstraint("kind IN ('move', 'reassign', 'suspend', 'resume')", "kind"),
        sa.CheckConstraint(
            "state IN ('proposed', 'done', 'refused', 'withdrawn', 'stale')", "state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    kind: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    to: Mapped[str | None]
    reason: Mapped[str]
    clause: Mapped[str]
    revision: Mapped[int | None] = mapped_column(sa.Integer)
    closes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    left: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]


class Incident(Base):
    """故障: an act that the case could not take; its stay is as it was, with the cause told.

    It is over when it is ended, or with its stay: an act that succeeds needs not say so.

    task_id      the open stay that it lies at
    tried_at_id  the stay whose person acted: another one where it had ended (撤回)
    cause        a sentence for the administrator; ``detail`` is what the engine said
    trial        what the act asked of the engine, to try the same again; shown to nobody
    attempts     how often something has been tried at this stay
    tried_by_id  who tried it last
    """

    __tablename__ = "incident"
    __table_args__ = (
        sa.Index(
            "uq_incident_open",
            "task_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    cause: Mapped[str]
    detail: Mapped[str]
    tried_at_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    tried_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    trial: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    attempts: Mapped[int] = mapped_column(sa.Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class PostHandover(Base):
    """岗位交接: all that lies with somebody who leaves goes to a successor, in one act (ORG-24).

    state  ``prepared`` until the supervisor signs; nothing has moved and the account is open
    moved  what was handed over, in words, as it was signed
    """

    __tablename__ = "post_handover"
    __table_args__ = (
        sa.CheckConstraint("state IN ('prepared', 'done', 'dropped')", "state"),
        sa.Index(
            "uq_post_handover_prepared",
            "person_id",
            unique=True,
            sqlite_where=sa.text("state = 'prepared'"),
            postgresql_where=sa.text("state = 'prepared'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="prepared")
    prepared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    moved: Mapped[list[str]] = mapped_column(sa.JSON, default=list)


append_only(Opinion.__table__)
cleared(TaskCandidate.__table__, OpinionDraft.__table__, Notice.__table__, Phrase.__table__)
