"""Cases: where they stand, what happened, and the diagram they run on."""

import io

from flask import Response, send_file

from app.database import current_session
from app.handling import access, administering
from app.handling.acts.cancelling import cancel, void
from app.handling.acts.unsealing import take_off
from app.handling.views import history, process_sheet_print, queries, trace
from app.web import looking
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("cases", "办件")


@blueprint.get(
    "/cases/<int:id>", operation_id="getCase", summary="办件", responses={200: schemas.Case}
)
def get_case(path: schemas.NumberPath) -> Response:
    act = looking.case(path.id)
    standing = queries.open_tasks(current_session(), act.actor, act.case.id)
    return answers.reply(answers.case(act.case, standing))


@blueprint.get(
    "/cases/<int:id>/process-sheet.pdf",
    operation_id="getProcessSheetPdf",
    summary="发文稿纸或者收文处理单",
    responses={200: None},
)
def get_process_sheet_pdf(path: schemas.NumberPath) -> Response:
    found = process_sheet_print.of_case(current_session(), current_actor(), path.id)
    looking.note(path.id)
    current_session().commit()  # nobody waits on a lock while the sheet is set
    return send_file(
        io.BytesIO(found.pdf()), mimetype="application/pdf", download_name=found.file_name
    )


@blueprint.post(
    "/cases/<int:id>/cancel",
    operation_id="cancelCase",
    summary="撤销未签发的公文（拟稿人）",
    responses={200: schemas.Case},
)
@acting
def cancel_case(path: schemas.NumberPath, body: schemas.CancelBody) -> Response:
    actor = current_actor()
    found = cancel(current_session(), actor, path.id, body.reason)
    return answers.reply(answers.case(found, []))


@blueprint.post(
    "/cases/<int:id>/unseal",
    operation_id="takeSealOff",
    summary="撤销用印（为此件用印的人，发送以前）",
    responses={200: schemas.Acted},
)
@acting
def take_seal_off(path: schemas.NumberPath, body: schemas.CancelBody) -> Response:
    actor = current_actor()
    return answers.reply(
        answers.acted(actor, take_off(current_session(), actor, path.id, body.reason))
    )


@blueprint.post(
    "/cases/<int:id>/void",
    operation_id="voidCase",
    summary="作废已签发未发送的公文（拟稿人、办公室负责人）",
    responses={200: schemas.Case},
)
@acting
def void_case(path: schemas.NumberPath, body: schemas.CancelBody) -> Response:
    actor = current_actor()
    found = void(current_session(), actor, path.id, body.reason)
    return answers.reply(answers.case(found, []))


@blueprint.get(
    "/cases/<int:id>/history",
    operation_id="getHistory",
    summary="流转记录",
    responses={200: schemas.History},
)
def get_history(path: schemas.NumberPath) -> Response:
    found = access.case_of(current_session(), current_actor(), path.id)
    lines = history.lines(current_session(), found)
    return answers.reply(schemas.History(items=[_act(line) for line in lines]))


def _act(line: history.Line) -> schemas.Act:
    entry = line.entry
    return schemas.Act(
        seq=entry.seq,
        at=entry.at,
        step=entry.step,
        step_name=line.step_name,
        action=entry.action,
        action_label=line.label,
        actor=entry.actor_login,
        actor_name=entry.actor_name,
        on_behalf_of=entry.principal,
        authority=entry.authority,
        outcome=line.outcome,
        outcome_label=line.outcome_label,
        opinion=line.opinion,
        reason=entry.reason,
        self_review=line.self_review,
        kind=line.kind,
        clause=line.clause or None,
        checks=list(line.checks),
        explained=[schemas.Explained(finding=said, text=text) for said, text in line.reasons],
        duration_working_minutes=line.minutes,
        hash=entry.hash,
    )


@blueprint.get(
    "/cases/<int:id>/diagram",
    operation_id="getDiagram",
    summary="流程图和各环节状态",
    responses={200: schemas.Diagram},
)
def get_diagram(path: schemas.NumberPath) -> Response:
    act = administering.look_at_route(current_session(), current_actor(), path.id)
    diagram = history.diagram(current_session(), act.case)
    return answers.reply(
        schemas.Diagram(
            xml=diagram.xml,
            called=dict(diagram.called),
            process=act.case.process_id,
            process_version=act.case.process_version,
            sha256=diagram.sha256,
            steps=[
                schemas.StepState(
                    step=each.step,
                    state=each.state,
                    passes=each.passes,
                    people=list(each.people),
                    at=each.at,
                )
                for each in trace.step_states(trace.stops(act), act.at)
            ],
        )
    )
