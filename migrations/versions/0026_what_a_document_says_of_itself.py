"""What minutes, orders and the process sheet say; checklists of reviewers, papers handed in"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("superseded_at IS NULL")
_NATURES = "'', 'normative', 'guidance', 'submission', 'information', 'contract', 'meeting'"
_LISTS = ("present", "excused", "observers", "keywords")


def upgrade() -> None:
    """Column by column: a table that SQLite makes anew loses its checks."""
    for name in _LISTS:
        column = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column("document", column)
    op.add_column("document", sa.Column("amended_keywords", sa.JSON(), nullable=True))
    op.add_column("document", sa.Column("series", sa.Text(), nullable=False, server_default=""))
    op.add_column("document", sa.Column("signatory_post", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("proofreader", sa.Text(), nullable=True))
    op.execute(
        "ALTER TABLE document ADD COLUMN nature TEXT DEFAULT '' NOT NULL"
        f" CONSTRAINT ck_document_nature CHECK (nature IN ({_NATURES}))"
    )
    op.execute(
        "ALTER TABLE document ADD COLUMN copies INTEGER"
        " CONSTRAINT ck_document_copies CHECK (copies >= 0)"
    )
    op.add_column("opinion", sa.Column("checked", sa.JSON(), nullable=False, server_default="[]"))
    _make_policies()
    _make_hand_ins()


def _make_policies() -> None:
    op.create_table(
        "review_policy",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", _ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_review_policy_entered_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_review_policy_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_policy")),
    )
    with op.batch_alter_table("review_policy", schema=None) as batch_op:
        batch_op.create_index("ix_review_policy_unit_id", ["unit_id", "entered_at"], unique=False)
        batch_op.create_index(
            "uq_review_policy",
            ["unit_id"],
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        )


def _make_hand_ins() -> None:
    op.create_table(
        "hand_in",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_by_id", _ID, nullable=False),
        sa.Column("received_by_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling_case.id"], name=op.f("fk_hand_in_case_id")),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_hand_in_received_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_in")),
    )
    with op.batch_alter_table("hand_in", schema=None) as batch_op:
        batch_op.create_index("ix_hand_in_case_id", ["case_id"], unique=False)


def downgrade() -> None:
    """Elements stay in the versions; acts and choices stay in the audit record."""
    op.drop_table("hand_in")
    op.drop_table("review_policy")
    op.drop_column("opinion", "checked")
    for name in ("copies", "nature", "proofreader", "signatory_post", "series"):
        op.drop_column("document", name)
    for name in ("amended_keywords", *_LISTS):
        op.drop_column("document", name)
