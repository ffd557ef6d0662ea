"""证书 through the API: lists, one certificate, its state at a time, and the verbs on it."""

from datetime import UTC, datetime
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.seals.certificates import applying, holding, one, queries, status
from app.seals.certificates.queries import ApplicationRow, Row, Wanted
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import asked_at, current_actor

blueprint = group("certificates", "数字证书")

MOST = 200


class Certificate(BaseModel):
    """A certificate of a person or seal; ``since`` when it is suspended or revoked."""

    id: int
    role: Literal["person", "seal"]
    holder: str
    unit: str
    serial: str
    state: Literal["valid", "suspended", "revoked", "expired", "not_yet_valid"]
    state_label: str
    since: Instant | None
    revocation: str
    not_before: Instant
    not_after: Instant
    accepted: bool
    carrier_due: bool


class Certificates(BaseModel):
    items: list[Certificate]


class CertificateChange(BaseModel):
    verb: str
    reason: str
    cause: str
    asked_by: str | None
    checked_by: str | None
    at: Instant


class CertificateUse(BaseModel):
    document_id: int
    number: str
    kind: Literal["signatory", "seal"]
    person: str
    stamped_at: Instant


class CertificateDetail(Certificate):
    """With its history and what it was used on; ``verbs``: what this person may do now."""

    subject: str
    issuer: str
    purposes: str
    sha256: str
    verbs: list[str]
    history: list[CertificateChange]
    uses: list[CertificateUse]


class CertificateQuery(schemas.Input):
    """``q``: words of a holder, or how a serial begins."""

    state: Literal["", "valid", "soon", "suspended", "revoked", "expired", "returning"] = ""
    q: schemas.Key = ""
    offset: int = Field(default=0, ge=0, le=1_000_000)


EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


class StatusQuery(schemas.Input):
    """``at``: a moment gone by; without it only the present state is told."""

    serial: schemas.Key
    at: datetime | None = Field(default=None, ge=EARLIEST, le=LATEST)


class CertificateStatus(BaseModel):
    """State now, and at the moment asked for (SIG-18)."""

    serial: str
    state: str
    since: Instant | None
    revocation: str
    state_then: str | None
    not_before: Instant
    not_after: Instant


class UnitCount(BaseModel):
    unit: str
    counts: dict[str, int]


class CertificateCounts(BaseModel):
    items: list[UnitCount]


class CertificateApplication(BaseModel):
    """``case_id``: it is decided on its route, not here."""

    id: int
    verb: str
    cause: str
    state: Literal["asked", "reviewed", "granted", "done", "refused"]
    holder: str
    unit: str
    reason: str
    asked_by: str | None
    asked_at: Instant
    case_id: int | None


class CertificateApplications(BaseModel):
    items: list[CertificateApplication]


class ReasonBody(schemas.Input):
    reason: schemas.Remark


class RevokeBody(ReasonBody):
    """``cause``: one of the six of SIG-40."""

    cause: schemas.Key


class NoteBody(schemas.Input):
    note: schemas.Remark = ""


class OpinionBody(schemas.Input):
    opinion: schemas.Remark = ""


@blueprint.get(
    "/certificates",
    operation_id="listCertificates",
    summary="管理范围内的证书（证书管理人员、审计员、安全管理员）",
    responses={200: Certificates},
)
def listed(query: CertificateQuery) -> Response:
    wanted = Wanted(query.state, query.q)
    found = queries.listed(
        current_session(), current_actor(), wanted, asked_at(), MOST, query.offset
    )
    return answers.reply(Certificates(items=[_certificate(each) for each in found]))


@blueprint.get(
    "/certificates/mine",
    operation_id="listOwnCertificates",
    summary="本人和本人保管的印章的证书",
    responses={200: Certificates},
)
def mine() -> Response:
    found = queries.own(current_session(), current_actor(), asked_at())
    return answers.reply(Certificates(items=[_certificate(each) for each in found]))


@blueprint.get(
    "/certificates/counts",
    operation_id="countCertificates",
    summary="各单位各种状态的证书张数",
    responses={200: CertificateCounts},
)
def counts() -> Response:
    found = queries.counts(current_session(), current_actor(), asked_at())
    items = [UnitCount(unit=unit, counts=dict(states)) for unit, states in found]
    return answers.reply(CertificateCounts(items=items))


@blueprint.get(
    "/certificates/status",
    operation_id="getCertificateStatus",
    summary="一个序列号现在和某一时刻的状态",
    responses={200: CertificateStatus},
)
def state(query: StatusQuery) -> Response:
    session = current_session()
    found = queries.by_serial(session, query.serial)
    now = status.now(found, asked_at())
    then = None
    if query.at is not None:
        moment = query.at if query.at.tzinfo else query.at.replace(tzinfo=clock.SHANGHAI)
        then = status.then(session, found, moment).state
    return answers.reply(
        CertificateStatus(
            serial=found.serial,
            state=now.state,
            since=now.since,
            revocation=now.revocation,
            state_then=then,
            not_before=found.not_before,
            not_after=found.not_after,
        )
    )


