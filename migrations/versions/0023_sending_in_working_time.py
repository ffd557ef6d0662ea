"""Notices to recipients of urgent documents, and sendings that wait for working time"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("check_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'phone')", name=op.f("ck_receipt_notice_channel")),
        sa.CheckConstraint("kind IN ('main', 'copy')", name=op.f("ck_receipt_notice_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_receipt_notice_by_id")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["receipt_check.id"], name=op.f("fk_receipt_notice_check_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_notice")),
    )
    with op.batch_alter_table("receipt_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_notice_check_id"), ["check_id"], unique=False)

    op.create_table(
        "set_sending",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'dropped', 'failed')", name=op.f("ck_set_sending_state")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_set_sending_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_set_sending_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_sending")),
    )
    with op.batch_alter_table("set_sending", schema=None) as batch_op:
        batch_op.create_index(
            "uq_set_sending_waiting",
            ["task_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("set_sending", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_set_sending_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("set_sending")
    with op.batch_alter_table("receipt_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_notice_check_id"))

    op.drop_table("receipt_notice")
