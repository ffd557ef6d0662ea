"""From the rooms' rows to the shapes of the API."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, jsonify
from pydantic import BaseModel

from app.database import current_session
from app.documents import queries as papers
from app.documents.content import draft_status, source_class
from app.documents.models import Document
from app.handling.acts.done import Done
from app.handling.models import Case
from app.handling.views import queries
from app.handling.views.foresight import View
from app.handling.views.rows import TaskRow
from app.handling.views.signers import Signing
from app.organization.actors import Actor
from app.web.api import schemas
from app.web.current import current_actor


def reply(model: BaseModel, status: int = HTTPStatus.OK) -> Response:
    """The model as JSON; an address of what was created goes with 201."""
    response = jsonify(model.model_dump(mode="json"))
    response.status_code = status
    return response


def task(row: TaskRow) -> schemas.Task:
    return schemas.Task(**_task_values(row))


def task_detail(row: TaskRow, view: View, signing: Signing | None) -> schemas.TaskDetail:
    """The stay with what can be done at it, and who signs beside its person."""
    return schemas.TaskDetail(
        **_task_values(row),
        returns=[
            schemas.ReturnTarget(
                step=each.step,
                name=each.name,
                person=each.person,
                back_to_me=each.straight,
                closes=[
                    schemas.Closing(step_name=step, people=list(people))
                    for step, people in each.closes
                ],
            )
            for each in view.returns
        ],
        return_reasons=list(view.reasons),
        checklist=[
            schemas.ChecklistItem(text=each.text, clause=each.clause)
            for each in (view.checklist.items if view.checklist else ())
        ],
        checklist_must=bool(view.checklist and view.checklist.must),
        fields=[
            schemas.FormField(
                key=each.key,
                label=each.label,
                type=each.type,
                required=each.required,
                options=[{"value": value, "label": label} for value, label in each.options],
                value=each.value,
            )
            for each in view.fields
        ],
        ahead={
            outcome: [
                schemas.AheadStep(
                    step=each.step,
                    step_name=each.step_name,
                    people=[login for login, _ in each.people],
                    preselected=list(each.preselected),
                    choosable=each.choosable,
                    problem=each.problem,
                    absent=list(each.absent),
                    skipped=each.skipped,
                )
                for each in steps
            ]
            for outcome, steps in (view.ahead or {}).items()
        },
        opinion_required=view.opinion_required,
        reason_for=list(view.reason_for),
        draft=view.draft,
        signers=[
            schemas.Signer(
                login=each.login,
                name=each.name,
                state=each.state,
                missing=each.missing,
                outcome_label=each.outcome,
                added_by=each.added_by,
                removable=each.removable,
            )
            for each in (signing.lines if signing else ())
        ],
    )


def _task_values(row: TaskRow) -> dict[str, object]:
    stands_for = row.agents.get(current_actor().login)
    return {
        "id": row.id,
        "case_id": row.case_id,
        "document_id": row.document_id,
        "process": row.process,
        "process_version": row.process_version,
        "step": row.step,
        "step_name": row.step_name,
        "state": row.state,
        "title": row.title,
        "number": row.number,
        "urgency": row.urgency,
        "arrived_at": row.arrived_at,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "lamp": row.lamp.key,
        "lamp_text": row.lamp.text,
        "limit": list(row.limit_steps),
        "limit_provisional": row.limit_provisional,
        "revision": row.revision,
        "outcomes": [{"key": each.key, "label": each.label} for each in row.outcomes],
        "candidates": [login for login, _ in row.candidates],
        "assignee": row.assignee,
        "on_behalf_of": stands_for.login if stands_for else None,
        "rule": list(row.rules),
        "returned": row.returned,
        "blocked": row.blocked,
        "sent_by": row.sent_by,
        "sent_opinion": row.sent_opinion,
        "notice": row.notice,
        "notice_kind": row.notice_kind,
        "processing": row.processing,
    }


def case(found: Case, open_tasks: Sequence[TaskRow]) -> schemas.Case:
    return schemas.Case(
        id=found.id,
        document_id=found.document_id,
        process=found.process_id,
        process_name=found.process_name,
        process_version=found.process_version,
        state=found.state,
        started_at=found.started_at,
        ended_at=found.ended_at,
        open_tasks=[task(row) for row in open_tasks],
    )


def acted(actor: Actor, done: Done) -> schemas.Acted:
    """The case as the act left it, and the stays that it opened, with whomever they lie."""
    current_session().flush()
    standing = queries.open_tasks(current_session(), actor, done.case.id)
    opened = {each.id for each in done.opened}
    return schemas.Acted(
        case=case(done.case, standing),
        opened=[task(row) for row in standing if row.id in opened],
    )


def document(found: Document, case_id: int | None) -> schemas.Document:
    receipt = found.receipt_number and f"{found.receipt_year}-{found.receipt_number}"
    return schemas.Document(
        id=found.id,
        case_id=case_id,
        flow=found.flow,
        direction=found.direction,
        kind=found.kind,
        title=found.title,
        body=found.body,
        text=found.text,
        urgency=found.urgency,
        classification="none",
        main_recipients=found.main_recipients,
        copy_recipients=found.copy_recipients,
        joint_issuers=found.joint_issuers,
        note=found.note,
        letterhead=found.letterhead,
        present=found.present,
        excused=found.excused,
        observers=found.observers,
        nature=found.nature,
        keywords=found.keywords_in_force,
        series=found.series,
        state=found.state,
        draft_status=draft_status(found),
        source_class=source_class(found),
        number=found.number,
        signatory=found.signatory,
        signatory_post=found.signatory_post,
        copies=found.copies,
        proofreader=found.proofreader,
        signed_at=found.signed_at,
        sealed_at=found.sealed_at,
        dispatched_at=found.dispatched_at,
        from_unit=found.from_unit,
        source_number=found.source_number,
        scanned=found.scanned,
        paper_signatory=found.paper_signatory,
        source=found.source,
        received_at=found.received_at,
        receipt_number=receipt or None,
        version=found.version,
        content_sha256=found.content_sha256,
        revision=found.revision,
        created_at=found.created_at,
        versions=[
            schemas.Version(
                number=each.number,
                signed=found.signed_at is not None and each.number == found.version,
                step=each.step,
                author=each.author,
                at=each.at,
                sha256=each.sha256,
                changes=list(each.words),
            )
            for each in papers.version_lines(current_session(), found.id)
        ],
        attachments=[
            schemas.Attachment(
                id=each.id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                added_by=each.added_by,
                added_at=each.added_at,
                in_force=each.in_force,
                category=each.category.value,
                replaces=each.replaces_id,
                received=each.received_id,
                preview=_preview(found.id, each),
            )
            for each in papers.attachments(current_session(), found.id)
        ],
    )


def _preview(document_id: int, file: papers.AttachmentLine) -> str | None:
    address = f"/api/v1/documents/{document_id}/attachments/{file.id}/preview"
    return address if file.shown else None
