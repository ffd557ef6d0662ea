"""One account for one person (一人一号, ORG-01): who is taken for the same, and who is not.

Nobody can see from a login whose it is. In one unit people of the same name, or of the same staff
number, are taken for one person; who only has the same name has another number, and both are known.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.organization import names, rights, roles
from app.organization.errors import AlreadyThere
from app.organization.models import Person, Unit
from app.organization.rights import Author


def number(text: str) -> str | None:
    """A staff number as it is kept, in one spelling; None where none is given."""
    if not text.strip():
        return None
    value = names.folded(text)
    if not value.isalnum() or len(value) > 20:
        raise Invalid.at("staff_number", "工号应为 1 至 20 个字母或数字。")
    return value


def ensure_new(session: Session, unit_id: int, name: str, given: str | None) -> None:
    """Raise AlreadyThere when an active person of the unit is the one of this name and number.

    The unit is held, or two administrators could each enter somebody without the other's.
    """
    _hold(session, unit_id)
    alike = Person.name == name
    if given is not None:  # NULL would be everybody without a number
        alike = sa.or_(alike, Person.staff_number == given)
    query = sa.select(Person).where(Person.unit_id == unit_id, Person.active, alike)
    for other in session.scalars(query):
        if given is not None and other.staff_number == given:
            raise AlreadyThere(
                f"工号 {given} 的人员已有账号（{other.name}，登录名 {other.login}），"
                "一人一号，不能再开。（ORG-01）"
            )
        if given is None or other.staff_number is None:
            raise AlreadyThere(
                f"本单位的{other.name}已有账号（登录名 {other.login}），一人一号，不能再开。"
                "确是同名的另一人的，请先给两人都登记工号。（ORG-01）"
            )


def set_staff_number(
    session: Session, by: Author, at: datetime, *, person: Person, staff_number: str
) -> None:
    """Enter or change the staff number. Raises AlreadyThere when somebody else has it."""
    signature = rights.signed(by, roles.SYSTEM_ADMIN, person.unit_id)
    given = number(staff_number)
    if given is None:
        raise Invalid.at("staff_number", "请填写工号。")
    _ensure_free(session, person, given)
    before, person.staff_number = person.staff_number, given
    session.flush()
    audit.record(
        session,
        "person.numbered",
        signature,
        at=at,
        subject=("person", person.id),
        detail={"from": before, "to": given},
    )


def _ensure_free(session: Session, person: Person, given: str) -> None:
    _hold(session, person.unit_id)
    query = sa.select(Person.name).where(
        Person.unit_id == person.unit_id,
        Person.active,
        Person.staff_number == given,
        Person.id != person.id,
    )
    holder = session.scalar(query)
    if holder is not None:
        raise AlreadyThere(f"工号 {given} 已是{holder}的，请核对。")


def _hold(session: Session, unit_id: int) -> None:
    """People of one unit are told apart one after the other."""
    held = sa.select(Unit.id).where(Unit.id == unit_id)
    session.execute(held.with_for_update(key_share=True))
