"""Filing and transfer to the archive"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ONCE = sa.text("result IN ('waiting', 'accepted')")


def upgrade() -> None:
    """Series first, then lists and items, then what is on a list."""
    _make_lists()
    _make_items()
    _make_lines()


def _make_lists() -> None:
    op.create_table(
        "archive_series",
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_archive_series_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "name", name=op.f("pk_archive_series")),
    )
    op.create_table(
        "archive_transfer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("department_id", _ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by_id", _ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by_id", _ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_archive_transfer_decided")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'returned', 'withdrawn')",
            name=op.f("ck_archive_transfer_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'returned') OR decided_by_id <> made_by_id",
            name=op.f("ck_archive_transfer_two"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_archive_transfer_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_archive_transfer_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_archive_transfer_made_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_archive_transfer_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_transfer")),
        sa.UniqueConstraint(
            "unit_id", "year", "number", name=op.f("uq_archive_transfer_unit_id_year_number")
        ),
    )


def _make_items() -> None:
    op.create_table(
        "archive_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("department_id", _ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_by_id", _ID, nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("accepted_by_id", _ID, nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("class_code IN ('WS')", name=op.f("ck_archive_item_class_code")),
        sa.CheckConstraint(
            "retention = proposed OR reason <> ''", name=op.f("ck_archive_item_reason")
        ),
        sa.CheckConstraint(
            "retention IN ('permanent', 'd30', 'd10')", name=op.f("ck_archive_item_retention")
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (reference IS NULL) AND (accepted_at IS NULL) = (sequence IS NULL) AND (accepted_at IS NULL) = (accepted_by_id IS NULL)",
            name=op.f("ck_archive_item_accepted"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_archive_item_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["handling_case.id"], name=op.f("fk_archive_item_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_archive_item_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["person.id"], name=op.f("fk_archive_item_filed_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_archive_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_item")),
        sa.UniqueConstraint("case_id", name=op.f("uq_archive_item_case_id")),
        sa.UniqueConstraint("unit_id", "reference", name=op.f("uq_archive_item_unit_id_reference")),
    )


def _make_lines() -> None:
    op.create_table(
        "archive_transfer_line",
        sa.Column("transfer_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(result = 'returned') = (reason <> '')", name=op.f("ck_archive_transfer_line_reason")
        ),
        sa.CheckConstraint(
            "result IN ('waiting', 'accepted', 'returned', 'withdrawn')",
            name=op.f("ck_archive_transfer_line_result"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["archive_item.id"], name=op.f("fk_archive_transfer_line_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["archive_transfer.id"],
            name=op.f("fk_archive_transfer_line_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("transfer_id", "item_id", name=op.f("pk_archive_transfer_line")),
    )
    with op.batch_alter_table("archive_transfer_line", schema=None) as batch_op:
        batch_op.create_index(
            "uq_archive_transfer_line_item",
            ["item_id"],
            unique=True,
            sqlite_where=_ONCE,
            postgresql_where=_ONCE,
        )
        batch_op.create_index(
            "ix_archive_transfer_line_item_id", ["item_id", "transfer_id"], unique=False
        )


def downgrade() -> None:
    """Who filed, handed over and accepted what stays in the audit record."""
    for name in ("archive_transfer_line", "archive_item", "archive_transfer", "archive_series"):
        op.drop_table(name)
