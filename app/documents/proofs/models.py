"""Tables of 校样: what setting the page of a content has shown, and what is being set now."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base

DRAFT = ""
"""In whose name the page of a draft is set."""


class Proof(Base):
    """What the page of a content lacks; all processes judge a sign-off by it.

    content_sha256  of the document, as its versions have it
    signatory       in whose name the page was set, or ``DRAFT``
    standing        of what else the page depends on, see ``standing_of``
    unfit           sentences; none for a page that may be issued
    """

    __tablename__ = "page_proof"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    content_sha256: Mapped[str] = mapped_column(primary_key=True)
    signatory: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[str]
    unfit: Mapped[list[str]]
    at: Mapped[datetime]


class Typesetting(Base):
    """A page that waits to be set or is being set; gone when that is over.

    seen_at   sign of life of who waits for it
    begun     False while it waits for its turn
    passes    that have begun, of ``most`` at most
    """

    __tablename__ = "typesetting"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    seen_at: Mapped[datetime]
    begun: Mapped[bool] = mapped_column(default=False)
    passes: Mapped[int] = mapped_column(sa.Integer, default=0)
    most: Mapped[int] = mapped_column(sa.Integer)


cleared(Typesetting.__table__)
