"""The accounts of a unit, as its security administrator sees them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.organization.factors.models import SecondFactor
from app.organization.models import Account, Department, Person


@dataclass(frozen=True)
class ListedAccount:
    """An account and how it may be used.

    locked_until  by wrong passwords, ending by itself; ``reported_at``: closed after a report
    factor_since  since when a second factor is in use; None: none
    """

    person_id: int
    login: str
    name: str
    department: str | None
    locked_until: datetime | None
    reported_at: datetime | None
    factor_since: datetime | None

    def state(self, at: datetime) -> str:
        if self.reported_at is not None:
            return "报失封锁"
        if self.locked_until is not None and self.locked_until > at:
            return "输错锁定"
        return ""


def accounts_of(session: Session, unit_id: int) -> list[ListedAccount]:
    """Accounts of active people, by department."""
    query = _listed().where(Person.unit_id == unit_id)
    order = (Department.position.nulls_first(), Person.id)
    return [ListedAccount(*row) for row in session.execute(query.order_by(*order))]


def account_of(session: Session, unit_id: int, person_id: int) -> ListedAccount:
    """One of them. Raises NotFound for people of other units too."""
    query = _listed().where(Person.unit_id == unit_id, Person.id == person_id)
    row = session.execute(query).first()
    if row is None:
        raise NotFound("没有这个账号，或者不归您管理。")
    return ListedAccount(*row)


def _listed() -> sa.Select[
    int, str, str, str | None, datetime | None, datetime | None, datetime | None
]:
    return (
        sa.select(Person.id, Person.login, Person.name, Department.name)
        .add_columns(Account.locked_until, Account.reported_at, SecondFactor.since)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Department, Department.id == Person.department_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.active)
    )
