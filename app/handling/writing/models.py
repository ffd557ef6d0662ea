"""Tables of writing: the one who has a document in hand, and forms not yet saved."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base


class EditLock(Base):
    """Who has the text of a document in hand; others may read it, and not save.

    task_id       the stay at which he writes; with its end the lock is over
    until         when it lapses unless the open page says again that it is open
    asked_by_id   a colleague who wants to take over, since ``asked_at``
    refused_id    whose request the holder declined last
    """

    __tablename__ = "edit_lock"

    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    refused_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class FormDraft(Base):
    """A form of 拟稿, 收文登记 or 修改公文 as it was typed last; private to its writer.

    place    ``new`` and ``incoming`` for the two empty forms, the id of the document otherwise
    values   what the form held, by the names of the API
    version  of the document that the form was drawn from; 0 for a new one
    """

    __tablename__ = "form_draft"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(sa.Integer)
    saved_at: Mapped[datetime]


cleared(EditLock.__table__, FormDraft.__table__)
