"""A scenario is played from its beginning, by the functions that real acts go through.

Who may act, what is skipped, which forms are asked and when limits run out is found by the same
code as in the office; the engine plays on a copy in memory, service tasks are pretended, and no
row is made that a session knows of.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app import organization
from app.errors import DomainError, Invalid
from app.handling.acts import choices
from app.handling.acts.completing import read_outcome, sending_of
from app.handling.models import Task, TaskCandidate
from app.handling.stays import limits, standing, standing_in
from app.handling.stays.skipping import WORDS, Skipped, past_skipped
from app.handling.stays.staffing import staff
from app.handling.stays.succession import Sending
from app.handling.whatif.results import Line, Opened, Result
from app.handling.whatif.scenario import Deed, Scenario
from app.handling.whatif.stage import Stage, set_up
from app.organization import Candidate
from app.organization import standing as delegations
from app.workflow import queries as routes
from app.workflow.definitions import Definition
from app.workflow.models import CaseStatus
from app.workflow.moves import Move, Token

Happening = Callable[[routes.Rehearsal], tuple[Move, Sending]]
MOST_TIMERS = 40
"""Timers that run out between two deeds; a route that goes on by itself is cut off."""


def play(session: Session, definition: Definition, scenario: Scenario) -> Result:
    """What would come of it. Raises Invalid or NotFound where it cannot even begin.

    A deed that would be refused is a line that says so; the next one goes on from before it.
    """
    with session.no_autoflush:
        stage, move = set_up(session, definition, scenario)
        result = Result()
        _begin(stage, result, move)
        for deed in scenario.deeds:
            _pass_time(stage, result, deed.at)
            _do(stage, result, deed)
        result.open = [_shown(stage, stay) for stay in stage.stays.values()]
        result.finished = stage.act.engine.status == CaseStatus.FINISHED
    return result


def _begin(stage: Stage, result: Result, move: Move) -> None:
    played = routes.Rehearsal(stage.act.session, stage.act.engine, stage.pretend)
    line = stage.line or Line(stage.act.at, "", "发起")
    _settle(stage, line, played, move, Sending())
    result.lines.append(line)


def _pass_time(stage: Stage, result: Result, until: datetime) -> None:
    """Timers that run out before the next deed, the earliest first."""
    for _ in range(MOST_TIMERS):
        due = sorted((at, token) for token, (at, _) in stage.timers.items() if at <= until)
        if not due:
            return
        at, token = due[0]
        element = stage.timers[token][1]
        name = stage.act.definition.element(element).label
        line = Line(at, element, name, said="定时器到时")
        stage.act.at, stage.act.task, stage.act.candidate = at, None, None
        _attempt(stage, result, line, _firing(token))
        stage.timers.pop(token, None)


def _firing(token: str) -> Happening:
    return lambda played: (played.fire(token), Sending())


def _do(stage: Stage, result: Result, deed: Deed) -> None:
    act, drawn = stage.act, stage.act.definition.by_id.get(deed.step)
    line = Line(deed.at, deed.step, drawn.name if drawn else deed.step)
    act.at = max(deed.at, act.at)
    try:
        stay, person = _taken(stage, deed, line.name)
    except DomainError as error:
        line.refused = error.message
        result.lines.append(line)
        return
    line.name, line.person = stay.step_name, person.name
    line.late = stay.due_at is not None and act.at > stay.due_at
    act.task, act.candidate = stay, _row(person)
    act.actor = organization.actor(act.session, person.person_id)
    if deed.back:
        line.said = "退回"
        _attempt(stage, result, line, lambda played: _returned(stage, played, deed.back or ""))
    else:
        _attempt(stage, result, line, lambda played: _completed(stage, played, deed, line))
    if not line.refused:
        stage.past[stay.step] = person.person_id


def _taken(stage: Stage, deed: Deed, name: str) -> tuple[Task, Candidate]:
    """The open stay and who acts there. Raises Invalid."""
    here = [stay for stay in stage.stays.values() if stay.step == deed.step]
    if not here:
        raise Invalid.at("step", f"此时“{name}”没有待办。")
    for stay in here:
        for each in stage.people[stay.token]:
            if deed.person in ("", each.login) and not stay.blocked:
                return stay, each
    if here[0].blocked:
        raise Invalid.at("step", here[0].blocked)
    raise Invalid.at("person", f"{deed.person}不能办理“{here[0].step_name}”。")


def _attempt(stage: Stage, result: Result, line: Line, deed: Happening) -> None:
    """One deed on a copy; where it is refused everything is as it was before it."""
    act = stage.act
    kept = act.document.state, act.case.countersigned_version, act.case.countersigned_by
    stage.line = line
    played = routes.Rehearsal(act.session, act.engine, stage.pretend)
    stays, people, timers = dict(stage.stays), dict(stage.people), dict(stage.timers)
    try:
        _settle(stage, line, played, *deed(played))
    except DomainError as error:
        act.document.state, act.case.countersigned_version, act.case.countersigned_by = kept
        stage.stays, stage.people, stage.timers = stays, people, timers
        line.refused = error.message
        line.opened, line.skipped, line.written = [], [], []
    result.lines.append(line)


def _completed(
    stage: Stage, played: routes.Rehearsal, deed: Deed, line: Line
) -> tuple[Move, Sending]:
    act = stage.act
    outcome = read_outcome(act, deed.outcome)
    line.said = outcome.label if outcome else "办结本环节"
    variables = choices.variables(act, deed.fields, deed.next)
    sending = sending_of(act, deed.next)
    key = outcome.key if outcome else None
    return played.complete(act.stay.token, key, variables), sending


def _returned(stage: Stage, played: routes.Rehearsal, step: str) -> tuple[Move, Sending]:
    """Whoever did the step before gets it again."""
    move = played.back(stage.act.stay.token, step)
    return move, Sending(returned=True, keep_for=stage.past.get(step))


def _settle(
    stage: Stage, line: Line, played: routes.Rehearsal, move: Move, sending: Sending
) -> None:
    """Past the steps that rules skip, to the stays that open; the case goes on from there."""
    act = stage.act

    def pass_on(skipped: Skipped) -> Move:
        token = skipped.token
        line.skipped.append((token.step, token.name, f"{skipped.rule.why}，{WORDS}"))
        return played.complete(token.uuid, skipped.outcome.key if skipped.outcome else None, {})

    if sending.goes_on:
        move = past_skipped(act, move, pass_on)
        for token in move.opened:
            standing.ensure_ready(act, act.definition.step(token.step))
    act.variables = move.variables
    stage.follow_timers(move)
    for uuid in move.closed:
        stage.stays.pop(uuid, None)
        stage.people.pop(uuid, None)
    for token in move.opened:
        stay = _open(stage, token, sending)
        line.opened.append(_shown(stage, stay))
    act.engine.state = played.state
    if move.finished:
        act.engine.status, act.case.state = CaseStatus.FINISHED, "closed"
    _follow_document(stage)


def _follow_document(stage: Stage) -> None:
    """A draft that has left its first step is under review, as ``acts.progress`` has it."""
    document, past = stage.act.document, stage.act.task is not None
    if document.state == "draft" and past:
        document.state = "reviewing"


def _open(stage: Stage, token: Token, sending: Sending) -> Task:
    """Its people and its limit, as ``stays.succession`` opens it."""
    act, step = stage.act, stage.act.definition.step(token.step)
    found = staff(
        act,
        token,
        sending.chosen,
        offered=sending.offered,
        must=sending.must,
        keep_for=sending.keep_for,
    )
    limit = limits.of_step(act, step, act.at)
    stage.made += 1
    stay = Task(
        id=-stage.made,
        case_id=0,
        token=token.uuid,
        kind="step",
        step=token.step,
        step_name=token.name,
        named=token.person,
        state="open",
        arrived_at=act.at,
        blocked=found.problem,
        comes_back_to_id=None,
        due_at=limit.due_at if limit else None,
        limit_steps=list(limit.steps) if limit else [],
    )
    stage.stays[token.uuid] = stay
    stage.people[token.uuid] = (*found.people, *_agents(stage, stay, found.people))
    return stay


def _agents(stage: Stage, stay: Task, people: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Those of delegations that are written down and of those that are only supposed."""
    act, ids = stage.act, sorted(each.person_id for each in people)
    now = [each for each in stage.absent if each.since <= act.at < each.until]
    real = delegations.in_force(act.session, ids, act.at)
    return tuple(standing_in.fitting(act, [(stay, ids)], [*real, *now])[stay.id])


def _shown(stage: Stage, stay: Task) -> Opened:
    people = stage.people[stay.token]
    names = {each.person_id: each.name for each in people}
    away = [
        each.login
        for each in stage.scenario.absences
        if each.since < (stay.due_at or stay.arrived_at) and each.until > stay.arrived_at
    ]
    return Opened(
        token=stay.token,
        step=stay.step,
        name=stay.step_name,
        arrived_at=stay.arrived_at,
        people=[(each.login, each.name) for each in people if each.principal_id is None],
        agents=[
            (each.login, each.name, names.get(each.principal_id, ""))
            for each in people
            if each.principal_id is not None
        ],
        away=[each.name for each in people if each.login in away],
        due_at=stay.due_at,
        sums=stay.limit_steps,
        problem=stay.blocked or "",
        outcomes=[(each.key, each.label) for each in stage.act.definition.step(stay.step).outcomes],
    )


def _row(person: Candidate) -> TaskCandidate:
    """As the table of candidates would have it."""
    return TaskCandidate(
        task_id=0,
        person_id=person.person_id,
        reason=person.reason,
        authority=person.authority,
        self_review=person.self_review,
        principal_id=person.principal_id,
        delegation_id=person.delegation_id,
    )
