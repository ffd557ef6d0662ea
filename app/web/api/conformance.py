"""合规检查 through the API: what deviates from the diagrams, for auditors."""

from datetime import date, datetime, time, timedelta

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.clock import SHANGHAI
from app.database import current_session
from app.errors import NotAllowed, NotFound
from app.handling.conformance import checking, queries
from app.handling.conformance.entitled import Posts
from app.handling.models import Case
from app.organization import roles
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.audit.deviations import note_check, posts_by_now
from app.web.current import current_actor

blueprint = group("conformance", "合规检查")


class DeviationQuery(schemas.Input):
    """``kind``: of deviation, or ``wrong`` or ``lawful``; both days included."""

    kind: schemas.Key = ""
    process: schemas.Key = ""
    case: int | None = Field(default=None, ge=1, le=2**53)
    since: schemas.Day | None = None
    until: schemas.Day | None = None
    limit: int = Field(default=50, ge=1, le=500)
    page: int = Field(default=1, ge=1, le=10_000)


class Deviation(BaseModel):
    """``seq``: the entry that shows it; ``entries``: how long the record was when it was found."""

    case_id: int
    title: str
    number: str | None
    unit: str
    process: str
    process_name: str
    process_version: int
    kind: str
    wrong: bool
    seq: int | None
    at: schemas.Instant
    step: str
    step_name: str
    person: str
    reason: str
    authority: str
    said: str
    entries: int


class Summary(BaseModel):
    """Ended cases, how many of them were checked, and what was found in those."""

    ended: int
    checked: int
    fitting: int
    deviating: int
    wrong: int
    oldest: schemas.Instant | None
    newest: schemas.Instant | None
    entries: int | None


class Deviations(BaseModel):
    summary: Summary
    items: list[Deviation]


class Checked(BaseModel):
    case_id: int
    deviations: int
    wrong: int


@blueprint.get(
    "/audit/deviations",
    operation_id="listDeviations",
    summary="合规检查的偏离清单，新的在前（安全审计员）",
    responses={200: Deviations},
)
def list_deviations(query: DeviationQuery) -> Response:
    _ensure_auditor()
    wanted = queries.Wanted(
        kind=query.kind,
        process=query.process,
        case_id=query.case,
        since=_begins(query.since) if query.since else None,
        until=_begins(query.until) + timedelta(days=1) if query.until else None,
    )
    session = current_session()
    found = {
        "summary": queries.summary(session),
        "items": queries.listed(session, wanted, query.limit, (query.page - 1) * query.limit),
    }
    return answers.reply(Deviations.model_validate(found, from_attributes=True))


@blueprint.post(
    "/audit/cases/<int:id>/conformance",
    operation_id="checkConformance",
    summary="立即检查一件（安全审计员）",
    responses={200: Checked},
)
def check_conformance(path: schemas.NumberPath) -> Response:
    _ensure_auditor()
    return _checked(path.id, posts_by_now())


@acting
def _checked(case_id: int, posts: Posts) -> Response:
    session = current_session()
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound
    found = checking.check(session, [case], posts.read_on(session), clock.now(session))[case_id]
    note_check(case_id, len(found))
    wrong = sum(each.wrong for each in found)
    return answers.reply(Checked(case_id=case_id, deviations=len(found), wrong=wrong))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _ensure_auditor() -> None:
    if not current_actor().holds(roles.AUDITOR):
        raise NotAllowed("合规检查由安全审计员进行和查看，请联系安全审计员。")
