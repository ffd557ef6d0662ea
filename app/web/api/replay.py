"""回放 for programs: a case at a moment of its record, for auditors."""

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.replaying import reading
from app.handling.replaying.reading import Place, Replay, View
from app.handling.replaying.records import Record
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.audit.replay import note_look
from app.web.current import current_actor

blueprint = group("replay", "回放")


class ReplayQuery(schemas.Input):
    """``at``: number of a record of the case, the last one when left out."""

    at: int | None = Field(default=None, ge=1, le=2**53)


class ReplayRecord(BaseModel):
    """``unusual``: back, withdrawn, jump, late, refused, fault; ``clauses``: rule IDs."""

    seq: int
    at: schemas.Instant
    action: str
    action_label: str
    kind: str
    actor: str
    actor_name: str
    on_behalf_of: str | None
    step: str | None
    unusual: list[str]
    clauses: list[str]
    hash: str


class ReplayToken(BaseModel):
    """``state``: present, overdue, suspended, waiting (a drawn timer), done, skipped, returned."""

    step: str
    name: str
    state: str
    passes: int
    people: list[str]
    at: schemas.Instant | None


class ReplayStay(BaseModel):
    id: int
    step: str
    step_name: str
    people: list[str]
    arrived_at: schemas.Instant | None
    due_at: schemas.Instant | None
    lamp: str
    lamp_text: str
    returned: bool
    faulty: bool


class ReplayOpinion(BaseModel):
    step_name: str
    person: str
    on_behalf_of: str | None
    outcome_label: str
    text: str
    version: int
    at: schemas.Instant


class ReplayFile(BaseModel):
    name: str
    sha256: str
    size: int


class ReplayMark(BaseModel):
    action: str
    words: str
    person: str
    at: schemas.Instant


class ReplayCopy(BaseModel):
    reader: str
    kind: str
    sent_at: schemas.Instant
    read_at: schemas.Instant | None
    recalled_at: schemas.Instant | None


class ReplayPiece(BaseModel):
    """A stretch of a paragraph; ``inserted_by`` and ``deleted_by`` since the first version."""

    text: str
    inserted_by: str | None
    deleted_by: str | None


class ReplayFilled(BaseModel):
    """A variable of the case: what was filled in, as the gateways read it, and in words."""

    key: str
    label: str
    value: str | bool | int | float | list[str | int | float] | None
    words: str
    changed: bool


class ReplayAnswer(BaseModel):
    """The state after the record ``at``, from the record alone.

    chain_ok       every entry of the case has its hashes and follows the one before
    diagram_ok     the diagram of that moment has the hash that the record names
    content_ok     the text has the hash that the record names; None before there was one
    told_from      number of the first record that tells holders and limits; None: none does
    """

    case: int
    at: int
    time: schemas.Instant
    state: str
    process: str
    process_version: int
    diagram_sha256: str
    chain_ok: bool
    chain_reason: str | None
    diagram_ok: bool
    content_ok: bool | None
    told_from: int | None
    document_state: str | None
    number: str | None
    signatory: str | None
    version: int
    content_sha256: str
    title: str | None
    text: list[list[ReplayPiece]]
    open_stays: list[ReplayStay]
    steps: list[ReplayToken]
    opinions: list[ReplayOpinion]
    attachments: list[ReplayFile]
    marks: list[ReplayMark]
    circulation: list[ReplayCopy]
    filled: list[ReplayFilled]
    suspended_since: schemas.Instant | None
    records: list[ReplayRecord]


@blueprint.get(
    "/cases/<int:id>/replay",
    operation_id="getReplay",
    summary="回放：某一条记录之后的全部状态（安全审计员）",
    responses={200: ReplayAnswer},
)
def get_replay(path: schemas.NumberPath, query: ReplayQuery) -> Response:
    """Each call is on record, as a look at the page is."""
    note_look(path.id)
    session = current_session()
    replay = reading.open_case(session, current_actor(), path.id)
    return answers.reply(_answer(replay, reading.view(session, replay, query.at)))


def _answer(replay: Replay, seen: View) -> ReplayAnswer:
    moment = seen.moment
    said = moment.document
    return ReplayAnswer(
        case=replay.case.id,
        at=seen.record.seq,
        time=seen.at,
        state=moment.state,
        process=moment.process,
        process_version=moment.process_version,
        diagram_sha256=moment.diagram,
        chain_ok=replay.proof.ok,
        chain_reason=replay.proof.reason,
        diagram_ok=seen.diagram_proved,
        content_ok=seen.text.proved if seen.text else None,
        told_from=replay.last.told_from,
        document_state=said.get("state"),
        number=said.get("number"),
        signatory=said.get("signatory"),
        version=moment.version,
        content_sha256=moment.content_sha256,
        title=seen.text.title if seen.text else None,
        text=_text(seen),
        open_stays=[_stay(each) for each in seen.places],
        steps=[
            ReplayToken(
                step=each.step,
                name=each.name,
                state=each.state,
                passes=each.passes,
                people=list(each.people),
                at=each.at,
            )
            for each in seen.tokens
        ],
        opinions=[
            ReplayOpinion(
                step_name=each.step_name,
                person=each.name,
                on_behalf_of=each.principal,
                outcome_label=each.outcome_label,
                text=each.text,
                version=each.version,
                at=each.at,
            )
            for each in moment.opinions
        ],
        attachments=[
            ReplayFile(name=each.name, sha256=each.sha256, size=each.size)
            for each in moment.files.values()
        ],
        marks=[
            ReplayMark(action=each.action, words=each.words, person=each.name, at=each.at)
            for each in moment.marks
        ],
        circulation=[
            ReplayCopy(
                reader=moment.names.get(each.reader_id, ""),
                kind=each.kind,
                sent_at=each.sent_at,
                read_at=each.read_at,
                recalled_at=each.recalled_at,
            )
            for each in moment.copies.values()
        ],
        filled=[
            ReplayFilled(
                key=each.key,
                label=each.label,
                value=moment.variables.get(each.key),
                words=each.words,
                changed=each.changed,
            )
            for each in seen.filled
        ],
        suspended_since=moment.stopped.at if moment.stopped else None,
        records=[_record(each) for each in replay.records],
    )


def _text(seen: View) -> list[list[ReplayPiece]]:
    if seen.text is None:
        return []
    by = {number: save.author for number, save in seen.text.authors.items()}
    return [
        [
            ReplayPiece(
                text=piece.text,
                inserted_by=by.get(piece.born or 0),
                deleted_by=by.get(piece.gone or 0),
            )
            for piece in line
        ]
        for line in seen.text.lines
    ]


def _stay(place: Place) -> ReplayStay:
    stay = place.stay
    return ReplayStay(
        id=stay.id,
        step=stay.step,
        step_name=stay.step_name,
        people=[each.words for each in stay.holders],
        arrived_at=stay.arrived_at,
        due_at=stay.due_at,
        lamp=place.lamp.key,
        lamp_text=place.lamp.text,
        returned=stay.returned,
        faulty=place.faulty,
    )


def _record(record: Record) -> ReplayRecord:
    entry = record.line.entry
    return ReplayRecord(
        seq=entry.seq,
        at=entry.at,
        action=entry.action,
        action_label=record.line.label,
        kind=record.kind,
        actor=entry.actor_login,
        actor_name=entry.actor_name,
        on_behalf_of=entry.principal,
        step=entry.step,
        unusual=list(record.unusual),
        clauses=[each.id for each in record.clauses],
        hash=entry.hash,
    )
