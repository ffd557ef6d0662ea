"""推演 through the API: play a scenario on a version, keep it as a test, run and exchange tests."""

import json
from typing import Any

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.handling import administering
from app.handling.migrating import drawn, targets
from app.handling.whatif import exchange, saved, waiving
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.models import ProcessTest
from app.handling.whatif.playing import play
from app.handling.whatif.results import Line, Opened, Result
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.rehearsals import VersionPath
from app.web.api.schemas import Instant
from app.web.current import current_actor
from app.web.process.trying import expected, only_reading, tests_of

blueprint = group("what_ifs", "推演：试走流程和推演测试（流程管理员）")

CREATED, DONE = 201, 204


class PublishedPath(BaseModel):
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class ScenarioBody(schemas.Input):
    """``scenario``: starter, at, direction, kind, urgency, countersigners, absences, deeds."""

    scenario: scenarios.Scenario


class Stay(BaseModel):
    """A stay that would open. ``agents``: logins of who would stand in."""

    step: str
    name: str
    arrived_at: Instant
    people: list[str]
    agents: list[str]
    away: list[str]
    due_at: Instant | None
    limit: list[str]
    problem: str
    outcomes: dict[str, str]


class Written(BaseModel):
    """What the system would do on the way."""

    topic: str
    name: str


class Skipped(BaseModel):
    step: str
    name: str
    why: str


class PlayedLine(BaseModel):
    """One deed, or a timer that ran out; ``refused``: why it would not be done, else ""."""

    at: Instant
    step: str
    name: str
    person: str
    said: str
    refused: str
    late: bool
    opened: list[Stay]
    skipped: list[Skipped]
    written: list[Written]


class Played(BaseModel):
    lines: list[PlayedLine]
    open: list[Stay]
    finished: bool


class TestBody(ScenarioBody):
    """``sha256``: the version on which the expected result is found."""

    name: str = Field(max_length=saved.NAMED)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class SavedTest(BaseModel):
    id: int
    process: str
    name: str
    scenario: dict[str, Any]
    expected: dict[str, Any]
    saved_at: Instant


class TestList(BaseModel):
    items: list[SavedTest]
    next: None = None


class TestOutcome(BaseModel):
    """``said``: what came out otherwise, in sentences; empty when it passed."""

    id: int
    name: str
    said: list[str]


class TestRun(BaseModel):
    passed: bool
    items: list[TestOutcome]
    next: None = None


class WaiverBody(schemas.Input):
    reason: schemas.Remark


class Waiver(BaseModel):
    """Why the version may come into force although these tests fail."""

    sha256: str
    failing: list[str]
    reason: str


class ProcessPath(BaseModel):
    process: schemas.Key


class ImportBody(schemas.Input):
    """``file``: what the export gave."""

    file: dict[str, Any]


class Imported(BaseModel):
    names: list[str]


@blueprint.post(
    "/definitions/<string:version>/what-if",
    operation_id="playWhatIf",
    summary="在一个流程版本上推演，不改动任何件（流程管理员）",
    responses={200: Played},
)
def play_what_if(path: VersionPath, body: ScenarioBody) -> Response:
    with only_reading():
        session = current_session()
        found = play(session, drawn.of_key(session, current_actor(), path.version), body.scenario)
        return answers.reply(_played(found))


@blueprint.get(
    "/process-tests",
    operation_id="listProcessTests",
    summary="推演测试（流程管理员）",
    responses={200: TestList},
)
def list_tests() -> Response:
    found = saved.listed(current_session(), current_actor())
    return answers.reply(TestList(items=[_test(each) for each in found]))


@blueprint.post(
    "/process-tests",
    operation_id="saveProcessTest",
    summary="把推演保存为测试，以现在的结果为预期；同名的替换（流程管理员）",
    responses={CREATED: SavedTest},
)
def save_test(body: TestBody) -> Response:
    if (again := first_answer()) is not None:
        return again
    return _save(body, expected(body.sha256, body.scenario))


@acting
def _save(body: TestBody, came: dict[str, Any]) -> Response:
    session, actor = current_session(), current_actor()
    definition = targets.target(session, body.sha256)
    at = clock.now(session)
    found = saved.save(session, actor, definition, body.name, body.scenario, at, came)
    return answers.reply(_test(found), CREATED)


