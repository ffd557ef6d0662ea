"""What the signer asks the rooms above it: is this act approved, and which page is it for?

They are handed in at start-up, because the keys lie below the acts.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.seals.signer.orders import Order


@dataclass(frozen=True)
class Need:
    """The one signature that an act still lacks.

    kind            of ``SIGNATURE_KINDS``
    field           of the page that it goes into
    content_sha256  of the version of the text that was approved
    seal_id         which seal, for kind seal
    stamp_id        签名章 of who signs, that a 签发 on the page shows
    """

    kind: str
    document_id: int
    task_id: int
    person_id: int
    field: str
    content_sha256: str
    seal_id: int | None = None
    stamp_id: int | None = None

    @property
    def used_id(self) -> int | None:
        """The seal of the register whose picture is set: of the unit, or of who signs."""
        return self.seal_id or self.stamp_id


@dataclass(frozen=True)
class Page:
    """The file that is to be signed.

    shown_sha256  of what the person was shown of it
    fields        all fields that the document will have, for ``Paper.fields``
    """

    content: bytes = field(repr=False)
    shown_sha256: str
    fields: list[dict[str, Any]] = field(default_factory=list)


class Approvals(Protocol):
    """The acts of handling as the signer needs them; changes nothing that lasts."""

    def need(self, session: Session, order: Order) -> Need:
        """Rehearse the act of the order within a savepoint that is rolled back.

        Raises NoApproval when the act lacks no signature, and whatever the act itself would
        refuse. Called again, under the locks of the act, just before the signature is kept.
        """

    def page(self, session: Session, need: Need) -> Page:
        """Set the approved text, or take its newest paper when it and its numbers are right."""
