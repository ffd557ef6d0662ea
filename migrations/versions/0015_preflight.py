"""Reasons given at 发前检查, and what units choose about its checks"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    """Column by column: a table that SQLite makes anew loses its checks."""
    op.add_column(
        "document", sa.Column("explained", sa.JSON(), nullable=False, server_default="[]")
    )
    op.create_table(
        "preflight_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_preflight_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_preflight_policy_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preflight_policy")),
    )
    with op.batch_alter_table("preflight_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_preflight_policy_unit_id", ["unit_id", "entered_at"], unique=False
        )
        batch_op.create_index(
            "uq_preflight_policy",
            ["unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )


def downgrade() -> None:
    """The reasons stay in the audit record."""
    op.drop_table("preflight_policy")
    op.drop_column("document", "explained")
