"""转办, 加签 and the like: each on a plain page with only its own fields.

A page of this kind is a template that extends ``desk/act.html``, a view that draws it, and a view
that runs one operation; on a refusal the page comes again with everything that was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from app.database import current_session
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from app.handling.act import Act
from app.handling.views import queries
from app.handling.views.rows import TaskRow
from app.web import looking, refusals
from app.web.acts import acting
from app.web.messages import say

REFUSED = (Invalid, Conflict, NotAllowed)


@dataclass(frozen=True)
class ActPage:
    """One drawing of such a page.

    typed   what stands in the fields, by name
    open    the stay is still open and lies with the person
    """

    row: TaskRow
    typed: Mapping[str, Any]
    open: bool
    error: DomainError | None
    errors: list[FieldError]


Typed = Mapping[str, Any]
Shown = Callable[[Act], Mapping[str, Any]]
"""What the template of one act shows besides: people to choose from, and so on."""


def draw(
    task_id: int,
    template: str,
    shown: Shown,
    typed: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
) -> Response:
    """The page of an act at a stay; opening it is opening the stay."""
    act = looking.task(task_id)
    errors = list(error.errors) if isinstance(error, Invalid) else []
    page = ActPage(
        row=queries.tasks_by_id(act.session, [act.stay.id])[0],
        typed=typed or {},
        open=act.stay.state == "open" and act.candidate is not None,
        error=error,
        errors=errors,
    )
    more = shown(act)
    current_session().commit()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template(template, page=page, **more), status)


def submit(
    task_id: int,
    template: str,
    shown: Shown,
    operation: Callable[[], str],
    to: str | None = None,
) -> Response:
    """Run an operation that answers with the sentence to show afterwards, on the list or ``to``."""

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return draw(task_id, template, shown, typed, error)

    return carry_out(operation, to or url_for("desk.todo"), again)


def carry_out(
    operation: Callable[[], str],
    to: str,
    again: Callable[[Mapping[str, Any], DomainError], Response],
) -> Response:
    """Run an operation and go ``to``, saying its sentence there; ``again`` draws what was refused.

    ``again`` gets the last value of each field by its name, and all of them under ``lists``.
    """
    try:
        return _submit(operation, to)
    except REFUSED as error:
        refusals.undo_and_note(error)
        typed = {name: request.form.getlist(name) for name in request.form}
        single = {name: values[-1] for name, values in typed.items()}
        return again({**single, "lists": typed}, error)


@acting
def _submit(operation: Callable[[], str], to: str) -> Response:
    say(operation())
    return make_response(redirect(to, 303))


def revision() -> int:
    """Of the stay as the form was drawn."""
    return number("revision")


def number(name: str) -> int:
    """A number that the page has put into a form; one that no page has written fits none."""
    digits = request.form.get(name, "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