@blueprint.get(
    "/certificates/applications",
    operation_id="listCertificateApplications",
    summary="尚未办结的证书申请",
    responses={200: CertificateApplications},
)
def applications() -> Response:
    found = queries.open_applications(current_session(), current_actor())
    return answers.reply(CertificateApplications(items=[_application(each) for each in found]))


@blueprint.post(
    "/certificates/applications/<int:id>/review",
    operation_id="reviewCertificateApplication",
    summary="审核通过（证书审核员）：自动提起的变更在此办理",
    responses={200: CertificateApplication},
)
@acting
def review(path: schemas.NumberPath, body: OpinionBody) -> Response:
    session, actor = current_session(), current_actor()
    applying.ensure_off_route(session, path.id)
    applying.review(session, actor, path.id, clock.now(session), body.opinion)
    return answers.reply(_application(queries.application(session, actor, path.id)))


@blueprint.post(
    "/certificates/applications/<int:id>/grant",
    operation_id="grantCertificateApplication",
    summary="同意签发（证书签发员）",
    responses={200: CertificateApplication},
)
@acting
def grant(path: schemas.NumberPath) -> Response:
    session, actor = current_session(), current_actor()
    applying.ensure_off_route(session, path.id)
    applying.grant(session, actor, path.id, clock.now(session))
    return answers.reply(_application(queries.application(session, actor, path.id)))


@blueprint.post(
    "/certificates/applications/<int:id>/refuse",
    operation_id="refuseCertificateApplication",
    summary="不予通过，须写明理由",
    responses={200: CertificateApplication},
)
@acting
def refuse(path: schemas.NumberPath, body: OpinionBody) -> Response:
    session, actor = current_session(), current_actor()
    applying.ensure_off_route(session, path.id)
    applying.refuse(session, actor, path.id, clock.now(session), body.opinion)
    return answers.reply(_application(queries.application(session, actor, path.id)))


@blueprint.get(
    "/certificates/<int:id>",
    operation_id="getCertificate",
    summary="一张证书：内容、办理经过、用它签的公文",
    responses={200: CertificateDetail},
)
def show(path: schemas.NumberPath) -> Response:
    return _detail(path.id)


@blueprint.post(
    "/certificates/<int:id>/accept",
    operation_id="acceptCertificate",
    summary="签收证书并接受服务协议（持有人）",
    responses={200: CertificateDetail},
)
@acting
def accept(path: schemas.NumberPath) -> Response:
    session = current_session()
    holding.accept(session, current_actor(), path.id, clock.now(session))
    return _detail(path.id)


@blueprint.post(
    "/certificates/<int:id>/suspend",
    operation_id="suspendCertificate",
    summary="冻结证书：立即生效",
    responses={200: CertificateDetail},
)
@acting
def suspend(path: schemas.NumberPath, body: ReasonBody) -> Response:
    session = current_session()
    holding.suspend(session, current_actor(), path.id, clock.now(session), body.reason)
    return _detail(path.id)


@blueprint.post(
    "/certificates/<int:id>/resume",
    operation_id="resumeCertificate",
    summary="解冻证书：由冻结人以外的证书管理人员办理",
    responses={200: CertificateDetail},
)
@acting
def resume(path: schemas.NumberPath, body: ReasonBody) -> Response:
    session = current_session()
    holding.resume(session, current_actor(), path.id, clock.now(session), body.reason)
    return _detail(path.id)


@blueprint.post(
    "/certificates/<int:id>/revoke",
    operation_id="revokeCertificate",
    summary="撤销他人已冻结的证书，不能恢复",
    responses={200: CertificateDetail},
)
@acting
def revoke(path: schemas.NumberPath, body: RevokeBody) -> Response:
    session, at = current_session(), clock.now(current_session())
    holding.revoke(session, current_actor(), path.id, at, body.cause, body.reason)
    return _detail(path.id)


@blueprint.post(
    "/certificates/<int:id>/return",
    operation_id="confirmCarrierReturn",
    summary="确认载体交回",
    responses={200: CertificateDetail},
)
@acting
def give_back(path: schemas.NumberPath, body: NoteBody) -> Response:
    session = current_session()
    holding.confirm_return(session, current_actor(), path.id, clock.now(session), body.note)
    return _detail(path.id)


def _detail(id: int) -> Response:
    session, actor, at = current_session(), current_actor(), asked_at()
    page = one.page(session, actor, id, at)
    return answers.reply(
        CertificateDetail(
            **_certificate(page.row).model_dump(),
            subject=page.subject,
            issuer=page.issuer,
            purposes=page.purposes,
            sha256=page.sha256,
            verbs=list(page.verbs),
            history=[
                CertificateChange(
                    verb=each.words,
                    reason=each.reason,
                    cause=each.cause,
                    asked_by=each.asked_by,
                    checked_by=each.checked_by,
                    at=each.at,
                )
                for each in page.history
            ],
            uses=[CertificateUse(**vars(each)) for each in one.uses(session, id)],
        )
    )


def _certificate(row: Row) -> Certificate:
    given = {name: value for name, value in vars(row).items() if name != "returning"}
    return Certificate(**given, state_label=row.state_words, carrier_due=row.returning)


def _application(row: ApplicationRow) -> CertificateApplication:
    given = {name: value for name, value in vars(row).items() if name != "opinion"}
    return CertificateApplication(**given)
