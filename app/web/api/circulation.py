"""传阅, 专送, 收回 and 催读 through the API, and who has read."""

from http import HTTPStatus
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling import access
from app.handling.act import look_at_case
from app.handling.acts.circulating import MOST_READERS, Circulate, circulate
from app.handling.acts.recalling import recall, urge_readers
from app.handling.views import circulation
from app.organization.actors import Actor
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("circulation", "传阅和专送")


class CirculateBody(schemas.Input):
    """``readers``: logins; ``departments``: keys, each receives through its head."""

    readers: list[schemas.Key] = Field(default=[], max_length=2 * MOST_READERS)
    departments: list[schemas.Key] = Field(default=[], max_length=MOST_READERS)
    kind: Literal["circulate", "direct"] = "circulate"
    words: schemas.Remark = ""


class UrgeReadersBody(schemas.Input):
    reason: schemas.Remark = ""


class CopyPath(schemas.NumberPath):
    circulation_id: schemas.Number


class Copy(BaseModel):
    """What one reader got; unread while both ``read_at`` and ``recalled_at`` are null."""

    id: int
    sender: str
    reader: str
    reader_name: str
    department: str
    kind: str
    words: str
    sent_at: schemas.Instant
    read_at: schemas.Instant | None
    recalled_at: schemas.Instant | None


class Reading(BaseModel):
    """Who has read and when; ``bulletin`` says the same in words (检查通报)."""

    items: list[Copy]
    read: int
    unread: int
    may_circulate: bool
    bulletin: str


@blueprint.post(
    "/documents/<int:id>/circulation",
    operation_id="circulate",
    summary="传阅（可再传）或专送（不可再传）",
    responses={201: Reading},
)
@acting
def circulate_document(path: schemas.NumberPath, body: CirculateBody) -> Response:
    actor = current_actor()
    form = Circulate(
        readers=body.readers, departments=body.departments, kind=body.kind, words=body.words
    )
    circulate(current_session(), actor, path.id, form)
    return answers.reply(_reading(actor, path.id), HTTPStatus.CREATED)


@blueprint.get(
    "/documents/<int:id>/circulation",
    operation_id="getCirculation",
    summary="阅读情况",
    responses={200: Reading},
)
def get_circulation(path: schemas.NumberPath) -> Response:
    return answers.reply(_reading(current_actor(), path.id))


@blueprint.delete(
    "/documents/<int:id>/circulation/<int:circulation_id>",
    operation_id="recallCirculation",
    summary="收回尚未阅读的一份（发送人）",
    responses={200: Reading},
)
@acting
def recall_copy(path: CopyPath) -> Response:
    actor = current_actor()
    recall(current_session(), actor, path.id, path.circulation_id)
    return answers.reply(_reading(actor, path.id))


@blueprint.post(
    "/documents/<int:id>/circulation/urge",
    operation_id="urgeReaders",
    summary="催读：再次告知尚未阅读的人",
    responses={200: Reading},
)
@acting
def urge_to_read(path: schemas.NumberPath, body: UrgeReadersBody) -> Response:
    actor = current_actor()
    urge_readers(current_session(), actor, path.id, body.reason)
    return answers.reply(_reading(actor, path.id))


def _reading(actor: Actor, document_id: int) -> Reading:
    """As it stands now, for this person. Raises NotFound and NotAllowed like the operations."""
    session = current_session()
    session.flush()
    case_id = access.document_of(session, actor, document_id)[1].id
    found = circulation.status(look_at_case(session, actor, case_id))
    return Reading(
        items=[_copy(each) for each in found.copies],
        read=len(found.read),
        unread=len(found.waiting),
        may_circulate=found.may_circulate,
        bulletin=found.bulletin,
    )


def _copy(copy: circulation.Copy) -> Copy:
    return Copy(
        id=copy.id,
        sender=copy.sender,
        reader=copy.reader_login,
        reader_name=copy.reader,
        department=copy.department,
        kind=copy.kind,
        words=copy.words,
        sent_at=copy.sent_at,
        read_at=copy.read_at,
        recalled_at=copy.recalled_at,
    )
