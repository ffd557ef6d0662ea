"""流程版本 through the API: who, when, why and where; differences, clauses, and two-person acts."""

from flask import Response, request

from app import clock
from app.database import current_session
from app.errors import Invalid
from app.handling import administering, routes
from app.handling.views import definitions, deliveries
from app.handling.views.definitions import ProcessLine, VersionLine
from app.handling.views.term_lines import TermLine
from app.handling.whatif import exchange
from app.handling.whatif.saved import Run
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.process_drafts import Draft, draft_of
from app.web.api.process_shapes import (
    AgainstQuery,
    DiagramQuery,
    EnforcedClause,
    EnforcedClauses,
    HeldVersion,
    MarkedElement,
    ProcessDiagram,
    ProcessDifference,
    ProcessDifferences,
    ProcessFiles,
    ProcessOverview,
    ProcessOverviews,
    ProcessPath,
    ProcessVersion,
    ProcessVersions,
    RunningCases,
    Term,
    TermDecision,
    TermProposal,
    VersionPath,
)
from app.web.current import current_actor
from app.web.process.trying import tests_of_term
from app.workflow import drafts, packages
from app.workflow.differing import Differences
from app.workflow.draft_files import as_bytes
from app.workflow.drafts import Origin

blueprint = group("process_versions", "流程版本")

CREATED = 201


class ImportedDraft(Draft):
    """``tests_taken``: names of tests that came with it; ``tests_skipped``: why not, by name."""

    tests_taken: list[str]
    tests_skipped: dict[str, str]


@blueprint.before_request
def _administrators_only() -> None:
    administering.units(current_actor())


@blueprint.get(
    "/process/definitions",
    operation_id="listProcesses",
    summary="流程及启用的版本",
    responses={200: ProcessOverviews},
)
def list_processes() -> Response:
    found = definitions.processes(current_session(), current_actor())
    return answers.reply(ProcessOverviews(items=[_overview(each) for each in found]))


@blueprint.get(
    "/process/definitions/<process_id>",
    operation_id="listProcessVersions",
    summary="一个流程的各个版本",
    responses={200: ProcessVersions},
)
def list_versions(path: ProcessPath) -> Response:
    found = definitions.versions(current_session(), current_actor(), path.process_id)
    return answers.reply(ProcessVersions(items=[_version(each) for each in found]))


@blueprint.get(
    "/process/versions/<sha256>/files",
    operation_id="getProcessFiles",
    summary="一个版本的流程图和表单",
    responses={200: ProcessFiles},
)
def get_files(path: VersionPath) -> Response:
    found = definitions.files_of(current_session(), path.sha256)
    return answers.reply(ProcessFiles(files={name: each.decode() for name, each in found.items()}))


@blueprint.get(
    "/process/versions/<sha256>/differences",
    operation_id="compareProcessVersions",
    summary="与另一版本的差异",
    responses={200: ProcessDifferences},
)
def compare_versions(path: VersionPath, query: AgainstQuery) -> Response:
    session = current_session()
    new = definitions.files_of(session, path.sha256)
    old = definitions.files_of(session, query.against) if query.against else {}
    return _differences(old, new)


@blueprint.get(
    "/process/versions/<sha256>/diagram",
    operation_id="getProcessDiagram",
    summary="一个版本的流程图，标出与另一版本的差异，或者以后的版本所删去的",
    responses={200: ProcessDiagram},
)
def get_diagram(path: VersionPath, query: DiagramQuery) -> Response:
    session = current_session()
    files = definitions.files_of(session, path.sha256)
    own, called = definitions.drawings(session, path.sha256, files)
    if query.later:
        later = definitions.files_of(session, query.later)
        marks = definitions.differences(session, files, later).removed
    else:
        old = definitions.files_of(session, query.against) if query.against else files
        marks = definitions.differences(session, old, files).marks
    return answers.reply(
        ProcessDiagram(
            xml=own,
            called=called,
            steps=[MarkedElement(step=each, state=kind.value) for each, kind in marks.items()],
        )
    )


@blueprint.get(
    "/process/drafts/<int:id>/differences",
    operation_id="compareProcessDraft",
    summary="草稿与某一版本的差异；不指定时与启用的版本比较",
    responses={200: ProcessDifferences},
)
def compare_draft(path: schemas.NumberPath, query: AgainstQuery) -> Response:
    session = current_session()
    draft = drafts.get(session, path.id, current_actor())
    if query.against:
        old = definitions.files_of(session, query.against)
    else:
        old = drafts.files_before(session, draft)
    return _differences(old, as_bytes(draft.files))


