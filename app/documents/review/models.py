"""The table of what units have chosen about the checklist of reviewers."""

from app.database import Base
from app.organization.choices import UnitChoice


class ReviewPolicy(UnitChoice, Base):
    """What reviewers check in a unit and those below it (审查清单): ``checks``, ``must``."""

    __tablename__ = "review_policy"
