"""Who has an open stay under another version that gives its step to another role."""

import json
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.documents.models import Document
from app.errors import Conflict, Invalid
from app.handling.act import Act
from app.handling.migrating.limits import Stay
from app.handling.models import Case, TaskCandidate
from app.handling.stays.reposting import NOBODY
from app.handling.stays.staffing import eligible
from app.organization import Candidates, Person
from app.workflow import expressions
from app.workflow.definitions import Definition, Step
from app.workflow.differing import words
from app.workflow.models import WorkflowCase
from app.workflow.moves import Token

LOOKED_AT = ("scope", "joint", "nobody", "next_level", "drafter")
"""Properties of a step by which its people are found."""
GIVEN = ("colleague", "administrator")
"""A stay that somebody gave to its people is theirs, whatever role the step asks for."""


@dataclass(frozen=True)
class Restaffed:
    """An open stay that goes to others, in names.

    before, after  the roles; alike where only the way changes by which people are found
    missing        who has it now and would not have it any more
    people         who would have it
    problem        why nobody would; such a case is not moved
    """

    task_id: int
    step: str
    step_name: str
    before: str
    after: str
    missing: Sequence[str]
    people: Sequence[str]
    problem: str | None = None

    @property
    def sentence(self) -> str:
        role = f"的办理角色由“{self.before}”改为“{self.after}”"
        said = (
            f"“{self.step_name}”{role if self.before != self.after else '确定办理人的办法有改动'}"
        )
        if self.problem:
            return f"{said}，没有人可以办理：{self.problem.rstrip('。')}"
        away = f"，现办理人{'、'.join(self.missing)}不在其中" if self.missing else ""
        return f"{said}{away}，由{'、'.join(self.people)}办理"


def differs(old: Step, new: Step) -> bool:
    """Whether the two versions find the people of the step otherwise."""
    return _drawn(old) != _drawn(new)


def _drawn(step: Step) -> tuple[object, ...]:
    return step.groups, step.assignee, *(step.properties.get(each) for each in LOOKED_AT)


def who_may(act: Act, token: Token) -> Candidates | None:
    """Who may act at a step, or why nobody; what the case itself stands against is a reason too.

    None where the case lacks what the step asks for: its own act will say so.
    """
    try:
        return eligible(act, token)
    except Invalid:
        return None
    except Conflict as error:
        return Candidates((), error.message)


class Looking:
    """Finds people under the new version; what was found once holds for all who are alike.

    Nothing is locked and nothing is written.
    """

    def __init__(self, session: Session, new: Definition, now: datetime) -> None:
        self._session, self._new, self._now = session, new, now
        self._labels = organization.role_labels(session)
        self._known: dict[Hashable, Candidates | None] = {}

    def present(self, task_ids: Collection[int]) -> Mapping[int, Mapping[int, str]]:
        """Names of those who may act there in their own right, by stay and person."""
        query = (
            sa.select(TaskCandidate.task_id, Person.id, Person.name)
            .join(Person, Person.id == TaskCandidate.person_id)
            .where(TaskCandidate.task_id.in_(task_ids))
            .where(TaskCandidate.principal_id.is_(None))
            .order_by(Person.id)
        )
        found: dict[int, dict[int, str]] = {}
        for task_id, person_id, name in self._session.execute(query):
            found.setdefault(task_id, {})[person_id] = name
        return found

    def restaffed(
        self, row: Any, stay: Stay, old: Definition, present: Mapping[int, str]
    ) -> Restaffed | None:
        """None where it stays with whom it is.

        row  of the case: ``id``, ``unit_id``, ``department_id``, ``drafter_id``, ``text``
        """
        if stay.given_by in GIVEN:
            return None
        found = self._found(row, stay, old)
        if found is None or (found.problem and stay.blocked):
            return None
        people = {each.person_id: each.name for each in found.people}
        kept = {ident: name for ident, name in people.items() if ident in present}
        if stay.given_by == "choice" and stay.blocked is None and kept:
            people = kept
        if people.keys() == present.keys() and stay.blocked is None:
            return None
        return Restaffed(
            stay.task_id,
            stay.step,
            stay.step_name,
            self._roles(old, stay.step),
            self._roles(self._new, stay.step),
            [name for ident, name in present.items() if ident not in people],
            list(people.values()),
            found.problem,
        )

    def _found(self, row: Any, stay: Stay, old: Definition) -> Candidates | None:
        """None where the case lacks what the step asks for: its own act will say so."""
        step, variables = self._new.step(stay.step), json.loads(row.text)["variables"]
        token = Token(
            "", step.id, stay.step_name, _named(stay, old, step, variables), tuple(step.groups)
        )
        key: Hashable = (
            *(step.id, token.person, row.unit_id, row.department_id, row.drafter_id),
            variables.get(step.properties.get("scope", "")),
            row.id if step.properties.get("joint") else None,
        )
        if key not in self._known:
            self._known[key] = self._looked_up(row.id, token, variables)
        return self._known[key]

    def _looked_up(
        self, case_id: int, token: Token, variables: Mapping[str, Any]
    ) -> Candidates | None:
        case = self._session.get_one(Case, case_id)
        document = self._session.get_one(Document, case.document_id)
        engine = WorkflowCase(sha256=self._new.sha256)
        act = Act(
            self._session, NOBODY, self._now, case, engine, document, variables=dict(variables)
        )
        return who_may(act, token)

    def _roles(self, definition: Definition, step: str) -> str:
        return words.acting(definition.element(step), self._labels)


def _named(stay: Stay, old: Definition, new: Step, variables: Mapping[str, Any]) -> str | None:
    """The login that the new version names for the stay; in a signing it is who signs."""
    if new.assignee == old.step(stay.step).assignee:
        return stay.named
    if new.assignee is None:
        return None
    if not new.assignee.startswith("${"):
        return new.assignee
    value = variables.get(expressions.reference(new.assignee) or "")
    return value if isinstance(value, str) and value else None
