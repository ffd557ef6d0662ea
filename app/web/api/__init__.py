"""JSON API, version 1: everything that a page can do, under the same rules and operations."""

from flask import Response, jsonify
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from app.documents.refusals import refusal
from app.errors import DomainError, Invalid, NotFound
from app.web import refusals
from app.web.api import (
    archive,
    attachment_rules,
    audit,
    batch,
    calendar,
    cases,
    certificates,
    checkins,
    checklists,
    circulation,
    conformance,
    documents,
    figures,
    flows,
    handing_over,
    importing,
    incidents,
    interventions,
    keywords,
    leaving,
    letterheads,
    limits,
    locks,
    me,
    migrations,
    notices,
    numbers,
    phrases,
    pictures,
    policies,
    preflight,
    previews,
    process_drafts,
    process_places,
    process_versions,
    receipts,
    record,
    rehearsals,
    reminders,
    replay,
    requests,
    seals,
    signers,
    signing_policy,
    standing_in,
    supervision,
    supervision_lists,
    tasks,
    urging,
    verifications,
    versions,
    what_ifs,
    witness_log,
    witnesses,
)

ROOMS = (
    *(me, phrases, reminders, standing_in, leaving),
    *(
        documents,
        requests,
        previews,
        attachment_rules,
        versions,
        importing,
        pictures,
        locks,
        preflight,
    ),
    *(checklists, keywords, archive),
    *(letterheads, numbers, circulation, receipts, certificates),
    *(tasks, handing_over, signers, urging, batch),
    *(cases, supervision, supervision_lists, figures, checkins, interventions, incidents),
    *(process_drafts, process_versions, process_places, rehearsals, migrations, what_ifs),
    *(audit, witnesses, witness_log, record, replay, conformance, flows),
    *(limits, calendar, notices, policies, signing_policy, seals, verifications),
)


def register(app: OpenAPI) -> None:
    """Mount the operations and their OpenAPI 3.1 description."""
    for room in ROOMS:
        app.register_api(room.blueprint)

    @app.get("/api/v1/openapi.json", doc_ui=False)
    def description() -> Response:
        return jsonify(app.api_doc)

    @app.route("/api/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def nothing_here(rest: str) -> Response:
        raise NotFound


def invalid_input(error: ValidationError) -> Response:
    """Sentences at the fields; an id that cannot exist is the same as one that does not."""
    found: DomainError = NotFound() if error.title.endswith("Path") else refusal(error)
    fields = found.errors if isinstance(found, Invalid) else []
    status = refusals.status_of(found)
    refusals.undo_and_note(found)
    return refusals.answer(status, refusals.title_of(status), found.message, found.code, fields)
