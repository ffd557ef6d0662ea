"""常用意见 of the caller."""

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.acts import phrases as keeping
from app.handling.views import phrases
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("phrases", "常用意见")


class PhrasesBody(schemas.Input):
    """The whole list in its order; empty: the usual ones again."""

    items: list[schemas.Remark] = Field(max_length=100)


class Phrases(BaseModel):
    """``own``: made by the person; else the usual ones."""

    items: list[str]
    own: bool


@blueprint.get(
    "/me/phrases", operation_id="getPhrases", summary="常用意见", responses={200: Phrases}
)
def get_phrases() -> Response:
    return answers.reply(_present())


@blueprint.put(
    "/me/phrases",
    operation_id="keepPhrases",
    summary="保存常用意见，替换原有的各条",
    responses={200: Phrases},
)
@acting
def keep_phrases(body: PhrasesBody) -> Response:
    keeping.keep(current_session(), current_actor(), body.items)
    return answers.reply(_present())


def _present() -> Phrases:
    current_session().flush()
    found = phrases.phrases(current_session(), current_actor())
    return Phrases(items=list(found.items), own=found.own)
