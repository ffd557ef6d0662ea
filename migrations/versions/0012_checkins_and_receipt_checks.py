"""Check-ins, receipt checks, and who travels"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = {
    # table: (kinds before, kinds added)
    "due": (
        ("overdue", "remind", "escalate", "alarm", "receipt_check", "timer"),
        ("checkin",),
    ),
    "notice": (
        (
            *("alarm", "overdue", "urged", "circulated"),
            *("dispatched", "closed", "cancelled", "recalled", "moved", "repaired"),
            *("supervised", "supervision_due", "supervision_closed"),
            *("supervision_reported", "supervision_extension"),
        ),
        ("receipt_check",),
    ),
    "outbox": (
        ("alarm", "amber", "overdue", "urged", "digest"),
        ("checkin", "arrived", "receipt"),
    ),
}


def _allow(table: str, kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), f"kind IN ({words})")


def upgrade() -> None:
    for table, (before, added) in KINDS.items():
        _allow(table, (*before, *added))
    op.create_table(
        "check_watch",
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_revision", sa.Integer(), nullable=False),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_check_watch_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_check_watch")),
    )
    op.create_table(
        "missed_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_missed_check_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_missed_check_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_check")),
        sa.UniqueConstraint(
            "person_id", "closes_at", name=op.f("uq_missed_check_person_id_closes_at")
        ),
    )
    with op.batch_alter_table("missed_check", schema=None) as batch_op:
        batch_op.create_index("ix_missed_check_unit", ["unit_id", "closes_at"], unique=False)

    op.create_table(
        "visit",
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_visit")),
    )
    op.create_table(
        "receipt_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_steps", sa.JSON(), nullable=False),
        sa.Column("limit_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.Column("limit_revision", sa.Integer(), nullable=False),
        sa.Column("overdue_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["handling_case.id"], name=op.f("fk_receipt_check_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_receipt_check_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_check")),
        sa.UniqueConstraint("case_id", name=op.f("uq_receipt_check_case_id")),
    )
    with op.batch_alter_table("receipt_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_check_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "receipt_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("check_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('received', 'not_received', 'phoned')",
            name=op.f("ck_receipt_answer_answer"),
        ),
        sa.CheckConstraint("kind IN ('main', 'copy')", name=op.f("ck_receipt_answer_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_receipt_answer_by_id")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["receipt_check.id"], name=op.f("fk_receipt_answer_check_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_answer")),
    )
    with op.batch_alter_table("receipt_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_answer_check_id"), ["check_id"], unique=False)

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("travelling", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_column("travelling")

    with op.batch_alter_table("receipt_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_answer_check_id"))

    op.drop_table("receipt_answer")
    with op.batch_alter_table("receipt_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_check_owner_id"))

    op.drop_table("receipt_check")
    op.drop_table("visit")
    with op.batch_alter_table("missed_check", schema=None) as batch_op:
        batch_op.drop_index("ix_missed_check_unit")

    op.drop_table("missed_check")
    op.drop_table("check_watch")
    op.execute(
        "DELETE FROM effect WHERE due_id IN"
        " (SELECT id FROM due WHERE subject_type IN ('check_watch', 'receipt_check'))"
    )
    op.execute("DELETE FROM due WHERE subject_type IN ('check_watch', 'receipt_check')")
    op.execute("DELETE FROM notice WHERE kind = 'receipt_check'")
    op.execute("DELETE FROM outbox WHERE kind IN ('checkin', 'arrived', 'receipt')")
    for table, (before, _) in KINDS.items():
        _allow(table, before)
