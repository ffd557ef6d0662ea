"""The rules of who can act, over rows already fetched: pure, so that properties can prove them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.organization import roles


@dataclass(frozen=True)
class Scope:
    """What a case knows about itself.

    department_id  the department that department roles are resolved in; None: any of the unit
    drafter_id     who drafted the document; None where nobody did (incoming)
    """

    unit_id: int
    department_id: int | None = None
    drafter_id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody who can act. ``reason`` is a Chinese sentence, ``authority`` the post it rests on.

    preselected  the page ticks this person: the only one in charge, or the only one
    principal_id, delegation_id  whom the person stands in for, and what that rests on (ORG-27)
    self_review  the drafter reviews alone because the department has no other head (OUT-05)
    """

    person_id: int
    login: str
    name: str
    reason: str
    authority: str
    preselected: bool
    self_review: bool
    department_id: int | None
    principal_id: int | None = None
    delegation_id: int | None = None


@dataclass(frozen=True)
class Candidates:
    """People in the order to show them; ``problem`` says what is wrong when there are none."""

    people: tuple[Candidate, ...]
    problem: str | None = None

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(person.login for person in self.people)


@dataclass(frozen=True)
class Holding:
    """A role held by an active person: one row of the statement."""

    person_id: int
    login: str
    name: str
    own_department_id: int | None
    role: str
    label: str
    of_department: bool
    department_id: int | None
    department: str | None
    title: str
    in_charge: bool


def choose(
    held: Iterable[Holding],
    role_keys: Sequence[str],
    scope: Scope,
    *,
    excluding_drafter: bool = False,
) -> tuple[Candidate, ...]:
    """Apply the rules to what is held; each person once, those in charge first.

    OUT-03  the head in charge comes first and is preselected; with two in charge nobody is
    OUT-04  a drafter who is a head is not offered while there is another head
    OUT-05  the only head reviews his own draft, and is marked
    """
    in_scope = _in_scope(list(held), scope)
    heads = {row.person_id for row in in_scope if row.role == roles.DEPT_HEAD}
    drafts_as_head = scope.drafter_id in heads
    barred = excluding_drafter or (drafts_as_head and len(heads) > 1)
    open_to = [row for row in in_scope if not (barred and row.person_id == scope.drafter_id)]
    order = {role: place for place, role in enumerate(role_keys)}
    best: dict[int, Holding] = {}
    for row in sorted(open_to, key=lambda row: (not row.in_charge, order[row.role], row.login)):
        best.setdefault(row.person_id, row)
    in_charge = [row for row in best.values() if row.in_charge] or list(best.values())
    preselected = in_charge[0] if len(in_charge) == 1 else None
    return tuple(
        _candidate(
            row,
            preselected=row is preselected,
            self_review=drafts_as_head and row.person_id == scope.drafter_id,
        )
        for row in best.values()
    )


def _in_scope(held: list[Holding], scope: Scope) -> list[Holding]:
    """Unit roles, and department roles of the case's department.

    A department role held without a department stands in where that role has no holder of its own.
    """
    if scope.department_id is None:
        return held
    covered = {row.role for row in held if row.department_id == scope.department_id}
    return [
        row
        for row in held
        if not row.of_department
        or row.department_id == scope.department_id
        or (row.department_id is None and row.role not in covered)
    ]


def _candidate(row: Holding, *, preselected: bool, self_review: bool) -> Candidate:
    return Candidate(
        person_id=row.person_id,
        login=row.login,
        name=row.name,
        reason=_reason(row, self_review=self_review),
        authority=row.title,
        preselected=preselected,
        self_review=self_review,
        department_id=row.department_id or row.own_department_id,
    )


def _reason(row: Holding, *, self_review: bool) -> str:
    place = row.department or ""
    if self_review:
        return f"{place}只有拟稿人本人一位负责人，由本人审核。"
    if row.role == roles.LEADER_IN_CHARGE:
        return f"主管{place}的领导。" if place else "主管其他工作的领导。"
    if row.in_charge and row.of_department:
        return f"{place}{row.label}，分管此项工作。"
    return f"{place}{row.label}。"


def problem(
    role_keys: Sequence[str],
    labels: Mapping[str, str],
    place: str | None,
    *,
    excluding_drafter: bool = False,
) -> str:
    """Why nobody can act, and whom to ask."""
    unknown = [key for key in role_keys if key not in labels]
    if unknown:
        return f"流程图要求的角色“{'、'.join(unknown)}”不存在，请联系流程管理员修改流程图。"
    if not role_keys:
        return "流程图没有写明本环节由谁办理，请联系流程管理员修改流程图。"
    wanted = "或".join(dict.fromkeys(labels[key] for key in role_keys))
    besides = "拟稿人以外" if excluding_drafter else ""
    return f"{place or '本单位'}目前没有{besides}可以办理的{wanted}，请联系流程管理员。"
