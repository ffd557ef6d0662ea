"""Tasks: the boxes of a person, and the acts at a stay."""

import base64
import binascii
import io
import json
from collections.abc import Callable

from flask import Response, send_file

from app.database import current_session
from app.errors import Invalid, NotFound
from app.handling.act import look_at_task
from app.handling.acts import assigning, setting_sending
from app.handling.acts.completing import Completion, complete
from app.handling.acts.returning import Return, return_task
from app.handling.acts.withdrawing import withdraw
from app.handling.signing import needs, pages
from app.handling.signing.needs import SignatureNeeded
from app.handling.views import foresight, queries, signers
from app.handling.views.rows import TaskRow
from app.organization.actors import Actor
from app.web import looking, signing
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor
from app.web.proving import prove_page
from app.web.signing import Given

blueprint = group("tasks", "待办和办理")

Page = tuple[list[TaskRow], str | None]
"""Rows, and the cursor of the next page if there is one."""

MOST_LOOKS = 10
"""How often one request looks for rows that fit, a page's worth each time."""


@blueprint.get(
    "/tasks",
    operation_id="listTasks",
    summary="待办、待阅、已办、我发起的、已阅",
    responses={200: schemas.TaskList},
)
def list_tasks(query: schemas.TaskQuery) -> Response:
    actor = current_actor()
    rows, following = BOXES[query.box](actor, query)
    items = [answers.task(row) for row in rows]
    return answers.reply(schemas.TaskList(items=items, next=following))


@blueprint.get(
    "/tasks/<int:id>",
    operation_id="getTask",
    summary="一个环节上的停留，打开即记录",
    responses={200: schemas.TaskDetail},
)
def get_task(path: schemas.NumberPath) -> Response:
    act = looking.task(path.id)
    row = queries.tasks_by_id(current_session(), [act.stay.id])[0]
    return answers.reply(answers.task_detail(row, foresight.view(act), signers.at_task(act)))


@blueprint.post(
    "/tasks/<int:id>/complete",
    operation_id="completeTask",
    summary="办结本环节",
    responses={200: schemas.Acted},
)
def complete_task(path: schemas.NumberPath, body: schemas.CompleteBody) -> Response:
    """A step that needs a signature is tried again once the signer has made it."""
    prove_page(path.id)
    form = _completion(body)
    try:
        return _complete(path.id, form)
    except SignatureNeeded as needed:
        if not body.proof_password:
            raise
        given = Given(body.proof_password, body.proof_code, body.paper_sha256)
        signing.have_signed(needed, form, given)
    return _complete(path.id, form)


@acting
def _complete(task_id: int, form: Completion) -> Response:
    actor = current_actor()
    done = complete(current_session(), actor, task_id, form)
    return answers.reply(answers.acted(actor, done))


def _completion(body: schemas.CompleteBody) -> Completion:
    return Completion(
        outcome=body.outcome,
        revision=body.revision,
        opinion=body.opinion,
        fields=body.fields,
        next=body.next,
        explanations=body.explanations,
        any_hour=body.any_hour,
        checked=body.checked,
    )


@blueprint.post(
    "/tasks/<int:id>/set-sending",
    operation_id="setSending",
    summary="非工作时间：定到下一工作时间发送",
    responses={201: schemas.SetSending},
)
@acting
def set_sending(path: schemas.NumberPath, body: schemas.CompleteBody) -> Response:
    form = _completion(body)
    found = setting_sending.set_sending(current_session(), current_actor(), path.id, form)
    return answers.reply(schemas.SetSending.model_validate(found, from_attributes=True), 201)


@blueprint.post(
    "/tasks/<int:id>/drop-sending",
    operation_id="dropSending",
    summary="取消定时发送",
    responses={200: schemas.SetSending},
)
@acting
def drop_sending(path: schemas.NumberPath) -> Response:
    found = setting_sending.drop_sending(current_session(), current_actor(), path.id)
    return answers.reply(schemas.SetSending.model_validate(found, from_attributes=True))


@blueprint.get(
    "/tasks/<int:id>/paper.pdf",
    operation_id="getPaperToSign",
    summary="待签名或者待用印的版式文件；其 SHA-256 随办结一并提交",
    responses={200: None},
)
def paper_to_sign(path: schemas.NumberPath) -> Response:
    act = look_at_task(current_session(), current_actor(), path.id)
    need = needs.of_stay(act)
    if need is None:
        raise NotFound("这一环节没有待签的版式文件。")
    shown = pages.shown(current_session(), need)
    current_session().commit()
    return send_file(io.BytesIO(shown.content), mimetype="application/pdf")


@blueprint.post(
    "/tasks/<int:id>/return",
    operation_id="returnTask",
    summary="退回到以前的环节",
    responses={200: schemas.Acted},
)
@acting
def send_back(path: schemas.NumberPath, body: schemas.ReturnBody) -> Response:
    actor = current_actor()
    form = Return(to=body.to, opinion=body.opinion, then=body.then, revision=body.revision)
    return answers.reply(answers.acted(actor, return_task(current_session(), actor, path.id, form)))


