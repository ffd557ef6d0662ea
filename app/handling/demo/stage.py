"""One story while it is played: whose office it is, and the case that it has begun."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.handling.acts.done import Done
from app.handling.models import Case, Task, TaskCandidate
from app.organization import Actor
from app.organization.demo import DemoUnit

Actors = dict[str, Actor]


@dataclass
class Stage:
    """Where the acts of one story find people, the case and its stays.

    number   of the story, from 0; chooses among the usual opinions
    actors   people looked up before, shared by all stories; an act that changes a post forgets them
    case_id  0 before the first act
    """

    session: Session
    unit: DemoUnit
    number: int
    actors: Actors = field(default_factory=dict)
    case_id: int = 0

    @property
    def document_id(self) -> int:
        return self.session.get_one(Case, self.case_id).document_id

    def login(self, name: str) -> str:
        """The login of a post in this office: ``printing`` is ``east.printing`` in the east."""
        return self.unit.prefix + name

    def actor(self, name: str) -> Actor:
        login = self.login(name)
        if login not in self.actors:
            person = organization.person_by_login(self.session, login)
            self.actors[login] = organization.actor(self.session, person.id)
        return self.actors[login]

    def begin(self, done: Done) -> None:
        self.case_id = done.case.id

    def stay(self, step: str, name: str) -> Task:
        """The open stay at a step that this person may end. Raises NoResultFound."""
        query = (
            sa.select(Task)
            .join(TaskCandidate, TaskCandidate.task_id == Task.id)
            .where(
                Task.case_id == self.case_id,
                Task.step == step,
                Task.state == "open",
                TaskCandidate.person_id == self.actor(name).person_id,
            )
        )
        return self.session.scalars(query).one()

    def ended(self, step: str, name: str) -> Task:
        """The stay at a step that this person ended last. Raises NoResultFound."""
        query = (
            sa.select(Task)
            .where(
                Task.case_id == self.case_id,
                Task.step == step,
                Task.done_by_id == self.actor(name).person_id,
            )
            .order_by(Task.id.desc())
            .limit(1)
        )
        return self.session.scalars(query).one()
