"""Choosing 附件规则, and holding each upload against them (ATT-07, ATT-16).

A unit chooses among the types that the readers open, and at most their size; the units below
inherit what they have not chosen themselves. What is attached already stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import grounds
from app.documents.admission.models import AttachmentPolicy
from app.documents.errors import TooLarge, WrongType
from app.documents.inspection import MEDIA_TYPES, MOST_BYTES
from app.errors import FieldError, Invalid
from app.organization import Actor, choices
from app.organization.choices import Choice, Link, Matter

MATTER = Matter(AttachmentPolicy, "附件规则", "attachments.chosen")

SAME = {"jpeg": "jpg", "tiff": "tif"}
"""Endings that name a type of another ending."""

TYPES = tuple(ending for ending in MEDIA_TYPES if ending not in SAME)
MEGABYTE = 1 << 20
LABELS = {"types": "允许的类型", "megabytes": "每个最大（MB）"}


@dataclass(frozen=True)
class Admitted:
    """What a unit takes. ``chosen_by``: the unit that chose it, by key; absent as shipped."""

    types: tuple[str, ...]
    megabytes: int
    chosen_by: Mapping[str, str]

    def has_type(self, media_type: str) -> bool:
        return media_type in {MEDIA_TYPES[each] for each in self.types}

    def has_size(self, size: int) -> bool:
        """``size`` in bytes."""
        return size <= self.megabytes * MEGABYTE

    @property
    def words(self) -> str:
        return f"{'、'.join(self.types)}，每个不超过 {self.megabytes} MB"


def ensure_admitted(session: Session, unit_id: int, media_type: str, size: int) -> None:
    """Raises WrongType or TooLarge for a file that the unit does not take; ``size`` in bytes."""
    taken = in_force(session, unit_id)
    if not taken.has_type(media_type):
        allowed = "、".join(taken.types)
        sentence = f"本单位只接收这些类型的附件：{allowed}。请转换后再上传。（ATT-07）"
        raise WrongType.at("file", sentence)
    if not taken.has_size(size):
        sentence = f"附件超过本单位规定的 {taken.megabytes} MB，没有保存。请压缩或拆分后再上传。"
        raise TooLarge.at("file", sentence)


def in_force(session: Session, unit_id: int, *, inherited: bool = False) -> Admitted:
    """What a unit takes; ``inherited``: as if it had chosen nothing. One statement."""
    return admitted(choices.links(session, AttachmentPolicy), unit_id, inherited=inherited)


def admitted(links: Mapping[int, Link], unit_id: int, *, inherited: bool = False) -> Admitted:
    """The same from choices that have been read."""
    usual = {"types": " ".join(TYPES), "megabytes": str(MOST_BYTES // MEGABYTE)}
    texts, chosen_by = choices.merged(links, unit_id, usual, inherited=inherited)
    return Admitted(tuple(texts["types"].split()), int(texts["megabytes"]), chosen_by)


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, by key."""
    return choices.own(session, AttachmentPolicy, unit_id)


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    return choices.history(session, AttachmentPolicy, unit_id, _words)


def choose(
    session: Session,
    unit_id: int,
    texts: Mapping[str, str],
    reason: str,
    by: Actor,
    at: datetime,
    *,
    source: str,
) -> None:
    """Say what the unit takes; what is blank or left out is inherited.

    texts  ``types``: endings with blanks between them; ``megabytes``: a whole number
    Raises Invalid naming every field that is wrong or wider than the readers, or when nothing
    would change; NotAllowed for who is no system administrator of the unit.
    """
    MATTER.choose(
        session,
        unit_id,
        lambda: _checked(texts, reason, source),
        reason,
        by,
        at,
        source=source,
    )


def _checked(texts: Mapping[str, str], reason: str, source: str) -> dict[str, str]:
    given = {key: text.strip() for key, text in texts.items() if text.strip()}
    errors = [FieldError(key, f"没有“{key[:40]}”这一项。") for key in given if key not in LABELS]
    types = _types(given.get("types", ""))
    unknown = [each for each in types if each not in TYPES]
    if unknown or ("types" in given and not types):
        named = unknown[0] if unknown else given["types"]
        sentence = f"不能接收“{named[:20]}”。可以选择的类型：{'、'.join(TYPES)}。"
        errors.append(FieldError("types", sentence))
    size, most = given.get("megabytes", "1"), MOST_BYTES // MEGABYTE
    if not (size.isascii() and size.isdecimal() and len(size) < 5 and 1 <= int(size) <= most):
        errors.append(FieldError("megabytes", f"请填写 1 至 {most} 的整数，单位 MB。"))
    errors += grounds.unfounded(reason, source)
    if errors:
        raise Invalid.of(errors)
    if types:
        given["types"] = " ".join(each for each in TYPES if each in types)
    if "megabytes" in given:
        given["megabytes"] = str(int(size))
    return given


def _types(text: str) -> list[str]:
    typed = text.casefold().replace("、", " ").replace("，", " ").replace(",", " ").split()
    return [SAME.get(each.lstrip("."), each.lstrip(".")) for each in typed]


def _words(chosen: Mapping[str, str]) -> list[str]:
    return [
        f"{label}：{chosen[key].replace(' ', '、')}"
        for key, label in LABELS.items()
        if key in chosen
    ]