@blueprint.post(
    "/tasks/<int:id>/withdraw",
    operation_id="withdraw",
    summary="撤回尚未被打开的发送",
    responses={200: schemas.TakenBack},
)
@acting
def take_back(path: schemas.NumberPath, body: schemas.WithdrawBody) -> Response:
    actor = current_actor()
    done = withdraw(current_session(), actor, path.id, body.reason)
    acted = answers.acted(actor, done)
    return answers.reply(
        schemas.TakenBack(
            case=acted.case,
            opened=acted.opened,
            recalled=list(done.recalled),
            kept=list(done.kept),
        )
    )


@blueprint.post(
    "/tasks/<int:id>/assign",
    operation_id="assignTask",
    summary="为无人可办的环节指定办理人（流程管理员）",
    responses={200: schemas.Task},
)
@acting
def assign(path: schemas.NumberPath, body: schemas.AssignBody) -> Response:
    actor = current_actor()
    assigned = assigning.assign(current_session(), actor, path.id, body.to, body.reason)
    current_session().flush()
    return answers.reply(answers.task(queries.tasks_by_id(current_session(), [assigned.id])[0]))


def _todo(actor: Actor, query: schemas.TaskQuery) -> Page:
    """The whole box is sorted by what runs out first; the cursor names the row to go on after."""
    rows = [row for row in queries.todo(current_session(), actor) if _fits(row, query)]
    if query.cursor:
        last = _read_cursor(query.cursor)
        places = [place for place, row in enumerate(rows) if row.id == last]
        rows = rows[places[0] + 1 :] if places else rows
    page = rows[: query.limit]
    return page, _write_cursor(page[-1].id) if len(rows) > query.limit else None


def _read(actor: Actor, query: schemas.TaskQuery) -> Page:
    def fetch(limit: int, before: int | None) -> list[TaskRow]:
        return queries.to_read(current_session(), actor, limit, before)

    return _page(fetch, lambda row: row.notice_id or 0, query)


def _done(actor: Actor, query: schemas.TaskQuery) -> Page:
    def fetch(limit: int, before: int | None) -> list[TaskRow]:
        return queries.done(current_session(), actor, limit, before, words=query.q or "")

    return _page(fetch, lambda row: row.id, query)


def _mine(actor: Actor, query: schemas.TaskQuery) -> Page:
    def fetch(limit: int, before: int | None) -> list[TaskRow]:
        return queries.started(current_session(), actor, limit, before, words=query.q or "")

    return _page(fetch, lambda row: row.case_id, query)


def _requests(actor: Actor, query: schemas.TaskQuery) -> Page:
    def fetch(limit: int, before: int | None) -> list[TaskRow]:
        return queries.requested(current_session(), actor, limit, before, words=query.q or "")

    return _page(fetch, lambda row: row.case_id, query)


def _seen(actor: Actor, query: schemas.TaskQuery) -> Page:
    def fetch(limit: int, before: int | None) -> list[TaskRow]:
        return queries.seen(current_session(), actor, limit, before, words=query.q or "")

    return _page(fetch, lambda row: row.case_id, query)


Box = Callable[[Actor, schemas.TaskQuery], Page]
BOXES: dict[str, Box] = {
    "todo": _todo,
    "read": _read,
    "done": _done,
    "mine": _mine,
    "requests": _requests,
    "seen": _seen,
}


def _page(
    fetch: Callable[[int, int | None], list[TaskRow]],
    key: Callable[[TaskRow], int],
    query: schemas.TaskQuery,
) -> Page:
    """The rows that fit, from the cursor on; a page that is not full may still have a next one.

    fetch  the next so many rows of the box after the one with this key
    """
    found: list[TaskRow] = []
    last = _read_cursor(query.cursor) if query.cursor else None
    for _ in range(MOST_LOOKS):
        rows = fetch(query.limit + 1, last)
        for row in rows[: query.limit]:
            if len(found) == query.limit:
                break
            last = key(row)
            found += [row] if _fits(row, query) else []
        if len(rows) <= query.limit and (not rows or last == key(rows[-1])):
            return found, None
        if len(found) == query.limit:
            break
    return found, _write_cursor(last) if last is not None else None


def _fits(row: TaskRow, query: schemas.TaskQuery) -> bool:
    return queries.matches(row, query.q, query.lamp)


def _write_cursor(last: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": last}).encode()).decode()


def _read_cursor(text: str) -> int:
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode()))["after"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Invalid.at("cursor", "cursor 不是上一页给出的值，请从第一页重新开始。") from None
    if type(found) is not int or not 0 < found < 2**63:
        raise Invalid.at("cursor", "cursor 不是上一页给出的值，请从第一页重新开始。")
    return found
