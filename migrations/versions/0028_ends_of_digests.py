"""Digests end on a date; papers know which one their last time stamp was made with"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DIGESTS = "'sha256', 'sha384', 'sha512'"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE paper ADD COLUMN stamp_digest TEXT DEFAULT 'sha256' NOT NULL"
        f" CONSTRAINT ck_paper_stamp_digest CHECK (stamp_digest IN ({_DIGESTS}))"
    )
    op.create_table(
        "digest_end",
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"digest IN ({_DIGESTS})", name=op.f("ck_digest_end_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_end")),
    )


def downgrade() -> None:
    """The ends stay in the audit record; the files themselves say how they were stamped."""
    op.drop_table("digest_end")
    op.drop_column("paper", "stamp_digest")
