"""What an incident tries again"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

incident = sa.table(
    "incident",
    sa.column("id", sa.BigInteger),
    sa.column("task_id", sa.BigInteger),
    sa.column("outcome", sa.Text),
    sa.column("variables", sa.JSON),
    sa.column("tried_at_id", sa.BigInteger),
    sa.column("trial", sa.JSON),
)
task = sa.table("task", sa.column("id", sa.BigInteger), sa.column("token", sa.Text))


def upgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried_at_id", number(), nullable=True))
        batch_op.add_column(sa.Column("tried_by_id", number(), nullable=True))
        batch_op.add_column(sa.Column("trial", sa.JSON(), nullable=True))
    keep_what_was_tried()
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.alter_column("tried_at_id", existing_type=number(), nullable=False)
        batch_op.alter_column("trial", existing_type=sa.JSON(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_incident_tried_at_id"), "task", ["tried_at_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_incident_tried_by_id"), "person", ["tried_by_id"], ["id"]
        )
        batch_op.drop_column("variables")
        batch_op.drop_column("outcome")


def number() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def keep_what_was_tried() -> None:
    """So far steps were finished only; who did it was not kept beside the record."""
    connection = op.get_bind()
    query = sa.select(incident.c.id, incident.c.task_id, incident.c.outcome, incident.c.variables)
    rows = connection.execute(
        query.add_columns(task.c.token).join(task, task.c.id == incident.c.task_id)
    ).all()
    for row in rows:
        given = {"outcome": row.outcome, "variables": row.variables, "person": None}
        call = ["complete", {"token_uuid": row.token, **given}]
        trial = {"words": "办结", "calls": [call], "goes_on": True}
        connection.execute(
            sa.update(incident)
            .where(incident.c.id == row.id)
            .values(tried_at_id=row.task_id, trial=trial)
        )
