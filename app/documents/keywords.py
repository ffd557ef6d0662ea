"""主题词 after the sign-off: changed by who may, never at will, and the old ones stay (DRF-18)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import fields
from app.documents.errors import WrongState
from app.documents.fields import Keywords
from app.documents.history import hold, record
from app.documents.marks import SIGNED
from app.documents.models import Document
from app.errors import Invalid
from app.organization import Actor


class _Amended(fields.Form):
    keywords: Keywords


def amend(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    given: Sequence[str],
    reason: str,
) -> None:
    """Other keywords for a document that was signed; what was signed stays as it was (S11).

    Until then they are an element like others, changed where the text is. Raises WrongState
    before the sign-off, Invalid for words that cannot be kept or are the same.
    """
    hold(session, document)
    if document.flow != "outgoing" or document.state not in SIGNED:
        raise WrongState("此件尚未签发，主题词请在修改公文时改。")
    words = fields.read(_Amended, {"keywords": list(given)}).keywords
    before = list(document.keywords_in_force)
    if words == before:
        raise Invalid.at("keywords", "与现有的主题词相同，没有需要改动的。")
    document.amended_keywords = words
    record(
        session,
        document,
        "document.keywords_changed",
        by,
        at,
        reason=reason,
        old=before,
        new=words,
    )
