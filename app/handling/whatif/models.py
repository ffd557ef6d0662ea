"""Named tests of a process, and reasons for putting a version in force although some fail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base


class ProcessTest(Base):
    """One scenario with what is expected of it.

    scenario  as ``scenario.Scenario``; expected: as ``results.Result.plain``
    """

    __tablename__ = "process_test"
    __table_args__ = (sa.UniqueConstraint("process_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    name: Mapped[str]
    scenario: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    expected: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    saved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class WaivedTests(Base):
    """Why a version may be put in force although these tests fail; said before it is.

    failing  ``id``, ``name`` and ``saved_at`` of each as it was then; a bare name in old rows
    """

    __tablename__ = "process_tests_waived"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("definition.sha256"), index=True)
    failing: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

    @property
    def names(self) -> list[str]:
        return [each["name"] if isinstance(each, dict) else each for each in self.failing]


cleared(ProcessTest.__table__)
