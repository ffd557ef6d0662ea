"""Witnesses of the record, what they cosigned, and the logs that are cosigned here"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FAULTS = (
    "'', 'unreachable', 'busy', 'unknown_log', 'not_signed', 'refused', 'bad_answer', 'disagrees'"
)


def upgrade() -> None:
    op.create_table(
        "audit_witness",
        sa.Column("id", _ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("fault_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"fault IN ({_FAULTS})", name=op.f("ck_audit_witness_fault")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_witness")),
        sa.UniqueConstraint("name", "public_key", name=op.f("uq_audit_witness_name_public_key")),
    )
    op.create_table(
        "audit_cosignature",
        sa.Column("id", _ID, nullable=False),
        sa.Column("witness_id", _ID, nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note_signature", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("cosigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["audit_witness.id"], name=op.f("fk_audit_cosignature_witness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_cosignature")),
        sa.UniqueConstraint(
            "witness_id", "size", name=op.f("uq_audit_cosignature_witness_id_size")
        ),
    )
    op.create_table(
        "witnessed_log",
        sa.Column("id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cosigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witnessed_log")),
        sa.UniqueConstraint("origin", name=op.f("uq_witnessed_log_origin")),
    )


def downgrade() -> None:
    """What witnesses have cosigned is lost; they have it still."""
    for name in ("witnessed_log", "audit_cosignature", "audit_witness"):
        op.drop_table(name)
