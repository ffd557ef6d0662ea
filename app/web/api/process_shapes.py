"""Shapes of the versions of processes, as the OpenAPI description shows them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.web.api import schemas
from app.web.api.schemas import Instant

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class HeldVersion(BaseModel):
    where: str
    version: int


class RunningCases(BaseModel):
    version: int
    cases: int


class ProcessOverview(BaseModel):
    """``in_force``: where which version holds; ``waiting``: proposals not yet begun."""

    process_id: str
    name: str
    in_force: list[HeldVersion]
    running: list[RunningCases]
    drafts: int
    waiting: int
    last_by: str
    last_at: Instant | None


class ProcessOverviews(BaseModel):
    items: list[ProcessOverview]
    next: int | None = None


class Term(BaseModel):
    """From when to when new cases began with a version, and who said so.

    ``unit``: key; null for the whole office. ``follows``: the unit follows the one above;
    ``version`` is what held there when that was proposed.
    """

    id: int
    version: int
    sha256: str
    where: str
    unit: str | None
    follows: bool
    state: Literal["proposed", "scheduled", "in_force", "ended", "refused"]
    reason: str
    proposed_by: str
    proposed_at: Instant
    in_force_from: date | None
    decided_by: str
    decided_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    answer: str
    may_decide: bool


class ProcessVersion(BaseModel):
    sha256: str
    version: int
    name: str
    state: Literal["submitted", "in_force", "retired"]
    shipped: bool
    running: int
    submitted_by: str
    submitted_at: Instant
    terms: list[Term]


class ProcessVersions(BaseModel):
    items: list[ProcessVersion]
    next: int | None = None


class ProcessPath(BaseModel):
    process_id: Annotated[str, Field(max_length=64)]


class VersionPath(BaseModel):
    sha256: Sha256


class AgainstQuery(BaseModel):
    """``against``: sha256 of the version to compare with."""

    against: Sha256 | None = None


class DiagramQuery(AgainstQuery):
    """``later``: sha256 of a later version: what it leaves out is marked instead, as removed."""

    later: Sha256 | None = None


class ProcessFiles(BaseModel):
    files: dict[str, str]


class ProcessDifference(BaseModel):
    """``about``: steps, flows, people, limits, forms, returns, policies or clauses."""

    element: str
    kind: Literal["added", "removed", "changed", "moved"]
    about: str
    words: str


class ProcessDifferences(BaseModel):
    """``marks``: element or flow → added, removed, changed, moved, for the drawing."""

    differences: list[ProcessDifference]
    marks: dict[str, Literal["added", "removed", "changed", "moved"]]
    lost_clauses: dict[str, str]


class MarkedElement(BaseModel):
    """``step``: any element or flow."""

    step: str
    state: Literal["added", "removed", "changed", "moved"]


class ProcessDiagram(BaseModel):
    """The drawing as the viewer takes it; ``called``: those of called processes by id."""

    xml: str
    called: dict[str, str]
    steps: list[MarkedElement]


class EnforcedClause(BaseModel):
    """``by_drawing``: guaranteed by the order of steps, whatever they name."""

    id: str
    title: str
    must: bool
    elements: list[str]
    by_drawing: bool


class EnforcedClauses(BaseModel):
    items: list[EnforcedClause]
    next: int | None = None


class TermProposal(schemas.Input):
    """``unit``: key; null for the whole office. ``in_force_from``: null for at once."""

    reason: schemas.Remark
    unit: schemas.Key | None = None
    in_force_from: date | None = None


class FollowingProposal(schemas.Input):
    """``in_force_from``: null for as soon as another administrator agrees."""

    reason: schemas.Remark
    in_force_from: date | None = None


class PlacePath(BaseModel):
    process_id: Annotated[str, Field(max_length=64)]
    unit: schemas.Key


class Seen(BaseModel):
    """A version that holds; ``where``: whose it is, 全机关 or a unit."""

    sha256: str
    version: int
    where: str


class ProcessInUnit(BaseModel):
    """``own``: null where the unit follows; ``above``: what it follows, or would.

    ``stops``: steps of the version above for which the unit has nobody, in sentences; empty where
    it follows already.
    """

    unit: str
    name: str
    own: Seen | None
    above: Seen | None
    may_follow: bool
    stops: list[str]
    terms: list[Term]


class TermDecision(schemas.Input):
    """``answer``: why not; needed where one does not agree."""

    agree: bool
    answer: schemas.Remark = ""
