"""发前检查规则 of a unit: how much each check weighs, chosen by its system administrator.

What the regulation forbids outright stays blocked: no unit may go below the floor of a rule. The
units below inherit what they have not chosen themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import grounds
from app.documents.preflight.findings import Rule, Severity
from app.documents.preflight.models import PreflightPolicy
from app.documents.preflight.rules import RULES
from app.errors import FieldError, Invalid
from app.organization import Actor, choices
from app.organization.choices import Choice, Matter

MATTER = Matter(PreflightPolicy, "发前检查规则", "preflight.chosen")


@dataclass(frozen=True)
class Value:
    """A rule as it weighs for a unit; ``chosen_by``: the unit that chose it, "" as shipped."""

    rule: Rule
    severity: Severity
    chosen_by: str = ""


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
    """Say how much each check weighs; what is blank or left out is inherited.

    The choice before stays on record, superseded. Raises Invalid naming every field that is
    wrong or below its floor, or when nothing would change; NotAllowed for who is no system
    administrator of the unit.
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


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, by rule."""
    return choices.own(session, PreflightPolicy, unit_id)


def in_force(session: Session, unit_id: int, *, inherited: bool = False) -> list[Value]:
    """Every rule as it weighs for a unit; ``inherited``: as if the unit had chosen nothing."""
    links = choices.links(session, PreflightPolicy)
    usual = {key: rule.severity.value for key, rule in RULES.items()}
    texts, chosen_by = choices.merged(links, unit_id, usual, inherited=inherited)
    return [
        Value(rule, Severity(texts[key]), chosen_by.get(key, "")) for key, rule in RULES.items()
    ]


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    return choices.history(session, PreflightPolicy, unit_id, _words)


def _checked(texts: Mapping[str, str], reason: str, source: str) -> dict[str, str]:
    given = {key: text.strip() for key, text in texts.items() if text.strip()}
    errors = [error for key, text in given.items() for error in _wrong(key, text)]
    errors += grounds.unfounded(reason, source)
    if errors:
        raise Invalid.of(errors)
    return given


def _wrong(key: str, text: str) -> list[FieldError]:
    rule = RULES.get(key)
    if rule is None:
        return [FieldError(key, f"没有“{key[:40]}”这一项。")]
    if text not in list(Severity):
        offered = "、".join(f"{each.label}（{each}）" for each in rule.choices)
        return [FieldError(key, f"{rule.label}：请从{offered}中选择。")]
    if Severity(text) not in rule.choices:
        lowest = rule.floor.label
        return [FieldError(key, f"{rule.label}：{rule.clause}有规定，最低为“{lowest}”，不得放宽。")]
    return []


def _words(chosen: Mapping[str, str]) -> list[str]:
    return [f"{RULES[key].label}：{Severity(text).label}" for key, text in chosen.items()]
