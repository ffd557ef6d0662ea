"""Applications for certificates, and how long records are kept"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")
_TOLD = (
    "'alarm', 'amber', 'overdue', 'urged', 'checkin', 'arrived', 'receipt', 'digest', "
    "'security', 'certificate'"
)
_OLD = ("certificate_change_no_update", "certificate_change_no_delete")
_NEW = (
    *("certificate_kept", "certificate_fixed"),
    *("certificate_change_kept", "certificate_change_fixed"),
)


def drop_triggers(*names: str) -> None:
    """The guards are put on anew at the end of the upgrade (migrations/env.py)."""
    if op.get_bind().dialect.name == "sqlite":
        for name in names:
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    for table in ("certificate", "certificate_change"):
        for name in ("no_change", "kept", "no_truncate"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")


def tell_of(kinds: str) -> None:
    """What messages may be about."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({kinds})")


def upgrade() -> None:
    op.create_table(
        "certificate_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_certificate_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_certificate_policy_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_policy")),
    )
    with op.batch_alter_table("certificate_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_policy_unit_id", ["unit_id", "entered_at"], unique=False
        )
        batch_op.create_index(
            "uq_certificate_policy",
            ["unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )

    op.create_table(
        "carrier_return",
        sa.Column("certificate_id", _ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", _ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_carrier_return_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_carrier_return_confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_carrier_return")),
    )
    op.create_table(
        "certificate_application",
        sa.Column("id", _ID, nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("seal_id", _ID, nullable=True),
        sa.Column("certificate_id", _ID, nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("case_id", _ID, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by_id", _ID, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", _ID, nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", _ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("key_id", _ID, nullable=True),
        sa.Column("result_id", _ID, nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign', 'login', 'seal')", name=op.f("ck_certificate_application_purpose")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'reviewed', 'granted', 'done', 'refused')",
            name=op.f("ck_certificate_application_state"),
        ),
        sa.CheckConstraint(
            "verb IN ('issue', 'renew', 'extend', 'change', 'replace', 'revoke')",
            name=op.f("ck_certificate_application_verb"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (seal_id IS NULL)",
            name=op.f("ck_certificate_application_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_certificate_application_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_application_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_certificate_application_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["signing_key.id"], name=op.f("fk_certificate_application_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_application_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["certificate.id"], name=op.f("fk_certificate_application_result_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["person.id"],
            name=op.f("fk_certificate_application_reviewed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["seal.id"], name=op.f("fk_certificate_application_seal_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_certificate_application_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_application")),
    )
    with op.batch_alter_table("certificate_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_application_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_certificate_id"),
            ["certificate_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_result_id"), ["result_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_seal_id"), ["seal_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_state"), ["state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_application_unit_id"), ["unit_id"], unique=False
        )

    tell_of(_TOLD)
    drop_triggers(*_OLD)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE certificate SET keep_until = not_after")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("keep_until", nullable=False)


def downgrade() -> None:
    """What units chose stays in the audit record."""
    op.execute("DELETE FROM outbox WHERE kind = 'certificate'")
    tell_of(_TOLD.removesuffix(", 'certificate'"))
    drop_triggers(*_NEW)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_column("keep_until")

    with op.batch_alter_table("certificate_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_application_unit_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_state"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_seal_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_result_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_person_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_case_id"))

    op.drop_table("certificate_application")
    op.drop_table("carrier_return")
    with op.batch_alter_table("certificate_policy", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_policy", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE
        )
        batch_op.drop_index("ix_certificate_policy_unit_id")

    op.drop_table("certificate_policy")
