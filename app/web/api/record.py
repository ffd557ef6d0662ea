"""What auditors find in the record, draw from it, and who looked at what.

Long because the descriptions of all its operations stand together.
"""

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.audit.accesses import KINDS
from app.database import current_session
from app.errors import NotAllowed
from app.handling.inspection import accesses, reviewing, sampling, searching
from app.organization import roles
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.audit.searching import catch_up
from app.web.current import current_actor

blueprint = group("record", "审计检索")

LONGEST = 100


class AccessQuery(schemas.Input):
    """``number``: part of a 文号; ``before``: only rows of a smaller id."""

    person: str = Field(default="", max_length=LONGEST)
    number: str = Field(default="", max_length=LONGEST)
    case: schemas.Number | None = None
    kind: str = Field(default="", pattern=f"^({'|'.join(KINDS)})?$")
    since: schemas.Day | None = None
    until: schemas.Day | None = None
    limit: int = Field(default=50, ge=1, le=500)
    before: schemas.Number | None = None


class AccessRow(BaseModel):
    """``subject`` and ``number``: what it was about; ``part``: what of it."""

    id: int
    at: Instant
    login: str
    name: str
    kind: str
    kind_label: str
    subject: str
    number: int | None
    part: str
    address: str
    device: str
    by_program: bool
    title: str
    case_id: int | None


class Accesses(BaseModel):
    items: list[AccessRow]


class SearchFields(schemas.Input):
    """Conditions, all of which narrow; ``deviation`` may be ``any``. Dates as 2026-11-23."""

    words: str = ""
    person: str = ""
    unit: str = ""
    number: str = ""
    kind: str = ""
    action: str = ""
    deviation: str = ""
    since: str = ""
    until: str = ""
    case: str = ""
    upto: str = ""


class SearchQuery(SearchFields):
    """``before``: only entries of a smaller number."""

    limit: int = Field(default=50, ge=1, le=500)
    before: schemas.Number | None = None


class FoundEntry(BaseModel):
    """An entry as it says itself; ``deviations`` in words."""

    seq: int
    at: Instant
    action: str
    label: str
    outcome: str
    actor: str
    principal: str | None
    authority: str
    step: str
    said: str
    deviations: list[str]
    case_id: int | None
    document_id: int | None
    title: str
    number: str


class Found(BaseModel):
    """``total``: how many there are in all."""

    total: int
    items: list[FoundEntry]


class NewSample(SearchFields):
    """``of``: ``case`` or ``entry``; ``seed``: stated, so that anybody draws the same."""

    of: str = "case"
    seed: str
    count: int


class DrawnSample(BaseModel):
    """``among``, ``digest``: how many there were, SHA-256 of their numbers joined by commas."""

    seq: int
    at: Instant
    by: str
    of: str
    seed: str
    among: int
    digest: str
    asked: dict[str, str | int]
    drawn: list[int]


class SampleTaken(BaseModel):
    """As it was put on record."""

    asked: dict[str, str | int]
    of: str
    seed: str
    among: int
    digest: str
    drawn: list[int]


class DrawnSamples(BaseModel):
    algorithm: str
    items: list[DrawnSample]


class AuditorLook(BaseModel):
    """Without the titles of documents: who reviews auditors reads none."""

    id: int
    at: Instant
    login: str
    name: str
    kind_label: str
    about: str
    part: str
    address: str


class AuditorDeed(BaseModel):
    seq: int
    at: Instant
    name: str
    label: str
    outcome: str
    reason: str


class AuditorActs(BaseModel):
    """``look``, ``entry``: up to which these are; a review is signed with both."""

    looks: list[AuditorLook]
    deeds: list[AuditorDeed]
    look: int
    entry: int


class NewReview(schemas.Input):
    look: int = Field(ge=0, le=2**63 - 1)
    entry: int = Field(ge=0, le=2**63 - 1)
    finding: str = Field(max_length=reviewing.LONGEST)


class SignedReview(BaseModel):
    """Up to which look and entry it was signed."""

    look: int
    entry: int


@blueprint.get(
    "/audit/accesses",
    operation_id="listAccesses",
    summary="查阅记录：谁看了、下载、打印、导出了什么，新的在前（安全审计员）",
    responses={200: Accesses},
)
def list_accesses(query: AccessQuery) -> Response:
    ensure_auditor()
    given = query.model_dump(exclude={"limit", "before"})
    wanted = accesses.Wanted(**given)
    found = accesses.listed(current_session(), wanted, query.limit, query.before)
    return answers.reply(Accesses.model_validate({"items": found}, from_attributes=True))


@blueprint.get(
    "/audit/search",
    operation_id="searchRecord",
    summary="检索整条审计记录，新的在前（安全审计员）",
    responses={200: Found},
)
def search_record(query: SearchQuery) -> Response:
    ensure_auditor()
    wanted = searching.read(query.model_dump(exclude={"limit", "before"}))
    catch_up()
    session = current_session()
    items = searching.search(session, wanted, query.limit, query.before)
    total = searching.count(session, wanted)
    return answers.reply(
        Found.model_validate({"total": total, "items": items}, from_attributes=True)
    )


@blueprint.get(
    "/audit/samples",
    operation_id="listSamples",
    summary="抽过的样本，新的在前（安全审计员）",
    responses={200: DrawnSamples},
)
def list_samples() -> Response:
    ensure_auditor()
    items = sampling.samples(current_session())
    found = {"algorithm": sampling.ALGORITHM, "items": items}
    return answers.reply(DrawnSamples.model_validate(found, from_attributes=True))


@blueprint.post(
    "/audit/samples",
    operation_id="drawSample",
    summary="按种子抽样，记入审计记录（安全审计员）",
    responses={200: SampleTaken},
)
def draw_sample(body: NewSample) -> Response:
    ensure_auditor()
    catch_up()
    return _drawn(body)


@acting
def _drawn(body: NewSample) -> Response:
    session = current_session()
    wanted = searching.read(body.model_dump(exclude={"of", "seed", "count"}))
    taken = sampling.take(
        session,
        current_actor(),
        clock.now(session),
        wanted,
        of=body.of,
        seed=body.seed,
        count=str(body.count),
    )
    return answers.reply(SampleTaken(**taken))


@blueprint.get(
    "/auditor-acts",
    operation_id="listAuditorActs",
    summary="待复核的审计员操作，早的在前（本单位安全管理员）",
    responses={200: AuditorActs},
)
def list_auditor_acts() -> Response:
    actor = current_actor()
    reviewing.ensure_reviews(actor)
    found = reviewing.unreviewed(current_session(), actor.unit_id)
    return answers.reply(AuditorActs.model_validate(found, from_attributes=True))


@blueprint.post(
    "/auditor-reviews",
    operation_id="reviewAuditorActs",
    summary="签署对审计员操作的复核意见（本单位安全管理员）",
    responses={200: SignedReview},
)
@acting
def review_auditor_acts(body: NewReview) -> Response:
    session, actor = current_session(), current_actor()
    reviewing.sign(session, actor, clock.now(session), **body.model_dump())
    return answers.reply(SignedReview(look=body.look, entry=body.entry))


def ensure_auditor() -> None:
    if not current_actor().holds(roles.AUDITOR):
        raise NotAllowed("只有安全审计员可以检索审计记录，请联系安全审计员。")
