"""序列 of a unit: set up, changed and ended by its process administrator (OUT-29, NUM-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.documents import kinds
from app.documents.errors import WrongState
from app.documents.models import NumberSeries
from app.documents.numbering.choosing import running
from app.documents.numbering.forms import FORMS
from app.documents.numbering.rights import ensure_sets_up
from app.errors import FieldError, Invalid, NotFound
from app.organization import Actor, Role, Unit, names, roles

LONGEST_CODE, LONGEST_NAME = 10, 40
NOT_OFFICES = frozenset({*roles.ADMINISTRATORS, roles.PROCESS_ADMIN})
"""Who sets up series gives no numbers himself (G7); nor does who keeps the system."""


@dataclass(frozen=True)
class Plan:
    """What a series shall be. ``role``: key of who gives its numbers, "" for the registration.

    code and form stay as they are once it is set up: numbers bear them.
    """

    name: str
    kinds: Sequence[str]
    role: str = ""
    code: str = ""
    form: str = "number"


def define(session: Session, by: Actor, at: datetime, plan: Plan) -> NumberSeries:
    """A further series of the actor's unit.

    Raises NotAllowed for who is no process administrator, Invalid by field; a code is used once
    in the whole office, or two units would issue the same number (NUM-02).
    """
    by = ensure_sets_up(by)
    running(session, by.unit_id)
    errors: list[FieldError] = []
    code = _words(errors, "code", "代字", plan.code, LONGEST_CODE)
    if code and not code.isalnum():
        errors.append(FieldError("code", "代字只能用汉字、字母和数字。"))
    elif code and _is_taken(session, code):
        errors.append(FieldError("code", f"代字“{code}”已被使用，请换一个。"))
    if plan.form not in FORMS:
        errors.append(FieldError("form", "请选择编号形式。"))
    series = NumberSeries(unit_id=by.unit_id, code=code, form=plan.form, ended_at=None)
    _fill(session, series, plan, errors)
    session.add(series)
    _note(session, "number.series_defined", series, by, at)
    return series


def change(session: Session, by: Actor, at: datetime, code: str, plan: Plan) -> NumberSeries:
    """Another name, other kinds or another office; numbers already given stay as they are."""
    by = ensure_sets_up(by)
    series = _own(session, by, code)
    _fill(session, series, plan, [])
    _note(session, "number.series_changed", series, by, at)
    return series


def end(session: Session, by: Actor, at: datetime, code: str) -> NumberSeries:
    """No more numbers are given; the registers stay. The last series of a unit cannot end."""
    by = ensure_sets_up(by)
    series = _own(session, by, code)
    if len(running(session, by.unit_id)) == 1:
        raise WrongState("这是本单位唯一的序列，停用后公文将无法编号，不能停用。")
    series.ended_at = at
    _note(session, "number.series_ended", series, by, at)
    return series


def _own(session: Session, by: Actor, code: str) -> NumberSeries:
    series = next((each for each in running(session, by.unit_id) if each.code == code), None)
    if series is None:
        raise NotFound
    return series


def _fill(session: Session, series: NumberSeries, plan: Plan, errors: list[FieldError]) -> None:
    """Write the plan; nothing is written when anything in it is wrong."""
    name = _words(errors, "name", "名称", plan.name, LONGEST_NAME)
    chosen = [each for each in kinds.KINDS if each in plan.kinds]
    if not chosen or len(chosen) != len(set(plan.kinds)):
        errors.append(FieldError("kinds", f"请从{'、'.join(kinds.KINDS)}中选择适用文种。"))
    if plan.role in NOT_OFFICES:
        errors.append(FieldError("role", "管理员不管文号，请选择编号的部门的角色。"))
    elif plan.role and session.get(Role, plan.role) is None:
        errors.append(FieldError("role", "没有这个角色，请重新选择。"))
    if errors:
        raise Invalid.of(errors)
    series.name, series.kinds, series.role_key = name, chosen, plan.role or None


def _words(errors: list[FieldError], field: str, label: str, text: str, longest: int) -> str:
    try:
        return names.words(field, label, text, longest=longest)
    except Invalid as refused:
        errors += refused.errors
        return ""


def _is_taken(session: Session, code: str) -> bool:
    """By a series, or by a unit that has not numbered anything yet."""
    by_series = sa.select(NumberSeries.id).where(NumberSeries.code == code)
    by_unit = sa.select(Unit.id).where(Unit.agency_code == code)
    return session.execute(sa.union_all(by_series, by_unit)).first() is not None


def _note(session: Session, action: str, series: NumberSeries, by: Actor, at: datetime) -> None:
    session.flush()
    detail = {
        "series": series.code,
        "name": series.name,
        "form": series.form,
        "kinds": list(series.kinds),
        "role": series.role_key or "",
    }
    audit.record(session, action, by.signature(), at=at, detail=detail)
