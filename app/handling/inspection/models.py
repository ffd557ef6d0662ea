"""检索目录 and saved searches. The directory is made from the record, and can be made anew."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base
from app.handling.inspection import grams

PACK_STATES = {"pending": "等待制作", "done": "已制作", "failed": "没有做成"}


class RecordIndex(Base):
    """What an entry of the record is found by. A finding aid: what it says is proved by the entry.

    unit_id      of the case, else of who acted
    document_id  of the entry, else of its case; ``case_id`` likewise of its document
    deviations   sum of the values of ``deviations.DEVIATIONS``; 0 of an ordinary act
    text         everything said in the entry, folded, with the title of a document that it begins
    """

    __tablename__ = "record_index"
    __table_args__ = (
        sa.Index("ix_record_index_at", "at"),
        sa.Index("ix_record_index_actor", "actor_id", "seq"),
        sa.Index("ix_record_index_case", "case_id", "seq"),
        sa.Index("ix_record_index_document", "document_id", "seq"),
        sa.Index("ix_record_index_action", "action", "seq"),
        sa.Index(
            "ix_record_index_deviations",
            "seq",
            sqlite_where=sa.text("deviations <> 0"),
            postgresql_where=sa.text("deviations <> 0"),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str]
    outcome: Mapped[str]
    actor_id: Mapped[int | None]
    principal: Mapped[str | None]
    unit_id: Mapped[int | None]
    case_id: Mapped[int | None]
    document_id: Mapped[int | None]
    deviations: Mapped[int] = mapped_column(sa.Integer)
    text: Mapped[str]


class SavedSearch(Base):
    """A search that an auditor keeps for himself; ``asked``: its fields as they were filled in."""

    __tablename__ = "saved_search"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class PackOrder(Base):
    """A 检查包 that an auditor has asked for; the scheduler makes it, who has the key to sign it.

    sha256      of the archive in the store, once it is done
    checkpoint  up to which entry it goes; None until it is made
    trouble     why it could not be made, "" unless it failed
    """

    __tablename__ = "pack_order"
    __table_args__ = (sa.CheckConstraint(f"state IN {tuple(PACK_STATES)}", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    year: Mapped[int] = mapped_column(sa.Integer)
    seed: Mapped[str]
    count: Mapped[int] = mapped_column(sa.Integer)
    unit: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    checkpoint: Mapped[int | None]
    sha256: Mapped[str | None]
    made_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")


@sa.event.listens_for(RecordIndex.__table__, "after_create")
def _with_grams(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
    for statement in grams.made_by(connection.dialect.name):
        connection.exec_driver_sql(statement)


@sa.event.listens_for(RecordIndex.__table__, "before_drop")
def _without_grams(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {grams.TABLE}")


cleared(RecordIndex.__table__, SavedSearch.__table__)
