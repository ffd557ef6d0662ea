"""Stays that somebody ended for another are found by whom it was done for"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_SOMEBODY = sa.text("done_for_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_task_done_for",
        "task",
        ["done_for_id"],
        sqlite_where=_SOMEBODY,
        postgresql_where=_SOMEBODY,
    )


def downgrade() -> None:
    op.drop_index("ix_task_done_for", "task")
