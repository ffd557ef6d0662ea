"""Acts of filing and transfer as tests write them: one act in one transaction, a minute later."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.handling.filing import filing, listing, transferring
from app.handling.filing.models import ArchiveItem, ArchiveTransfer, TransferLine
from app.handling.models import Case
from tests.world import World


@dataclass
class Archive:
    """The county bureau, whose finished documents are filed and handed over."""

    world: World

    def sent(self, login: str = "drafter", **fields: Any) -> Case:
        """A notice that was sent."""
        done = self.world.draft(login, **fields)
        self.world.run(done)
        return done.case

    def received(self, **fields: Any) -> Case:
        """A paper that 工程科 has handled to the end."""
        done = self.world.register(**fields)
        everybody = {"next": ["leader", "leader2", "leader3"]}
        handled = {"outcome": "to_handle", "next": ["dept.head"]}
        self.world.run(done, distribute=everybody, collect=handled)
        return done.case

    def file(self, case: Case, login: str = "drafter", *how: str) -> ArchiveItem:
        found: ArchiveItem = self.act(filing.file, login, case.id, *how)
        return found

    def filed(self, login: str = "drafter", **fields: Any) -> ArchiveItem:
        return self.file(self.sent(login, **fields), login)

    def propose(self, *items: ArchiveItem, login: str = "drafter") -> ArchiveTransfer:
        ids = [each.id for each in items]
        found: ArchiveTransfer = self.act(transferring.propose, login, ids)
        return found

    def accept(
        self, transfer: ArchiveTransfer, returned: dict[int, str] | None = None
    ) -> ArchiveTransfer:
        found: ArchiveTransfer = self.act(
            transferring.accept, "archivist", transfer.id, returned or {}
        )
        return found

    def act(self, operation: Any, login: str, *values: Any) -> Any:
        world = self.world
        world.later(minutes=1)
        try:
            with clock.moved_to(world.at):
                found = operation(world.session, world.actor(login), *values)
                world.session.commit()
        except BaseException:
            world.session.rollback()
            raise
        return found

    def lines(self, login: str, **wanted: Any) -> list[listing.Line]:
        world = self.world
        with clock.moved_to(world.at):
            return listing.lines(world.session, world.actor(login), listing.Wanted(**wanted))

    def results(self, transfer: ArchiveTransfer) -> list[str]:
        query = sa.select(TransferLine.result).where(TransferLine.transfer_id == transfer.id)
        return list(self.world.session.scalars(query.order_by(TransferLine.item_id)))
