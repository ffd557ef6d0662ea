"""主题词 of what was issued, changed by the office head or the archivist (DRF-18).

Once the archive has accepted the document, by the archivist alone (REC-07).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.documents import keywords
from app.documents.marks import SIGNED
from app.errors import Invalid, NotAllowed
from app.handling import remarks
from app.handling.access import document_of
from app.handling.act import Act, hold_case
from app.handling.filing import responsibility
from app.organization import Actor, roles

MAY_CHANGE = (roles.OFFICE_HEAD, roles.ARCHIVIST)


def change(
    session: Session, actor: Actor, document_id: int, words: Sequence[str], reason: str
) -> None:
    """Give a signed document other keywords; the ones before stay in the record.

    Raises NotFound for a document that the actor may not see, NotAllowed for who is neither office
    head nor archivist of its unit, Conflict for the office head once the archive has the document,
    Invalid without a reason, and what ``keywords.amend`` raises.
    """
    _, case = document_of(session, actor, document_id)
    act = hold_case(session, actor, case.id)
    ensure_may_change(act)
    if not _is_archivist(act):
        responsibility.ensure_with_creator(session, case.id, "改动主题词")
    written = remarks.read("reason", "原因", reason, remarks.SHORT)
    if not written:
        raise Invalid.at("reason", "改动主题词须写明原因。")
    keywords.amend(session, act.document, actor, act.at, words, written)


def may_change(act: Act) -> bool:
    """Whether the page offers it: a signed document of the actor's unit."""
    drafted = act.document.flow == "outgoing" and not act.document.scanned
    if not drafted or act.document.state not in SIGNED or not _holds(act):
        return False
    return _is_archivist(act) or not responsibility.in_archive(act.session, act.case.id)


def ensure_may_change(act: Act) -> None:
    if not _holds(act):
        raise NotAllowed(
            "签发以后主题词不能随意更改，由办公室负责人或者档案员改动，请与其联系。（DRF-18）"
        )


def _holds(act: Act) -> bool:
    return any(act.actor.holds(role, unit_id=act.case.unit_id) for role in MAY_CHANGE)


def _is_archivist(act: Act) -> bool:
    return act.actor.holds(roles.ARCHIVIST, unit_id=act.case.unit_id)
