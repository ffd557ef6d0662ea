"""Standstills of limits"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pause", sa.JSON(none_as_null=True), nullable=True))
