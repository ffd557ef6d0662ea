"""Clocks of hosts; messages seen to; departments of acts; pauses and urges of supervisions"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("jump_ms", NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("boot", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("steady_ms", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("believed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("supervision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "supervision_urge",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("supervision_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_supervision_urge_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervision.id"], name=op.f("fk_supervision_urge_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_urge")),
    )
    with op.batch_alter_table("supervision_urge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervision_urge_supervision_id"), ["supervision_id"], unique=False
        )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_in_id", NUMBER, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_task_done_in_id"), "department", ["done_in_id"], ["id"]
        )
    # Until now everybody counted where he belongs; that is the nearest that can be said.
    op.execute(
        "UPDATE task SET done_in_id ="
        " (SELECT department_id FROM person WHERE person.id = task.done_by_id)"
        " WHERE done_by_id IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_task_done_in_id"), type_="foreignkey")
        batch_op.drop_column("done_in_id")
    op.drop_table("supervision_urge")
    with op.batch_alter_table("supervision", schema=None) as batch_op:
        batch_op.drop_column("paused_at")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("dropped_at")
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        for name in ("believed_at", "steady_ms", "boot", "jump_ms"):
            batch_op.drop_column(name)
