"""Requests (审批事项), the choice of how to sign and seal, and uses of seals without a key"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")
DIRECTIONS = ("upward", "downward", "parallel", "incoming")
STATES = (
    *("draft", "reviewing", "signed", "numbered", "sealed", "dispatched"),
    *("registered", "handling", "closed", "returned"),
    "cancelled",
)
NOTICES = (
    *("alarm", "overdue", "urged", "circulated"),
    *("dispatched", "closed", "cancelled", "recalled", "moved", "repaired", "receipt_check"),
    *("supervised", "supervision_due", "supervision_closed"),
    *("supervision_reported", "supervision_extension"),
)
CHECKS = {
    # (table, column): (values before, values added)
    ("document", "flow"): (("outgoing", "incoming"), ("request",)),
    ("document", "direction"): (DIRECTIONS, ("internal",)),
    ("document", "state"): (STATES, ("approved", "refused")),
    ("notice", "kind"): (NOTICES, ("requested", "decided")),
}


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    words = ", ".join(f"'{value}'" for value in values)
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({words})")


def upgrade() -> None:
    for (table, column), (before, added) in CHECKS.items():
        _allow(table, column, (*before, *added))
    _create_policies()
    _create_uses()


def _create_policies() -> None:
    op.create_table(
        "signing_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_signing_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_signing_policy_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_policy")),
    )
    with op.batch_alter_table("signing_policy", schema=None) as batch_op:
        batch_op.create_index("ix_signing_policy_unit_id", ["unit_id", "entered_at"], unique=False)
        batch_op.create_index(
            "uq_signing_policy",
            ["unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )


def _create_uses() -> None:
    op.create_table(
        "seal_use",
        sa.Column("id", _ID, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("seal_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("task_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.Column("companions", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies >= 1", name=op.f("ck_seal_use_copies")),
        sa.CheckConstraint("way IN ('paper', 'image')", name=op.f("ck_seal_use_way")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_seal_use_document_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seal_use_person_id")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_seal_use_seal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_use")),
    )
    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        for column in ("document_id", "person_id", "seal_id", "task_id"):
            batch_op.create_index(batch_op.f(f"ix_seal_use_{column}"), [column], unique=False)


def downgrade() -> None:
    """Requests have no place before: an office that has some cannot go back."""
    op.drop_table("seal_use")
    op.drop_table("signing_policy")
    for (table, column), (before, _) in CHECKS.items():
        _allow(table, column, before)
