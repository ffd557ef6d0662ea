"""审查清单 of a unit, chosen by its system administrator; units below inherit what they do not."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import grounds, wording
from app.documents.review.checklists import SHIPPED, Checklist, Item
from app.documents.review.models import ReviewPolicy
from app.errors import FieldError, Invalid
from app.organization import Actor, choices
from app.organization.choices import Choice, Matter

MATTER = Matter(ReviewPolicy, "审查清单", "review.chosen")

LABELS = {"checks": "审查事项", "must": "是否须逐项勾选"}
MUST: Mapping[str, str] = {"yes": "逐项勾选才能同意", "no": "记下勾选的，不作限制"}
MOST_ITEMS, LONGEST_ITEM, LONGEST_CLAUSE = 20, 100, 60
_PARTED = re.compile(r"[|｜]")


def in_force(session: Session, unit_id: int, *, inherited: bool = False) -> Checklist:
    """What a unit's reviewers check; ``inherited``: as if it had chosen nothing. One statement."""
    links = choices.links(session, ReviewPolicy)
    texts, chosen_by = choices.merged(links, unit_id, {}, inherited=inherited)
    items = _items(texts["checks"]) if "checks" in texts else SHIPPED
    return Checklist(tuple(items), texts.get("must") == "yes", chosen_by)


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, by key."""
    return choices.own(session, ReviewPolicy, unit_id)


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    return choices.history(session, ReviewPolicy, unit_id, _words)


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
    """Say what reviewers check; what is blank or left out is inherited.

    texts  ``checks``: one to a line, its clause behind ｜; ``must``: yes or no
    Raises Invalid naming every field that is wrong, or when nothing would change; NotAllowed for
    who is no system administrator of the unit.
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
    items = _items(given.get("checks", ""))
    if "checks" in given:
        errors += _wrong_items(items)
    if given.get("must", "no") not in MUST:
        errors.append(FieldError("must", f"请从{'、'.join(MUST)}中选择。"))
    errors += grounds.unfounded(reason, source)
    if errors:
        raise Invalid.of(errors)
    if "checks" in given:
        given["checks"] = "\n".join(each.line for each in items)
    return given


def _wrong_items(items: list[Item]) -> list[FieldError]:
    texts = [each.text for each in items]
    if not items:
        return [FieldError("checks", "请至少写一项，一行一项。")]
    if len(items) > MOST_ITEMS:
        return [FieldError("checks", f"审查事项最多 {MOST_ITEMS} 项，现有 {len(items)} 项。")]
    found = []
    for place, each in enumerate(items, start=1):
        if wording.is_blank(each.text):
            found.append(FieldError("checks", f"第 {place} 项没有写核对什么。"))
        elif len(each.text) > LONGEST_ITEM or len(each.clause) > LONGEST_CLAUSE:
            limits = f"事项不超过 {LONGEST_ITEM} 字，条款不超过 {LONGEST_CLAUSE} 字"
            found.append(FieldError("checks", f"第 {place} 项太长：{limits}。"))
        elif wording.control_character(each.line):
            found.append(FieldError("checks", f"第 {place} 项有不能显示的控制字符，请删去。"))
        elif texts.index(each.text) < place - 1:
            found.append(FieldError("checks", f"第 {place} 项与前面的重复，请删去。"))
    return found


def _items(text: str) -> list[Item]:
    found = []
    for line in text.splitlines():
        if line.strip():
            words, _, clause = _PARTED.sub("\n", line, count=1).partition("\n")
            found.append(Item(words.strip(), clause.strip()))
    return found


def _words(chosen: Mapping[str, str]) -> list[str]:
    found = [f"{LABELS['must']}：{MUST[chosen['must']]}"] if "must" in chosen else []
    return [*(each.line for each in _items(chosen.get("checks", ""))), *found]
