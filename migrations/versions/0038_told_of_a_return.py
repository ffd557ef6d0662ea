"""Who handed documents over to the archive is told of those that come back"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ADDED = "archive_returned"
BEFORE = (
    *("alarm", "overdue", "urged", "circulated"),
    *("dispatched", "closed", "cancelled", "recalled", "moved", "repaired", "receipt_check"),
    *("supervised", "supervision_due", "supervision_closed"),
    *("supervision_reported", "supervision_extension", "requested", "decided"),
)


def upgrade() -> None:
    _allow((*BEFORE, ADDED))


def downgrade() -> None:
    op.execute(f"DELETE FROM notice WHERE kind = '{ADDED}'")  # noqa: S608  (a word of this file)
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_notice_kind")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"kind IN {kinds}")
