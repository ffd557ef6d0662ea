"""Proposals that are taken back"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("intervention", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_intervention_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_intervention_state"),
            "state IN ('proposed', 'done', 'refused', 'withdrawn', 'stale')",
        )
