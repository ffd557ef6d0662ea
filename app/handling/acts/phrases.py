"""常用意见 of one person: what he keeps writing, in the order in which he wants it offered."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import FieldError, Invalid
from app.handling import remarks
from app.handling.models import Phrase
from app.organization import Actor, Person

MOST = 30
DEFAULTS = ("同意。", "已阅。", "请按程序办理。", "请补充说明。")
"""For who has none of his own."""


def keep(session: Session, actor: Actor, texts: Sequence[str]) -> list[str]:
    """Put these in the place of all that the actor had, each on one line, without empty ones.

    With none left he has the usual ones again. Raises Invalid at ``items``, by their place.
    """
    # two pages of one person wait for each other here
    session.execute(
        sa.select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True)
    )
    found = _read(texts)
    session.execute(sa.delete(Phrase).where(Phrase.person_id == actor.person_id))
    session.add_all(
        Phrase(person_id=actor.person_id, position=place, text=text)
        for place, text in enumerate(found, 1)
    )
    return found


def _read(texts: Sequence[str]) -> list[str]:
    found: list[str] = []
    errors = []
    for place, text in enumerate(texts):
        field = f"items.{place}"
        try:
            phrase = remarks.read(field, "常用意见", "".join(text.splitlines()), remarks.SHORT)
        except Invalid as error:
            errors += error.errors or [FieldError(field, error.message)]
            continue
        if phrase in found:
            errors.append(FieldError(field, f"“{phrase[:20]}”已有相同的一条，请改写或删去。"))
        elif phrase:
            found.append(phrase)
    if len(found) > MOST:
        message = f"常用意见最多 {MOST} 条，现有 {len(found)} 条，请删去几条。"
        errors.append(FieldError("items", message))
    if errors:
        raise Invalid(errors[0].message, errors)
    return found