@blueprint.delete(
    "/process-tests/<int:id>",
    operation_id="deleteProcessTest",
    summary="删除一项推演测试（流程管理员）",
    responses={DONE: None},
)
@acting
def delete_test(path: schemas.NumberPath) -> Response:
    session = current_session()
    saved.delete(session, current_actor(), path.id, clock.now(session))
    return Response(status=DONE)


@blueprint.get(
    "/definitions/<string:version>/tests",
    operation_id="runProcessTests",
    summary="在一个流程版本上核对全部推演测试（流程管理员）",
    responses={200: TestRun},
)
def run_tests(path: VersionPath) -> Response:
    session = current_session()
    found = saved.run_all(session, drawn.of_key(session, current_actor(), path.version))
    items = [
        TestOutcome(id=each.id, name=each.name, said=list(each.said)) for each in found.outcomes
    ]
    return answers.reply(TestRun(passed=not found.failing, items=items))


@blueprint.post(
    "/definitions/<string:sha256>/tests-waiver",
    operation_id="waiveProcessTests",
    summary="写明推演测试没有通过仍然启用的理由（流程管理员）",
    responses={CREATED: Waiver},
)
def waive(path: PublishedPath, body: WaiverBody) -> Response:
    if (again := first_answer()) is not None:
        return again
    return _waive(path.sha256, body, tests_of(path.sha256))


@acting
def _waive(sha256: str, body: WaiverBody, tests: saved.Run) -> Response:
    session, actor = current_session(), current_actor()
    definition, at = targets.target(session, sha256), clock.now(session)
    found = waiving.waive(session, actor, definition, body.reason, tests.failing, at)
    answer = Waiver(sha256=found.sha256, failing=found.names, reason=found.reason)
    return answers.reply(answer, CREATED)


@blueprint.get(
    "/processes/<string:process>/tests",
    operation_id="exportProcessTests",
    summary="导出一个流程的全部推演测试（流程管理员）",
    responses={200: ImportBody},
)
def export_tests(path: ProcessPath) -> Response:
    session = current_session()
    administering.units(current_actor())
    found = exchange.export(session, path.process)
    file = json.loads(next(iter(found.values()))) if found else {}
    return answers.reply(ImportBody(file=file))


@blueprint.post(
    "/processes/<string:process>/tests",
    operation_id="importProcessTests",
    summary="导入推演测试，同名的替换；全部导入或者全不导入（流程管理员）",
    responses={CREATED: Imported},
)
@acting
def import_tests(path: ProcessPath, body: ImportBody) -> Response:
    session = current_session()
    data = json.dumps(body.file, ensure_ascii=False).encode()
    names = exchange.import_(
        session, path.process, {"file": data}, current_actor(), clock.now(session)
    )
    return answers.reply(Imported(names=names), CREATED)


def _played(found: Result) -> Played:
    return Played(
        lines=[_line(each) for each in found.lines],
        open=[_stay(each) for each in found.open],
        finished=found.finished,
    )


def _line(each: Line) -> PlayedLine:
    return PlayedLine(
        at=each.at,
        step=each.step,
        name=each.name,
        person=each.person,
        said=each.said,
        refused=each.refused,
        late=each.late,
        opened=[_stay(one) for one in each.opened],
        skipped=[Skipped(step=step, name=name, why=why) for step, name, why in each.skipped],
        written=[Written(topic=topic, name=name) for topic, name in each.written],
    )


def _stay(each: Opened) -> Stay:
    return Stay(
        step=each.step,
        name=each.name,
        arrived_at=each.arrived_at,
        people=[login for login, _ in each.people],
        agents=[login for login, _, _ in each.agents],
        away=list(each.away),
        due_at=each.due_at,
        limit=list(each.sums),
        problem=each.problem,
        outcomes=dict(each.outcomes),
    )


def _test(each: ProcessTest) -> SavedTest:
    return SavedTest(
        id=each.id,
        process=each.process_id,
        name=each.name,
        scenario=each.scenario,
        expected=each.expected,
        saved_at=each.saved_at,
    )
