"""Pages on which a unit chooses its rules: what holds, a form for what it chooses, the past."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flask import Response, make_response, redirect, request, url_for
from sqlalchemy.orm import Session

from app import clock, organization
from app.database import current_session
from app.deadlines import rights
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.organization import Actor
from app.organization.choices import Choice
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.office.blueprint import blueprint, draw

Typed = Mapping[str, str]


class Rules(Protocol):
    """A room whose rules units choose; the modules of ``policies`` are such."""

    def choose(
        self,
        session: Session,
        unit_id: int,
        texts: Mapping[str, str],
        reason: str,
        by: Actor,
        at: datetime,
        *,
        source: str,
    ) -> None:
        """Raises Invalid naming the fields, NotAllowed."""

    def in_force(self, session: Session, unit_id: int, *, inherited: bool = False) -> Any:
        """What holds for a unit; ``inherited``: as if it had chosen nothing."""

    def own(self, session: Session, unit_id: int) -> Mapping[str, str]: ...

    def history(self, session: Session, unit_id: int) -> Sequence[Choice]: ...


@dataclass(frozen=True)
class Page:
    """One matter of which units choose.

    name   of its address, endpoint and template
    keys   of the texts in its form
    shown  what its template needs besides
    """

    name: str
    label: str
    keys: Collection[str]
    rules: Rules
    shown: Mapping[str, Any] = field(default_factory=dict)

    def serve(self) -> None:
        """Put the page among those of 工作日历."""
        rule, endpoint = f"/{self.name}", self.name
        blueprint.add_url_rule(rule, endpoint, self.view, methods=["GET", "POST"])

    def view(self) -> Response:
        if request.method != "POST":
            return self._draw()
        typed = request.form.to_dict()
        try:
            return acting(self._choose)(typed)
        except (Invalid, Conflict, NotAllowed) as error:
            refusals.undo_and_note(error)
            return self._draw(typed, error)

    def _choose(self, typed: Typed) -> Response:
        session, actor = current_session(), current_actor()
        self.rules.choose(
            session,
            rights.unit_of(actor),
            {key: typed.get(key, "") for key in self.keys},
            typed.get("reason", ""),
            actor,
            clock.now(session),
            source=typed.get("source", ""),
        )
        say(f"{self.label}已改，记入审计记录，即时生效。")
        return make_response(redirect(url_for(f"office.{self.name}"), 303))

    def _draw(self, typed: Typed | None = None, error: DomainError | None = None) -> Response:
        session, unit_id = current_session(), rights.unit_of(current_actor())
        return draw(
            f"{self.name}.html",
            error=error,
            typed=self.rules.own(session, unit_id) if typed is None else typed,
            unit=organization.unit(session, unit_id).name,
            now=self.rules.in_force(session, unit_id),
            inherited=self.rules.in_force(session, unit_id, inherited=True),
            choices=self.rules.history(session, unit_id),
            **self.shown,
        )
