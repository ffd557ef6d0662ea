"""审批事项: what one may ask for, and asking for it."""

from flask import Response

from app.database import current_session
from app.documents.fields import RequestFields
from app.handling.acts import requesting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("requests", "审批事项")


@blueprint.get(
    "/requests",
    operation_id="listRequestKinds",
    summary="可以提出的审批事项",
    responses={200: schemas.RequestKinds},
)
def kinds() -> Response:
    found = [
        schemas.RequestKind(process=each.process, name=each.name, words=each.words)
        for each in requesting.offers(current_session(), current_actor().unit_id)
    ]
    return answers.reply(schemas.RequestKinds(items=found))


@blueprint.post(
    "/requests/<process>",
    operation_id="startRequest",
    summary="提出申请：停在流程的第一个环节，由申请人填写各项后提交",
    responses={201: schemas.Acted},
)
@acting
def ask(path: schemas.ProcessPath, body: RequestFields) -> Response:
    actor = current_actor()
    done = requesting.start_request(current_session(), actor, path.process, body)
    return answers.reply(answers.acted(actor, done), 201)
