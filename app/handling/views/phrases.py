"""常用意见 as they are offered at a stay and kept on their own page."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.acts.phrases import DEFAULTS
from app.handling.models import Phrase
from app.organization import Actor


@dataclass(frozen=True)
class Phrases:
    """``own``: the person has made them; else they are the usual ones."""

    items: Sequence[str]
    own: bool


def phrases(session: Session, actor: Actor) -> Phrases:
    query = sa.select(Phrase.text).where(Phrase.person_id == actor.person_id)
    own = session.scalars(query.order_by(Phrase.position)).all()
    return Phrases(own, own=True) if own else Phrases(DEFAULTS, own=False)
