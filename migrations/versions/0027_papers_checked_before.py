"""Papers are verified before the act that sends them"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_check",
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("out_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_check_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_check")),
    )


def downgrade() -> None:
    """What it holds is found out anew."""
    op.drop_table("paper_check")
