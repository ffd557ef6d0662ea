"""The document's own state follows its case: under review, back behind the sign-off, and so on."""

from app.documents import marks
from app.handling.act import Act
from app.handling.acts.trail import Past, began_with
from app.handling.signing import ending


def follow(act: Act) -> None:
    """After an act forward: a draft that has left its drafter is under review."""
    marks.mark_moving(act.document)


def go_back(act: Act, stay: Past) -> None:
    """After a jump back to ``stay``: what was done from there on no longer holds.

    The signature and the seal go (they stood for what came after them), the number stays: a
    return consumes none (decision 7). Back where the case began, it is a draft again.
    """
    marks.take_back_marks(act.session, act.document, act.as_candidate, act.at, since=stay.at)
    ending.follow(act, "公文退回到签发或者用印以前。")
    if began_with(act, stay.id):
        marks.mark_home(act.document)
