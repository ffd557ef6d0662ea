"""The table of what units have chosen about the checks."""

from app.database import Base
from app.organization.choices import UnitChoice


class PreflightPolicy(UnitChoice, Base):
    """How much each check weighs for a unit and those below it: severity by rule (发前检查规则)."""

    __tablename__ = "preflight_policy"
