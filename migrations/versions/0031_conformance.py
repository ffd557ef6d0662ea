"""What the last check of each case against its diagram found"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = ("step", "step_name", "person", "reason", "authority", "said")


def upgrade() -> None:
    op.create_table(
        "conformance_check",
        sa.Column("case_id", _ID, autoincrement=False, nullable=False),
        sa.Column("entries", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deviations", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["handling_case.id"], name=op.f("fk_conformance_check_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_conformance_check")),
    )
    op.create_index("ix_conformance_check_at", "conformance_check", ["at"])
    op.create_table(
        "conformance_deviation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Boolean(), nullable=False),
        sa.Column("seq", _ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.ForeignKeyConstraint(
            ["case_id"], ["handling_case.id"], name=op.f("fk_conformance_deviation_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conformance_deviation")),
    )
    for column in ("case_id", "at"):
        name = f"ix_conformance_deviation_{column}"
        op.create_index(name, "conformance_deviation", [column])


def downgrade() -> None:
    """What was found can be found again from the record."""
    op.drop_table("conformance_deviation")
    op.drop_table("conformance_check")
