"""发前检查 through the API: what a document does not keep, and how much each check weighs."""

from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.documents.preflight import Finding, policies
from app.handling import preflight
from app.web import looking
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("preflight", "发前检查")

Weight = Literal["off", "note", "warn", "block"]


class Reason(BaseModel):
    """Why a finding was let pass. ``at``: ISO 8601, UTC."""

    text: str
    by: str
    at: str


class PreflightFinding(BaseModel):
    """One finding. ``field``: the element to mend, by its name in the API.

    ``stops``: the document cannot be submitted or signed off with it. ``excuse``: what may be
    written in ``explanations`` of the completion instead of mending; null where nothing may.
    """

    rule: str
    label: str
    clause: str
    severity: Weight
    field: str
    message: str
    stops: bool
    excuse: str | None
    explained: Reason | None


class Preflight(BaseModel):
    """``passes``: nothing stops the document as it stands; ``version`` is the one looked at."""

    document_id: int
    version: int
    passes: bool
    findings: list[PreflightFinding]


class PreflightRule(BaseModel):
    """``floor``: the lightest that a unit may choose; ``chosen_by``: "" as shipped."""

    rule: str
    label: str
    clause: str
    severity: Weight
    floor: Weight
    chosen_by: str


class PreflightRules(BaseModel):
    """``own``: what the unit chose itself; ``history``: newest first."""

    rules: list[PreflightRule]
    own: dict[str, str]
    history: list[schemas.UnitChoice]


class PreflightRulesBody(schemas.Input):
    """``own``: all that one's own unit chooses, by rule; what is left out it inherits."""

    own: Annotated[dict[schemas.Key, schemas.Key], Field(max_length=100)]
    reason: schemas.Remark
    source: schemas.Remark


@blueprint.get(
    "/documents/<int:id>/preflight",
    operation_id="getPreflight",
    summary="发前检查：公文现在有哪些不合规定之处",
    responses={200: Preflight},
)
def get_preflight(path: schemas.NumberPath) -> Response:
    document, _ = looking.document(path.id)
    found = preflight.findings(current_session(), document)
    return answers.reply(
        Preflight(
            document_id=document.id,
            version=document.version,
            passes=not any(each.stops for each in found),
            findings=[_finding(each) for each in found],
        )
    )


@blueprint.get(
    "/preflight-rules",
    operation_id="getPreflightRules",
    summary="本单位的发前检查规则",
    responses={200: PreflightRules},
)
def get_rules() -> Response:
    return answers.reply(_rules())


@blueprint.post(
    "/preflight-rules",
    operation_id="choosePreflightRules",
    summary="选定本单位的发前检查规则（系统管理员）",
    responses={200: PreflightRules},
)
@acting
def choose_rules(body: PreflightRulesBody) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    policies.choose(session, actor.unit_id, body.own, body.reason, actor, at, source=body.source)
    return answers.reply(_rules())


def _rules() -> PreflightRules:
    session, unit_id = current_session(), current_actor().unit_id
    return PreflightRules(
        rules=[
            PreflightRule(
                rule=each.rule.key,
                label=each.rule.label,
                clause=each.rule.clause,
                severity=each.severity.value,
                floor=each.rule.floor.value,
                chosen_by=each.chosen_by,
            )
            for each in policies.in_force(session, unit_id)
        ],
        own=policies.own(session, unit_id),
        history=schemas.choices(policies.history(session, unit_id)),
    )


def _finding(found: Finding) -> PreflightFinding:
    given = found.explained
    return PreflightFinding(
        rule=found.rule.key,
        label=found.rule.label,
        clause=found.rule.clause,
        severity=found.severity.value,
        field=found.spot.field,
        message=found.spot.sentence,
        stops=found.stops,
        excuse=found.excuse.label if found.excuse else None,
        explained=Reason(text=given.text, by=given.by, at=given.at) if given else None,
    )
