"""批量办理 through the API."""

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.acts.batching import Item, complete_all
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("batch", "批量办理")


class BatchItem(schemas.Input):
    id: schemas.Number
    revision: int


class BatchBody(schemas.Input):
    """``outcome`` left out: the only one that each step has."""

    items: list[BatchItem] = Field(max_length=1000)
    outcome: schemas.Key | None = None
    opinion: schemas.Remark = ""


class DoneItem(BaseModel):
    id: int
    case: schemas.Case
    opened: list[schemas.Task]


class RefusedItem(BaseModel):
    id: int
    code: str
    detail: str


class BatchAnswer(BaseModel):
    """Those that are refused are as they were; the others are done."""

    done: list[DoneItem]
    refused: list[RefusedItem]


@blueprint.post(
    "/tasks/batch",
    operation_id="completeTasks",
    summary="批量办理：流程允许、本人已打开的多件一次办结",
    responses={200: BatchAnswer},
)
@acting
def complete_tasks(body: BatchBody) -> Response:
    actor = current_actor()
    items = [Item(each.id, each.revision) for each in body.items]
    batch = complete_all(current_session(), actor, items, body.outcome, body.opinion)
    done = []
    for task_id, each in batch.done.items():
        acted = answers.acted(actor, each)
        done.append(DoneItem(id=task_id, case=acted.case, opened=acted.opened))
    refused = [
        RefusedItem(id=each.id, code=each.error.code, detail=each.error.message)
        for each in batch.refused
    ]
    return answers.reply(BatchAnswer(done=done, refused=refused))
