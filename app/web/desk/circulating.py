"""传阅 and 专送: the page that gives copies, and the page that shows who has read them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app import organization
from app.database import current_session
from app.errors import DomainError
from app.handling import access
from app.handling.act import Act
from app.handling.acts.circulating import Circulate, circulate, ensure_may_circulate
from app.handling.acts.copies import KINDS
from app.handling.acts.recalling import recall, urge_readers
from app.handling.stays.staffing import WATCHERS
from app.handling.views import circulation
from app.organization.queries import ListedPerson
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint


@blueprint.get("/documents/<int:id>/circulate", endpoint="circulate")
def show_form(id: int) -> Response:
    return _draw_form(id)


@blueprint.post("/documents/<int:id>/circulate")
def circulate_document(id: int) -> Response:
    form = Circulate(
        readers=request.form.getlist("readers"),
        departments=request.form.getlist("departments"),
        kind=request.form.get("kind", ""),
        words=request.form.get("words", ""),
    )

    def operation() -> str:
        given = circulate(current_session(), current_actor(), id, form)
        return f"已{KINDS[form.kind]} {len(given)} 人。对方打开即为已阅，打开之前可以收回。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw_form(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.circulation", id=id), again)


@blueprint.get("/documents/<int:id>/circulation", endpoint="circulation")
def show_status(id: int) -> Response:
    return _draw_status(id)


@blueprint.post("/documents/<int:id>/circulation/urge", endpoint="urge_readers")
def urge_to_read(id: int) -> Response:
    def operation() -> str:
        reason = request.form.get("reason", "")
        told = urge_readers(current_session(), current_actor(), id, reason)
        return f"已催读 {len(told)} 人。"

    return _at_status(id, operation)


@blueprint.post("/documents/<int:id>/circulation/<int:copy>/recall", endpoint="recall")
def recall_copy(id: int, copy: int) -> Response:
    def operation() -> str:
        recall(current_session(), current_actor(), id, copy)
        return "已收回，对方不再看到；收回已记录在案。"

    return _at_status(id, operation)


def _at_status(id: int, operation: Any) -> Response:
    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw_status(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.circulation", id=id), again)


def _opened(document_id: int) -> Act:
    """The case of the document, which the person has opened by coming here."""
    case_id = access.document_of(current_session(), current_actor(), document_id)[1].id
    return looking.case(case_id)


def _draw_form(
    id: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    """Raises what the operation would, before anything is filled in."""
    act = _opened(id)
    if error is None:
        ensure_may_circulate(act)
    groups = _by_department(act)
    departments = organization.departments(act.session, act.case.unit_id)
    title, back = act.document.title, url_for("desk.case", id=act.case.id)
    current_session().commit()
    return plain_pages.draw(
        "desk/circulate.html",
        title,
        back,
        typed=typed,
        error=error,
        groups=groups,
        departments=departments,
        kinds=KINDS,
    )


def _draw_status(
    id: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    act = _opened(id)
    found = circulation.status(act)
    title, case_id, now = act.document.title, act.case.id, act.at
    current_session().commit()
    return plain_pages.draw(
        "desk/circulation.html",
        title,
        url_for("desk.case", id=case_id),
        typed=typed,
        error=error,
        reading=found,
        document_id=id,
        now=now,
    )


def _by_department(act: Act) -> list[tuple[str, list[ListedPerson]]]:
    """Everybody who may be chosen: leaders first, then the departments in their order."""
    unit = act.case.unit_id
    watchers = {
        each.id
        for role in sorted(WATCHERS)
        for each in organization.people_of_role(act.session, role, unit)
    }
    found: dict[str, list[ListedPerson]] = {}
    for each in organization.people(act.session, unit):
        if each.id != act.actor.person_id and each.id not in watchers:
            found.setdefault(each.department or "单位领导和其他人员", []).append(each)
    return list(found.items())
