"""What pages lack, which are being set, and attachments that are received documents"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "page_proof",
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("unfit", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_page_proof_document_id")
        ),
        sa.PrimaryKeyConstraint(
            "document_id", "content_sha256", "signatory", name=op.f("pk_page_proof")
        ),
    )
    op.create_table(
        "typesetting",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_typesetting_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typesetting")),
    )
    with op.batch_alter_table("typesetting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_typesetting_document_id"), ["document_id"], unique=False
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_id", _ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_received_id"), "document", ["received_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attachment_received_id"), type_="foreignkey")
        batch_op.drop_column("received_id")
    with op.batch_alter_table("typesetting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_typesetting_document_id"))

    op.drop_table("typesetting")
    op.drop_table("page_proof")
