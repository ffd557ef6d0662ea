"""编辑锁 through the API: for programs that keep a form open as the pages do."""

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.handling.acts import editing
from app.handling.writing import locks
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("locks", "编辑锁")


class Lock(BaseModel):
    """Who has the text in hand: ``holder`` is empty when it is the caller.

    ``asker`` wants to take over from the caller; ``asking``: the caller has asked and waits;
    ``refused``: the holder has declined. ``words`` says it in a sentence.
    """

    mine: bool
    holder: str
    since: schemas.Instant
    asker: str
    asking: bool
    refused: bool
    words: str


class Answer(schemas.Input):
    consent: bool


@blueprint.post(
    "/documents/<int:id>/lock",
    operation_id="takeLock",
    summary="开始修改，或者表明仍在修改；他人正在修改的，答复是谁",
    responses={200: Lock},
)
@acting
def take_lock(path: schemas.NumberPath) -> Response:
    """Holds for three minutes from each request; requests of the same person keep it."""
    act = editing.look_editable(current_session(), current_actor(), path.id)
    return _reply(locks.take(act, locks.RENEWED))


@blueprint.post(
    "/documents/<int:id>/lock/ask",
    operation_id="askForLock",
    summary="请求接手修改；两分钟没有答复的，再请求时转给本人",
    responses={200: Lock},
)
@acting
def ask_for_lock(path: schemas.NumberPath) -> Response:
    act = editing.look_editable(current_session(), current_actor(), path.id)
    return _reply(locks.ask(act))


@blueprint.post(
    "/documents/<int:id>/lock/answer",
    operation_id="answerForLock",
    summary="答复接手请求：同意转交，或者暂不转交",
    responses={200: Lock},
)
@acting
def answer_for_lock(path: schemas.NumberPath, body: Answer) -> Response:
    act = editing.look_editable(current_session(), current_actor(), path.id)
    return _reply(locks.answer(act, consent=body.consent))


@blueprint.delete(
    "/documents/<int:id>/lock",
    operation_id="releaseLock",
    summary="不再修改",
    responses={204: None},
)
@acting
def release_lock(path: schemas.NumberPath) -> Response:
    editing.look_editable(current_session(), current_actor(), path.id)
    locks.release(current_session(), current_actor(), path.id)
    return Response(status=204)


def _reply(held: locks.Held) -> Response:
    shown = Lock(
        mine=held.mine,
        holder=held.holder,
        since=held.since,
        asker=held.asker,
        asking=held.asking,
        refused=held.refused,
        words=held.sentence,
    )
    return answers.reply(shown)
