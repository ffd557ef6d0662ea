"""Second factors, sign-ins that await one, alarms about accounts, staff numbers (双因素, 告警, 工号)"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")
_TOLD = "'alarm', 'amber', 'overdue', 'urged', 'checkin', 'arrived', 'receipt', 'digest'"


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", _ID, nullable=False),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["account.person_id"], name=op.f("fk_second_factor_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["account.person_id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])
    op.create_table(
        "factor_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_factor_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_factor_policy_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_policy")),
    )
    op.create_index("ix_factor_policy_unit_id", "factor_policy", ["unit_id", "entered_at"])
    op.create_index(
        "uq_factor_policy",
        "factor_policy",
        ["unit_id"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_table(
        "account_alarm",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", _ID, nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('locked', 'certificate')", name=op.f("ck_account_alarm_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_alarm_person_id")
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_account_alarm_seen_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_alarm_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_alarm")),
    )
    op.create_index("ix_account_alarm_person_id", "account_alarm", ["person_id"])
    op.create_index("ix_account_alarm_unit_id", "account_alarm", ["unit_id", "seen_at"])
    op.add_column("person", sa.Column("staff_number", sa.Text(), nullable=True))
    op.create_index(
        "uq_person_staff_number",
        "person",
        ["unit_id", "staff_number"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.add_column("account", sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("awaits", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_sign_in_awaits"), "awaits IN ('code', 'enrolment')"
        )
    _tell(f"{_TOLD}, 'security'")


def downgrade() -> None:
    """Half sign-ins end, or they would be whole ones; accounts stay closed by a long lock."""
    op.execute("UPDATE account SET locked_until = '9999-01-01' WHERE reported_at IS NOT NULL")
    op.execute("DELETE FROM sign_in WHERE awaits IS NOT NULL")
    op.execute("DELETE FROM outbox WHERE kind = 'security'")
    _tell(_TOLD)
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sign_in_awaits"), type_="check")
        batch_op.drop_column("awaits")
    op.drop_column("account", "reported_at")
    op.drop_index("uq_person_staff_number", "person")
    op.drop_column("person", "staff_number")
    for table in ("account_alarm", "factor_policy", "recovery_code", "second_factor"):
        op.drop_table(table)


def _tell(kinds: str) -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({kinds})")
