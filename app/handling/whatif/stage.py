"""The pieces of a supposed case: rows that are made like real ones and never written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import deadlines, organization
from app.documents.errors import WrongState
from app.documents.kinds import STATES
from app.documents.models import Document
from app.errors import Invalid
from app.handling.act import Act
from app.handling.models import Case, Task
from app.handling.signing.joint import MORE
from app.handling.signing.needs import WITHOUT_SEAL
from app.handling.stays import standing
from app.handling.whatif.results import Line
from app.handling.whatif.scenario import Scenario
from app.organization import Actor, Candidate
from app.organization.standing import Standing
from app.workflow import queries as routes
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowCase
from app.workflow.moves import Move

FLOWS = {"incoming": "incoming", "seal_request": "request", "certificate": "request"}
TITLE = "推演用的公文"


@dataclass
class Stage:
    """The case in hand, its open stays by token, and what would stop it.

    timers   ends of the drawn timers that wait, by their token
    line     what is being said of the deed in hand
    past     who did a step last, by its id
    """

    act: Act
    scenario: Scenario
    absent: Sequence[Standing]
    stays: dict[str, Task] = field(default_factory=dict)
    people: dict[str, Sequence[Candidate]] = field(default_factory=dict)
    timers: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    past: dict[str, int] = field(default_factory=dict)
    line: Line | None = None
    made: int = 0

    def pretend(self, topic: str, element: str, variables: dict[str, Any]) -> None:
        """In place of the operation of a service task: only what the route can see of it."""
        document, case = self.act.document, self.act.case
        if topic in standing.TOPICS:
            possible, after = standing.TOPICS[topic]
            if document.state not in possible:
                raise WrongState(f"此件{STATES[document.state]}，不能“{self._label(element)}”。")
            document.state = after
        if topic == "countersign-done":
            variables["needs_countersign"] = False
            case.countersigned_version = document.version
            case.countersigned_by = list(variables.get("countersigners") or [])
        if self.line is not None:
            self.line.written.append((topic, self._label(element)))

    def follow_timers(self, move: Move) -> None:
        calendar = deadlines.load(self.act.session, self.act.case.unit_id)
        for uuid in move.timers_closed:
            self.timers.pop(uuid, None)
        for timer in move.timers_opened:
            end = deadlines.runs_out(calendar, self.act.at, timer.text)
            at = end if isinstance(end, datetime) else end.due_at
            self.timers[timer.token] = (at, timer.element)

    def _label(self, element: str) -> str:
        return self.act.definition.element(element).label


def set_up(session: Session, definition: Definition, scenario: Scenario) -> tuple[Stage, Move]:
    """Raises NotFound for an unknown starter, Invalid for unknown people, EngineFault."""
    starter = organization.person_by_login(session, scenario.starter)
    actor = organization.actor(session, starter.id)
    flow = definition.properties.get("flow") or FLOWS.get(definition.process_id, "outgoing")
    document = _document(scenario, flow, actor)
    case = Case(
        id=0,
        document_id=0,
        process_id=definition.process_id,
        process_name=definition.name,
        process_version=definition.version,
        unit_id=actor.unit_id,
        department_id=actor.department_id,
        starter_id=actor.person_id,
        caretaker_id=None,
        state="running",
        started_at=scenario.at,
        countersigned_version=None,
        countersigned_by=[],
    )
    begun = Line(scenario.at, "", "发起", actor.name)
    empty = WorkflowCase(sha256=definition.sha256)
    act = Act(session, actor, scenario.at, case, empty, document)
    stage = Stage(act, scenario, _absent(session, scenario, actor.unit_id), line=begun)
    given = _variables(scenario, actor.login)
    act.engine, move = routes.supposed(definition, given, stage.pretend, scenario.at)
    act.variables = move.variables
    return stage, move


def _document(scenario: Scenario, flow: str, actor: Actor) -> Document:
    """Its text plays no part: what a route looks at are direction, urgency and state."""
    return Document(
        id=0,
        unit_id=actor.unit_id,
        department_id=actor.department_id,
        drafter_id=None if flow == "incoming" else actor.person_id,
        flow=flow,
        direction=scenario.direction,
        kind=scenario.kind,
        title=TITLE,
        urgency=scenario.urgency,
        state="registered" if flow == "incoming" else "draft",
        version=1,
        series="",
        main_recipients=[],
        scanned=False,
    )


def _variables(scenario: Scenario, login: str) -> dict[str, Any]:
    """What the ways to begin a case set, all of them; see ``acts.starting``."""
    return {
        "direction": scenario.direction,
        "urgency": scenario.urgency,
        "drafter": login,
        "registrar": login,
        "applicant": login,
        "countersigners": list(scenario.countersigners),
        "needs_countersign": bool(scenario.countersigners),
        "countersign_mode": "sequential",
        "readers": [],
        "handling_department": "",
        WITHOUT_SEAL: False,
        MORE: False,
        **scenario.variables,
    }


def _absent(session: Session, scenario: Scenario, unit_id: int) -> list[Standing]:
    """Delegations that are only supposed. Raises Invalid for somebody who is not there."""
    found = []
    for number, each in enumerate(scenario.absences, 1):
        if not each.agent:
            continue
        people = organization.named(session, [each.login, each.agent], unit_id).people
        if len(people) != len({each.login, each.agent}) or each.login == each.agent:
            raise Invalid.at("absences", "代办人应是本单位的另一个人。")
        principal, agent = people
        found.append(
            Standing(
                id=-number,
                principal_id=principal.person_id,
                principal_login=principal.login,
                principal=principal.name,
                agent_id=agent.person_id,
                agent_login=agent.login,
                agent=agent.name,
                agent_department_id=agent.department_id,
                since=each.since,
                until=each.until,
                scope="all",
                scope_value=None,
                with_inbox=True,
                reason="推演",
                at=each.since,
                ended_at=None,
            )
        )
    return found
