"""流转: the stays of a case for pages — done, present, and those to come by the usual way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import deadlines
from app.deadlines import lamps, working_minutes
from app.documents import review
from app.documents.review import Checked
from app.errors import Invalid
from app.handling.act import Act
from app.handling.models import TASK_STATES, Incident, Opinion, Task
from app.handling.stays import limits, standing
from app.handling.stays.staffing import foreseen
from app.handling.views.measures import Measure, measures
from app.handling.views.rows import people_at
from app.organization import Person
from app.workflow import outlook

SET_BY_TOPICS = {"countersign-done": {"needs_countersign": False}}
"""What service tasks will have set when the way passes them; the topics themselves do not run."""


@dataclass(frozen=True)
class Stop:
    """One stay (停留).

    person     who ended it, an agent with 代 whom, or who was let off (减签); None while open or
               ended by the system
    people     who may act at it now, when open
    authority  the post in which the person acted
    mine       the person who looks may act at it
    minutes    working minutes from arrival to its end, or to now
    measures   what administrators did to it
    consulted  the person was only asked for an opinion
    checked    the 审查清单 as the person left it
    faulty     an act at it failed, and the administrators see to it
    rules      IDs of the rules that its step carries out
    """

    id: int
    step: str
    step_name: str
    state: str
    person: str | None
    authority: str
    people: Sequence[str]
    mine: bool
    outcome_label: str | None
    opinion: str | None
    arrived_at: datetime
    opened_at: datetime | None
    done_at: datetime | None
    due_at: datetime | None
    returned: bool
    blocked: str | None
    minutes: int
    lamp: lamps.Lamp
    measures: Sequence[Measure] = ()
    faulty: bool = False
    consulted: bool = False
    checked: Sequence[Checked] = ()
    rules: Sequence[str] = ()

    @property
    def open(self) -> bool:
        return self.state == "open"

    @property
    def state_words(self) -> str:
        return TASK_STATES[self.state]


@dataclass(frozen=True)
class Coming:
    """A step to come. ``by``: when it ends at the latest if every limit is used up.

    provisional  ``by`` counts days of a year whose notice is not known
    """

    step: str
    step_name: str
    people: Sequence[str]
    by: datetime | None
    branches: bool
    provisional: bool = False
    rules: Sequence[str] = ()


@dataclass(frozen=True)
class StepState:
    """Where a step stands: open, done, skipped or gone back over; with who was there last."""

    step: str
    state: str
    passes: int
    people: Sequence[str]
    at: datetime


def stops(act: Act) -> list[Stop]:
    """Every stay of the case, oldest first, in three statements."""
    principal = aliased(Person)
    query = (
        sa.select(Task, Person.name, principal.name, Opinion, Incident.id)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .outerjoin(principal, principal.id == Task.done_for_id)
        .outerjoin(Opinion, Opinion.task_id == Task.id)
        .outerjoin(Incident, (Incident.task_id == Task.id) & Incident.ended_at.is_(None))
        .where(Task.case_id == act.case.id)
        .order_by(Task.id)
    )
    rows = act.session.execute(query).all()
    shown = [row[0].id for row in rows if row[0].state in ("open", "removed")]
    people = people_at(act.session, shown)
    found = [_stop(act, *row, people.get(row[0].id, [])) for row in rows]
    return _with_measures(act, found)


def _with_measures(act: Act, found: list[Stop]) -> list[Stop]:
    """Each measure at its stay; one about the whole case at the stay that was the latest then."""
    by_stay: dict[int, list[Measure]] = {}
    for task_id, measure in measures(act):
        then = [stop.id for stop in found if stop.arrived_at <= measure.at]
        by_stay.setdefault(task_id or then[-1], []).append(measure)
    return [replace(stop, measures=by_stay.get(stop.id, ())) for stop in found]


def step_states(found: Sequence[Stop], now: datetime) -> list[StepState]:
    """One state per step that was ever open, by its latest stay."""
    states: dict[str, StepState] = {}
    for stop in found:
        before = states.get(stop.step)
        if before and stop.state == "removed":
            continue  # who was let off says nothing of how far the others are
        states[stop.step] = StepState(
            stop.step,
            _state(stop, now),
            before.passes + 1 if before else 1,
            stop.people if stop.open else [stop.person] if stop.person else [],
            stop.done_at or stop.arrived_at,
        )
    return list(states.values())


def _state(stop: Stop, now: datetime) -> str:
    if stop.open:
        late = stop.due_at is not None and stop.due_at < now
        return "overdue" if late else "present"
    return stop.state if stop.state in ("done", "skipped") else "returned"


def ahead(act: Act) -> list[Coming]:
    """The steps to come, as they are expected: first outcomes, nobody sends back, limits used up.

    People are those who hold the posts now, of several the one in charge. One statement per step.
    """
    if act.case.state != "running":
        return []
    at = _present_ends(act)
    found: list[Coming] = []
    for each in outlook.usual_way(act.session, act.engine, SET_BY_TOPICS):
        step = act.definition.step(each.token.step)
        if not found and standing.unready(step, act.document.state):
            return []  # its person will have to choose another way
        limit = limits.of_step(act, step, at)
        found.append(
            Coming(
                step=step.id,
                step_name=step.name,
                people=_people_at(act, each),
                by=limit.due_at if limit else None,
                branches=each.branches,
                provisional=bool(limit and limit.provisional),
                rules=_rules(act, step.id),
            )
        )
        at = limit.due_at if limit else at
    return found


def _rules(act: Act, step_id: str) -> list[str]:
    """As the diagram names them; none for a step that a newer version of it has no more."""
    steps = (each for each in act.definition.steps if each.id == step_id)
    return next((each.properties.get("rule", "").split() for each in steps), [])


def _present_ends(act: Act) -> datetime:
    query = sa.select(sa.func.max(Task.due_at)).where(
        Task.case_id == act.case.id, Task.state == "open"
    )
    due_at = act.session.scalar(query)
    return max(due_at, act.at) if due_at else act.at


def _people_at(act: Act, step: outlook.Expected) -> list[str]:
    signing = act.definition.step(step.token.step).signing
    if signing is not None and step.token.person is None:
        return []
    try:
        found = foreseen(replace(act, variables=step.variables), step.token)
    except Invalid:
        return []
    usual = [each.name for each in found.people if each.preselected]
    return usual or [each.name for each in found.people]


def _stop(
    act: Act,
    task: Task,
    person: str | None,
    principal: str | None,
    said: Opinion | None,
    incident: int | None,
    people: Sequence[tuple[str, str]],
) -> Stop:
    calendar = deadlines.load(act.session, act.case.unit_id)
    seen = task.done_at or act.at
    return Stop(
        id=task.id,
        rules=_rules(act, task.step),
        step=task.step,
        step_name=task.step_name,
        state=task.state,
        person=_person(task, person, principal, people),
        authority=said.authority if said else "",
        people=[name for _, name in people] if task.state == "open" else [],
        mine=act.actor.login in {login for login, _ in people},
        outcome_label=task.outcome_label,
        opinion=said.text if said else None,
        arrived_at=task.arrived_at,
        opened_at=task.opened_at,
        done_at=task.done_at,
        due_at=task.due_at,
        returned=task.returned,
        blocked=task.blocked,
        minutes=working_minutes(task.arrived_at, seen, calendar),
        lamp=lamps.lamp(
            task.due_at,
            seen,
            calendar,
            task.arrived_at,
            suspended=task.state == "open" and act.case.state == "suspended",
            steps=task.limit_steps,
            provisional=task.limit_provisional,
        ),
        faulty=task.state == "open" and incident is not None,
        consulted=task.kind == "consult",
        checked=review.read(said.checked if said else ()),
    )


def _person(
    task: Task, person: str | None, principal: str | None, people: Sequence[tuple[str, str]]
) -> str | None:
    if task.state == "removed":
        return "、".join(name for _, name in people)
    return f"{person}（代{principal}）" if principal else person
