"""Who looked at what; what auditors search the record by, and the searches they keep"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DEVIATING = sa.text("deviations <> 0")
_KINDS = "'read', 'download', 'print', 'export'"


def upgrade() -> None:
    op.create_table(
        "access_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", _ID, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("by_program", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_access_entry_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    op.create_index("ix_access_entry_person", "access_entry", ["person_id", "at"])
    op.create_index("ix_access_entry_subject", "access_entry", ["subject", "number", "at"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "seq"])
    _make_index()
    op.create_table(
        "saved_search",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_search_person_id_name")),
    )
    op.create_table(
        "pack_order",
        sa.Column("id", _ID, nullable=False),
        sa.Column("asked_by_id", _ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checkpoint", _ID, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'failed')", name=op.f("ck_pack_order_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_pack_order_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_order")),
    )


def _make_index() -> None:
    """Filled by the scheduler, from the record itself."""
    op.create_table(
        "record_index",
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("principal", sa.Text(), nullable=True),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("case_id", _ID, nullable=True),
        sa.Column("document_id", _ID, nullable=True),
        sa.Column("deviations", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_record_index")),
    )
    op.create_index("ix_record_index_at", "record_index", ["at"])
    for name in ("actor", "case", "document"):
        op.create_index(f"ix_record_index_{name}", "record_index", [f"{name}_id", "seq"])
    op.create_index("ix_record_index_action", "record_index", ["action", "seq"])
    op.create_index(
        "ix_record_index_deviations",
        "record_index",
        ["seq"],
        sqlite_where=_DEVIATING,
        postgresql_where=_DEVIATING,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE record_grams"
            " USING fts5(grams, content='', detail=none, tokenize='ascii')"
        )
        return
    op.execute("CREATE TABLE record_grams (seq BIGINT PRIMARY KEY, grams TEXT[] NOT NULL)")
    op.execute("CREATE INDEX ix_record_grams ON record_grams USING gin (grams)")


def downgrade() -> None:
    """The directory can be made anew; what was looked at is lost, as the batches will show."""
    op.drop_table("pack_order")
    op.drop_table("saved_search")
    op.execute("DROP TABLE record_grams")
    op.drop_table("record_index")
    op.drop_index("ix_audit_entry_action", "audit_entry")
    op.drop_table("access_entry")
