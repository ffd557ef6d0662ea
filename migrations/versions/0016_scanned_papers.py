"""Papers that were finished outside the system and are sent out as scans"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Column by column: a table that SQLite makes anew loses its checks."""
    op.add_column(
        "document", sa.Column("scanned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("document", sa.Column("paper_signatory", sa.Text(), nullable=True))


def downgrade() -> None:
    """What was typed off the paper stays in the versions and the audit record."""
    op.drop_column("document", "paper_signatory")
    op.drop_column("document", "scanned")
