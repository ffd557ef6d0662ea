"""The person who acts, with every post in force: what each request needs, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import audit
from app.errors import NotFound
from app.organization.models import Appointment, Department, Person, Role, Unit

Statement: TypeAlias = sa.Select[*tuple[Any, ...]]
"""A query whose columns are told apart by name, not by type."""


@dataclass(frozen=True)
class Post:
    """A role in force. ``title`` is its title, or place and label of the role when it has none."""

    role: str
    unit_id: int
    department_id: int | None
    title: str
    in_charge: bool


@dataclass(frozen=True)
class StandsFor:
    """The principal of an act, and the delegation in words that is its authority (ORG-27)."""

    login: str
    name: str
    authority: str


@dataclass(frozen=True)
class Actor:
    """Who acts. ``posts`` begin with the highest.

    address      network address of the request; None for commands and the sweep
    must_change  the password has to be changed before anything else is done: web lets only the
                 change page through, and there are no posts until then
    awaits       ``code`` or ``enrolment``: the second factor is still missing, likewise
    stands_for   the principal, while acting at a stay as somebody's agent (代)
    """

    person_id: int
    login: str
    name: str
    unit_id: int
    unit_key: str
    unit_name: str
    department_id: int | None
    department_name: str | None
    posts: tuple[Post, ...]
    address: str | None = None
    must_change: bool = False
    awaits: str | None = None
    stands_for: StandsFor | None = None

    def holds(
        self, role: str, unit_id: int | None = None, department_id: int | None = None
    ) -> bool:
        """Whether a post of this role is held, in this unit and for this department if given."""
        return any(
            post.role == role
            and unit_id in (None, post.unit_id)
            and department_id in (None, post.department_id)
            for post in self.posts
        )

    @property
    def title(self) -> str:
        """Words under the name at the head of a page: the best post, else where one belongs."""
        if self.posts:
            return self.posts[0].title
        return self.department_name or self.unit_name

    def signature(self, authority: str | None = None) -> audit.Signature:
        """How the record names this person; ``authority`` is the post that allowed the act.

        Who stands in for somebody acts by the delegation, and the record names both.
        """
        principal = self.stands_for
        own = authority or (self.posts[0].title if self.posts else self.unit_name)
        return audit.Signature(
            person_id=self.person_id,
            login=self.login,
            name=self.name,
            authority=principal.authority if principal else own,
            principal=principal.login if principal else None,
            address=self.address,
        )


def actor(session: Session, person_id: int, address: str | None = None) -> Actor:
    """The active person with this id. Raises NotFound when unknown or deactivated."""
    rows = session.execute(statement().where(Person.id == person_id)).all()
    if not rows:
        raise NotFound("没有这个人员，或者其账号已停用。")
    return from_rows(rows, address)


def statement() -> Statement:
    """Active people with their posts in force, one row per post, the highest post first."""
    place = aliased(Department)
    return (
        sa.select(
            Person.id,
            Person.login,
            Person.name,
            Person.unit_id,
            Person.department_id,
            Unit.key.label("unit_key"),
            Unit.name.label("unit_name"),
            Department.name.label("department_name"),
            Appointment.role_key,
            Appointment.unit_id.label("post_unit_id"),
            Appointment.department_id.label("post_department_id"),
            Appointment.title,
            Appointment.in_charge,
            Role.label,
            place.name.label("post_place"),
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .outerjoin(
            Appointment,
            sa.and_(Appointment.person_id == Person.id, Appointment.until.is_(None)),
        )
        .outerjoin(Role, Role.key == Appointment.role_key)
        .outerjoin(place, place.id == Appointment.department_id)
        .where(Person.active)
        .order_by(Role.position, Appointment.in_charge.desc(), Appointment.id)
    )


def from_rows(
    rows: Sequence[sa.Row[Any]],
    address: str | None,
    *,
    must_change: bool = False,
    awaits: str | None = None,
) -> Actor:
    """The actor whose rows of ``statement`` these are (at least one)."""
    first = rows[0]
    closed = must_change or awaits is not None
    held = [] if closed else [_post(row) for row in rows if row.role_key is not None]
    return Actor(
        person_id=first.id,
        login=first.login,
        name=first.name,
        unit_id=first.unit_id,
        unit_key=first.unit_key,
        unit_name=first.unit_name,
        department_id=first.department_id,
        department_name=first.department_name,
        posts=tuple(held),
        address=address,
        must_change=must_change,
        awaits=awaits,
    )


def _post(row: sa.Row[Any]) -> Post:
    return Post(
        role=row.role_key,
        unit_id=row.post_unit_id,
        department_id=row.post_department_id,
        title=row.title or words_of_post(row.label, row.post_place, row.unit_name),
        in_charge=row.in_charge,
    )


def words_of_post(label: str, department: str | None, unit: str) -> str:
    """How a post without a title is called: 工程科部门负责人, 江洲县水务局收发员."""
    return f"{department or unit}{label}"
