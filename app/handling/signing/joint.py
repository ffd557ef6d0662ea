"""联合行文: whose seals a joint document bears, in the order of its 署名, and whose turn it is.

The lead's seal comes first. Agencies that are units of this office system and seal with keys
follow, each with a seal of its own, set by its own keeper; the fields of all of them are on the
page before the first signature. Of other agencies the page has the 署名 and no field: their seals
come with the exchange of documents between systems.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.kinds import SIGNED_IN_PERSON
from app.documents.layout.places import Places
from app.documents.models import Document
from app.errors import Conflict
from app.handling.act import Act
from app.organization import Unit
from app.seals import papers
from app.seals.models import Signature, SignatureEnd
from app.seals.papers import Field
from app.seals.registry import policies, shelf
from app.workflow.definitions import Definition

MORE = "more_seals"
"""Case variable: after this seal another unit's follows."""


class SealerUnknown(Conflict):
    """A unit was renamed between the sign-off, which set the fields, and its seal."""

    code = "sealer_unknown"

    def __init__(self, issuer: str) -> None:
        super().__init__(
            f"版面上“{issuer}”的用印位置没有对应的单位，可能已经改名，不能用印。"
            "请退回重新签发，按现在的名称署名。"
        )


@dataclass(frozen=True)
class Turn:
    """Where the next seal goes. ``more``: another unit seals after this one."""

    field: str
    unit_id: int
    more: bool


def sealers(session: Session, document: Document) -> dict[str, int]:
    """Units that seal a joint document besides the lead, by their 署名, in its order."""
    if not document.joint_issuers or document.kind in SIGNED_IN_PERSON:
        return {}
    names = document.joint_issuers
    query = sa.select(Unit.id, Unit.name, Unit.short_name).where(
        sa.or_(Unit.name.in_(names), Unit.short_name.in_(names)), Unit.id != document.unit_id
    )
    here = {name: row.id for row in session.execute(query) for name in (row.short_name, row.name)}
    return {
        name: here[name]
        for name in names
        if name in here and policies.in_force(session, here[name]).seal == "digital"
    }


def with_fields(places: Places, others: Sequence[str]) -> Places:
    """The places of those seals that units here set: the lead's, and theirs."""
    first, *rest = places.signatures or (None,)
    kept = [] if first is None else [first, *(each for each in rest if each.issuer in others)]
    return replace(places, signatures=tuple(kept))


def goes_round(definition: Definition) -> bool:
    """Whether the route comes back to the seal for each unit (property ``joint``)."""
    return any(each.properties.get("joint") == "yes" for each in definition.steps)


def turn(act: Act) -> Turn:
    """Whose seal comes next: the lead's on a page that has no field yet.

    Raises SealerUnknown where the unit of that field is no longer called so: nobody else's keeper
    seals over its 署名.
    """
    waiting = _waiting(act) if act.may_sign else []
    if not waiting:
        return Turn(papers.SEAL, act.case.unit_id, more=False)
    field = waiting[0]
    return Turn(field.name, _unit(act, field), more=len(waiting) > 1)


def known_turn(act: Act) -> Turn | None:
    """The same for who looks at the page of a stay; None where the unit is no longer called so."""
    try:
        return turn(act)
    except SealerUnknown:
        return None


def _waiting(act: Act) -> list[Field]:
    """Fields of seals that nobody has sealed; a seal set at the stay in hand is not submitted."""
    kept = shelf.current(act.session, act.document)
    if kept is None:
        return []
    query = (
        sa.select(Signature.field)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(
            Signature.document_id == act.document.id,
            Signature.content_sha256 == act.document.content_sha256,
            Signature.kind == "seal",
            SignatureEnd.signature_id.is_(None),
        )
    )
    if act.task is not None and act.stay.state == "open":
        query = query.where(Signature.task_id != act.stay.id)
    sealed = set(act.session.scalars(query))
    return [each for each in papers.loaded(kept.fields) if each.locks and each.name not in sealed]


def _unit(act: Act, field: Field) -> int:
    """The unit of a field: the lead's of the first one. Raises SealerUnknown."""
    if field.name == papers.SEAL:
        return act.case.unit_id
    named = sa.or_(Unit.name == field.issuer, Unit.short_name == field.issuer)
    query = sa.select(Unit.id).where(named, Unit.id != act.document.unit_id)
    found = act.session.scalar(query)
    if found is None:
        raise SealerUnknown(field.issuer)
    return found
