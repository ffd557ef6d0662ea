"""The table of what units have chosen about their attachments."""

from app.database import Base
from app.organization.choices import UnitChoice


class AttachmentPolicy(UnitChoice, Base):
    """Which types and sizes a unit and those below it take (附件规则): ``types``, ``megabytes``."""

    __tablename__ = "attachment_policy"
