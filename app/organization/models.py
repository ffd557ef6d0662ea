"""Tables of units, people, posts and accounts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import cleared
from app.database import Base


class Unit(Base):
    """An organ that issues documents in its own name (单位).

    rank         1 city, 2 county, 3 township: who is above whom when a document is addressed
    agency_code  机关代字, the first part of a document number; 江水 in 江水〔2026〕15号
    letterhead   发文机关标志, the red words at the head of a page
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    agency_code: Mapped[str] = mapped_column(unique=True)
    letterhead: Mapped[str]
    rank: Mapped[int] = mapped_column(sa.Integer)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))


class Department(Base):
    """A section of a unit (科室); ``position`` is its place in lists."""

    __tablename__ = "department"
    __table_args__ = (sa.UniqueConstraint("unit_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    key: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)


class Person(Base):
    """One member of staff under the real name, with the only login of that person (ORG-01).

    login         folded by ``names.login``; unique over all units
    staff_number  工号 in the unit: what tells two people of one name apart
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    active: Mapped[bool]
    staff_number: Mapped[str | None]


sa.Index(
    "uq_person_staff_number",
    Person.unit_id,
    Person.staff_number,
    unique=True,
    sqlite_where=Person.active,
    postgresql_where=Person.active,
)


class Role(Base):
    """What a diagram asks for by ``key`` (camunda:candidateGroups) and people read as ``label``.

    scope     department: held for one department; unit: held for the whole unit
    position  the lower, the nearer to the top when a person's best post is shown
    """

    __tablename__ = "role"
    __table_args__ = (sa.CheckConstraint("scope IN ('unit', 'department')", name="scope"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    scope: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)


class Appointment(Base):
    """A role given to a person, from the act that gave it to the act that ended it (ORG-08).

    ``since`` and ``until`` are the instants of those acts, so an appointment is in force exactly
    while ``until`` is null; none begins or ends in the future.
    in_charge  分管此项工作的负责人: offered first (OUT-03)
    department_id  null in a role of scope department means: for every department of the unit that
                   has no holder of its own
    """

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role_key: Mapped[str] = mapped_column(sa.ForeignKey("role.key"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    title: Mapped[str]
    in_charge: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


_IN_FORCE = Appointment.until.is_(None)
sa.Index(
    "ix_appointment_holders",
    Appointment.unit_id,
    Appointment.role_key,
    sqlite_where=_IN_FORCE,
    postgresql_where=_IN_FORCE,
)
for _name, _where, _columns in (
    ("uq_appointment_in_unit", Appointment.department_id.is_(None), ()),
    ("uq_appointment_in_department", sa.true(), (Appointment.department_id,)),
):
    sa.Index(
        _name,
        Appointment.person_id,
        Appointment.role_key,
        Appointment.unit_id,
        *_columns,
        unique=True,
        sqlite_where=sa.and_(_IN_FORCE, _where),
        postgresql_where=sa.and_(_IN_FORCE, _where),
    )


class Account(Base):
    """How a person signs in.

    failures      wrong passwords since the last right one, counted here so that it holds on
                  every host; five lock the account until ``locked_until``
    must_change   nothing but the change of password is open
    initial_expires_at  until when an initial password is good; null once the person changed it
    reported_at   closed since then, after a report of loss or theft, until it is reopened
    """

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str]
    must_change: Mapped[bool]
    failures: Mapped[int] = mapped_column(sa.Integer)
    locked_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    initial_expires_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]


class PasswordUsed(Base):
    """A password that may not be taken again yet; the newest ones are kept, this one included."""

    __tablename__ = "password_used"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("account.person_id"), index=True)
    password_hash: Mapped[str]
    at: Mapped[datetime]


class SignIn(Base):
    """A browser session; ended by setting ``ends_at`` to now, so that the owner can see it.

    awaits  what is still missing before anything opens: the code of the second factor, or its
            enrolment; null for a session that is complete
    """

    __tablename__ = "sign_in"
    __table_args__ = (sa.CheckConstraint("awaits IN ('code', 'enrolment')", name="awaits"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    address: Mapped[str | None]
    awaits: Mapped[str | None]


class SignInFailure(Base):
    """One refused sign-in from an address, for the throttle over all hosts."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (sa.Index(None, "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    at: Mapped[datetime]


class AccountAlarm(Base):
    """告警 to the security administrator of ``unit_id``; seen when he has written what he found."""

    __tablename__ = "account_alarm"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('locked', 'certificate', 'signing')", name="kind"),
        sa.Index("ix_account_alarm_unit_id", "unit_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[str]
    address: Mapped[str | None]
    at: Mapped[datetime]
    seen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    seen_at: Mapped[datetime | None]
    finding: Mapped[str]


class ApiToken(Base):
    """A personal token of the API; shown once, kept as SHA-256."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Absence(Base):
    """个人去向: when somebody is away, and where; shown to whoever sends him something (ORG-28).

    travelling  出差: what arrives meanwhile is told him by SMS (DDL-16)
    """

    __tablename__ = "absence"
    __table_args__ = (sa.CheckConstraint("since < until", "order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    words: Mapped[str]
    travelling: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]


class Delegation(Base):
    """委托代办: an agent acts for a principal, for a period and a scope (ORG-27).

    scope       ``all``, ``process`` or ``kind``; ``scope_value`` is the process id or 文种
    with_inbox  also what lay with the principal before it began, not only what arrives
    ended_at    when it was ended before its time; it is over at the earlier of both
    """

    __tablename__ = "delegation"
    __table_args__ = (
        sa.CheckConstraint("scope IN ('all', 'process', 'kind')", "scope"),
        sa.CheckConstraint("since < until", "order"),
        sa.CheckConstraint("principal_id <> agent_id", "two"),
        sa.Index("ix_delegation_principal", "principal_id", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    scope: Mapped[str]
    scope_value: Mapped[str | None]
    with_inbox: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


cleared(PasswordUsed.__table__, SignInFailure.__table__)
