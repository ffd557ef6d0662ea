"""Whether somebody was entitled to an act, by what the record says of posts and delegations."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import Entry
from app.audit.models import AuditEntry
from app.handling.conformance.standing import Standing
from app.organization import Person
from app.workflow.definitions import Step

GIVEN, ENDED = "post.given", "post.ended"
DELEGATED, TAKEN_BACK = "delegation.given", "delegation.ended"
STARTERS = frozenset({"drafter", "registrar"})
"""Variables by which the shipped diagrams name who began the case."""


@dataclass
class Spell:
    """A role held from one entry to another, ``until`` not included; None while it lasts.

    department  None: of the whole unit, or where a department has no holder of its own
    """

    what: str
    since: int
    department: int | None = None
    until: int | None = None

    def at(self, seq: int) -> bool:
        return self.since <= seq and (self.until is None or seq < self.until)


@dataclass
class Delegated:
    """A delegation as it was given, by logins; for one route where ``process`` names it.

    ended  the entry by which it ended before its time; None where it ran to its end
    """

    principal: str
    agent: str
    since: datetime
    until: datetime
    process: str | None
    ended: int | None = None

    def covers(self, entry: Entry, process: str) -> bool:
        """Whether the agent could act by it when this entry was written."""
        if (self.principal, self.agent) != (entry.principal, entry.actor_login):
            return False
        if self.ended is not None and self.ended < entry.seq:
            return False
        return self.since <= entry.at < self.until and self.process in (None, process)


@dataclass
class Posts:
    """Who held which role when, counted in entries; read on as the record grows.

    delegations  by the number under which they were given
    """

    read_to: int = 0
    roles: dict[str, list[Spell]] = field(default_factory=dict)
    delegations: dict[int, Delegated] = field(default_factory=dict)

    def read_on(self, session: Session) -> "Posts":
        """Take in what has been recorded since; one pass over the new entries."""
        people = session.execute(sa.select(Person.id, Person.login))
        logins = {row.id: row.login for row in people}
        size = audit.entries(session)
        for body in _bodies(session, self.read_to, size):
            with suppress(ValueError, LookupError, TypeError):  # spoilt: it gives nobody a right
                self._take(json.loads(body), logins)
        self.read_to = size
        return self

    def _take(self, body: dict[str, Any], logins: dict[int, str]) -> None:
        detail, subject = body["detail"], body["subject"]
        seq, action = body["seq"], body["action"]
        if action == DELEGATED:
            self.delegations[subject[1]] = _delegated(detail)
            return
        if action == TAKEN_BACK:
            self.delegations[subject[1]].ended = seq
            return
        spells = self.roles.setdefault(logins.get(subject[1], ""), [])
        if action == GIVEN:
            spells.append(Spell(detail["role"], seq, detail.get("department")))
            return
        for each in spells:
            place = (each.what, each.department)
            if place == (detail["role"], detail.get("department")) and each.until is None:
                each.until = seq

    def held(self, login: str, seq: int, department: int | None = None) -> set[str]:
        """Roles of somebody when this entry was written; those for one department, where given."""
        anywhere = department is None
        return {
            each.what
            for each in self.roles.get(login, ())
            if each.at(seq) and (anywhere or each.department in (None, department))
        }

    def delegated(self, entry: Entry, process: str) -> bool:
        """Whether its principal had sent who acted. For which 文种 is not asked: it may change."""
        return any(each.covers(entry, process) for each in self.delegations.values())


def _delegated(detail: dict[str, Any]) -> Delegated:
    since, until = (datetime.fromisoformat(detail[each]) for each in ("since", "until"))
    process = detail["scope_value"] if detail.get("scope") == "process" else None
    return Delegated(detail["principal"], detail["agent"], since, until, process)


def _bodies(session: Session, since: int, size: int) -> Iterator[str]:
    query = (
        sa.select(AuditEntry.body)
        .where(
            AuditEntry.seq > since,
            AuditEntry.seq <= size,
            AuditEntry.action.in_((GIVEN, ENDED, DELEGATED, TAKEN_BACK)),
            AuditEntry.outcome == "done",
        )
        .order_by(AuditEntry.seq)
    )
    yield from session.scalars(query.execution_options(yield_per=1000))


def why_not_entitled(standing: Standing, entry: Entry, posts: Posts) -> str:
    """A sentence for an act by somebody to whom nothing in the record gave it; "" where it did."""
    if entry.actor_login == "rule" or entry.subject is None:
        return ""
    who, name = entry.principal or entry.actor_login, standing.name(entry.step or "")
    if entry.principal and not posts.delegated(entry, standing.definition.process_id):
        return f"{entry.actor_name}代办“{name}”，当时并没有受委托。"
    given = standing.holders.get(entry.subject[1], set())
    if {who, entry.actor_login} & given or (entry.step or "", who) in standing.had:
        return ""
    step = standing.definition.by_id.get(entry.step or "")
    if step is None:
        return ""
    if not step.groups:
        return _named(standing, step.assignee or "", who, name, entry, posts.held(who, entry.seq))
    wanted = _roles(step)
    if wanted & posts.held(who, entry.seq, _department(standing, step)):
        return ""
    if wanted & posts.held(who, entry.seq):
        return f"{entry.actor_name}当时担任的是其他部门的岗位，“{name}”由公文所在的部门办理。"
    return f"{entry.actor_name}当时不担任“{name}”的岗位。"


def _roles(step: Step) -> set[str]:
    """Those that the diagram asks for, and those that it falls back on (next_level)."""
    properties = step.properties
    falls_back = "next_level" in (properties.get("nobody"), properties.get("drafter"))
    listed = properties.get("next_level", "").split(",") if falls_back else []
    return {*step.groups, *(each.strip() for each in listed)}


def _department(standing: Standing, step: Step) -> int | None:
    """None where another one was chosen for the step, which is not on record."""
    elsewhere = step.properties.get("scope") or step.properties.get("joint") == "yes"
    return None if elsewhere else standing.department


def _named(
    standing: Standing, assignee: str, who: str, name: str, entry: Entry, roles: set[str]
) -> str:
    """A step for one person: who began the case, who is written in the diagram, or who was chosen.

    Whom a variable of the case names is not on record: there any holder of a post is believed.
    """
    variable = assignee.removeprefix("${").removesuffix("}")
    if variable in STARTERS:
        right = who in standing.starter
    elif variable == assignee:
        right = who == assignee
    else:
        right = bool(roles)
    return "" if right else f"“{name}”不是由{entry.actor_name}办理的环节。"
