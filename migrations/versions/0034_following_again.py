"""Terms by which a unit follows the version of the unit above again"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "process_term",
        sa.Column("follows", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Where a unit follows it goes on following, without a term that says so."""
    op.execute(
        "UPDATE process_term SET state = CASE state WHEN 'in_force' THEN 'ended' ELSE 'refused' END"
        " WHERE follows AND state IN ('proposed', 'scheduled', 'in_force')"
    )
    op.drop_column("process_term", "follows")
