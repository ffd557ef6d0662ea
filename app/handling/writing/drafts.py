"""没有保存的内容: a form as it was typed last, kept for its writer until he saves or drops it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.database import insert_once
from app.documents import wording
from app.documents.errors import Classified
from app.documents.fields import BODY
from app.documents.text import of_stored, plain
from app.errors import Invalid
from app.handling.writing.models import FormDraft
from app.organization import Actor

NEW, INCOMING = "new", "incoming"
"""Places of the two empty forms; of a document it is its id."""

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Kept:
    """What was typed, when, and from which version of the document."""

    values: dict[str, Any]
    version: int
    saved_at: datetime


def keep(
    session: Session,
    actor: Actor,
    place: str,
    values: Mapping[str, Any],
    at: datetime,
    version: int = 0,
) -> None:
    """Keep the form as it stands in place of what was kept before; what is old is forgotten.

    Nothing need be complete. Raises Classified, and Invalid for what could not even be shown again.
    """
    _ensure_harmless(values)
    old = sa.delete(FormDraft).where(FormDraft.saved_at < at - KEPT)
    session.execute(old.where(FormDraft.person_id == actor.person_id))
    key = {"person_id": actor.person_id, "place": place}
    content = {"values": dict(values), "version": version, "saved_at": at}
    if not insert_once(session, FormDraft, {**key, **content}):
        session.execute(sa.update(FormDraft).filter_by(**key).values(**content))


def kept(session: Session, actor: Actor, place: str) -> Kept | None:
    query = sa.select(FormDraft).filter_by(person_id=actor.person_id, place=place)
    found = session.scalars(query).first()
    return Kept(found.values, found.version, found.saved_at) if found else None


def drop(session: Session, actor: Actor, place: str) -> None:
    session.execute(sa.delete(FormDraft).filter_by(person_id=actor.person_id, place=place))


def _ensure_harmless(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        text = _text(name, value)
        if len(text) > BODY:
            raise Invalid.at(name, "内容过长，没有存为草稿。请精简后再写。")
        if wording.control_character(text, allowed="\n\t\u2028\u2029"):
            raise Invalid.at(name, "内容中有不能显示的控制字符，没有存为草稿。请删去。")
        if wording.bears_secrecy_mark(text[: wording.HEAD]):
            raise Classified(name)


def _text(name: str, value: Any) -> str:
    if name == "body":
        try:
            return plain(of_stored(value))
        except ValidationError:
            raise Invalid.at(name, "正文里有不能保存的内容，没有存为草稿。") from None
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    return str(value or "")
