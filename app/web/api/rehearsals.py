"""预演 through the API: what a version would mean for cases on the way; nothing is written."""

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.handling.migrating import below, drawn, rehearsing
from app.handling.migrating.outlooks import Outlook
from app.web.api import answers
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("rehearsals", "预演：流程新版本对在办件的影响（流程管理员）")

Kind = Literal["same", "more", "fewer", "people", "limit", "timers", "rules", "gone", "cannot"]


class VersionPath(BaseModel):
    """``version``: sha256 of one that was submitted, or ``draft-`` and the number of a draft."""

    version: str = Field(pattern="^([0-9a-f]{64}|draft-[0-9]{1,17})$")


class RehearsalQuery(BaseModel):
    """``cursor``: as the page before gave it; ``kind``: only these are listed."""

    kind: Literal[
        "", "same", "more", "fewer", "people", "limit", "timers", "rules", "gone", "cannot"
    ] = ""
    cursor: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=100, ge=1, le=500)


class StepName(BaseModel):
    step: str
    name: str


class MovedLimit(BaseModel):
    """``before`` and ``after``: null where there is no limit."""

    task_id: int
    step_name: str
    before: Instant | None
    after: Instant | None


class Restaffed(BaseModel):
    """An open stay that the version gives to others; names of people and labels of roles.

    missing  who has it now and would not; problem: why nobody would have it
    """

    task_id: int
    step_name: str
    before: str
    after: str
    missing: list[str]
    people: list[str]
    problem: str | None


class Apart(BaseModel):
    """Cases of a unit that the version does not reach, with the reason."""

    unit: str
    count: int
    why: str


class ObstacleBelow(BaseModel):
    """What keeps ``count`` cases from being moved; the sentence names no case and no person."""

    element: str
    sentence: str
    gone: bool
    count: int


class Below(BaseModel):
    """A unit below one's own: numbers of its cases by kind, a case under each of its own."""

    unit: str
    total: int
    counts: dict[str, int]
    obstacles: list[ObstacleBelow]


class Obstacle(BaseModel):
    """``gone``: the element is not in the version any more; ``element``: "" for the whole case."""

    element: str
    sentence: str
    gone: bool


class CaseOutlook(BaseModel):
    """What the version means for one case; ``kinds``: all that hold."""

    case_id: int
    title: str
    number: str | None
    process_version: int
    state: Literal["running", "suspended"]
    steps: list[str]
    kinds: list[Kind]
    obstacles: list[Obstacle]
    more: list[StepName]
    fewer: list[StepName]
    gained: list[str]
    lost: list[str]
    limits: list[MovedLimit]
    people: list[Restaffed]
    timers_anew: list[str]
    timers_changed: list[str]
    timers_ended: list[str]


class Rehearsal(BaseModel):
    """``counts``: by kind, a case under each of its own, of own units like ``items``.

    process_version  0 for a draft
    below            units below them, in numbers alone; those without cases are left out
    elsewhere        cases of units whose routes are not one's own to decide on
    apart            cases of own units and those below that the version does not reach, in no count
    walked_at        when all cases were looked at; those touched since were looked at again
    """

    process: str
    process_version: int
    total: int
    below: list[Below]
    elsewhere: int
    apart: list[Apart]
    walked_at: Instant
    counts: dict[str, int]
    items: list[CaseOutlook]
    next: int | None


@blueprint.get(
    "/definitions/<string:version>/rehearsal",
    operation_id="rehearseDefinition",
    summary="预演一个流程版本对在办件的影响（流程管理员）",
    responses={200: Rehearsal},
)
def rehearse(path: VersionPath, query: RehearsalQuery) -> Response:
    session, actor = current_session(), current_actor()
    definition = drawn.of_key(session, actor, path.version)
    found = rehearsing.rehearse(
        session,
        actor,
        definition,
        clock.now(session),
        at=drawn.places_of(session, actor, path.version),
        kind=query.kind,
        after=query.cursor,
        most=query.limit,
    )
    return answers.reply(
        Rehearsal(
            process=definition.process_id,
            process_version=definition.version,
            total=found.total,
            below=[_below(each) for each in found.below],
            elsewhere=found.elsewhere,
            apart=[Apart(unit=each.unit, count=each.count, why=each.why) for each in found.apart],
            walked_at=found.walked,
            counts=found.counts,
            items=[outlook(each) for each in found.listed],
            next=found.following,
        )
    )


def _below(each: below.Below) -> Below:
    return Below(
        unit=each.unit,
        total=each.total,
        counts=dict(each.counts),
        obstacles=[
            ObstacleBelow(element=one.element, sentence=one.sentence, gone=one.gone, count=count)
            for one, count in each.why
        ],
    )


def outlook(each: Outlook) -> CaseOutlook:
    seen = each.foreseen
    return CaseOutlook(
        case_id=each.case_id,
        title=each.title,
        number=each.number,
        process_version=each.version,
        state="suspended" if each.state == "suspended" else "running",
        steps=list(each.steps),
        kinds=list(each.kinds),
        obstacles=[
            Obstacle(element=one.element, sentence=one.sentence, gone=one.gone)
            for one in (*seen.obstacles, *each.standstill)
        ],
        more=[StepName(step=step, name=name) for step, name in seen.more],
        fewer=[StepName(step=step, name=name) for step, name in seen.fewer],
        gained=list(seen.gained),
        lost=list(seen.lost),
        limits=[
            MovedLimit(
                task_id=one.task_id,
                step_name=one.step_name,
                before=one.before,
                after=one.after,
            )
            for one in each.limits
        ],
        people=[
            Restaffed(
                task_id=one.task_id,
                step_name=one.step_name,
                before=one.before,
                after=one.after,
                missing=list(one.missing),
                people=list(one.people),
                problem=one.problem,
            )
            for one in each.people
        ],
        timers_anew=list(seen.renewed),
        timers_changed=each.retimed,
        timers_ended=list(seen.untimed),
    )
