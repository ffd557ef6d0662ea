"""Plans to move cases to another version of their process; saved tests of processes"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("to_sha256", sa.String(64), nullable=False),
        sa.Column("with_limits", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", _ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", _ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("undone_by_id", _ID, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'done', 'refused', 'withdrawn', 'undone')",
            name=op.f("ck_migration_state"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_migration_unit_id")),
        sa.ForeignKeyConstraint(
            ["to_sha256"], ["definition.sha256"], name=op.f("fk_migration_to_sha256")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_migration_{column}"))
            for column in ("proposed_by_id", "decided_by_id", "undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index(op.f("ix_migration_unit_id"), "migration", ["unit_id"], unique=False)
    op.create_table(
        "migration_case",
        sa.Column("migration_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("from_sha256", sa.String(64), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stays", sa.JSON(), nullable=False),
        sa.Column("foreseen", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'moved', 'refused', 'undone', 'dropped')",
            name=op.f("ck_migration_case_state"),
        ),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["migration.id"], name=op.f("fk_migration_case_migration_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["handling_case.id"], name=op.f("fk_migration_case_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_sha256"], ["definition.sha256"], name=op.f("fk_migration_case_from_sha256")
        ),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_migration_case")),
    )
    op.create_index(op.f("ix_migration_case_case_id"), "migration_case", ["case_id"], unique=False)
    op.create_index(
        "uq_migration_case_planned",
        "migration_case",
        ["case_id"],
        unique=True,
        sqlite_where=_PLANNED,
        postgresql_where=_PLANNED,
    )
    _make_tests()


def _make_tests() -> None:
    op.create_table(
        "process_test",
        sa.Column("id", _ID, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scenario", sa.JSON(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", _ID, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_process_test_saved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_test")),
        sa.UniqueConstraint("process_id", "name", name=op.f("uq_process_test_process_id_name")),
    )
    op.create_table(
        "process_tests_waived",
        sa.Column("id", _ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("failing", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["definition.sha256"], name=op.f("fk_process_tests_waived_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_process_tests_waived_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_tests_waived")),
    )
    op.create_index(
        op.f("ix_process_tests_waived_sha256"), "process_tests_waived", ["sha256"], unique=False
    )


def downgrade() -> None:
    """Cases stay on the version that they were moved to; the record says why."""
    for name in ("process_tests_waived", "process_test"):
        op.drop_table(name)
    op.drop_table("migration_case")
    op.drop_table("migration")
