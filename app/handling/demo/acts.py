"""What people do in the stories. Every act is the real operation, with all that it checks."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from app import clock, organization
from app.documents import review
from app.documents.models import Attachment, Document
from app.handling.acts import (
    assigning,
    cancelling,
    completing,
    editing,
    opening,
    returning,
    starting,
    withdrawing,
)
from app.handling.acts.editing import Save
from app.handling.demo import files
from app.handling.demo.opinions import usual
from app.handling.demo.pages import take_for_fit
from app.handling.demo.stage import Stage
from app.handling.demo.texts import texts
from app.organization import operations
from app.organization.models import Appointment

CHECKED = {"office_check": [each.text for each in review.SHIPPED]}
FILLED: Mapping[str, Mapping[str, Any]] = {"register_number": {"copies": 30}}
"""What is usually ticked and filled in at a step."""


class Act(Protocol):
    """One thing that one person does at one moment; raises what the operation raises."""

    def play(self, stage: Stage) -> None: ...


@dataclass(frozen=True)
class Draft:
    """``body`` False leaves the text still to be written; ``process`` is the route."""

    by: str
    text: str
    body: bool = True
    process: str = "outgoing"

    def play(self, stage: Stage) -> None:
        at = clock.now(stage.session)
        given = texts()[self.text].outgoing(stage.unit.name, at)
        if not self.body:
            given = given.model_copy(update={"body": ""})
        drafter = stage.actor(self.by)
        stage.begin(starting.create_document(stage.session, drafter, given, self.process))


@dataclass(frozen=True)
class Register:
    by: str
    text: str

    def play(self, stage: Stage) -> None:
        at = clock.now(stage.session)
        given = texts()[self.text].incoming(stage.unit.name, at)
        stage.begin(starting.register_incoming(stage.session, stage.actor(self.by), given))


@dataclass(frozen=True)
class Open:
    step: str
    by: str

    def play(self, stage: Stage) -> None:
        task = stage.stay(self.step, self.by)
        opening.open_task(stage.session, stage.actor(self.by), task.id)


@dataclass(frozen=True)
class Do:
    """End a stay. ``opinion`` None: one of the usual ones of the step; ``next``: posts.

    explanations  why findings of 发前检查 are let pass, by rule
    """

    step: str
    by: str
    opinion: str | None = None
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    next: tuple[str, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)

    def play(self, stage: Stage) -> None:
        task = stage.stay(self.step, self.by)
        opinion = usual(self.step, stage.number) if self.opinion is None else self.opinion
        form = completing.Completion(
            outcome=self.outcome,
            revision=task.revision,
            opinion=opinion,
            fields=self.fields or FILLED.get(self.step, {}),
            next=[stage.login(name) for name in self.next],
            explanations=self.explanations,
            checked=CHECKED.get(self.step, ()),
        )
        take_for_fit(stage.session, stage.actor(self.by), task.id)
        completing.complete(stage.session, stage.actor(self.by), task.id, form)


@dataclass(frozen=True)
class Back:
    """Send back to an earlier step; ``straight``: it is to come straight back."""

    step: str
    by: str
    to: str
    reason: str
    straight: bool = False

    def play(self, stage: Stage) -> None:
        task = stage.stay(self.step, self.by)
        then = "back_to_me" if self.straight else "route"
        form = returning.Return(self.to, self.reason, task.revision, then)
        returning.return_task(stage.session, stage.actor(self.by), task.id, form)


@dataclass(frozen=True)
class Withdraw:
    step: str
    by: str

    def play(self, stage: Stage) -> None:
        task = stage.ended(self.step, self.by)
        withdrawing.withdraw(stage.session, stage.actor(self.by), task.id)


@dataclass(frozen=True)
class Cancel:
    by: str
    reason: str

    def play(self, stage: Stage) -> None:
        cancelling.cancel(stage.session, stage.actor(self.by), stage.case_id, self.reason)


@dataclass(frozen=True)
class Revise:
    """Put other words in the place of these in the text: a new version."""

    by: str
    words: str
    instead: str

    def play(self, stage: Stage) -> None:
        document = stage.session.get_one(Document, stage.document_id)
        if self.words not in document.body:
            raise ValueError(f"{document.title} does not say {self.words}")
        changes = {"body": document.body.replace(self.words, self.instead)}
        given = Save(changes, version=document.version)
        editing.save(stage.session, stage.actor(self.by), document.id, given)


@dataclass(frozen=True)
class Attach:
    """Add a file; ``replacing`` names the one whose place it takes."""

    by: str
    name: str
    replacing: str | None = None

    def play(self, stage: Stage) -> None:
        uploads = editing.take_in([(self.name, io.BytesIO(files.content(self.name)))])
        given = Save({}, uploads=uploads, replaces=self._replaced(stage))
        editing.save(stage.session, stage.actor(self.by), stage.document_id, given)

    def _replaced(self, stage: Stage) -> int | None:
        if self.replacing is None:
            return None
        query = sa.select(Attachment.id).where(
            Attachment.document_id == stage.document_id,
            Attachment.name == self.replacing,
            Attachment.ended_at.is_(None),
        )
        return stage.session.scalars(query).one()


@dataclass(frozen=True)
class Note:
    """Begin an opinion and leave it unsent."""

    step: str
    by: str
    text: str

    def play(self, stage: Stage) -> None:
        task = stage.stay(self.step, self.by)
        opening.keep_draft(stage.session, stage.actor(self.by), task.id, self.text)


@dataclass(frozen=True)
class Assign:
    """A process administrator names somebody for a stay that has stopped."""

    step: str
    by: str
    to: str
    reason: str

    def play(self, stage: Stage) -> None:
        task = stage.stay(self.step, self.by)
        assigning.assign(
            stage.session, stage.actor(self.by), task.id, stage.login(self.to), self.reason
        )


@dataclass(frozen=True)
class Leave:
    """The security administrator ends what somebody holds of a role, without a successor."""

    by: str
    who: str
    role: str

    def play(self, stage: Stage) -> None:
        person = organization.person_by_login(stage.session, stage.login(self.who))
        held = sa.select(Appointment).where(
            Appointment.person_id == person.id,
            Appointment.role_key == self.role,
            Appointment.until.is_(None),
        )
        post = stage.session.scalars(held).one()
        at = clock.now(stage.session)
        operations.end_appointment(stage.session, stage.actor(self.by), at, post=post)
        stage.actors.clear()
