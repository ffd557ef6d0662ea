"""管理常用意见: one form with every phrase in a field; up, down and 删去 save it as well."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.acts import phrases as keeping
from app.handling.views.phrases import phrases
from app.web import ids
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint

SPARE = 2
"""Empty fields below the phrases, as long as there may be more."""


@blueprint.get("/phrases", endpoint="phrases")
def show() -> Response:
    return _draw()


@blueprint.post("/phrases")
def keep_phrases() -> Response:
    texts, do = request.form.getlist("text"), request.form.get("do", "save")

    def operation() -> str:
        keeping.keep(current_session(), current_actor(), _changed(texts, do))
        return "常用意见已保存。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw(texts, error)

    return act_pages.carry_out(operation, url_for("desk.phrases", task=_task()), again)


def _changed(texts: Sequence[str], do: str) -> list[str]:
    """The list after the button: ``up.3`` moves the phrase in the fourth field one place up."""
    verb, _, digits = do.partition(".")
    found = list(texts)
    place = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else len(found)
    if place >= len(found):
        return found
    moved = found.pop(place)
    to = {"up": max(place - 1, 0), "down": place + 1, "drop": None}.get(verb, place)
    if to is not None:
        found.insert(to, moved)
    return found


def _draw(texts: Sequence[str] | None = None, error: DomainError | None = None) -> Response:
    kept = phrases(current_session(), current_actor())
    current_session().commit()
    task = _task()
    shown = list(kept.items if texts is None else texts)
    if texts is None:
        shown += [""] * min(SPARE, keeping.MOST - len(shown))
    return plain_pages.draw(
        "desk/phrases.html",
        "",
        url_for("desk.task", id=task) if task else url_for("desk.todo"),
        "返回此件" if task else "返回待办",
        error=error,
        texts=shown,
        own=kept.own,
        most=keeping.MOST,
    )


def _task() -> int | None:
    """The stay from whose page one came here; any other is simply not there when one goes back."""
    digits = request.args.get("task", "")
    known = digits.isascii() and digits.isdigit() and len(digits) < 20
    return int(digits) if known and 0 < int(digits) <= ids.LARGEST else None
