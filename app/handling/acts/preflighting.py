"""发前检查 where it counts: before a draft leaves its drafter, and before the sign-off (DRF-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC

import sqlalchemy as sa

from app import organization
from app.documents import preflight
from app.documents.preflight import Explanation, Finding, Signing
from app.documents.preflight.checking import EXPLANATIONS
from app.errors import FieldError, Invalid
from app.handling import remarks
from app.handling.act import Act
from app.handling.errors import PageNotSet
from app.handling.models import Opinion
from app.handling.preflight import AtAct, at_act
from app.organization import roles


def counts_at(act: Act) -> bool:
    """Whether the document has to pass before the stay in hand may be completed."""
    if act.document.flow != "outgoing" or act.document.scanned or act.stay.kind != "step":
        return False
    return act.document.state == "draft" or signs_off(act)


def findings_at(act: Act) -> list[Finding]:
    """What the document in hand does not keep, with what is known only at a sign-off."""
    return _found_at(act).findings


def _found_at(act: Act) -> AtAct:
    signing = _signing(act) if signs_off(act) else None
    return at_act(act.session, act.document, signing)


def ensure_passed(act: Act, given: Mapping[str, str]) -> list[Explanation]:
    """The reasons that were given now; they are on the document and go into the record.

    given  reasons by rule, each for what that rule has found
    Raises PreflightFailed with all that has to be mended or explained, Invalid for a reason that
    says too little or belongs to no rule, PageNotSet for a sign-off whose page nobody has set.
    """
    given = {rule: text for rule, text in given.items() if text.strip()}
    if not counts_at(act):
        if given:
            name = act.step.name
            raise Invalid.at(EXPLANATIONS, f"“{name}”环节不作发前检查，请不要填写说明。")
        return []
    _ensure_known(given)
    found = _found_at(act)
    new = _read(act, found.findings, given)
    preflight.ensure_passed(
        replace(each, explained=new[id(each)]) if id(each) in new else each
        for each in found.findings
    )
    if signs_off(act) and not found.proved:
        raise PageNotSet
    if new:
        kept = act.document.explained or []
        act.document.explained = [*kept, *(asdict(each) for each in new.values())]
    return list(new.values())


def signs_off(act: Act) -> bool:
    """Whether the stay in hand is the sign-off of a text that the house sets itself."""
    ours = act.document.flow == "outgoing" and not act.document.scanned
    return ours and act.stay.kind == "step" and act.step.properties.get("sign_off") == "yes"


@dataclass(frozen=True)
class Signatory:
    """Who signs here, with the 职务 in whose right; as a text, whose page is judged."""

    name: str
    post: str

    def __str__(self) -> str:
        return f"{self.post} {self.name}".strip()


def signatory(act: Act) -> Signatory:
    posts = act.as_candidate.posts
    return Signatory(act.actor.name, posts[0].title if posts else "")


def _ensure_known(given: Mapping[str, str]) -> None:
    for rule in given:
        if rule not in preflight.RULES:
            raise Invalid.at(EXPLANATIONS, f"发前检查没有“{rule[:40]}”这一项，请删去它的说明。")


def _read(
    act: Act, findings_now: Sequence[Finding], given: Mapping[str, str]
) -> dict[int, Explanation]:
    """The reasons by the finding that each answers."""
    found: dict[int, Explanation] = {}
    errors: list[FieldError] = []
    at = act.at.astimezone(UTC).isoformat(timespec="seconds")
    for each in findings_now:
        if each.excuse is None or not each.stops or each.rule.key not in given:
            continue
        field = f"{EXPLANATIONS}.{each.rule.key}"
        text = remarks.read(field, each.excuse.label, given[each.rule.key], remarks.SHORT)
        if not each.excuse.wanted.search(text):
            errors.append(FieldError(field, f"请写明{each.excuse.label}。"))
        if text:
            by = act.actor.name
            found[id(each)] = Explanation(each.rule.key, each.spot.sentence, text, by, at)
    if errors:
        raise Invalid(errors[0].message, errors)
    return found


def _signing(act: Act) -> Signing:
    return Signing(str(signatory(act)), by_head=_by_head(act), objectors=_objectors(act))


def _by_head(act: Act) -> bool:
    """The head of the unit, or his agent."""
    if act.document.direction != "upward":
        return True
    unit = act.case.unit_id
    principal = act.candidate.principal_id if act.candidate else None
    if principal is None:
        return act.actor.holds(roles.UNIT_HEAD, unit_id=unit)
    return organization.actor(act.session, principal).holds(roles.UNIT_HEAD, unit_id=unit)


def _objectors(act: Act) -> tuple[str, ...]:
    """Countersigners whose last word on the present text was not consent, by name."""
    if not act.case.countersigned_by:
        return ()
    steps = [step.id for step in act.definition.steps if step.signing is not None]
    query = sa.select(Opinion.person_id, Opinion.person_name, Opinion.outcome).where(
        Opinion.case_id == act.case.id,
        Opinion.step.in_(steps),
        Opinion.document_version == act.document.version,
    )
    latest = {row.person_id: row for row in act.session.execute(query.order_by(Opinion.id))}
    return tuple(row.person_name for row in latest.values() if row.outcome == "object")
