"""Tables of the second factor: the shared secret, the codes for when it is lost, the policy."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base
from app.organization.choices import UnitChoice


class SecondFactor(Base):
    """What a person's authenticator shares with us (RFC 6238), sealed (``sealing``).

    sealed      the secret in use; null while the first one waits to be confirmed
    since       when it came into use
    last_step   half-minute of the newest code that was taken: no code is taken twice
    pending     a secret that waits for its first code, since ``pending_at``
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("account.person_id"), primary_key=True)
    sealed: Mapped[str | None]
    since: Mapped[datetime | None]
    last_step: Mapped[int]
    pending: Mapped[str | None]
    pending_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that opens once without the authenticator; 79 random bits, kept as SHA-256."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("account.person_id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class FactorPolicy(UnitChoice, Base):
    """Whom a unit asks for a second factor: ``whom`` (off, roles, all) and ``roles``, keys."""

    __tablename__ = "factor_policy"


cleared(SecondFactor.__table__, RecoveryCode.__table__)