@blueprint.get(
    "/process/versions/<sha256>/clauses",
    operation_id="listEnforcedClauses",
    summary="一个版本落实的条款",
    responses={200: EnforcedClauses},
)
def list_clauses(path: VersionPath) -> Response:
    found = definitions.clauses(definitions.files_of(current_session(), path.sha256))
    items = [EnforcedClause(**(vars(each) | {"elements": list(each.elements)})) for each in found]
    return answers.reply(EnforcedClauses(items=items))


@blueprint.get(
    "/process/versions/<sha256>/package",
    operation_id="exportProcess",
    summary="导出流程包（流程图、表单、模板、推演测试，zip）",
)
def export_process(path: VersionPath) -> Response:
    found = deliveries.package(current_session(), path.sha256)
    name = f"{found.process_id}-{found.version}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packages.write(found), mimetype="application/zip", headers=headers)


@blueprint.post(
    "/process/packages",
    operation_id="importProcess",
    summary="导入流程包，成为一份草稿；其中新的推演测试归入该流程（multipart，字段 file；"
    "字段 unit 为适用单位的代码，不填为全机关）",
    responses={201: ImportedDraft},
)
@acting
def import_process() -> Response:
    upload = request.files.get("file")
    if upload is None:
        raise Invalid.at("file", "请选择流程包（.zip）。")
    session, actor = current_session(), current_actor()
    found = packages.read(upload.read(packages.MAX_BYTES + 1))
    at = clock.now(session)
    unit_id = administering.unit_of(session, request.form.get("unit", ""))
    origin = Origin(files=found.files, unit_id=unit_id)
    draft = drafts.start(session, origin=origin, by=actor, at=at)
    tests = exchange.bring(session, draft.process_id, found.tests, actor, at)
    answer = ImportedDraft(
        **dict(draft_of(draft)), tests_taken=tests.taken, tests_skipped=tests.skipped
    )
    return answers.reply(answer, CREATED)


@blueprint.post(
    "/process/versions/<sha256>/terms",
    operation_id="proposeProcessVersion",
    summary="提请启用一个版本（改回旧版，或在某一单位启用）",
    responses={201: Term},
)
@acting
def propose_version(path: VersionPath, body: TermProposal) -> Response:
    session, actor = current_session(), current_actor()
    term = routes.propose(
        session,
        actor,
        path.sha256,
        body.reason,
        clock.now(session),
        unit_id=administering.unit_of(session, body.unit or ""),
        in_force_from=body.in_force_from,
    )
    return answers.reply(term_with_id(path.sha256, term.id), CREATED)


@blueprint.post(
    "/process/terms/<int:id>/decision",
    operation_id="decideProcessTerm",
    summary="启用或退回另一位流程管理员提请的版本",
    responses={200: Term},
)
def decide_term(path: schemas.NumberPath, body: TermDecision) -> Response:
    if (again := first_answer()) is not None:
        return again
    return _decide(path.id, body, tests_of_term(path.id) if body.agree else None)


@acting
def _decide(term_id: int, body: TermDecision, tests: Run | None) -> Response:
    session, actor = current_session(), current_actor()
    term = routes.decide(
        session,
        actor,
        term_id,
        clock.now(session),
        agree=body.agree,
        answer=body.answer,
        tests=tests,
    )
    return answers.reply(term_with_id(term.sha256, term.id))


def _differences(old: dict[str, bytes], new: dict[str, bytes]) -> Response:
    found: Differences = definitions.differences(current_session(), old, new)
    return answers.reply(
        ProcessDifferences(
            differences=[
                ProcessDifference(
                    element=each.element, kind=each.kind.value, about=each.about, words=each.words
                )
                for each in found.changes
            ],
            marks={element: kind.value for element, kind in found.marks.items()},
            lost_clauses=dict(definitions.lost_clauses(old, new)) if old else {},
        )
    )


def term_with_id(sha256: str, term_id: int) -> Term:
    """One term of a version, as the reader sees it."""
    found = definitions.version(current_session(), current_actor(), sha256)
    return term_of(next(each for each in found.terms if each.id == term_id))


def _overview(line: ProcessLine) -> ProcessOverview:
    return ProcessOverview(
        process_id=line.process_id,
        name=line.name,
        in_force=[HeldVersion(where=where, version=version) for where, version in line.holds],
        running=[RunningCases(version=version, cases=cases) for version, cases in line.running],
        drafts=line.drafts,
        waiting=line.waiting,
        last_by=line.last_by,
        last_at=line.last_at,
    )


def _version(line: VersionLine) -> ProcessVersion:
    return ProcessVersion(**(vars(line) | {"terms": [term_of(each) for each in line.terms]}))


def term_of(line: TermLine) -> Term:
    shown = {name: value for name, value in vars(line).items() if name != "mine"}
    return Term(**shown)
