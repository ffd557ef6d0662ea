"""Which types and sizes of attachments units take (附件规则)"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "attachment_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_attachment_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_attachment_policy_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_policy")),
    )
    with op.batch_alter_table("attachment_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attachment_policy_unit_id", ["unit_id", "entered_at"], unique=False
        )
        batch_op.create_index(
            "uq_attachment_policy",
            ["unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )


def downgrade() -> None:
    """The choices stay in the audit record."""
    op.drop_table("attachment_policy")
