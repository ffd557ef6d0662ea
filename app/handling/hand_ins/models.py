"""The table of papers handed in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base


class HandIn(Base):
    """A paper that the office took in for review, beside the electronic document (DRF-19).

    version  of the document at that moment: what the paper had to say as well
    remark   what was handed in, such as 红头稿纸一份, 附件三份; "" where nothing was said
    """

    __tablename__ = "hand_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("handling_case.id"), index=True)
    version: Mapped[int] = mapped_column(sa.Integer)
    received_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    received_by_name: Mapped[str]
    received_at: Mapped[datetime]
    remark: Mapped[str]


append_only(HandIn.__table__)
