"""Which series a document takes its number from, and who may give it (NUM-01, OUT-29)."""

import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.documents import kinds, wording
from app.documents.models import Document, NumberSeries
from app.documents.numbering.rights import ensure_may_number, may_number
from app.errors import Conflict, Invalid
from app.organization import Actor, Unit

FIELD = "number_from"
"""Key of the form field by which the registrar chooses; see :func:`chosen`."""


def listed(session: Session, unit_id: int) -> list[NumberSeries]:
    """Every series of a unit, ended ones too; the main one, which may not be stored yet, first.

    For pages: nothing is written.
    """
    query = sa.select(NumberSeries).where(NumberSeries.unit_id == unit_id)
    found = list(session.scalars(query.order_by(NumberSeries.id)))
    return found or [_main(session.get_one(Unit, unit_id))]


def running(session: Session, unit_id: int) -> list[NumberSeries]:
    """The series that give numbers; the main one, of the unit's own 机关代字, is made when needed.

    Raises Invalid when the unit has no 机关代字.
    """
    query = sa.select(NumberSeries).where(NumberSeries.unit_id == unit_id)
    query = query.order_by(NumberSeries.id)
    found = list(session.scalars(query))
    if not found:
        _open_main(session, session.get_one(Unit, unit_id))
        found = list(session.scalars(query))
    return [each for each in found if each.ended_at is None]


def in_use(session: Session, unit_id: int) -> list[NumberSeries]:
    """The series that give numbers, for the page of a draft; nothing is written or refused."""
    query = sa.select(NumberSeries).where(
        NumberSeries.unit_id == unit_id, NumberSeries.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(NumberSeries.id)))


def fitting(session: Session, unit_id: int, kind: str | None) -> list[NumberSeries]:
    """The series of the unit that fit a 文种, whoever gives their numbers. Writes nothing."""
    return [
        each
        for each in listed(session, unit_id)
        if each.ended_at is None and (kind or "") in each.kinds
    ]


def ensure_fits(
    session: Session, unit_id: int, kind: str | None, code: str = "", field: str = FIELD
) -> None:
    """A document of this 文种 can be numbered in the series of ``code``, or in any (OUT-29).

    Raises Invalid at ``field`` that says which series there are.
    """
    found = fitting(session, unit_id, kind)
    if not found:
        raise Invalid.at(field, f"没有适用于“{kind}”的发文字号序列，请流程管理员设置。")
    if code and code not in {each.code for each in found}:
        raise Invalid.at(field, f"“{kind}”不能编入序列“{code[:40]}”，可用：{_codes(found)}。")


def misfit(session: Session, document: Document) -> str:
    """Why the document could not be numbered once it is signed; "" where it can (条例第九条).

    For pages: there is no series for its 文种, or several and nothing to choose by, or it proposes
    one that has ended or is not for it.
    """
    kind, code = document.kind, document.series
    if document.number:
        return ""
    found = fitting(session, document.unit_id, kind)
    if not found:
        return f"没有适用于“{kind}”的发文字号序列，签发以后不能编号，请流程管理员设置序列。"
    if code and code not in {each.code for each in found}:
        return f"拟编的文号序列“{code}”不适用于“{kind}”或者已停用，可用：{_codes(found)}。"
    if not code and _default(session, document, found) is None:
        return f"“{kind}”有几个文号序列可用，请选择其一：{_codes(found)}。"
    return ""


def chosen(
    session: Session, document: Document, by: Actor, choice: str
) -> tuple[NumberSeries, int]:
    """The series to take from, and the reserved number that was asked for, or 0.

    choice  ``江水``: the next number of this series; ``江水:17``: its reserved number 17; "": the
            series that the drafter proposed, else the one made for this 文种 alone, the unit's own,
            or the only one that fits and whose numbers the actor gives
    Raises Invalid for what there is not or does not fit, NotAllowed for the series of another
    office.
    """
    found = running(session, document.unit_id)
    code, _, number = choice.partition(":")
    if not code:
        return _proposed(document, by, found) or _usual(session, document, by, found), 0
    series = next((each for each in found if each.code == code), None)
    if series is None or not re.fullmatch("([1-9][0-9]{0,5})?", number):
        raise Invalid.at(FIELD, f"没有“{choice[:40]}”这个文号可取，可用序列：{_codes(found)}。")
    ensure_fits(session, document.unit_id, document.kind, code)
    _ensure_gives(session, by, series)
    return series, int(number or 0)


def _proposed(document: Document, by: Actor, found: Sequence[NumberSeries]) -> NumberSeries | None:
    """What the drafter proposed. Raises Invalid where the registrar has to decide otherwise."""
    code = document.series
    if not code:
        return None
    series = next((each for each in found if each.code == code), None)
    if series is None or (document.kind or "") not in series.kinds:
        raise Invalid.at(FIELD, f"拟编的文号序列“{code}”已不可用，请另选：{_codes(found)}。")
    if series.role_key is not None and not may_number(by, series):
        raise Invalid.at(
            FIELD,
            f"拟稿人拟编入“{series.name}”，这一序列不归您管理，"
            "请交其编号部门办理，或者改编其他序列。",
        )
    return series


def _usual(
    session: Session, document: Document, by: Actor, found: Iterable[NumberSeries]
) -> NumberSeries:
    fits = [each for each in found if (document.kind or "") in each.kinds]
    if not fits:
        ensure_fits(session, document.unit_id, document.kind)
    own = [each for each in fits if each.role_key is None or may_number(by, each)]
    if not own:
        _ensure_gives(session, by, fits[0])
    usual = _default(session, document, own)
    if usual is None:
        raise Invalid.at(FIELD, f"有几个序列可用，请选择：{_codes(own)}。")
    return usual


def _default(
    session: Session, document: Document, fits: Sequence[NumberSeries]
) -> NumberSeries | None:
    """The only one; else the one made for this 文种 alone, as 令 is; else the unit's own."""
    alone = [each for each in fits if each.kinds == [document.kind]]
    for few in (fits, alone):
        if len(few) == 1:
            return few[0]
    code = session.get_one(Unit, document.unit_id).agency_code
    return next((each for each in fits if each.code == code), None)


def _ensure_gives(session: Session, by: Actor, series: NumberSeries) -> None:
    """Where no office is named, the route has decided who stands here."""
    if series.role_key is not None:
        ensure_may_number(session, by, series)


def _main(unit: Unit) -> NumberSeries:
    if wording.is_blank(unit.agency_code):
        raise Invalid("本单位还没有机关代字，不能编号。请联系流程管理员设置后再试。")
    return NumberSeries(**_main_values(unit))


def _main_values(unit: Unit) -> dict[str, object]:
    return {
        "unit_id": unit.id,
        "code": unit.agency_code,
        "name": f"{unit.short_name}发文",
        "form": "number",
        "kinds": list(kinds.KINDS),
        "role_key": None,
        "ended_at": None,
    }


def _open_main(session: Session, unit: Unit) -> None:
    _main(unit)
    insert_once(session, NumberSeries, _main_values(unit))
    taken = sa.select(NumberSeries.unit_id).where(NumberSeries.code == unit.agency_code)
    if session.scalar(taken) != unit.id:
        raise Conflict(f"机关代字“{unit.agency_code}”已被其他单位的序列使用，请流程管理员处理。")


def _codes(found: Sequence[NumberSeries]) -> str:
    return "、".join(f"{each.code}（{each.name}）" for each in found) or "无"
