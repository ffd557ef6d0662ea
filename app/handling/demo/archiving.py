"""归档与移交 in the stories: filed, handed over by the department, accepted by the archivist."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.handling.demo.stage import Stage
from app.handling.filing import filing, listing, transferring
from app.handling.filing.listing import Wanted
from app.handling.filing.models import ArchiveItem, TransferLine


@dataclass(frozen=True)
class File:
    """With the retention of the table, or another one and the reason."""

    by: str
    retention: str = ""
    reason: str = ""

    def play(self, stage: Stage) -> None:
        how = (self.retention, self.reason)
        filing.file(stage.session, stage.actor(self.by), stage.case_id, *how)


@dataclass(frozen=True)
class HandOver:
    """Everything that the department has filed and not handed over by then."""

    by: str
    note: str = ""

    def play(self, stage: Stage) -> None:
        actor = stage.actor(self.by)
        lines = listing.lines(stage.session, actor, Wanted(state="filed"))
        own = [each.item_id for each in lines if each.department_id == actor.department_id]
        items = [each for each in own if each is not None]
        transferring.propose(stage.session, actor, items, self.note)


@dataclass(frozen=True)
class Accept:
    """The whole list that the story's document is on."""

    by: str

    def play(self, stage: Stage) -> None:
        query = (
            sa.select(TransferLine.transfer_id)
            .join(ArchiveItem, ArchiveItem.id == TransferLine.item_id)
            .where(ArchiveItem.case_id == stage.case_id, TransferLine.result == "waiting")
        )
        waiting = stage.session.scalars(query).one()
        transferring.accept(stage.session, stage.actor(self.by), waiting)
