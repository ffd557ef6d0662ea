"""账号: locked ones and lost second factors, one page for each person."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, make_response, redirect, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.database import current_session
from app.errors import DomainError
from app.organization import Actor, Person, account_list, locks
from app.organization.factors import enrolment, policies
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.security.blueprint import REFUSED, blueprint, draw

Operation = Callable[[Session, Actor, Person, str, datetime], None]
ACTS: dict[str, tuple[Operation, str, str]] = {
    "closing": (locks.close, "report", "账号已封锁，登录和令牌已结束。"),
    "reopening": (locks.reopen, "request", "账号已解锁。"),
    "factor": (enrolment.reset, "basis", "双因素已重置，本人下次登录只需密码或者按要求重新启用。"),
}
"""What is done, the field of its reason, and what is said afterwards."""


@blueprint.get("/accounts")
def accounts_listed() -> Response:
    session, unit_id = current_session(), current_actor().unit_id
    return draw(
        "accounts.html",
        accounts=account_list.accounts_of(session, unit_id),
        at=clock.now(session),
    )


@blueprint.get("/accounts/<int:id>")
def account(id: int) -> Response:
    return _draw(id)


@blueprint.post("/accounts/<int:id>/<any(closing, reopening, factor):act>")
def act_on_account(id: int, act: str) -> Response:
    try:
        return _act(id, act)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(id, error, act)


@blueprint.get("/accounts/<int:id>/<any(closing, reopening, factor):act>")
def back_to_account(id: int, act: str) -> Response:
    """The address of an act, opened from the history of the browser."""
    return make_response(redirect(url_for("security.account", id=id), 303))


@acting
def _act(id: int, act: str) -> Response:
    session, actor = current_session(), current_actor()
    account_list.account_of(session, actor.unit_id, id)
    operation, field, said = ACTS[act]
    person = session.get_one(Person, id)
    operation(session, actor, person, request.form.get(field, ""), clock.now(session))
    say(said)
    return make_response(redirect(url_for("security.account", id=id), 303))


def _draw(id: int, error: DomainError | None = None, act: str = "") -> Response:
    session, actor = current_session(), current_actor()
    return draw(
        "account.html",
        error=error,
        act=act,
        typed=request.form.to_dict() if error else {},
        account=account_list.account_of(session, actor.unit_id, id),
        asked=policies.asked_of(session, id) is not None,
        mine=id == actor.person_id,
        at=clock.now(session),
    )
