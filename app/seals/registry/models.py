"""Tables of what units choose about signing, and of uses of a seal that no key made."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base
from app.organization.choices import UnitChoice

WAYS = {"paper": "纸质用印", "image": "图片印章"}


class SigningPolicy(UnitChoice, Base):
    """How a unit and those below it sign off and seal (签发用印方式): ``sign_off``, ``seal``."""

    __tablename__ = "signing_policy"


class SealUse(Base):
    """One use of a seal on paper, or as a picture (SIG-10): who, when, on what; never erased.

    document_id     the request that allowed it, or the document that was sealed
    names           of the papers sealed
    taken_out       the seal left the office, with ``companions`` of the unit's staff (PAP-06)
    content_sha256  of the text that was approved
    """

    __tablename__ = "seal_use"
    __table_args__ = (
        sa.CheckConstraint(f"way IN {tuple(WAYS)}", "way"),
        sa.CheckConstraint("copies >= 1", "copies"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    seal_id: Mapped[int] = mapped_column(sa.ForeignKey("seal.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    task_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    names: Mapped[list[str]] = mapped_column(sa.JSON)
    copies: Mapped[int] = mapped_column(sa.Integer)
    taken_out: Mapped[bool] = mapped_column(default=False)
    companions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    content_sha256: Mapped[str]
    at: Mapped[datetime]


append_only(SealUse.__table__)
