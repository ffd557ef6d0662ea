"""迁移 through the API: plans to move cases to the version in force, by two administrators."""

from http import HTTPStatus
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.migrating import deciding, planning, rows
from app.handling.migrating.planning import MOST, Plan
from app.handling.migrating.rows import PlanRow
from app.web import carrying_out
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("migrations", "迁移：在办件换到流程的现行版本（流程管理员）")

CREATED = 201


class MigrationBody(schemas.Input):
    """``with_limits``: limits of open stays are counted again by the new version."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    cases: list[schemas.Number] = Field(max_length=MOST)
    reason: schemas.Remark
    clause: schemas.Remark
    with_limits: bool = False


class DecisionBody(schemas.Input):
    agree: bool
    answer: schemas.Remark = ""


class UndoingBody(schemas.Input):
    reason: schemas.Remark


class MigrationCase(BaseModel):
    """``why``: why it was not moved, or not put back; ``foreseen``: as the plan said."""

    case_id: int
    title: str
    number: str | None
    from_version: int
    foreseen: list[str]
    state: Literal["planned", "moved", "refused", "undone", "dropped"]
    why: str


class Migration(BaseModel):
    id: int
    process: str
    process_name: str
    version: int
    sha256: str
    with_limits: bool
    reason: str
    clause: str
    state: Literal["proposed", "done", "refused", "withdrawn", "undone"]
    proposed_by: str
    proposed_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    answer: str | None
    undone_by: str | None
    undone_at: Instant | None
    undone_why: str | None
    left: int
    cases: list[MigrationCase]


class LeftOut(BaseModel):
    """A chosen case that is not in the plan, and why."""

    case_id: int
    title: str
    why: str


class Planned(BaseModel):
    migration: Migration
    left_out: list[LeftOut]


class MigrationList(BaseModel):
    items: list[Migration]
    next: None = None


@blueprint.get(
    "/migrations",
    operation_id="listMigrations",
    summary="待确认的和近来的迁移方案（流程管理员）",
    responses={200: MigrationList},
)
def list_migrations() -> Response:
    found = rows.plans(current_session(), current_actor())
    return answers.reply(MigrationList(items=[_migration(each) for each in found]))


@blueprint.get(
    "/migrations/<int:id>",
    operation_id="getMigration",
    summary="一份迁移方案及各件的结果（流程管理员）",
    responses={200: Migration},
)
def get_migration(path: schemas.NumberPath) -> Response:
    return answers.reply(_shown(path.id))


@blueprint.post(
    "/migrations",
    operation_id="proposeMigration",
    summary="提请把所选在办件迁移到现行版本（流程管理员）",
    responses={CREATED: Planned},
)
@acting
def propose(body: MigrationBody) -> Response:
    plan = Plan(body.sha256, body.cases, body.reason, body.clause, body.with_limits)
    found = planning.propose(current_session(), current_actor(), plan)
    left = [LeftOut.model_validate(each, from_attributes=True) for each in found.left_out]
    return answers.reply(Planned(migration=_shown(found.migration.id), left_out=left), CREATED)


@blueprint.post(
    "/migrations/<int:id>/decision",
    operation_id="decideMigration",
    summary="确认或者不同意另一位流程管理员的迁移方案",
    responses={200: Migration},
)
def decide(path: schemas.NumberPath, body: DecisionBody) -> Response:
    return _followed(path.id, _decide(path, body))


@acting
def _decide(path: schemas.NumberPath, body: DecisionBody) -> Response:
    session, actor = current_session(), current_actor()
    deciding.decide(session, actor, path.id, agree=body.agree, answer=body.answer)
    return answers.reply(_shown(path.id))


@blueprint.post(
    "/migrations/<int:id>/withdrawal",
    operation_id="withdrawMigration",
    summary="撤回自己的迁移方案",
    responses={200: Migration},
)
@acting
def withdraw(path: schemas.NumberPath) -> Response:
    deciding.withdraw(current_session(), current_actor(), path.id)
    return answers.reply(_shown(path.id))


@blueprint.post(
    "/migrations/<int:id>/undo",
    operation_id="undoMigration",
    summary="把迁移后没有办理过的件恢复到原来的版本（流程管理员）",
    responses={200: Migration},
)
def undo(path: schemas.NumberPath, body: UndoingBody) -> Response:
    return _followed(path.id, _undo(path, body))


@acting
def _undo(path: schemas.NumberPath, body: UndoingBody) -> Response:
    deciding.undo(current_session(), current_actor(), path.id, body.reason)
    return answers.reply(_shown(path.id))


def _followed(migration_id: int, answer: Response) -> Response:
    """The plan as it is when its cases have followed; ``left`` of them have not yet."""
    if answer.status_code != HTTPStatus.OK:
        return answer
    carrying_out.begin()
    return answers.reply(_shown(migration_id))


def _shown(migration_id: int) -> Migration:
    current_session().flush()
    return _migration(rows.plan(current_session(), current_actor(), migration_id))


def _migration(row: PlanRow) -> Migration:
    return Migration.model_validate(row, from_attributes=True)
