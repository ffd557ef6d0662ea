"""恢复旧版本: an earlier version becomes the newest, by who may change the text now (OUT-36)."""

from sqlalchemy.orm import Session

from app.documents import operations
from app.errors import Invalid
from app.handling import remarks
from app.handling.acts.editing import Saved, hold_editable, make_forms_stale
from app.organization import Actor


def restore(
    session: Session, actor: Actor, document_id: int, number: int, reason: str, seen: int | None
) -> Saved:
    """Bring version ``number`` back as a new version of the step at hand; nothing is erased.

    seen  version that the page was drawn from
    Raises what ``editing.hold_editable`` and ``operations.restore`` raise, Invalid without a
    reason.
    """
    act = hold_editable(session, actor, document_id)
    written = remarks.read("reason", "理由", reason, remarks.SHORT)
    if not written:
        raise Invalid.at("reason", "恢复旧版本须写明理由。")
    version = operations.restore(
        session, act.document, act.as_candidate, act.at, act.stay.step, number, written, seen=seen
    )
    make_forms_stale(act)
    return Saved(act.stay.id, version.number, True)
