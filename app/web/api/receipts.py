"""核查接收情况 through the API: what the caller has to ask about, and what was answered."""

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.errors import NotFound
from app.handling.act import look_at_case
from app.handling.receipts import answering
from app.handling.receipts.sheet import Sheet, of_case, sheet, to_do
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("receipts", "发文后核查接收情况")

MOST = 500
"""Recipients answered about in one request."""


class Found(schemas.Input):
    """``recipient``: as the document names it; ``answered_by``: wanted where it was phoned.

    ``channel`` and ``number``: how it was told of an urgent document (TRN-05). ``seen``: of the
    recipient as it was read; where somebody has answered since, the answer is refused with 409.
    """

    kind: Literal["main", "copy"] = "main"
    recipient: schemas.Key
    answer: Literal["received", "not_received", "phoned"]
    answered_by: schemas.Remark = ""
    note: schemas.Remark = ""
    channel: Literal["", "sms", "phone"] = ""
    number: schemas.Key | Literal[""] = ""
    seen: int | None = Field(default=None, ge=0)


class Answers(schemas.Input):
    answers: list[Found] = Field(min_length=1, max_length=MOST)


class Recipient(BaseModel):
    """``answer``: "" until somebody has found out; ``by`` and ``at``: who wrote it down, when.

    ``notified``: how it was told of an urgent document; ``liable``: ``sender`` or ``receiver``
    where that was signed for too late (TRN-06).
    """

    kind: str
    recipient: str
    answer: str
    words: str
    answered_by: str
    note: str
    by: str
    at: Instant | None
    seen: int
    notified: str
    liable: str
    liable_words: str


class ReceiptCheck(BaseModel):
    """``done_at``: when every recipient had an answer; ``mine``: the caller may answer.

    ``untold``: recipients of an urgent document whom nobody has told of it.
    """

    id: int
    case_id: int
    document_id: int
    title: str
    number: str | None
    owner: str
    opened_at: Instant
    due_at: Instant
    done_at: Instant | None
    late: bool
    lamp: str
    lamp_text: str
    limit: list[str]
    mine: bool
    urgent: bool
    untold: int
    recipients: list[Recipient]


class Waiting(BaseModel):
    id: int
    case_id: int
    title: str
    number: str | None
    sent_at: Instant
    due_at: Instant
    lamp: str
    lamp_text: str


class WaitingList(BaseModel):
    items: list[Waiting]


@blueprint.get(
    "/me/receipt-checks",
    operation_id="listReceiptChecks",
    summary="待本人核查接收情况的已发公文",
    responses={200: WaitingList},
)
def list_own() -> Response:
    items = [
        Waiting.model_validate({**vars(each), "lamp": each.lamp.key, "lamp_text": each.lamp.text})
        for each in to_do(current_session(), current_actor())
    ]
    return answers.reply(WaitingList(items=items))


@blueprint.get(
    "/cases/<int:id>/receipt-check",
    operation_id="getReceiptCheck",
    summary="一件已发公文的接收情况",
    responses={200: ReceiptCheck},
)
def of_one_case(path: schemas.NumberPath) -> Response:
    found = of_case(look_at_case(current_session(), current_actor(), path.id))
    if found is None:
        raise NotFound("此件没有核查接收情况的记录。")
    return answers.reply(_shown(found))


@blueprint.post(
    "/receipt-checks/<int:id>/answers",
    operation_id="answerReceiptCheck",
    summary="登记收文单位的接收情况",
    responses={201: ReceiptCheck},
)
@acting
def answer(path: schemas.NumberPath, body: Answers) -> Response:
    session, actor = current_session(), current_actor()
    given = [
        answering.Answer(**each.model_dump(), field=f"answers.{place}.")
        for place, each in enumerate(body.answers)
    ]
    answering.answer(session, actor, path.id, given)
    session.flush()
    return answers.reply(_shown(sheet(session, actor, path.id)), 201)


def _shown(found: Sheet) -> ReceiptCheck:
    values = {
        **vars(found),
        "late": found.late,
        "untold": found.untold,
        "lamp": found.lamp.key,
        "lamp_text": found.lamp.text,
        "limit": found.lamp.steps,
        "recipients": found.lines,
    }
    return ReceiptCheck.model_validate(values, from_attributes=True)
