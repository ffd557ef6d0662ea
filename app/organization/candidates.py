"""Who can act at a step of a case, and why: the one answer that pages, API and acts share."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.errors import Invalid
from app.organization import actors, names, roles
from app.organization.actors import Statement, words_of_post
from app.organization.eligibility import Candidate, Candidates, Holding, Scope, choose, problem
from app.organization.models import Appointment, Department, Person, Role, Unit

__all__ = ["Candidate", "Candidates", "Scope", "candidates", "named", "process_administrators"]


def candidates(
    session: Session,
    role_keys: Sequence[str],
    scope: Scope,
    *,
    excluding_drafter: bool = False,
) -> Candidates:
    """Who can act for one of these roles in this scope, in one statement.

    excluding_drafter  never the drafter, not even as the only one: the step wants a second person
    Where ``dept-head`` is asked for, OUT-03 to OUT-05 hold by themselves.
    """
    rows = session.execute(_statement(role_keys, scope)).all()
    labels = {row.role_key: row.label for row in rows}
    held = [
        Holding(
            person_id=row.person_id,
            login=row.login,
            name=row.name,
            own_department_id=row.own_department_id,
            role=row.role_key,
            label=row.label,
            of_department=row.scope == "department",
            department_id=row.department_id,
            department=row.department,
            title=row.title or words_of_post(row.label, row.department, row.unit),
            in_charge=row.in_charge,
        )
        for row in rows
        if row.person_id is not None
    ]
    people = choose(held, role_keys, scope, excluding_drafter=excluding_drafter)
    if people:
        return Candidates(people)
    place = next((row.scope_place for row in rows if row.scope == "department"), None)
    return Candidates((), problem(role_keys, labels, place, excluding_drafter=excluding_drafter))


def process_administrators(session: Session, unit_id: int) -> Candidates:
    """Who is told when a case of this unit cannot go on."""
    return candidates(session, [roles.PROCESS_ADMIN], Scope(unit_id))


def named(
    session: Session, logins: Sequence[str], unit_id: int, *, reason: str = "由办理人指定。"
) -> Candidates:
    """People chosen by name, in the order given and each once; one statement.

    ``reason`` is the sentence shown beside them. Raises Invalid naming the logins that are unknown,
    deactivated or of another unit: the words do not tell which.
    """
    wanted = list(dict.fromkeys(names.folded(login) for login in logins))
    if not wanted:
        return Candidates((), "没有指定办理人，请选择。")
    query = actors.statement().where(Person.login.in_(wanted), Person.unit_id == unit_id)
    rows: dict[str, list[sa.Row[Any]]] = {}
    for row in session.execute(query):
        rows.setdefault(row.login, []).append(row)
    if missing := [login for login in wanted if login not in rows]:
        raise Invalid(f"找不到人员“{'、'.join(missing)}”，或其账号已停用，请重新选择。")
    people = [actors.from_rows(rows[login], None) for login in wanted]
    return Candidates(
        tuple(
            Candidate(
                person_id=person.person_id,
                login=person.login,
                name=person.name,
                reason=reason,
                authority=person.title,
                preselected=len(people) == 1,
                self_review=False,
                department_id=person.department_id,
            )
            for person in people
        )
    )


def _statement(role_keys: Sequence[str], scope: Scope) -> Statement:
    """Every role asked for, at least once; with its holders, one row per appointment."""
    scope_place = aliased(Department)
    holders = sa.join(Appointment, Person, Person.id == Appointment.person_id)
    return (
        sa.select(
            Role.key.label("role_key"),
            Role.label,
            Role.scope,
            Unit.name.label("unit"),
            scope_place.name.label("scope_place"),
            Person.id.label("person_id"),
            Person.login,
            Person.name,
            Person.department_id.label("own_department_id"),
            Appointment.department_id,
            Department.name.label("department"),
            Appointment.title,
            Appointment.in_charge,
        )
        .select_from(Role)
        .outerjoin(
            holders,
            sa.and_(
                Appointment.role_key == Role.key,
                Appointment.unit_id == scope.unit_id,
                Appointment.until.is_(None),
                Person.active,
            ),
        )
        .outerjoin(Unit, Unit.id == scope.unit_id)
        .outerjoin(Department, Department.id == Appointment.department_id)
        .outerjoin(scope_place, scope_place.id == scope.department_id)
        .where(Role.key.in_(role_keys))
    )
