"""督办 in the stories: opened, reported on, put off on request, closed."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import clock, deadlines
from app.deadlines.workdays import local_date
from app.handling.demo.stage import Stage
from app.handling.models import Case
from app.handling.supervision import extending, opening, reporting
from app.handling.supervision.models import Supervision
from app.handling.supervision.opening import Order


@dataclass(frozen=True)
class Supervise:
    """``days``: working days from then to the target date."""

    by: str
    department: str
    days: int
    requirement: str
    reason: str

    def play(self, stage: Stage) -> None:
        target = _workday(stage, self.days)
        order = Order(self.department, target, self.requirement, self.reason)
        opening.supervise(stage.session, stage.actor(self.by), stage.case_id, order)


@dataclass(frozen=True)
class Report:
    by: str
    text: str

    def play(self, stage: Stage) -> None:
        reporting.report(stage.session, stage.actor(self.by), _supervision(stage), self.text)


@dataclass(frozen=True)
class AskLater:
    """``days``: working days from then to the date that is wanted."""

    by: str
    days: int
    reason: str

    def play(self, stage: Stage) -> None:
        wanted = _workday(stage, self.days)
        actor, found = stage.actor(self.by), _supervision(stage)
        extending.ask(stage.session, actor, found, wanted, self.reason)


@dataclass(frozen=True)
class Settle:
    """办结 of the supervision, whatever becomes of the document."""

    by: str
    result: str

    def play(self, stage: Stage) -> None:
        reporting.close(stage.session, stage.actor(self.by), _supervision(stage), self.result)


def _supervision(stage: Stage) -> int:
    """The open one of the story's document. Raises NoResultFound."""
    query = sa.select(Supervision.id).where(
        Supervision.case_id == stage.case_id, Supervision.state == "open"
    )
    return stage.session.scalars(query).one()


def _workday(stage: Stage, days: int) -> date:
    case = stage.session.get_one(Case, stage.case_id)
    calendar = deadlines.load(stage.session, case.unit_id)
    return calendar.workday_after(local_date(clock.now(stage.session)), days)
