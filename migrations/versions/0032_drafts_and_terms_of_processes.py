"""Drafts of processes, and the terms in which versions hold"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("state = 'in_force'")
_OFFICE = sa.text("state = 'in_force' AND unit_id IS NULL")


def upgrade() -> None:
    _make_terms()
    _make_drafts()
    op.drop_index("uq_definition_in_force", table_name="definition")
    # Until now a version held for the whole office, from when it was decided on.
    op.execute(
        "INSERT INTO process_term (process_id, sha256, reason, proposed_by, proposed_at,"
        " decided_by, decided_at, started_at, state)"
        " SELECT process_id, sha256, '', submitted_by, submitted_at, decided_by, decided_at,"
        " decided_at, CASE state WHEN 'submitted' THEN 'proposed' WHEN 'retired' THEN 'ended'"
        " ELSE state END FROM definition ORDER BY submitted_at"
    )


def _make_terms() -> None:
    op.create_table(
        "process_term",
        sa.Column("id", _ID, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", _ID, nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'scheduled', 'in_force', 'ended', 'refused')",
            name=op.f("ck_process_term_state"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_process_term_unit_id")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["definition.sha256"], name=op.f("fk_process_term_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_term")),
    )
    with op.batch_alter_table("process_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_term_process_id"), ["process_id"])
        batch_op.create_index(batch_op.f("ix_process_term_sha256"), ["sha256"])
        batch_op.create_index(
            "uq_process_term_office",
            ["process_id"],
            unique=True,
            sqlite_where=_OFFICE,
            postgresql_where=_OFFICE,
        )
        batch_op.create_index(
            "uq_process_term_unit",
            ["process_id", "unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )


def _make_drafts() -> None:
    op.create_table(
        "process_draft",
        sa.Column("id", _ID, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", _ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", _ID, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'submitted', 'discarded')", name=op.f("ck_process_draft_state")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_process_draft_unit_id")),
        sa.ForeignKeyConstraint(
            ["base_sha256"], ["definition.sha256"], name=op.f("fk_process_draft_base_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["definition.sha256"], name=op.f("fk_process_draft_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
    )
    with op.batch_alter_table("process_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_draft_process_id"), ["process_id"])


def downgrade() -> None:
    """Of several versions in force in different units only the office's stays in force."""
    op.execute(
        "UPDATE definition SET state = 'retired' WHERE state = 'in_force' AND sha256 NOT IN"
        " (SELECT sha256 FROM process_term WHERE state = 'in_force' AND unit_id IS NULL)"
    )
    op.drop_table("process_draft")
    op.drop_table("process_term")
    op.create_index(
        "uq_definition_in_force",
        "definition",
        ["process_id"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
