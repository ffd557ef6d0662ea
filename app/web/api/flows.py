"""Event logs, nets and the figures of a process version through the API."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from flask import Response, make_response
from pydantic import BaseModel

from app import clock
from app.clock import SHANGHAI
from app.database import current_session
from app.errors import NotAllowed, NotFound
from app.handling import administering
from app.handling.eventlogs import petri
from app.handling.flow.measuring import Wanted, measure
from app.handling.flow.versions import versions
from app.organization import roles
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.audit.logs import Asked, send_log
from app.web.current import current_actor
from app.workflow import queries as routes
from app.workflow.loading import definition

blueprint = group("flows", "事件日志和流程分析")


class LogQuery(schemas.Input):
    """Cases that began in the period, both days included."""

    form: Literal["xes", "ocel", "csv"] = "xes"
    since: schemas.Day | None = None
    until: schemas.Day | None = None
    process: schemas.Key = ""


class FlowQuery(schemas.Input):
    """Stays that ended in the period, both days included."""

    process: schemas.Key
    version: int
    since: schemas.Day | None = None
    until: schemas.Day | None = None


class NetQuery(schemas.Input):
    """``version``: that in force where it is not given."""

    process: schemas.Key
    version: int | None = None


class Step(BaseModel):
    """Times are minutes of working time, null where nothing was measured."""

    step: str
    name: str
    passes: int
    total: int
    median: int | None
    longest: int | None
    returned: int
    return_rate: int
    again: int
    skipped: int
    open: int
    waiting: int | None


class Wait(BaseModel):
    task_id: int
    case_id: int
    step: str
    minutes: int


class Flow(BaseModel):
    """``reworked``: cases with at least one return."""

    cases: int
    reworked: int
    rework_rate: int
    steps: list[Step]
    waits: list[Wait]


@blueprint.get(
    "/audit/event-log",
    operation_id="exportEventLog",
    summary="导出事件日志：XES、OCEL 2.0 或 CSV（安全审计员）",
)
def export_event_log(query: LogQuery) -> Response:
    """A file; the media type follows the form."""
    _ensure_auditor()
    since, until = (str(each) if each else "" for each in (query.since, query.until))
    return send_log(Asked(query.form, since, until, query.process))


@blueprint.get(
    "/audit/net",
    operation_id="exportNet",
    summary="一个流程版本的 Petri 网（PNML，安全审计员）",
)
def export_net(query: NetQuery) -> Response:
    _ensure_auditor()
    session = current_session()
    found = routes.versions(session, query.process)
    wanted = [each for each in found if query.version in (None, each.version)]
    if not wanted:
        raise NotFound
    chosen = next((each for each in wanted if each.state == "in_force"), wanted[0])
    answer = make_response(petri.pnml(definition(session, chosen.sha256)))
    answer.mimetype = "application/xml"
    name = f"{chosen.process_id}-{chosen.version}.pnml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get(
    "/flow",
    operation_id="getFlow",
    summary="一个流程版本各环节的次数、用时和退回（安全审计员；流程管理员看本单位）",
    responses={200: Flow},
)
def get_flow(query: FlowQuery) -> Response:
    session, units = current_session(), _units()
    found = next(
        (
            each
            for each in versions(session, units)
            if (each.process, each.version) == (query.process, query.version)
        ),
        None,
    )
    if found is None:
        raise NotFound
    ends = _begins(query.until) + timedelta(days=1) if query.until else None
    since = _begins(query.since) if query.since else None
    wanted = Wanted(found.process, found.version, since, ends, units)
    steps = [(each.id, each.name) for each in definition(session, found.sha256).steps]
    measured = measure(session, wanted, steps, clock.now(session))
    return answers.reply(Flow.model_validate(measured, from_attributes=True))


def _units() -> list[int] | None:
    """None: every unit, for the auditor. Raises NotAllowed for who is neither."""
    if current_actor().holds(roles.AUDITOR):
        return None
    return administering.units(current_actor())


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _ensure_auditor() -> None:
    if not current_actor().holds(roles.AUDITOR):
        raise NotAllowed("事件日志由安全审计员导出，请联系安全审计员。")
