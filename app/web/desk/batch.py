"""批量办理: the documents that were ticked, each with its outcome and next people; one button."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, redirect, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.act import look_at_task
from app.handling.acts.batching import MOST, Item, complete_all, why_not_batched
from app.handling.views import foresight, queries
from app.handling.views.foresight import AheadStep
from app.handling.views.phrases import phrases
from app.handling.views.rows import TaskRow
from app.web import ids, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import plain_pages
from app.web.desk.act_pages import REFUSED
from app.web.desk.blueprint import blueprint
from app.web.messages import say


@dataclass(frozen=True)
class Line:
    """One ticked document: what the button does to it, or why it stays as it is.

    ends  the case is over then
    """

    row: TaskRow
    outcome: str
    ahead: Sequence[AheadStep]
    ends: bool
    opinion_required: bool
    problem: str | None


@blueprint.get("/tasks/batch", endpoint="batch")
def show() -> Response:
    ticked = _numbers(request.args.getlist("task"))
    if not ticked or len(ticked) > MOST:
        many = f"一次最多批量办理 {MOST} 件，现选了 {len(ticked)} 件，请分几次办理。"
        say(many if ticked else "请先勾选要批量办理的公文。", "bad")
        return _to_list()
    return _draw(ticked, "")


@blueprint.post("/tasks/batch")
def complete_tasks() -> Response:
    items, opinion = _items(request.form.getlist("item")), request.form.get("opinion", "")
    try:
        return _submit(items, opinion)
    except REFUSED as error:
        refusals.undo_and_note(error)
        if not items:
            say(error.message, "bad")
            return _to_list()
        return _draw([item.id for item in items][:MOST], opinion, error)


@acting
def _submit(items: Sequence[Item], opinion: str) -> Response:
    """What can be done is done; where nothing can, the page comes again with what was typed."""
    batch = complete_all(current_session(), current_actor(), items, None, opinion)
    if not batch.done:
        raise batch.refused[0].error
    say(f"已批量办结 {len(batch.done)} 件。")
    rows = queries.tasks_by_id(current_session(), [each.id for each in batch.refused])
    titles = {row.id: row.title.replace("\n", "") for row in rows}
    for each in batch.refused:
        hidden = each.error.code == "not_found"
        name = "有一件" if hidden else f"《{titles.get(each.id, '')}》"
        say(f"{name}没有办结：{each.error.message}", "warn")
    return _to_list()


def _to_list() -> Response:
    return make_response(redirect(url_for("desk.todo"), 303))


def _draw(task_ids: Sequence[int], opinion: str, error: DomainError | None = None) -> Response:
    lines = [_line(task_id) for task_id in task_ids]
    chips = phrases(current_session(), current_actor()).items
    current_session().commit()
    return plain_pages.draw(
        "desk/batch.html",
        "",
        url_for("desk.todo"),
        "返回待办",
        typed={"opinion": opinion},
        error=error,
        ready=[line for line in lines if line.problem is None],
        left=[line for line in lines if line.problem is not None],
        phrases=chips,
    )


def _line(task_id: int) -> Line:
    """As it stands now. Raises NotFound for a stay that the person may not see."""
    act = look_at_task(current_session(), current_actor(), task_id)
    (row,) = queries.tasks_by_id(act.session, [task_id])
    view = foresight.view(act)
    problem = why_not_batched(act)
    if view.ahead is None:
        problem = "此件已不在您手上，不能办理。"
    outcome = row.outcomes[0] if len(row.outcomes) == 1 else None
    ahead = (view.ahead or {}).get(outcome.key, ()) if outcome else ()
    stuck = next((each.problem for each in ahead if each.problem), None)
    return Line(
        row=row,
        outcome=outcome.label if outcome else "",
        ahead=ahead,
        ends=outcome is not None and outcome.key in view.ending,
        opinion_required=view.opinion_required,
        problem=problem or stuck,
    )


def _items(texts: Sequence[str]) -> list[Item]:
    """``12.3``: the stay 12 in its revision 3."""
    found = []
    for text in texts:
        stay, _, revision = text.partition(".")
        pair = [*_numbers([stay]), *_numbers([revision])]
        found += [Item(pair[0], pair[1])] if len(pair) == 2 else []
    return found


def _numbers(texts: Sequence[str]) -> list[int]:
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20]
    return list(dict.fromkeys(each for each in numbers if each <= ids.LARGEST))
